//! Frames of `/api/v2/socket`: one JSON object per text frame, told apart by `type`.
//!
//! The first frame of a client is `hello`. A desk is authenticated before, by its session cookie (with `Origin`
//! equal to the public URL) or its API key; a visitor by the token in `hello`, never by anything in the address.
//! Every frame that changes something carries a `client_id` and is answered by `ack` or `refused` with the same one.
//! After a lost connection a client sends `subscribe` with the last number that it has; the server sends what is
//! missing. `resync` means that the server dropped the connection's queue: subscribe again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::PersonView;
use crate::common::Problem;
use crate::conversations::{ConversationRow, InboxCounts};
use crate::events::{StaffEvent, VisitorEvent, VisitorPerson};
use crate::visitor::VisitorConversation;

/// What a visitor's page sends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum VisitorClientFrame {
    /// First frame.
    Hello {
        /// The visitor's token.
        token: String,
    },
    /// Follow the conversation, from after this `visitor_seq`.
    Subscribe {
        /// The conversation.
        conversation: String,
        /// Last `visitor_seq` at hand; 0 for all.
        after: i64,
    },
    /// A message.
    Send {
        /// The conversation.
        conversation: String,
        /// The client's own id of the message.
        client_id: String,
        /// Markdown, 1 to 8,000 characters; may be empty when there are files.
        text: String,
        /// Ids of files that were uploaded to this conversation before, at most 10.
        #[serde(default)]
        files: Vec<String>,
    },
    /// Something else that the visitor does.
    Command {
        /// The conversation.
        conversation: String,
        /// The client's own id of the command.
        client_id: String,
        /// What.
        action: VisitorAction,
    },
    /// The visitor is writing, or has stopped.
    Typing {
        /// The conversation.
        conversation: String,
        /// Writing now.
        on: bool,
    },
    /// The visitor has seen everything up to here.
    Read {
        /// The conversation.
        conversation: String,
        /// Last `visitor_seq` seen.
        visitor_seq: i64,
    },
    /// Asks for the text of the running answer, because a `tokens` frame did not fit.
    TextSoFar {
        /// The conversation.
        conversation: String,
    },
}

/// What a visitor can do besides writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitorAction {
    /// `Talk to a person`.
    RequestHuman,
    /// `Continue with the assistant`.
    CancelRequest,
    /// `End chat`.
    EndLiveChat,
}

/// What a visitor's page receives.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorServerFrame {
    /// The token is good.
    Welcome {
        /// The visitor's conversation.
        conversation: VisitorConversation,
        /// A `heartbeat` comes at least this often.
        heartbeat_ms: u64,
    },
    /// The answer to `subscribe`; the events that were missing follow.
    Subscribed {
        /// The conversation as it stands.
        conversation: VisitorConversation,
    },
    /// An entry of the log, in order of `visitor_seq`.
    Event {
        /// The conversation.
        conversation: String,
        /// The entry.
        event: VisitorEvent,
    },
    /// A part of an answer that is being written; not yet in the log.
    Tokens(Tokens),
    /// The answer that was being written will not come.
    TokensDropped {
        /// The conversation.
        conversation: String,
        /// Which answer.
        turn: i64,
    },
    /// Done.
    Ack {
        /// The client's own id.
        client_id: String,
        /// The last event that it caused.
        visitor_seq: Option<i64>,
    },
    /// Not done; nothing has changed.
    Refused {
        /// The client's own id.
        client_id: String,
        /// Why, and what to do.
        problem: Problem,
    },
    /// A person is writing, or has stopped.
    Typing {
        /// The conversation.
        conversation: String,
        /// Who.
        person: VisitorPerson,
        /// Writing now.
        on: bool,
    },
    /// Collaborators have read up to here.
    Read {
        /// The conversation.
        conversation: String,
        /// Last `visitor_seq` read.
        visitor_seq: i64,
    },
    /// Still here.
    Heartbeat {
        /// Newest `visitor_seq` of the conversation that is followed.
        head: i64,
    },
    /// Subscribe again.
    Resync {},
    /// Something is wrong with the connection or a frame without `client_id`.
    Problem {
        /// What.
        problem: Problem,
    },
}

