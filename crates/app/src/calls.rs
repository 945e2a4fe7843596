//! The record of who was called to what, and what came of it: a request was heard, or it says why not.
//!
//! Records are no part of a conversation's log. One that could not be stored keeps nobody from being called.

use domain::{
    ConversationId, PersonId,
    calling::Silence,
    calls::{Outcome, Way},
    conversation::Control,
};
use ports::{
    Scope,
    calls::{CallRecord, PLACE_BYTES},
};

use crate::{
    Baton,
    auth::{Staff, Via},
    error::{AppError, Result},
};

/// Records of one conversation that are shown, at most.
const SHOWN: u32 = 500;
/// How long records are kept, in milliseconds: 90 days.
const KEPT_MS: i64 = 90 * 24 * 3_600 * 1_000;
/// Records that are swept at once.
const SWEPT: u32 = 1_000;

/// The event that somebody is called to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    /// In this conversation.
    pub conversation: ConversationId,
    /// Its place in the log.
    pub seq: i64,
}

/// What is noted of somebody who is not called now.
pub(crate) fn silent(silence: Silence) -> Outcome {
    match silence {
        Silence::Undisturbed(_) => Outcome::Undisturbed,
        Silence::Quiet => Outcome::Quiet,
    }
}

impl Baton {
    /// Notes what came of a call for some people, each on a device of theirs.
    pub(crate) async fn note_calls(&self, scope: Scope, call: Call, way: Way, came: Vec<(PersonId, String, Outcome)>) {
        if came.is_empty() {
            return;
        }
        let Call { conversation, seq } = call;
        let at = self.clock.now();
        let record = |(person, place, outcome)| CallRecord { conversation, seq, person, way, place, outcome, at };
        let records = came.into_iter().map(record).collect();
        if let Err(fault) = self.store.note_calls(scope, records).await {
            tracing::warn!(%conversation, seq, error = &fault as &dyn std::error::Error, "what came of a call is not noted");
        }
    }

    /// A page says what it made of an alert.
    ///
    /// # Errors
    /// The field at fault, or [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn page_reports(&self, staff: &Staff, alert: &str, outcome: Outcome) -> Result<()> {
        let parts = alert.rsplit_once(':').and_then(|(id, seq)| Some((id.parse().ok()?, seq.parse().ok()?)));
        let (conversation, seq): (ConversationId, i64) =
            parts.ok_or_else(|| AppError::invalid("id", "is no name of an alert"))?;
        let (target, _) = self.desk_target(staff, conversation).await?;
        let call = Call { conversation, seq };
        self.note_calls(target.scope, call, Way::Page, vec![(staff.id(), place(staff), outcome)]).await;
        Ok(())
    }

    /// A page was told of an event.
    pub async fn page_was_told(&self, staff: &Staff, conversation: ConversationId, seq: i64) {
        let call = Call { conversation, seq };
        self.note_calls(staff.scope(), call, Way::Page, vec![(staff.id(), place(staff), Outcome::Told)]).await;
    }

    /// Somebody has opened a conversation in which a person is wanted.
    pub async fn opened(&self, staff: &Staff, row: &ports::conversations::Row) {
        let Control::Requested(request) = &row.state.control else { return };
        if staff.role_for(row.chatbot).is_some_and(domain::person::Role::may_answer) {
            let call = Call { conversation: row.id, seq: request.opened };
            self.note_calls(row.scope, call, Way::Page, vec![(staff.id(), String::new(), Outcome::Opened)]).await;
        }
    }

    /// What came of the calls of a conversation, in the order in which it happened.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn calls(&self, staff: &Staff, conversation: ConversationId, from: i64) -> Result<Vec<CallRecord>> {
        let (target, _) = self.desk_target(staff, conversation).await?;
        Ok(self.store.calls(target.scope, conversation, from, SHOWN).await?)
    }

    /// Forgets old records.
    pub(crate) async fn sweep_calls(&self) {
        let before = self.clock.now().plus(-KEPT_MS);
        loop {
            match self.store.forget_calls(before, SWEPT).await {
                Ok(swept) if swept >= u64::from(SWEPT) => {}
                Ok(_) => return,
                Err(fault) => {
                    tracing::warn!(error = &fault as &dyn std::error::Error, "old records of calls are still there");
                    return;
                }
            }
        }
    }
}

/// A name of the browser that somebody sits at, the same in each of its tabs, which tells nothing of its secret.
fn place(staff: &Staff) -> String {
    let name = match staff.via {
        Via::Session { token_hash } => hex(&token_hash[..6]),
        Via::Key { id, .. } => id.to_string(),
    };
    domain::text::excerpt(&name, PLACE_BYTES)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
