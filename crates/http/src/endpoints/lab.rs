//! The Escalation lab. Admins and owners of the chatbot only.

use api::{
    common::{Done, Page, Problem},
    lab::{
        AddLabMessages, BeginLabRun, LabAdded, LabForm, LabJudgedMessage, LabLabel, LabLooked, LabMessagePatch,
        LabMessageView, LabReplayed, LabReplayedConversation, LabRunView, LabView, LabWritten, NewLabMessage,
    },
};
use app::{
    AppError,
    inbox::page_size,
    lab::{Form, Looked, NewLabelled},
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
};
use domain::{
    ChatbotId, LabMessageId, LabRunId, Millis,
    lab::{Outcome, RunKind},
    limits,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{caller::Collaborator, json::Json, present, problem::Answer, server::Shared};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessagesQuery {
    /// Only messages with this label.
    #[param(inline)]
    label: Option<LabLabel>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// Words that all have to be there. At most 200 characters.
    #[serde(default)]
    q: String,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of a page, at most 200. A page may have a few more, or fewer while there is a `next`.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JudgedQuery {
    /// Which of them; mistakes of the settings as they are when it is left out.
    #[param(inline)]
    #[serde(default)]
    which: LabLooked,
    /// `next` of the page before.
    after: Option<usize>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReplayedQuery {
    /// Which of them; those in which somebody would be called when it is left out.
    #[param(inline)]
    #[serde(default)]
    which: LabReplayed,
    /// By the draft, and not by the settings as they are.
    #[serde(default)]
    draft: bool,
    /// `next` of the page before.
    after: Option<usize>,
    /// Entries of a page, at most 200.
    limit: Option<u32>,
}

/// How many messages are labelled, and the newest run of each kind as it stands.
#[utoipa::path(get, path = "/chatbots/{id}/lab", tag = "escalation-lab", params(("id" = String, Path)),
    responses((status = 200, body = LabView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<LabView>> {
    let id: ChatbotId = id.parse()?;
    let (counts, known) = server.baton.lab(&staff, id).await?;
    let mut runs = Vec::with_capacity(known.len());
    for run in &known {
        let came = server.baton.lab_came_to(&staff, id, run).await?;
        runs.push(present::lab_run(run, came.as_ref()));
    }
    let most = limits::LAB_MESSAGES;
    Ok(axum::Json(LabView { person: counts.person, no_person: counts.no_person, most, runs }))
}

/// The labelled messages, the newest first.
#[utoipa::path(get, path = "/chatbots/{id}/lab/messages", tag = "escalation-lab",
    params(("id" = String, Path), MessagesQuery),
    responses((status = 200, body = Page<LabMessageView>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<MessagesQuery>,
) -> Answer<axum::Json<Page<LabMessageView>>> {
    let limit = page_size(query.limit);
    let before = query.after.as_deref().map(key).transpose()?;
    let label = query.label.map(present::lab_label_of);
    let found = server.baton.lab_messages(&staff, id.parse()?, label, before, limit).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| format!("{}:{}", last.at.0, last.id));
    let mut items = Vec::with_capacity(found.len());
    for message in &found {
        items.push(present::lab_message(&server.baton, message).await);
    }
    Ok(axum::Json(Page { items, next }))
}

/// Adds labelled messages: what was pasted, the text of a file, or a list. A text that is there gets the label that is
/// given now.
#[utoipa::path(post, path = "/chatbots/{id}/lab/messages", tag = "escalation-lab", params(("id" = String, Path)),
    request_body = AddLabMessages,
    responses((status = 200, body = LabAdded), (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn add(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<AddLabMessages>,
) -> Answer<axum::Json<LabAdded>> {
    let id: ChatbotId = id.parse()?;
    let added = match body {
        AddLabMessages { text: Some(text), messages: None, form } => {
            let form = match form {
                None | Some(LabForm::Lines) => Form::Lines,
                Some(LabForm::Csv) => Form::Csv,
                Some(LabForm::Jsonl) => Form::Jsonl,
            };
            server.baton.add_labelled_text(&staff, id, form, &text).await?
        }
        AddLabMessages { text: None, messages: Some(messages), form: None } => {
            let messages = messages.into_iter().enumerate().map(labelled).collect::<Result<_, _>>()?;
            server.baton.add_labelled(&staff, id, messages).await?
        }
        _ => {
            // Whoever may not do it learns that first.
            server.baton.lab(&staff, id).await?;
            return Err(AppError::invalid("text", "or messages is needed, one of the two").into());
        }
    };
    Ok(axum::Json(LabAdded { added: added.added, known: added.known, left_out: added.left_out }))
}

fn labelled((at, message): (usize, NewLabMessage)) -> Result<NewLabelled, AppError> {
    let wrong = |_| AppError::invalid(format!("messages.{at}.conversation_id"), "is no conversation of this chatbot");
    let conversation = message.conversation_id.as_deref().map(str::parse).transpose().map_err(wrong)?;
    Ok(NewLabelled { text: message.text, label: present::lab_label_of(message.label), conversation })
}

/// Removes all labelled messages.
#[utoipa::path(delete, path = "/chatbots/{id}/lab/messages", tag = "escalation-lab", params(("id" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn clear(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Done>> {
    server.baton.clear_labelled(&staff, id.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Gives a message another label.
#[utoipa::path(patch, path = "/chatbots/{id}/lab/messages/{message}", tag = "escalation-lab",
    params(("id" = String, Path), ("message" = String, Path)), request_body = LabMessagePatch,
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, message)): Path<(String, String)>,
    Json(body): Json<LabMessagePatch>,
) -> Answer<axum::Json<Done>> {
    let (id, label) = (id.parse()?, present::lab_label_of(body.label));
    server.baton.label_message(&staff, id, message.parse()?, label).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Removes a message.
#[utoipa::path(delete, path = "/chatbots/{id}/lab/messages/{message}", tag = "escalation-lab",
    params(("id" = String, Path), ("message" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, message)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_labelled(&staff, id.parse()?, message.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// What visitors wrote in the last 30 days, to be labelled: first what led to a request for a person.
#[utoipa::path(get, path = "/chatbots/{id}/lab/history", tag = "escalation-lab",
    params(("id" = String, Path), HistoryQuery),
    responses((status = 200, body = Page<LabWritten>), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn history(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<HistoryQuery>,
) -> Answer<axum::Json<Page<LabWritten>>> {
    let wrong = |()| AppError::invalid("after", "is not the end of a page");
    let after = query.after.as_deref().map(str::parse).transpose().map_err(wrong)?;
    let limit = page_size(query.limit);
    let (written, next) = server.baton.lab_history(&staff, id.parse()?, &query.q, after, limit).await?;
    let items = written.iter().map(present::lab_written).collect();
    Ok(axum::Json(Page { items, next: next.map(|next| next.to_string()) }))
}

/// Judges all labelled messages, by the settings as they are and by a draft: ask for the run until it is over. A chatbot
/// has one run at a time.
#[utoipa::path(post, path = "/chatbots/{id}/lab/judge", tag = "escalation-lab", params(("id" = String, Path)),
    request_body = BeginLabRun,
    responses((status = 202, body = LabRunView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn judge(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<BeginLabRun>,
) -> Answer<(StatusCode, axum::Json<LabRunView>)> {
    let draft = body.draft.map(present::lab_draft_of);
    let run = server.baton.begin_lab_run(&staff, id.parse()?, RunKind::Judge, draft).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(present::lab_run(&run, None))))
}

/// Judges the conversations of the last 30 days again, the newest 2,000 and 20 messages of each, against what happened.
#[utoipa::path(post, path = "/chatbots/{id}/lab/replay", tag = "escalation-lab", params(("id" = String, Path)),
    request_body = BeginLabRun,
    responses((status = 202, body = LabRunView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn replay(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<BeginLabRun>,
) -> Answer<(StatusCode, axum::Json<LabRunView>)> {
    let draft = body.draft.map(present::lab_draft_of);
    let run = server.baton.begin_lab_run(&staff, id.parse()?, RunKind::Replay, draft).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(present::lab_run(&run, None))))
}

/// A run as it stands. It goes on as long as somebody asks: two and a half minutes after the last call it ends.
#[utoipa::path(get, path = "/chatbots/{id}/lab/runs/{run}", tag = "escalation-lab",
    params(("id" = String, Path), ("run" = String, Path)),
    responses((status = 200, body = LabRunView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn run(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, run)): Path<(String, String)>,
) -> Answer<axum::Json<LabRunView>> {
    let id: ChatbotId = id.parse()?;
    let run = server.baton.lab_run(&staff, id, run.parse()?).await?;
    let came = server.baton.lab_came_to(&staff, id, &run).await?;
    Ok(axum::Json(present::lab_run(&run, came.as_ref())))
}

/// Ends a run. One that is over stays as it is.
#[utoipa::path(delete, path = "/chatbots/{id}/lab/runs/{run}", tag = "escalation-lab",
    params(("id" = String, Path), ("run" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn stop(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, run)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.stop_lab_run(&staff, id.parse()?, run.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// The labelled messages as a run has judged them, with what each judgement came of.
#[utoipa::path(get, path = "/chatbots/{id}/lab/runs/{run}/messages", tag = "escalation-lab",
    params(("id" = String, Path), ("run" = String, Path), JudgedQuery),
    responses((status = 200, body = Page<LabJudgedMessage>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn judged(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, run)): Path<(String, String)>,
    Query(query): Query<JudgedQuery>,
) -> Answer<axum::Json<Page<LabJudgedMessage>>> {
    let (id, run): (ChatbotId, LabRunId) = (id.parse()?, run.parse()?);
    let run = server.baton.lab_run(&staff, id, run).await?;
    let which = match query.which {
        LabLooked::Mistakes => Looked::Mistakes,
        LabLooked::DraftMistakes => Looked::DraftMistakes,
        LabLooked::Changed => Looked::Changed,
        LabLooked::All => Looked::All,
    };
    let (after, limit) = (query.after.unwrap_or_default(), page_size(query.limit) as usize);
    let (found, next) = server.baton.lab_judged(&staff, id, &run, which, after, limit).await?;
    let mut items = Vec::with_capacity(found.len());
    for one in &found {
        items.push(present::lab_judged(&server.baton, one).await);
    }
    Ok(axum::Json(Page { items, next: next.map(|next| next.to_string()) }))
}

/// The conversations of a replay in which something else would happen now.
#[utoipa::path(get, path = "/chatbots/{id}/lab/runs/{run}/conversations", tag = "escalation-lab",
    params(("id" = String, Path), ("run" = String, Path), ReplayedQuery),
    responses((status = 200, body = Page<LabReplayedConversation>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn replayed(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, run)): Path<(String, String)>,
    Query(query): Query<ReplayedQuery>,
) -> Answer<axum::Json<Page<LabReplayedConversation>>> {
    let (id, run): (ChatbotId, LabRunId) = (id.parse()?, run.parse()?);
    let run = server.baton.lab_run(&staff, id, run).await?;
    let wanted = match query.which {
        LabReplayed::WouldCall => Outcome::WouldCall,
        LabReplayed::WouldNot => Outcome::WouldNot,
    };
    let (after, limit) = (query.after.unwrap_or_default(), page_size(query.limit) as usize);
    let side = (query.draft, wanted);
    let (found, next) = server.baton.lab_replayed(&staff, id, &run, side, after, limit).await?;
    let items = found.iter().map(present::lab_replayed).collect();
    Ok(axum::Json(Page { items, next: next.map(|next| next.to_string()) }))
}

fn key(text: &str) -> Result<(Millis, LabMessageId), AppError> {
    let read = || {
        let (at, id) = text.split_once(':')?;
        Some((Millis(at.parse().ok()?), id.parse().ok()?))
    };
    read().ok_or_else(|| AppError::invalid("after", "is not the end of a page"))
}
