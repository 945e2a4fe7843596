//! Events of a conversation's log, once for collaborators and once for the visitor.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{account::PersonView, files::FileView};

/// A numbered mark in an answer, and what it points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Citation {
    /// The number in the text, `[1]`.
    pub number: u32,
    /// Title of the source.
    pub title: String,
    /// The heading in it that the passage stands under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The page that the passage begins on, in a document with pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The address of the web page that it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The passage that the answer rests on.
    pub passage: String,
}

/// Which announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnnouncementKind {
    /// A person is here.
    Start,
    /// The AI answers again.
    End,
}

/// What a text of the AI is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistantText {
    /// An answer to the visitor.
    Answer,
    /// The `Human Agent Requested Message`.
    Requested,
    /// Said because the visitor has waited for long.
    Waiting,
}

/// Who was called because a visitor has waited for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Circle {
    /// Those who were called first.
    Called,
    /// Everybody who may answer.
    Team,
    /// The admins and the owner.
    Admins,
    /// Webhooks and chat apps.
    Outside,
    /// Whoever has the live chat.
    Participants,
    /// Everybody who may answer and does not have the live chat.
    Colleagues,
}

/// How an answer was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Made {
    /// Which model wrote it, as `provider/model`; `built-in` for the answerer that needs none.
    pub model: String,
    /// Tokens that the model read.
    pub input_tokens: u64,
    /// Tokens that it wrote.
    pub output_tokens: u64,
    /// What that cost, in millionths of the currency of the prices.
    pub cost: u64,
    /// The functions that it called, in order.
    pub called: Vec<String>,
    /// Who was asked before and gave no answer.
    pub tried: Vec<Tried>,
}

/// A model that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tried {
    /// Which model, as `provider/model`.
    pub model: String,
    /// What went wrong, as a code: see docs/errors.md.
    pub trouble: String,
    /// More about it, in a line.
    pub detail: String,
}

/// Why a person is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reason {
    /// The visitor asked in their own words.
    VisitorAsked {
        /// The words that caused it.
        words: String,
        /// The nearest training example, or the rule that matched.
        matched: Option<String>,
    },
    /// `Talk to a person`.
    Button,
    /// An escalation intent of the owner.
    Intent {
        /// Name of the intent.
        name: String,
        /// The words that caused it.
        words: String,
        /// The nearest example.
        matched: String,
    },
    /// The AI said a watched phrase.
    AiOutput {
        /// The phrase.
        phrase: String,
    },
    /// The AI had no answer, several times in a row.
    NoAnswer {
        /// How many times.
        times: u32,
    },
    /// The visitor is upset.
    Frustration,
    /// A rule of the Supervisor.
    Rule {
        /// Name of the rule.
        name: String,
    },
    /// The AI has answered as often as it may in one conversation.
    TurnLimit {
        /// How many times.
        turns: u32,
    },
    /// No AI could answer.
    AiFailed {
        /// The model that was asked first; absent when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<String>,
        /// What went wrong there, as a code: see docs/errors.md.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trouble: Option<String>,
    },
    /// The AI promised a person.
    AiPromised,
    /// The AI found that a person is needed.
    AiAsked {
        /// Why, in the AI's words.
        why: String,
    },
    /// Through the API.
    Api,
    /// The person in the live chat stayed silent or left.
    Released,
}

/// Who did it, where it may be a person or the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// The visitor.
    Visitor,
    /// A collaborator.
    Person {
        /// Who.
        person: PersonView,
    },
    /// Baton itself, by a rule or a timer.
    System,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// An entry of the log as collaborators see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StaffEvent {
    /// Number in the log, from 1, without gaps.
    pub seq: i64,
    /// Number among what the visitor sees; absent on events for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor_seq: Option<i64>,
    /// Unix milliseconds.
    pub at: i64,
    /// The client's own id of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The text has an earlier version.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// The text was deleted; what is left of it is empty.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// What happened.
    #[serde(flatten)]
    pub body: StaffEventBody,
}

