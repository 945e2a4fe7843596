//! Collaborators of a chatbot, and people of the workspace.

use api::{
    common::{Done, Page, Problem},
    team::{CollaboratorView, PersonPatch, RoleChange},
};
use app::{auth::Staff, calling::silence, inbox::page_size};
use axum::extract::{Path, Query, State};
use domain::{ChatbotId, PersonId, person::Role, presence::Presence};
use ports::accounts::Person;

use super::{account::people_key, chatbots::PageQuery};
use crate::{
    caller::Collaborator,
    json::Json,
    present,
    problem::Answer,
    server::{Server, Shared},
};

fn shown(
    server: &Server,
    staff: &Staff,
    chatbot: Option<ChatbotId>,
    person: &Person,
    presence: Presence,
) -> CollaboratorView {
    let own = chatbot.map_or_else(|| staff.workspace_role(), |chatbot| staff.role_for(chatbot));
    let sees_addresses = own.is_some_and(Role::may_administer) || staff.id() == person.id;
    let chatbot_role = chatbot.and_then(|chatbot| person.membership(chatbot));
    CollaboratorView {
        id: person.id.to_string(),
        name: person.name.clone(),
        avatar_url: present::avatar_url(person.avatar),
        email: sees_addresses.then(|| person.email.clone()),
        role: present::role(person.role.max(chatbot_role).unwrap_or(Role::Viewer)),
        workspace_role: person.role.map(present::role),
        chatbot_role: chatbot_role.map(present::role),
        active: person.active,
        last_seen_at: person.seen_at.map(|at| at.0),
        presence: present::presence(presence, silence(&person.calling, server.baton.clock().now()).is_some()),
    }
}

async fn one(
    server: &Server,
    staff: &Staff,
    chatbot: Option<ChatbotId>,
    person: &Person,
) -> Answer<axum::Json<CollaboratorView>> {
    let presence = server.baton.presences(staff.scope(), &[person.id]).await?;
    let presence = presence.first().copied().unwrap_or(Presence::Offline);
    Ok(axum::Json(shown(server, staff, chatbot, person, presence)))
}

/// Everybody with a role for a chatbot, by name.
#[utoipa::path(get, path = "/chatbots/{id}/collaborators", tag = "team", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<CollaboratorView>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<CollaboratorView>>> {
    let id: ChatbotId = id.parse()?;
    let after = query.after.as_deref().map(people_key).transpose()?;
    let (people, next) = server.baton.collaborators(&staff, id, after, page_size(query.limit)).await?;
    let next = next.map(|(name, id)| format!("{id}:{name}"));
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let presences = server.baton.presences(staff.scope(), &ids).await?;
    let items = people.iter().zip(presences);
    let items = items.map(|(person, presence)| shown(&server, &staff, Some(id), person, presence)).collect();
    Ok(axum::Json(Page { items, next }))
}

/// Changes somebody's role for a chatbot. It counts at once, also on sockets that are open.
#[utoipa::path(patch, path = "/chatbots/{id}/collaborators/{person}", tag = "team",
    params(("id" = String, Path), ("person" = String, Path)), request_body = RoleChange,
    responses((status = 200, body = CollaboratorView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn change_role(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, person)): Path<(String, String)>,
    Json(body): Json<RoleChange>,
) -> Answer<axum::Json<CollaboratorView>> {
    let id: ChatbotId = id.parse()?;
    let role = Some(present::role_of(body.role));
    let person = server.baton.change_role_here(&staff, id, person.parse()?, role).await?;
    one(&server, &staff, Some(id), &person).await
}

/// Removes somebody from a chatbot. Live chats where nobody else is wait for a person again.
#[utoipa::path(delete, path = "/chatbots/{id}/collaborators/{person}", tag = "team",
    params(("id" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn remove(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path((id, person)): Path<(String, String)>,
) -> Answer<axum::Json<Done>> {
    server.baton.change_role_here(&staff, id.parse()?, person.parse()?, None).await?;
    Ok(axum::Json(Done { done: true }))
}

/// Changes somebody's role for the whole workspace, or deactivates or activates them.
#[utoipa::path(patch, path = "/people/{person}", tag = "team", params(("person" = String, Path)), request_body = PersonPatch,
    responses((status = 200, body = CollaboratorView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn change_person(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(person): Path<String>,
    Json(body): Json<PersonPatch>,
) -> Answer<axum::Json<CollaboratorView>> {
    let person = person.parse()?;
    let patch = (body.role.map(present::role_of), body.active);
    let changed = server.baton.change_in_workspace(&staff, person, patch).await?;
    one(&server, &staff, None, &changed).await
}

/// Takes somebody out of the workspace, with every role that they have.
#[utoipa::path(delete, path = "/people/{person}", tag = "team", params(("person" = String, Path)),
    responses((status = 200, body = Done), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn remove_person(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(person): Path<String>,
) -> Answer<axum::Json<Done>> {
    server.baton.remove_from_workspace(&staff, person.parse()?).await?;
    Ok(axum::Json(Done { done: true }))
}
