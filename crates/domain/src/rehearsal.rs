//! Rehearsals: somebody of the team talks to the chatbot as a visitor would, and answers as a person, to see how the hand-over
//! goes.
//!
//! A rehearsal is a conversation like any other: the same machine, the same gate, the same turns of the AI. Only nothing of it
//! leaves it: nobody else is told of it, called to it, shown it or counts it. What leaves a conversation asks here, and so does
//! whoever opens one.

use crate::PersonId;

/// How long a rehearsal is kept, in milliseconds: a day. Long enough to come back to it after lunch, and what was tried out
/// yesterday is in nobody's way.
pub const KEPT_MS: i64 = 24 * 3_600 * 1_000;

/// Whether what happens in a conversation is anybody else's business: to be told, called for, counted, listed or found.
#[must_use]
pub fn reaches_out(rehearsal_of: Option<PersonId>) -> bool {
    rehearsal_of.is_none()
}

/// Whether a collaborator of the chatbot may open a conversation, or be handed it: a rehearsal is for whoever rehearses.
#[must_use]
pub fn opens_to(rehearsal_of: Option<PersonId>, person: PersonId) -> bool {
    rehearsal_of.is_none_or(|whose| whose == person)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_is_for_one_person_and_reaches_nobody() {
        let [sofia, ben] = [1, 2].map(|number| PersonId::new(uuid::Uuid::from_u128(number)));
        assert!(reaches_out(None) && opens_to(None, sofia) && opens_to(None, ben));
        let hers = Some(sofia);
        assert!(!reaches_out(hers) && opens_to(hers, sofia) && !opens_to(hers, ben));
    }
}
