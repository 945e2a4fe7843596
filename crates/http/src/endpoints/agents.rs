//! AI agents.

use api::{
    chatbots::{AgentKind, AiAgent, AiAgentPatch},
    common::{Page, Problem},
};
use app::chatbots::AgentPatch;
use axum::extract::{Path, State};
use ports::chatbots::Agent;

use crate::{caller::Collaborator, json::Json, problem::Answer, server::Shared};

fn shown(agent: &Agent) -> AiAgent {
    AiAgent {
        id: agent.id.to_string(),
        kind: match agent.kind {
            ports::chatbots::AgentKind::UserFacing => AgentKind::UserFacing,
        },
        name: agent.name.clone(),
        description: agent.description.clone(),
        prompt: agent.prompt.clone(),
        enabled: agent.enabled,
    }
}

/// The AI agents of a chatbot, all on one page.
#[utoipa::path(get, path = "/chatbots/{id}/agents", tag = "agents", params(("id" = String, Path)),
    responses((status = 200, body = Page<AiAgent>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Page<AiAgent>>> {
    let profile = server.baton.chatbot(&staff, id.parse()?).await?;
    Ok(axum::Json(Page { items: profile.agents.iter().map(shown).collect(), next: None }))
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
    let patch =
        AgentPatch { name: body.name, description: body.description, prompt: body.prompt, enabled: body.enabled };
    let agent = server.baton.change_agent(&staff, id.parse()?, agent.parse()?, patch).await?;
    Ok(axum::Json(shown(&agent)))
}
