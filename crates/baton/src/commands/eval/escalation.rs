//! `baton eval escalation`: does a message ask for a person?

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use domain::ChatbotId;
use ports::embeddings::Purpose;
use supervisor::{
    Assessment, Detector, Head, Intent, IntentIndex, Wish,
    eval::{Mistake, Prediction, Report, Row, read_rows, report},
};

use super::{super::print, read};
use crate::{
    config::{DataArgs, Unusable},
    node::{Node, local_models},
};

/// Name of the tier in figures.
const MODEL: &str = "rules + hashed n-grams";

#[derive(Debug, Args)]
pub(crate) struct Escalation {
    /// Lines of {"id"?, "text", "label": 0|1, "lang"?, "category"?}
    #[arg(long, value_name = "FILE.jsonl")]
    input: PathBuf,
    /// Count this chatbot's own escalation intents as well
    #[arg(long, value_name = "UUID")]
    chatbot: Option<ChatbotId>,
    #[command(flatten)]
    data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(escalation: Escalation) -> anyhow::Result<()> {
    let rows = read(&escalation.input, read_rows)?;
    let embedder = local_models(&escalation.data.clone().settled()?)?.general;
    let embedder = embedder.and_then(|e| Head::built_in().filter(|h| h.model() == e.model()).map(|head| (e, head)));
    let intents = match escalation.chatbot {
        Some(chatbot) => intents(escalation.data, chatbot).await?,
        None => IntentIndex::build(&[]),
    };
    let (mut predictions, mut model) = (Vec::with_capacity(rows.len()), None);
    for row in &rows {
        let spelled = Detector::built_in().assess(&row.text);
        let assessment = match &embedder {
            Some((embedder, head)) => {
                let vectors = embedder.embed(Purpose::Query, vec![row.text.clone()]).await?;
                head.join(spelled, vectors.first().map_or(&[], Vec::as_slice))
            }
            None => spelled,
        };
        predictions.push(predict(assessment, &intents, row));
    }
    if let Some((embedder, _)) = &embedder {
        model = Some(format!("{} + {MODEL}", embedder.model()));
    }
    let report = report(&rows, predictions, model.as_deref().unwrap_or(MODEL));
    if escalation.json {
        print(serde_json::to_string(&report).context("writing the report")?);
    } else {
        show(&report, &rows);
    }
    Ok(())
}

/// A chatbot's own escalation intents.
async fn intents(data: DataArgs, chatbot: ChatbotId) -> anyhow::Result<IntentIndex> {
    let node = Node::open(&data.existing()?).await?;
    let profile = node.baton.directory().profile(chatbot).await;
    node.database.close().await;
    let profile = profile.map_err(|_| Unusable(format!("--chatbot {chatbot}: there is no such chatbot")))?;
    let own = profile.chatbot.settings.escalation.intents.iter();
    let own: Vec<_> = own.map(|i| Intent { name: i.name.clone(), examples: i.examples.clone() }).collect();
    Ok(IntentIndex::build(&own))
}

/// Decides as the Supervisor does: the wish first, then the owner's intents, then the question.
fn predict(assessment: Assessment, intents: &IntentIndex, row: &Row) -> Prediction {
    let intent = intents.nearest(&row.text).filter(|_| assessment.wish != Wish::Yes);
    Prediction {
        id: row.id.clone(),
        escalate: assessment.wish == Wish::Yes || intent.is_some(),
        ask: assessment.wish == Wish::Ask && intent.is_none(),
        score: intent.as_ref().map_or(assessment.score, |intent| intent.score),
        matched: intent.map(|intent| intent.example).or(assessment.matched),
    }
}

fn show(report: &Report, rows: &[Row]) {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let between = |[low, high]: [f64; 2]| format!("{:.1} to {:.1} %", low * 100.0, high * 100.0);
    print(format_args!("{} messages, {}", report.n, report.model));
    print(format_args!("precision    {}  ({})", percent(report.precision), between(report.intervals.precision)));
    print(format_args!("recall       {}  ({})", percent(report.recall), between(report.intervals.recall)));
    print(format_args!("F1           {:.3}", report.f1));
    print(format_args!("false alarms {}  ({})", percent(report.false_alarm), between(report.intervals.false_alarm)));
    for (lang, slice) in &report.by_lang {
        print(format_args!("  {lang:<12} n {:<5} F1 {:.3}", slice.n, slice.f1));
    }
    for (category, slice) in &report.by_category {
        print(format_args!("  {category:<18} n {:<5} accuracy {}", slice.n, percent(slice.accuracy)));
    }
    for (row, prediction) in rows.iter().zip(&report.predictions) {
        if let Some(mistake) = Mistake::of(row.label, prediction.escalate) {
            let kind = match mistake {
                Mistake::Missed => "missed",
                Mistake::FalseAlarm => "false alarm",
            };
            let because = prediction.matched.as_deref().map(|m| format!(" because of “{m}”")).unwrap_or_default();
            print(format_args!("{kind} {} ({:.2}){because}: {}", row.id, prediction.score, row.text));
        }
    }
}
