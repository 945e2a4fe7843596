//! The row of a conversation in the inbox, and what an entry of the log changes in it.

use domain::{
    ChatbotId, ConversationId, LabelId, Millis, PersonId, VisitorId,
    conversation::{Conversation, Entry, Event, Reason},
    rehearsal,
    requests::Tally,
};
use serde::{Deserialize, Serialize};

use super::Logged;
use crate::{Scope, content::Content};

/// A conversation as the inbox needs it: the machine's state and a summary of the newest texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: ConversationId,
    /// The workspace.
    pub scope: Scope,
    /// Its chatbot.
    pub chatbot: ChatbotId,
    /// Its visitor.
    pub visitor: VisitorId,
    /// Name that the visitor gave or that identifies them; absent when unknown.
    pub visitor_name: Option<String>,
    /// Whose rehearsal it is, if it is one: then nobody else sees or hears of it.
    pub rehearsal_of: Option<PersonId>,
    /// The state of the machine.
    pub state: Conversation,
    /// The newest texts.
    pub summary: Summary,
    /// How far collaborators have read, as `seq`.
    pub staff_read: i64,
    /// How far collaborators have read, as `visitor_seq`.
    pub staff_read_visitor_seq: i64,
    /// How far the visitor has read, as `visitor_seq`.
    pub visitor_read: i64,
    /// Messages of the visitor that no collaborator has read.
    pub unread: i64,
    /// Place in the inbox's order of changes; rises with everything about the row, read marks too.
    pub change: i64,
    /// Place in the inbox's list: the `change` of the newest event. Reading a chat does not move it.
    pub place: i64,
    /// When it began.
    pub created_at: Millis,
    /// When its newest event was written.
    pub updated_at: Millis,
}

/// What a row of the inbox shows of a conversation's texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The newest text.
    pub last: Option<LastText>,
    /// The visitor's newest words, shortened.
    pub visitor_words: Option<String>,
    /// Why a person is wanted, or was wanted last. Empty when a person came unasked since.
    pub reasons: Vec<ReasonText>,
    /// When the newest request was opened. Nothing when a person has come unasked since.
    pub requested_at: Option<Millis>,
    /// A request waits.
    pub waits: bool,
    /// `seq` of the newest takeover; 0 before the first one, and again while a person is wanted anew.
    pub taken_over: i64,
    /// `seq` of the visitor's newest message.
    pub visitor_wrote: i64,
    /// That message came by mail: answers go there too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub by_mail: bool,
    /// The labels on it, in the order they were put there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelId>,
    /// What is counted of requests. Absent while nothing has happened, and in rows that a release has written which did not
    /// count: those are counted from their log before anything else is written ([`Row::is_counted`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
}

/// The newest text of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastText {
    /// Its place in the log.
    #[serde(default)]
    pub seq: i64,
    /// Who wrote it.
    pub by: TextBy,
    /// Its beginning, without line breaks.
    pub text: String,
    /// When.
    pub at: Millis,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextBy {
    /// The visitor.
    Visitor,
    /// The AI.
    Ai,
    /// A collaborator.
    Person(PersonId),
    /// Baton: a divider.
    System,
}

/// A reason with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonText {
    /// The reason.
    pub reason: Reason,
    /// The visitor's words that caused it.
    pub words: Option<String>,
    /// The nearest example, or the rule that matched.
    pub matched: Option<String>,
    /// Name of the intent or rule; the watched phrase.
    pub name: Option<String>,
}

/// Most reasons that a row keeps; the log has them all.
const REASONS_KEPT: usize = 5;
/// Length of the texts in a row, in characters.
const EXCERPT_CHARS: usize = 200;

impl Row {
    /// Whether what happens in it is anybody else's business.
    #[must_use]
    pub fn reaches_out(&self) -> bool {
        rehearsal::reaches_out(self.rehearsal_of)
    }

