//! The one way in which a conversation changes: gate, unit of work, answer. Every door leads here.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ChatbotId, ConversationId,
    conversation::{AssistantOutcome, Command, Refusal, Rung, Standing},
    limits,
};
use ports::{
    Scope,
    conversations::{Logged, Once, Row, Unit, UnitOutcome},
    jobs::Lease,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Baton,
    compose::{Draft, JobIds, Texts},
    directory::Profile,
    error::{AppError, Result},
    routing::frees,
};

/// Where a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The workspace.
    pub scope: Scope,
    /// The conversation.
    pub conversation: ConversationId,
    /// Its chatbot.
    pub chatbot: ChatbotId,
}

impl Target {
    /// The target that a row stands for.
    pub fn of(row: &Row) -> Self {
        Self { scope: row.scope, conversation: row.id, chatbot: row.chatbot }
    }
}

/// What a command has written.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The row after it; absent when the command was a repetition.
    pub row: Option<Arc<Row>>,
    /// The entries that it added, or had added when it was first sent.
    pub entries: Arc<Vec<Logged>>,
}

impl Acted {
    /// Place in the log of the last entry.
    pub fn seq(&self) -> Option<i64> {
        self.entries.last().map(|logged| logged.entry.seq)
    }

    /// Place of the last entry that the visitor sees.
    pub fn visitor_seq(&self) -> Option<i64> {
        self.entries.iter().rev().find_map(|logged| logged.entry.visitor_seq)
    }
}

/// Checks the caller's own id of a command and digests what it says.
pub(crate) fn once<T: AsRef<str>>(author: &str, client_id: &str, body: &[T]) -> Result<Once> {
    own_id("client_id", client_id)?;
    Ok(Once { author: author.to_owned(), client_id: client_id.to_owned(), fingerprint: fingerprint(body) })
}

/// Checks an id that a caller gives to a command or a call.
///
/// # Errors
/// The field at fault.
pub fn own_id(field: &str, id: &str) -> Result<()> {
    if (1..=limits::CLIENT_ID_BYTES).contains(&id.len()) && id.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(());
    }
    let cause = format!("must have 1 to {} printable ASCII characters without spaces", limits::CLIENT_ID_BYTES);
    Err(AppError::invalid(field, cause))
}

