//! `AI model`: which models answer, whether they do, and the functions that they may call.

use api::{
    common::{Done, Page, Problem},
    models::{CopilotWish, ModelTested, ModelWanted, ModelsView, ModelsWanted, Suggestion, ToolView, ToolWanted},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use ports::ai_models::ModelsOf;
use uuid::Uuid;

use crate::{
    caller::{Address, Collaborator},
    json::Json,
    present,
    problem::Answer,
    server::Shared,
};

/// The models of a chatbot. Admins only.
#[utoipa::path(get, path = "/chatbots/{id}/ai-model", tag = "ai-model", params(("id" = String, Path)),
    responses((status = 200, body = ModelsView), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<ModelsView>> {
    Ok(axum::Json(present::models(server.baton.chatbots_models(&staff, id.parse()?).await?)))
}

/// Saves the models of a chatbot. A key that is not named again stays, as long as the address is the same.
#[utoipa::path(put, path = "/chatbots/{id}/ai-model", tag = "ai-model", params(("id" = String, Path)), request_body = ModelsWanted,
    responses((status = 200, body = ModelsView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn save(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<ModelsWanted>,
) -> Answer<axum::Json<ModelsView>> {
    let models = body.models.into_iter().map(present::model_draft).collect();
    let choice = present::choice(body.choice);
    let saved = server.baton.set_chatbots_models(&staff, id.parse()?, choice, models, body.version).await?;
    Ok(axum::Json(present::models(saved)))
}

/// Asks a model for a sentence, to see whether it answers. Nothing is saved.
#[utoipa::path(post, path = "/chatbots/{id}/ai-model/test", tag = "ai-model", params(("id" = String, Path)), request_body = ModelWanted,
    responses((status = 200, body = ModelTested), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn test(
    State(server): Shared,
    Address(address): Address,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<ModelWanted>,
) -> Answer<axum::Json<ModelTested>> {
    let of = ModelsOf::Chatbot(id.parse()?);
    let tested = server.baton.test_model(&staff, of, present::model_draft(body), address).await?;
    Ok(axum::Json(present::tested(tested)))
}

/// The models of the workspace. Admins of the workspace only.
#[utoipa::path(get, path = "/workspace/ai-model", tag = "ai-model",
    responses((status = 200, body = ModelsView), (status = 403, body = Problem)))]
pub(crate) async fn show_workspace(
    State(server): Shared,
    Collaborator(staff): Collaborator,
) -> Answer<axum::Json<ModelsView>> {
    Ok(axum::Json(present::models(server.baton.workspaces_models(&staff).await?)))
}

/// Saves the models of the workspace. A key that is not named again stays, as long as the address is the same.
#[utoipa::path(put, path = "/workspace/ai-model", tag = "ai-model", request_body = ModelsWanted,
    responses((status = 200, body = ModelsView), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn save_workspace(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Json(body): Json<ModelsWanted>,
) -> Answer<axum::Json<ModelsView>> {
    let models = body.models.into_iter().map(present::model_draft).collect();
    let saved = server.baton.set_workspaces_models(&staff, present::choice(body.choice), models, body.version).await?;
    Ok(axum::Json(present::models(saved)))
}

/// Asks a model for a sentence, to see whether it answers. Nothing is saved.
#[utoipa::path(post, path = "/workspace/ai-model/test", tag = "ai-model", request_body = ModelWanted,
    responses((status = 200, body = ModelTested), (status = 403, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn test_workspace(
    State(server): Shared,
    Address(address): Address,
    Collaborator(staff): Collaborator,
    Json(body): Json<ModelWanted>,
) -> Answer<axum::Json<ModelTested>> {
    let draft = present::model_draft(body);
    Ok(axum::Json(present::tested(server.baton.test_model(&staff, ModelsOf::Workspace, draft, address).await?)))
}

/// The functions of a chatbot, by name, all on one page. Admins only.
#[utoipa::path(get, path = "/chatbots/{id}/tools", tag = "ai-model", params(("id" = String, Path)),
    responses((status = 200, body = Page<ToolView>), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn tools(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Page<ToolView>>> {
    let tools = server.baton.tools(&staff, id.parse()?).await?;
    Ok(axum::Json(Page { items: tools.into_iter().map(present::tool).collect(), next: None }))
}

/// Adds a function.
#[utoipa::path(post, path = "/chatbots/{id}/tools", tag = "ai-model", params(("id" = String, Path)), request_body = ToolWanted,
    responses((status = 201, body = ToolView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn add_tool(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<ToolWanted>,
) -> Answer<(StatusCode, axum::Json<ToolView>)> {
    let tool = server.baton.save_tool(&staff, id.parse()?, None, present::tool_draft(body)).await?;
    Ok((StatusCode::CREATED, axum::Json(present::tool(tool))))
}

/// Changes a function. The value of a header that is not named again stays, as long as the address is the same.
#[utoipa::path(put, path = "/chatbots/{id}/tools/{tool}", tag = "ai-model",
    params(("id" = String, Path), ("tool" = String, Path)), request_body = ToolWanted,
    responses((status = 200, body = ToolView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn save_tool(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, tool)): Path<(String, String)>,
    Json(body): Json<ToolWanted>,
) -> Answer<axum::Json<ToolView>> {
    let saved = server.baton.save_tool(&staff, id.parse()?, Some(tool_id(&tool)?), present::tool_draft(body)).await?;
    Ok(axum::Json(present::tool(saved)))
}

/// Removes a function.
#[utoipa::path(delete, path = "/chatbots/{id}/tools/{tool}", tag = "ai-model", params(("id" = String, Path), ("tool" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn remove_tool(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, tool)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_tool(&staff, id.parse()?, tool_id(&tool)?).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Asks the copilot for a text. Only the caller sees it, and nothing is sent.
#[utoipa::path(post, path = "/conversations/{id}/copilot", tag = "ai-model", params(("id" = String, Path)), request_body = CopilotWish,
    responses((status = 200, body = Suggestion), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn copilot(
    State(server): Shared,
    Address(address): Address,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<CopilotWish>,
) -> Answer<axum::Json<Suggestion>> {
    let drafted = server.baton.copilot(&staff, id.parse()?, present::wish(body), address).await?;
    Ok(axum::Json(present::suggestion(drafted)))
}

fn tool_id(text: &str) -> Result<Uuid, app::AppError> {
    text.parse().map_err(|_| app::AppError::NotFound)
}