/// A part of an answer that is being written.
///
/// A receiver whose text is shorter than `offset` asks with `text_so_far`; a frame with `offset` 0 starts over. Frames of
/// an older `turn` or `attempt` than the one on screen are left out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Tokens {
    /// The conversation.
    pub conversation: String,
    /// Which question it answers.
    pub turn: i64,
    /// Which try at it.
    pub attempt: i64,
    /// Where this part begins, in UTF-16 code units of the whole answer.
    pub offset: u64,
    /// The part.
    pub text: String,
}

/// What a desk sends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeskClientFrame {
    /// First frame.
    Hello {},
    /// Follow the inbox, from after this change.
    SubscribeInbox {
        /// Last `change` at hand; 0 when the first page was just fetched.
        after: i64,
    },
    /// Follow a conversation, from after this `seq`.
    Subscribe {
        /// The conversation.
        conversation: String,
        /// Last `seq` at hand; 0 for all.
        after: i64,
    },
    /// Stop following a conversation.
    Unsubscribe {
        /// The conversation.
        conversation: String,
    },
    /// A message; the first one takes over.
    Send {
        /// The conversation.
        conversation: String,
        /// The client's own id of the message.
        client_id: String,
        /// Markdown, 1 to 8,000 characters; may be empty when there are files.
        text: String,
        /// Ids of files that were uploaded to this conversation before, at most 10.
        #[serde(default)]
        files: Vec<String>,
    },
    /// What this page made of an alert.
    Alerted {
        /// Its `id`.
        id: String,
        /// What it made of it.
        outcome: PageOutcome,
    },
    /// A private note.
    Note {
        /// The conversation.
        conversation: String,
        /// The client's own id of the note.
        client_id: String,
        /// Markdown, 1 to 8,000 characters; may be empty when there are files.
        text: String,
        /// Ids of files that were uploaded to this conversation before, at most 10.
        #[serde(default)]
        files: Vec<String>,
        /// Ids of the people who are mentioned in it, at most 20.
        #[serde(default)]
        mentions: Vec<String>,
    },
    /// Something else that a collaborator does.
    Command {
        /// The conversation.
        conversation: String,
        /// The client's own id of the command.
        client_id: String,
        /// What.
        action: DeskAction,
    },
    /// The person is writing, or has stopped.
    Typing {
        /// The conversation.
        conversation: String,
        /// Writing now.
        on: bool,
    },
    /// The person has the conversation in front of them, or not any more. To be said again while it lasts, at least every
    /// 20 seconds, and when somebody new is told of.
    Viewing {
        /// The conversation; it has to be followed.
        conversation: String,
        /// Looking now.
        on: bool,
    },
    /// The person sits at this page, or does not. Somebody is away when they sit at none of their pages. A page that was
    /// opened with a session is sat at until it says otherwise; one that was opened with an API key is not.
    Presence {
        /// Nobody sits at it.
        away: bool,
    },
    /// The person has seen everything up to here.
    Read {
        /// The conversation.
        conversation: String,
        /// Last `seq` seen.
        seq: i64,
    },
    /// Asks for the text of the running answer.
    TextSoFar {
        /// The conversation.
        conversation: String,
    },
}

/// What a collaborator can do besides writing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum DeskAction {
    /// `Take over` without a word.
    TakeOver {},
    /// `Take over from <name>`.
    TakeOverFrom {
        /// Id of a present participant.
        person: String,
    },
    /// `Join`.
    Join {},
    /// Leave the live chat to the others.
    Leave {},
    /// Hand it to a colleague.
    Transfer {
        /// Id of the colleague.
        to: String,
    },
    /// `End Live Chat`.
    EndLiveChat {},
    /// `Dismiss request`.
    DismissRequest {},
    /// Takes the dismissal back, at most a minute later.
    UndoDismiss {},
    /// Puts another text in the place of one's own message or note.
    EditText {
        /// `seq` of the text.
        of: i64,
        /// Markdown, 1 to 8,000 characters.
        text: String,
    },
    /// Deletes one's own message or note; admins also those of colleagues and of the AI.
    DeleteText {
        /// `seq` of the text.
        of: i64,
    },
    /// Says who should take care of it.
    Assign {
        /// Id of the collaborator; absent or null for nobody.
        to: Option<String>,
    },
    /// Done with it.
    Resolve {},
    /// Not done after all.
    Reopen {},
}