    /// Whether a collaborator of its chatbot may open it, or be handed it.
    #[must_use]
    pub fn opens_to(&self, person: PersonId) -> bool {
        rehearsal::opens_to(self.rehearsal_of, person)
    }

    /// The row after a unit. Pure, so that what is stored and what is sent are the same.
    #[must_use]
    pub fn after(mut self, state: Conversation, entries: &[Logged]) -> Self {
        if self.is_counted() {
            let tally = self.summary.tally.take().unwrap_or_default();
            self.summary.tally = Some(tally.after(entries.iter().map(|logged| &logged.entry)).0);
        }
        self.state = state;
        for logged in entries {
            self.updated_at = logged.entry.at;
            self.note(logged);
        }
        self
    }

    /// Whether the tally is the one of the log.
    pub fn is_counted(&self) -> bool {
        self.state.seq == 0 || self.summary.tally.is_some()
    }

    fn note(&mut self, logged: &Logged) {
        let Entry { seq, visitor_seq, at, event, .. } = logged.entry;
        let by = match event {
            Event::VisitorWrote { .. } => {
                self.unread += 1;
                self.summary.visitor_wrote = seq;
                self.summary.by_mail = logged.content.as_ref().is_some_and(Content::by_mail);
                TextBy::Visitor
            }
            Event::PersonWrote { person } => {
                self.unread = 0;
                self.staff_read = seq;
                self.staff_read_visitor_seq = visitor_seq.unwrap_or(self.staff_read_visitor_seq);
                TextBy::Person(person)
            }
            event if event.is_automatic_text() => TextBy::Ai,
            Event::Announced { .. } => TextBy::System,
            Event::HumanRequested { reason, .. } => {
                self.open_request(at);
                return self.add_reason(reason, logged.content.as_ref());
            }
            Event::Released { .. } => {
                self.open_request(at);
                return self.add_reason(Reason::Released, None);
            }
            Event::RequestDismissed { .. } | Event::RequestCancelled | Event::Resolved { .. } => {
                self.summary.waits = false;
                return;
            }
            Event::RequestReopened { .. } => {
                self.summary.waits = true;
                return;
            }
            Event::TextEdited { seq, .. } | Event::TextDeleted { seq, .. } => {
                return self.revise_last(seq, logged.content.as_ref());
            }
            Event::TakenOver { .. } => {
                if !self.summary.waits {
                    self.summary.reasons.clear();
                    self.summary.requested_at = None;
                }
                self.summary.waits = false;
                self.summary.taken_over = seq;
                return;
            }
            Event::ReasonAdded { reason, .. } => return self.add_reason(reason, logged.content.as_ref()),
            _ => return,
        };
        let Some(text) = logged.content.as_ref().and_then(Content::in_a_line) else { return };
        let text = domain::text::excerpt(&text, EXCERPT_CHARS);
        if by == TextBy::Visitor {
            self.summary.visitor_words = Some(text.clone());
        }
        self.summary.last = Some(LastText { seq, by, text, at });
    }

    /// The newest text was changed, or emptied.
    fn revise_last(&mut self, seq: i64, content: Option<&Content>) {
        if let Some(last) = self.summary.last.as_mut().filter(|last| last.seq == seq) {
            let text = content.and_then(Content::in_a_line).unwrap_or_default();
            last.text = domain::text::excerpt(&text, EXCERPT_CHARS);
        }
    }

    fn open_request(&mut self, at: Millis) {
        self.summary.reasons.clear();
        self.summary.requested_at = Some(at);
        self.summary.waits = true;
        self.summary.taken_over = 0;
    }

    fn add_reason(&mut self, reason: Reason, content: Option<&Content>) {
        if self.summary.reasons.len() >= REASONS_KEPT {
            return;
        }
        let (words, matched, name) = content.map(Content::of_reason).unwrap_or_default();
        let words = words.map(|words| domain::text::excerpt(&words, EXCERPT_CHARS));
        self.summary.reasons.push(ReasonText { reason, words, matched, name });
    }
}
