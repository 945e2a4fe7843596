//! `baton eval escalation`: does a message ask for a person?

use std::path::PathBuf;

use anyhow::Context;
use app::AppError;
use clap::Args;
use domain::{ChatbotId, conversation::Reason};
use ports::{
    embeddings::Purpose,
    lab::{Calls, Cause, Judgement},
};
use supervisor::{
    Assessment, Detector, Head, Wish,
    eval::{Mistake, Prediction, Report, Row, read_rows, report},
};

use super::{super::print, read};
use crate::{
    config::{Data, DataArgs, Unusable},
    models::ModelArgs,
    node::{Node, embedders},
};

/// Name of the tier in figures.
const MODEL: &str = "rules + hashed n-grams";

#[derive(Debug, Args)]
pub(crate) struct Escalation {
    /// Lines of {"id"?, "text", "label": 0|1, "lang"?, "category"?}
    #[arg(long, value_name = "FILE.jsonl")]
    input: PathBuf,
    /// Judge as this chatbot does: its intents, rules, bias, and what it listens to
    #[arg(long, value_name = "UUID")]
    chatbot: Option<ChatbotId>,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    models: ModelArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(escalation: Escalation) -> anyhow::Result<()> {
    let rows = read(&escalation.input, read_rows)?;
    let (data, models) = (escalation.data, escalation.models);
    let (predictions, model) = match escalation.chatbot {
        Some(chatbot) => by_chatbot(&models.settle_with_file(data.existing()?)?, chatbot, &rows).await?,
        None => by_detector(&models.settle_with_file(data.settled()?)?, &rows).await?,
    };
    let report = report(&rows, predictions, &model);
    if escalation.json {
        print(serde_json::to_string(&report).context("writing the report")?);
    } else {
        show(&report, &rows);
    }
    Ok(())
}

/// What the detector of wishes says by itself, as a new chatbot listens to it.
async fn by_detector(data: &Data, rows: &[Row]) -> anyhow::Result<(Vec<Prediction>, String)> {
    let embedder = embedders(data)?.general;
    let embedder = embedder.and_then(|e| Head::built_in().filter(|h| h.model() == e.model()).map(|head| (e, head)));
    let mut predictions = Vec::with_capacity(rows.len());
    for row in rows {
        let spelled = Detector::built_in().assess(&row.text);
        let assessment = match &embedder {
            Some((embedder, head)) => {
                let vectors = embedder.embed(Purpose::Query, vec![row.text.clone()]).await?;
                head.join(spelled, vectors.first().map_or(&[], Vec::as_slice))
            }
            None => spelled,
        };
        predictions.push(heard(assessment, row));
    }
    let model = embedder.map_or_else(|| MODEL.to_owned(), |(embedder, _)| format!("{} + {MODEL}", embedder.model()));
    Ok((predictions, model))
}

/// What a conversation with a chatbot would come to: its intents as they are learned, its rules, its bias, and whether it
/// listens to wishes at all. The judgement is the product's own, the one that the Escalation lab shows.
async fn by_chatbot(data: &Data, chatbot: ChatbotId, rows: &[Row]) -> anyhow::Result<(Vec<Prediction>, String)> {
    let node = Node::open(data).await?;
    let texts: Vec<String> = rows.iter().map(|row| row.text.clone()).collect();
    let judged = node.baton.judge(chatbot, &texts).await;
    node.database.close().await;
    let (judgements, models) = match judged {
        Err(AppError::NotFound) => {
            return Err(Unusable(format!("--chatbot {chatbot}: there is no such chatbot")).into());
        }
        judged => judged?,
    };
    let predictions = rows.iter().zip(judgements).map(|(row, judgement)| judged_as(judgement, row)).collect();
    let model = models.into_iter().chain([MODEL.to_owned()]).collect::<Vec<_>>().join(" + ");
    Ok((predictions, model))
}

fn heard(assessment: Assessment, row: &Row) -> Prediction {
    Prediction {
        id: row.id.clone(),
        escalate: assessment.wish == Wish::Yes,
        ask: assessment.wish == Wish::Ask,
        score: assessment.score,
        matched: assessment.matched,
    }
}

fn judged_as(judgement: Judgement, row: &Row) -> Prediction {
    let thousandths = |number: u16| f32::from(number) / 1_000.0;
    // What called is what is told: an intent, a rule, or the wish.
    let intent = matches!(&judgement.cause, Some(Cause { reason: Reason::Intent, .. }));
    let near = judgement.nearest.filter(|_| intent).map(|nearest| thousandths(nearest.near));
    let cause = judgement.cause.and_then(|cause| cause.matched.or(cause.name));
    Prediction {
        id: row.id.clone(),
        escalate: judgement.calls == Calls::Now,
        ask: judgement.calls == Calls::Asks,
        score: near.unwrap_or_else(|| thousandths(judgement.wish)),
        matched: cause.or(judgement.example),
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