/// What happened, as collaborators see it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StaffEventBody {
    /// The visitor wrote.
    VisitorMessage {
        /// Markdown; may be empty when there are files.
        text: String,
        /// The files in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileView>,
        /// It came by e-mail.
        #[serde(default, skip_serializing_if = "is_false")]
        by_mail: bool,
    },
    /// The AI wrote.
    AssistantMessage {
        /// Markdown with marks like `[1]`.
        text: String,
        /// An answer, or what is said while a person is wanted.
        purpose: AssistantText,
        /// What the marks point to.
        citations: Vec<Citation>,
        /// Name of the AI agent.
        agent: Option<String>,
        /// How it was made, when a model of a provider had to do with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Made>,
    },
    /// A collaborator wrote.
    HumanMessage {
        /// Who.
        person: PersonView,
        /// Markdown; may be empty when there are files.
        text: String,
        /// The files in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileView>,
    },
    /// A divider for everyone.
    Announcement {
        /// Which one.
        which: AnnouncementKind,
        /// The text as the visitor reads it.
        text: String,
    },
    /// A person is wanted.
    HumanRequested {
        /// Why.
        reason: Reason,
    },
    /// One more reason while a request is open.
    ReasonAdded {
        /// Why.
        reason: Reason,
    },
    /// The visitor has waited for long: somebody was called once more.
    CalledAgain {
        /// Who.
        circle: Circle,
    },
    /// The request was dismissed.
    RequestDismissed {
        /// By whom.
        by: Actor,
    },
    /// The dismissal was taken back: the same request is open again.
    RequestReopened {
        /// By whom.
        by: Actor,
    },
    /// The visitor went on with the assistant.
    RequestCancelled {},
    /// The visitor says what they think of a live chat that is over; a later one about the same chat replaces it.
    Rated {
        /// `seq` of the chat's end.
        of: i64,
        /// Who was there last.
        person: PersonView,
        /// From 1 (not satisfied at all) to 5.
        score: u8,
        /// In their words; may be empty.
        text: String,
    },
    /// A person took over: every AI is off.
    TakenOver {
        /// Who.
        person: PersonView,
    },
    /// A colleague joined the live chat.
    Joined {
        /// Who.
        person: PersonView,
    },
    /// A colleague left the live chat.
    Left {
        /// Who.
        person: PersonView,
    },
    /// Somebody took the live chat over from others, or it was transferred.
    ParticipantsReplaced {
        /// Who has it now.
        person: PersonView,
        /// Who did it.
        by: PersonView,
    },
    /// The AI is back.
    LiveChatEnded {
        /// Who ended it.
        by: Actor,
    },
    /// The live chat went back to waiting for a person.
    Released {},
    /// The conversation is done.
    Resolved {
        /// Who resolved it.
        by: Actor,
    },
    /// The conversation goes on.
    Reopened {
        /// Who reopened it.
        by: Actor,
    },
    /// The person who should take care of it.
    Assigned {
        /// Who; absent when nobody any more.
        person: Option<PersonView>,
        /// By whom.
        by: Actor,
    },
    /// The AI said a watched phrase; nobody was requested.
    AiAlert {
        /// The phrase.
        phrase: String,
    },
    /// A private note.
    Note {
        /// Who wrote it.
        person: PersonView,
        /// Markdown.
        text: String,
        /// Who is mentioned in it.
        mentions: Vec<PersonView>,
        /// The files in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileView>,
    },
    /// An earlier text is another one now.
    TextEdited {
        /// `seq` of the text.
        of: i64,
        /// Who did it.
        person: PersonView,
        /// The text as it is now; empty when it was deleted since.
        text: String,
    },
    /// An earlier text was deleted.
    TextDeleted {
        /// `seq` of the text.
        of: i64,
        /// Who did it.
        person: PersonView,
    },
    /// Bookkeeping of the AI's turns; screens leave it out.
    Turn {},
}

/// A collaborator as the visitor sees them: no id, no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitorPerson {
    /// Display name.
    pub name: String,
    /// Address of the photo; without one the initials are drawn.
    pub avatar_url: Option<String>,
}

/// An entry of the log as the visitor sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitorEvent {
    /// Number among what the visitor sees, from 1, without gaps.
    pub visitor_seq: i64,
    /// Unix milliseconds.
    pub at: i64,
    /// The client's own id of the visitor's own message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The text is not the first one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// The text was deleted; what is left of it is empty.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// What happened.
    #[serde(flatten)]
    pub body: VisitorEventBody,
}

/// What happened, as the visitor sees it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VisitorEventBody {
    /// The visitor wrote.
    VisitorMessage {
        /// Markdown; may be empty when there are files.
        text: String,
        /// The files in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileView>,
    },
    /// The AI wrote.
    AssistantMessage {
        /// Markdown with marks like `[1]`.
        text: String,
        /// What the marks point to.
        citations: Vec<Citation>,
    },
    /// A person wrote.
    HumanMessage {
        /// Who.
        person: VisitorPerson,
        /// Markdown; may be empty when there are files.
        text: String,
        /// The files in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileView>,
    },
    /// A centred divider.
    Announcement {
        /// Which one.
        which: AnnouncementKind,
        /// The text.
        text: String,
    },
    /// A person has been called.
    HumanRequested {},
    /// Nobody is being called any more; the AI goes on.
    RequestClosed {},
    /// What this visitor thinks of a live chat that is over.
    Rated {
        /// From 1 (not satisfied at all) to 5.
        score: u8,
        /// In their words; may be empty.
        text: String,
    },
    /// A person took over. Whatever the AI was writing goes away.
    TakenOver {
        /// Who.
        person: VisitorPerson,
    },
    /// A colleague joined.
    Joined {
        /// Who.
        person: VisitorPerson,
    },
    /// A colleague left.
    Left {
        /// Who.
        person: VisitorPerson,
    },
    /// Another person has the chat now.
    ParticipantsReplaced {
        /// Who.
        person: VisitorPerson,
    },
    /// The AI is back.
    LiveChatEnded {},
    /// The chat waits for a person again.
    Released {},
    /// The conversation is done.
    Resolved {},
    /// The conversation goes on.
    Reopened {},
    /// An earlier text is another one now.
    TextEdited {
        /// `visitor_seq` of the text.
        of: i64,
        /// The text as it is now; empty when it was deleted since.
        text: String,
    },
    /// An earlier text was deleted.
    TextDeleted {
        /// `visitor_seq` of the text.
        of: i64,
    },
}
