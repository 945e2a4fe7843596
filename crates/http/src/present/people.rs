//! People and their pictures.

use api::{
    account::{Me, PersonView, Role as WireRole},
    events::VisitorPerson,
};
use app::Baton;
use domain::{PersonId, person::Role};
use ports::accounts::Person;
use uuid::Uuid;

/// Address of a picture.
pub(crate) fn avatar_url(id: Option<Uuid>) -> Option<String> {
    id.map(|id| format!("/api/v2/avatars/{id}"))
}

pub(crate) fn role(role: Role) -> WireRole {
    match role {
        Role::Viewer => WireRole::Viewer,
        Role::Agent => WireRole::Agent,
        Role::Admin => WireRole::Admin,
        Role::Owner => WireRole::Owner,
    }
}

pub(crate) fn role_of(role: WireRole) -> Role {
    match role {
        WireRole::Viewer => Role::Viewer,
        WireRole::Agent => Role::Agent,
        WireRole::Admin => Role::Admin,
        WireRole::Owner => Role::Owner,
    }
}

pub(crate) fn me(person: &Person) -> Me {
    Me {
        id: person.id.to_string(),
        email: person.email.clone(),
        display_name: person.name.clone(),
        avatar_url: avatar_url(person.avatar),
        role: person.role.map(role),
    }
}

pub(crate) fn person(person: &Person) -> PersonView {
    PersonView { id: person.id.to_string(), name: person.name.clone(), avatar_url: avatar_url(person.avatar) }
}

/// Somebody who is not (or no longer) known still wrote what they wrote.
pub(crate) async fn person_view(baton: &Baton, id: PersonId) -> PersonView {
    match baton.directory().person(id).await {
        Ok(known) => person(&known),
        Err(_) => PersonView { id: id.to_string(), name: "A former colleague".to_owned(), avatar_url: None },
    }
}

/// A collaborator as the visitor sees them.
pub(crate) async fn visitor_person(baton: &Baton, id: PersonId) -> VisitorPerson {
    let PersonView { name, avatar_url, .. } = person_view(baton, id).await;
    VisitorPerson { name, avatar_url }
}
