//! People with a login: what they may do.

use serde::{Deserialize, Serialize};

use crate::PersonId;

/// What a collaborator may do. Each role includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads; never writes, is never alerted.
    Viewer,
    /// Answers visitors.
    Agent,
    /// Sets chatbots up, takes conversations over from others.
    Admin,
    /// Everything.
    Owner,
}

impl Role {
    /// All of them, from the least to the most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Agent, Self::Admin, Self::Owner];

    /// May write to visitors, and is alerted.
    pub fn may_answer(self) -> bool {
        self >= Self::Agent
    }

    /// May change settings and knowledge, and take over from others.
    pub fn may_administer(self) -> bool {
        self >= Self::Admin
    }

    /// The name used in the database, on the command line and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A person who acts, with the role that counts for the chatbot at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collaborator {
    /// Who.
    pub id: PersonId,
    /// The greater of the role for the workspace and the role for the chatbot.
    pub role: Role,
}

/// The role that counts: the greater of the two, if there is any.
pub fn effective_role(workspace: Option<Role>, chatbot: Option<Role>) -> Option<Role> {
    workspace.max(chatbot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greater_role_counts() {
        assert_eq!(effective_role(None, None), None);
        assert_eq!(effective_role(Some(Role::Agent), Some(Role::Viewer)), Some(Role::Agent));
        assert_eq!(effective_role(None, Some(Role::Admin)), Some(Role::Admin));
    }

    #[test]
    fn names_come_back() {
        for role in Role::ALL {
            assert_eq!(Role::named(role.name()), Some(role));
        }
        assert_eq!(Role::named("root"), None);
    }
}
