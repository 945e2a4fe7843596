//! AI agents, what they rest on, and why one of them did what it did.

use api::{
    agents::{AiAgent, AiAgentPatch, AiStatus, IntentsState, IntentsStatus, NewAiAgent, WhyView},
    common::{Done, Page, Problem},
};
use app::{AppError, agents::AgentPatch, meaning::Examples};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use crate::{
    caller::{Collaborator, IdempotencyKey},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

/// The AI agents of a chatbot, all on one page.
#[utoipa::path(get, path = "/chatbots/{id}/agents", tag = "agents", params(("id" = String, Path)),
    responses((status = 200, body = Page<AiAgent>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Page<AiAgent>>> {
    let profile = server.baton.chatbot(&staff, id.parse()?).await?;
    Ok(axum::Json(Page { items: profile.agents.iter().map(present::agent).collect(), next: None }))
}

/// Adds an AI agent. It answers nobody until it is connected.
#[utoipa::path(post, path = "/chatbots/{id}/agents", tag = "agents", params(("id" = String, Path), IdempotencyKey),
    request_body = NewAiAgent,
    responses((status = 201, body = AiAgent), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Json(body): Json<NewAiAgent>,
) -> Answer<(StatusCode, axum::Json<AiAgent>)> {
    let kind = present::kind_of(body.kind);
    let patch = AgentPatch {
        name: Some(body.name),
        description: body.description,
        prompt: body.prompt,
        default_message: body.default_message,
        ..AgentPatch::default()
    };
    let agent = server.baton.add_agent(&staff, id.parse()?, kind, patch, key.as_deref()).await?;
    Ok((StatusCode::CREATED, axum::Json(present::agent(&agent))))
}

/// Changes an AI agent. What is left out stays.
#[utoipa::path(patch, path = "/chatbots/{id}/agents/{agent}", tag = "agents",
    params(("id" = String, Path), ("agent" = String, Path)), request_body = AiAgentPatch,
    responses((status = 200, body = AiAgent), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, agent)): Path<(String, String)>,
    Json(body): Json<AiAgentPatch>,
) -> Answer<axum::Json<AiAgent>> {
    let agent = server.baton.change_agent(&staff, id.parse()?, agent.parse()?, changes(body)?).await?;
    Ok(axum::Json(present::agent(&agent)))
}

/// Removes an AI agent.
#[utoipa::path(delete, path = "/chatbots/{id}/agents/{agent}", tag = "agents",
    params(("id" = String, Path), ("agent" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn delete(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, agent)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_agent(&staff, id.parse()?, agent.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// What the AI of this server is made of.
#[utoipa::path(get, path = "/ai", tag = "agents", responses((status = 200, body = AiStatus)))]
pub(crate) async fn status(State(server): Shared, Collaborator(_staff): Collaborator) -> Answer<axum::Json<AiStatus>> {
    let (general_model, english_model) = server.baton.models();
    Ok(axum::Json(AiStatus { general_model, english_model, wishes: app::meaning::wishes() }))
}

/// Whether what the examples of a chatbot's intents mean is learned: that takes seconds after somebody has changed one.
#[utoipa::path(get, path = "/chatbots/{id}/intents/status", tag = "agents", params(("id" = String, Path)),
    responses((status = 200, body = IntentsStatus), (status = 404, body = Problem)))]
pub(crate) async fn intents(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<IntentsStatus>> {
    let state = match server.baton.examples(&staff, id.parse()?).await? {
        Examples::Learned => IntentsState::Meaning,
        Examples::BeingLearned => IntentsState::Learning,
        Examples::Spelled => IntentsState::Spelling,
    };
    Ok(axum::Json(IntentsStatus { state }))
}

/// How the AI Supervisor came to what it did with a message: of the visitor's, of its answer, or of a request.
#[utoipa::path(get, path = "/conversations/{id}/messages/{seq}/why", tag = "conversations",
    params(("id" = String, Path), ("seq" = i64, Path)),
    responses((status = 200, body = WhyView), (status = 404, body = Problem)))]
pub(crate) async fn why(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, seq)): Path<(String, i64)>,
) -> Answer<axum::Json<WhyView>> {
    let (profile, of, why) = server.baton.why(&staff, id.parse()?, seq).await?;
    Ok(axum::Json(present::why(&profile, of, &why)))
}

fn changes(body: AiAgentPatch) -> Result<AgentPatch, AppError> {
    let hundredths = |temperature: f64| {
        let wrong = || AppError::invalid("temperature", "goes from 0 to 2");
        if !(0.0..=2.0).contains(&temperature) {
            return Err(wrong());
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 200")]
        let hundredths = (temperature * 100.0).round() as u16;
        Ok(hundredths)
    };
    let source = |(at, id): (usize, String)| {
        id.parse().map_err(|_| AppError::invalid(format!("sources.{at}"), "is no source of this chatbot"))
    };
    let sources = |ids: Vec<String>| ids.into_iter().enumerate().map(source).collect::<Result<Vec<_>, _>>();
    let intents = |intents: Vec<_>| {
        intents.into_iter().enumerate().map(|(at, one)| present::intent_of(at, one)).collect::<Result<Vec<_>, _>>()
    };
    Ok(AgentPatch {
        name: body.name,
        description: body.description,
        prompt: body.prompt,
        enabled: body.enabled,
        model: body.model,
        temperature: body.temperature.map(|it| it.map(hundredths).transpose()).transpose()?,
        default_message: body.default_message,
        sources: body.sources.map(|it| it.map(sources).transpose()).transpose()?,
        tags: body.tags,
        variables: body.variables.map(|all| all.into_iter().map(present::variable_of).collect()),
        intents: body.intents.map(intents).transpose()?,
        bias: body.bias,
        stickiness: body.stickiness,
    })
}
