//! Conversations as the inbox shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{PersonView, Role};
use crate::events::{Citation, Made, Reason, StaffEvent};

/// Who answers now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// The AI.
    Ai,
    /// The AI, and a person is wanted.
    Requested,
    /// A person; every AI is off.
    Live,
    /// Nobody: it is done.
    Resolved,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The visitor.
    Visitor,
    /// The AI.
    Ai,
    /// A collaborator.
    Human,
    /// Baton: dividers and small lines.
    System,
}

/// One row of the inbox.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConversationRow {
    /// Id of the conversation.
    pub id: String,
    /// Its chatbot.
    pub chatbot_id: String,
    /// Name of its chatbot.
    pub chatbot_name: String,
    /// Name as the inbox shows it, never empty.
    pub visitor_name: String,
    /// Whether it is the asking person's own rehearsal: no list has it, and nobody is alerted.
    #[serde(default)]
    pub rehearsal: bool,
    /// Who answers now.
    pub control: Control,
    /// The open request; present when `control` is `requested`.
    pub request: Option<OpenRequest>,
    /// The live chat; present when `control` is `live`.
    pub live: Option<LiveChat>,
    /// Who should take care of it.
    pub assignee: Option<PersonView>,
    /// Ids of the labels on it.
    pub labels: Vec<String>,
    /// The newest text.
    pub last: Option<LastText>,
    /// The visitor's newest words.
    pub visitor_words: Option<String>,
    /// Texts of the visitor that no collaborator has read.
    pub unread: u32,
    /// How far collaborators have read.
    pub staff_read_seq: i64,
    /// How far the visitor has read, as `visitor_seq`.
    pub visitor_read: i64,
    /// Newest `seq` of the log.
    pub head: i64,
    /// Place in the inbox's change order; apply a row only when it is newer than the one at hand.
    pub change: i64,
    /// Place in the list, greatest first: rises with every event, not with read marks.
    pub place: i64,
    /// What the asking person may do here.
    pub role: Role,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds of the last event.
    pub updated_at: i64,
}

/// An open request for a person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpenRequest {
    /// Stable name of the alert that belongs to it: `CONVERSATION:SEQ`.
    pub alert_id: String,
    /// Unix milliseconds.
    pub since: i64,
    /// Why, in the order they came; the first one opened the request.
    pub reasons: Vec<Reason>,
    /// `seq` of the entry by which it was given to its assignee, when a rule did that and nobody else is called: alerts
    /// of entries before it are over for everybody else.
    pub given_seq: Option<i64>,
}

/// A live chat.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveChat {
    /// Unix milliseconds.
    pub since: i64,
    /// Who takes part; the first one took over.
    pub participants: Vec<PersonView>,
    /// Place in the log of what the visitor waits for a word since; absent when they do not wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered_seq: Option<i64>,
}

/// The newest text of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LastText {
    /// Who wrote it.
    pub author: Author,
    /// Name of the collaborator who wrote it.
    pub name: Option<String>,
    /// Its first 200 characters, without markup.
    pub text: String,
    /// Unix milliseconds.
    pub at: i64,
}

/// How many conversations there are in each view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboxCounts {
    /// Waiting for a person.
    pub waiting: u64,
    /// Live chats.
    pub live: u64,
    /// Live chats or assignments of the asking person.
    pub mine: u64,
}

/// A conversation with what the details drawer shows.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ConversationDetail {
    /// The row of the inbox.
    #[serde(flatten)]
    pub row: ConversationRow,
    /// The hand-over card; present when a person was or is wanted, or took over.
    pub handover: Option<HandoverCard>,
    /// The visitor.
    pub visitor: VisitorDetail,
}

/// What a person needs to know before the first word: plain facts from the log, and what a model has written about them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HandoverCard {
    /// Why, in the order they came. Empty when a person took over unasked.
    pub reasons: Vec<Reason>,
    /// What the visitor wrote before the person came, newest last, at most 5.
    pub visitor_words: Vec<String>,
    /// What the AI answered, newest last, at most 3.
    pub tried: Vec<TriedAnswer>,
    /// Language of the visitor as BCP 47, if known: of what they wrote, else of their browser.
    pub language: Option<String>,
    /// Unix milliseconds of the request.
    pub requested_at: Option<i64>,
    /// What a language model has written for this request. Without a model, or when it failed, the facts are all there is.
    pub written: Option<WrittenCard>,
    /// A model is writing it: the row changes when it is there.
    pub writing: bool,
}

/// What a language model has written on the hand-over card. A machine wrote it, about what strangers said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WrittenCard {
    /// What the visitor wants.
    pub wish: String,
    /// How the visitor seems to feel.
    pub mood: Option<Mood>,
    /// What one could write first, in the visitor's language; empty when nothing is proposed.
    pub first_line: String,
    /// Who wrote it, and what that took.
    pub made: Made,
    /// Unix milliseconds when it was written.
    pub at: i64,
}

/// How a visitor seems to feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Nothing stands out.
    Calm,
    /// Glad.
    Pleased,
    /// Afraid of what may come.
    Worried,
    /// At a loss.
    Confused,
    /// Has tried for long and in vain.
    Frustrated,
    /// Angry.
    Angry,
}

/// An answer of the AI on the hand-over card.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TriedAnswer {
    /// Its text.
    pub text: String,
    /// What it cited.
    pub citations: Vec<Citation>,
}

/// What is known of the visitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VisitorDetail {
    /// Language of the browser as BCP 47.
    pub language: Option<String>,
    /// Address of the page where the chat began.
    pub page: Option<String>,
    /// Address from which the visitor came to that page.
    pub referrer: Option<String>,
    /// Browser and system, in words.
    pub device: Option<String>,
    /// E-mail address that the visitor left or the website says.
    pub email: Option<String>,
    /// The website's own id of the person.
    pub external_id: Option<String>,
    /// Whether the website has proved that id; name, e-mail address and attributes are its word in any case.
    pub verified: bool,
    /// What else the website says of the person, by name.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub attributes: std::collections::BTreeMap<String, String>,
    /// Unix milliseconds of the first visit.
    pub first_seen: i64,
}

/// Another chat of a visitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PastChat {
    /// The conversation.
    pub conversation: ConversationRow,
    /// It is the very same visitor; otherwise somebody with the same e-mail address, which nobody has proved.
    pub same_visitor: bool,
}

/// A conversation to be kept elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Transcript {
    /// The row of the inbox.
    pub conversation: ConversationRow,
    /// The log in order; private notes only where they were asked for.
    pub events: Vec<StaffEvent>,
}

/// A message of a collaborator.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The client's own id: the same id with the same text gives the first result again. The header `Idempotency-Key` is
    /// taken for it when it is left out (given both, they must be the same); with neither, a call that is sent again writes
    /// again.
    pub client_id: Option<String>,
    /// Markdown, 1 to 8,000 characters; may be empty when there are files.
    #[serde(default)]
    pub text: String,
    /// Ids of files that were uploaded to this conversation before, at most 10.
    #[serde(default)]
    pub files: Vec<String>,
}

/// `Take over`. Without `from` it is refused when somebody else has the live chat.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// `Take over from <name>`: the id of a present participant. Admins only.
    pub from: Option<String>,
}

/// Hands the conversation to a colleague.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Id of the colleague.
    pub to: String,
}

/// Says who should take care of the conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// Id of the collaborator; null for nobody.
    pub to: Option<String>,
}

/// The result of a command on a conversation: the events that it caused.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CommandResult {
    /// In order; empty when nothing had to change.
    pub events: Vec<StaffEvent>,
}