/// Digest of what a call says, to tell a repetition from another call under the same id.
pub(crate) fn fingerprint<T: AsRef<str>>(parts: &[T]) -> String {
    let mut digest = Sha256::new();
    for part in parts.iter().map(AsRef::as_ref) {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    BASE64_URL_SAFE_NO_PAD.encode(&digest.finalize()[..12])
}

impl Baton {
    /// An id for a command whose caller has none of their own.
    pub fn client_id(&self) -> String {
        self.entropy.id(self.clock.now()).to_string()
    }

    /// Carries out a command on a conversation.
    ///
    /// Whatever may withdraw the AI's right to speak closes the gate first, here and on every other node; the gate opens
    /// again when the outcome is known, and by then tokens of a withdrawn turn are stale. The unit itself keeps it closed:
    /// whoever asked may go away meanwhile.
    pub(crate) async fn act(
        &self,
        target: Target,
        command: Command,
        texts: Texts,
        once: Option<Once>,
    ) -> Result<Acted> {
        let outcome = self.execute(target, command, texts, once, None).await?;
        self.acted(outcome).await
    }

    /// What came of a unit, for whoever asked for it.
    pub(crate) async fn acted(&self, outcome: UnitOutcome) -> Result<Acted> {
        match outcome {
            UnitOutcome::Committed(committed) => Ok(Acted { row: Some(committed.row), entries: committed.entries }),
            UnitOutcome::Repeated(entries) => Ok(Acted { row: None, entries: Arc::new(entries) }),
            UnitOutcome::ClientIdReused => Err(AppError::ClientIdReused),
            UnitOutcome::Refused(refusal) => Err(self.refused(refusal).await),
        }
    }

    pub(crate) async fn execute(
        &self,
        target: Target,
        command: Command,
        texts: Texts,
        once: Option<Once>,
        completes: Option<Uuid>,
    ) -> Result<UnitOutcome> {
        let profile = self.directory.profile(target.chatbot).await?;
        let now = self.clock.now();
        let id = || self.entropy.id(now);
        let (turn, route) = ((id(), self.turn_lease()), (id(), self.turn_lease()));
        let ids = JobIds { turn, watch: id(), reckon: id(), route };
        let language = self.spoken(&profile, target, &command).await?;
        let files = texts.files.0.clone();
        let pushes = self.push_jobs(target.scope).await?;
        let webhooks = self.webhook_job(target.scope).await?;
        let mail_visitor = self.visitor_mail_job(&profile, target, &command).await?;
        let card = self.writes_cards(&profile).then(|| (id(), self.turn_lease()));
        let draft = Draft {
            completes,
            card,
            pushes,
            webhooks,
            mails: self.mail_jobs(target).await?,
            mail_visitor,
            ..Draft::new(profile, command, texts, now, ids, language)
        };
        let closed = if withdraws(&command) {
            Some((self.hub.room(target.conversation).close(), self.close_elsewhere(target.conversation).await))
        } else {
            None
        };
        let unit = Unit {
            scope: target.scope,
            conversation: target.conversation,
            once,
            of: None,
            files,
            // The unit itself keeps the gates closed, until it is let go of after the commit.
            decide: Box::new(move |held| {
                let _ = &closed;
                draft.decide(held)
            }),
        };
        let outcome = self.store.execute(unit).await;
        self.hub.tidy(target.conversation);
        let outcome = outcome?;
        if let UnitOutcome::Committed(committed) = &outcome
            // What routing gives, it takes from nobody who could come.
            && !matches!(command, Command::Route { .. })
            // Who plays a rehearsal has as much at hand as before.
            && committed.row.reaches_out()
            && frees(&committed.entries)
        {
            self.hurry_routes(target.scope).await;
        }
        Ok(outcome)
    }

    /// The visitor's language, where this command may make the hand-over speak.
    async fn spoken(&self, profile: &Profile, target: Target, command: &Command) -> Result<Option<String>> {
        if !speaks(profile, command) {
            return Ok(None);
        }
        let row = self.store.row(target.scope, target.conversation).await?;
        if matches!(command, Command::PersonWrites { .. }) && row.state.standing() == Standing::Live {
            // One message of many: whoever is there was announced.
            return Ok(None);
        }
        Ok(self.store.visitor(target.scope, row.visitor).await?.facts.language)
    }

    /// This process works on new turns itself, at once, while it has room for them.
    fn turn_lease(&self) -> Option<Lease> {
        self.turns.has_room().then(|| self.new_lease())
    }

    async fn refused(&self, refusal: Refusal) -> AppError {
        let held_by = match refusal {
            Refusal::HeldBy { person } => self.directory.person(person).await.ok().map(|person| person.name.clone()),
            _ => None,
        };
        AppError::Refused { refusal, held_by }
    }
}

/// Whether a text of the hand-over may be said because of a command. Most messages and answers bring none: nothing is read
/// for them.
fn speaks(profile: &Profile, command: &Command) -> bool {
    match command {
        // With nobody to answer it, a message calls a person.
        Command::VisitorWrites => profile.answering_agent().is_none(),
        Command::AssistantSettles { outcome: AssistantOutcome::Answered { requests: None, .. }, .. } => false,
        Command::RequestHuman { .. }
        | Command::PersonWrites { .. }
        | Command::TakeOver { .. }
        | Command::EndLiveChat { .. }
        | Command::VisitorEndsLiveChat
        | Command::Resolve { .. }
        | Command::Climb { .. }
        | Command::Release { .. }
        | Command::RemovePerson { .. }
        | Command::AssistantSettles { .. }
        | Command::RetryTurn { .. } => true,
        Command::Join { .. }
        | Command::TakeOverFrom { .. }
        | Command::Transfer { .. }
        | Command::Assign { .. }
        | Command::Route { .. }
        | Command::Leave { .. }
        | Command::DismissRequest { .. }
        | Command::CancelRequest
        | Command::Reopen { .. }
        | Command::UndoDismiss { .. }
        | Command::EditText { .. }
        | Command::DeleteText { .. }
        | Command::Rate { .. }
        | Command::WriteNote { .. } => false,
    }
}

/// Whether a command may withdraw the AI's right to speak.
fn withdraws(command: &Command) -> bool {
    match command {
        Command::PersonWrites { .. }
        | Command::TakeOver { .. }
        | Command::Resolve { .. }
        | Command::RequestHuman { .. }
        | Command::UndoDismiss { .. }
        | Command::Climb { rung: Rung::Release, .. }
        | Command::Release { .. } => true,
        Command::VisitorWrites
        | Command::Join { .. }
        | Command::TakeOverFrom { .. }
        | Command::Transfer { .. }
        | Command::Assign { .. }
        | Command::Route { .. }
        | Command::Leave { .. }
        | Command::EndLiveChat { .. }
        | Command::VisitorEndsLiveChat
        | Command::DismissRequest { .. }
        | Command::CancelRequest
        | Command::RemovePerson { .. }
        | Command::Climb { .. }
        | Command::Reopen { .. }
        | Command::Rate { .. }
        | Command::WriteNote { .. }
        | Command::EditText { .. }
        | Command::DeleteText { .. }
        | Command::AssistantSettles { .. }
        | Command::RetryTurn { .. } => false,
    }
}
