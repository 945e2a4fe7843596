//! The way to a first live chatbot: a short list, computed from what is really there.

use serde::{Deserialize, Serialize};

/// What cannot be seen from elsewhere, and is noted when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// Somebody who may change them has looked at the texts of the hand-over.
    pub handover_seen: bool,
    /// The link or the embed code was copied.
    pub shared: bool,
    /// Nobody wants to see the list any more.
    pub dismissed: bool,
}

/// A step that is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The hand-over was looked at.
    HandoverSeen,
    /// The link or the code was copied.
    Shared,
    /// The list was put away.
    Dismissed,
}

impl Guide {
    /// With a step noted; nothing that was noted goes away.
    #[must_use]
    pub fn with(self, step: Step) -> Self {
        match step {
            Step::HandoverSeen => Self { handover_seen: true, ..self },
            Step::Shared => Self { shared: true, ..self },
            Step::Dismissed => Self { dismissed: true, ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_add_up() {
        let guide = Guide::default().with(Step::Shared).with(Step::HandoverSeen);
        assert_eq!(guide, Guide { handover_seen: true, shared: true, dismissed: false });
        assert!(guide.with(Step::Dismissed).with(Step::Shared).dismissed);
    }
}