/// What a desk receives.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskServerFrame {
    /// Signed in.
    Welcome {
        /// A `heartbeat` comes at least this often.
        heartbeat_ms: u64,
    },
    /// The answer to `subscribe_inbox`; rows that changed since follow as `inbox`.
    InboxSubscribed {
        /// Newest change.
        change: i64,
        /// How many wait.
        counts: InboxCounts,
    },
    /// A row of the inbox as it is now.
    Inbox {
        /// The row.
        row: Box<ConversationRow>,
        /// How many wait.
        counts: InboxCounts,
    },
    /// The answer to `subscribe`; the events that were missing follow.
    Subscribed {
        /// The row as it stands.
        row: Box<ConversationRow>,
    },
    /// An entry of the log, in order of `seq`.
    Event {
        /// The conversation.
        conversation: String,
        /// The entry.
        event: StaffEvent,
    },
    /// A part of an answer that is being written; not yet in the log.
    Tokens(Tokens),
    /// The answer that was being written will not come.
    TokensDropped {
        /// The conversation.
        conversation: String,
        /// Which answer.
        turn: i64,
    },
    /// Done.
    Ack {
        /// The client's own id.
        client_id: String,
        /// The last event that it caused.
        seq: Option<i64>,
    },
    /// Not done; nothing has changed.
    Refused {
        /// The client's own id.
        client_id: String,
        /// Why, and what to do.
        problem: Problem,
    },
    /// The visitor or a colleague is writing, or has stopped.
    Typing {
        /// The conversation.
        conversation: String,
        /// The colleague's id; absent for the visitor.
        person: Option<String>,
        /// The name to show.
        name: String,
        /// Writing now.
        on: bool,
    },
    /// A colleague has the conversation in front of them, or not any more. Who is not told of for 45 seconds is gone.
    Viewing {
        /// The conversation.
        conversation: String,
        /// Who.
        person: PersonView,
        /// Looking now.
        on: bool,
    },
    /// The visitor has read up to here.
    Read {
        /// The conversation.
        conversation: String,
        /// Last `visitor_seq` read.
        visitor_seq: i64,
    },
    /// Somebody is wanted, or should look: once per event and person.
    Alert(Alert),
    /// Still here.
    Heartbeat {
        /// Newest `seq` of each conversation that is followed, by id.
        #[schema(value_type = std::collections::HashMap<String, i64>)]
        heads: std::collections::BTreeMap<String, i64>,
        /// Newest change of the inbox.
        change: i64,
    },
    /// Subscribe again.
    Resync {},
    /// Something is wrong with the connection or a frame without `client_id`.
    Problem {
        /// What.
        problem: Problem,
    },
}

/// What a page made of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageOutcome {
    /// A notification was shown.
    Shown,
    /// Its sound was played.
    Played,
    /// It was to play its sound, and the volume of the device is at zero.
    Muted,
    /// The browser let it play nothing.
    SoundBlocked,
    /// The browser shows no notifications of it.
    NotAllowed,
}

/// Why a collaborator is alerted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A person is wanted.
    HumanRequested,
    /// The AI said a watched phrase.
    AiOutput,
    /// The visitor in one's own live chat wrote.
    LiveMessage,
    /// The visitor in a live chat has waited for long, in one's own or in that of a colleague.
    SilentChat,
    /// A colleague mentioned the person in a note.
    Mention,
}

/// An alert for one collaborator. All tabs of a device share it: the first one shows it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Stable name, the same in every tab and on every device: `CONVERSATION:SEQ`.
    pub id: String,
    /// Name of the place in which it is shown. Further calls to a request have the one of the first.
    pub tag: String,
    /// Why.
    pub kind: AlertKind,
    /// The conversation that opens on a click.
    pub conversation: String,
    /// First line: who, and what for.
    pub title: String,
    /// Second line: the visitor's words or the AI's.
    pub body: String,
    /// Whether a browser notification is wanted.
    pub notify: bool,
    /// Whether a sound is wanted.
    pub sound: bool,
    /// Unix milliseconds of the event.
    pub at: i64,
    /// Seconds to wait, and to tell then only if nobody has looked: another device of the same person was used later and
    /// tells at once. Absent where this one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_s: Option<u64>,
}
