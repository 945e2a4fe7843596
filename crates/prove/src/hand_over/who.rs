//! Who is there, and where.

use domain::{
    PersonId,
    person::{Collaborator, Role},
};
use uuid::Uuid;

/// A node, and who sits there: each has a page, a worker and a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// The visitor's.
    A,
    /// The other one. With [`Nodes::One`] its worker and its person sit on A, and it has no page.
    B,
}

impl At {
    pub(super) const ALL: [Self; 2] = [Self::A, Self::B];

    pub(super) fn index(self) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

/// Who gives commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    /// The visitor, on A.
    Visitor,
    /// A person on A.
    First,
    /// A person on B.
    Second,
}

impl Client {
    pub(super) const ALL: [Self; 3] = [Self::Visitor, Self::First, Self::Second];

    pub(super) fn index(self) -> usize {
        match self {
            Self::Visitor => 0,
            Self::First => 1,
            Self::Second => 2,
        }
    }

    pub(super) fn person(self) -> Collaborator {
        Collaborator { id: PersonId::new(Uuid::from_u128(self.index() as u128)), role: Role::Agent }
    }
}
