//! The page `Analytics`: what is counted of requests.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::PersonView;

/// Why a person was wanted, without what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestReason {
    /// The visitor asked in their own words.
    VisitorAsked,
    /// The visitor pressed `Talk to a person`.
    Button,
    /// The visitor's message means one of the escalation intents.
    Intent,
    /// The AI said a watched phrase.
    AiOutput,
    /// The AI had no answer, several times in a row.
    NoAnswer,
    /// The visitor is upset.
    Frustration,
    /// A rule of the Supervisor.
    Rule,
    /// The AI has answered as often as it may.
    TurnLimit,
    /// No AI could answer.
    AiFailed,
    /// The AI promised a person.
    AiPromised,
    /// The AI called a person.
    AiAsked,
    /// Through the API.
    Api,
    /// The person in the live chat stayed silent or left.
    Released,
}

/// What is counted of some requests. Those that were neither answered nor missed still wait within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestFigures {
    /// How often a person was wanted.
    pub requests: u64,
    /// A person wrote.
    pub answered: u64,
    /// Of those that were answered: later than the limit.
    pub late: u64,
    /// Nobody wrote, and it is over or has waited for longer than the limit.
    pub missed: u64,
    /// Half of those that were answered waited no longer for the first human word, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_ms: Option<i64>,
    /// Nine of ten of those that were answered waited no longer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nine_of_ten_ms: Option<i64>,
}

/// What became of conversations up to now, by when they began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConversationFigures {
    /// In which something was said or done.
    pub conversations: u64,
    /// In which a person was wanted at least once.
    pub requested: u64,
    /// In which the AI answered, nobody was wanted, and no person came.
    pub by_ai_alone: u64,
}

/// A day or a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodFigures {
    /// Its first day, `2026-11-30`.
    pub first: String,
    /// Its last day; the same for a day.
    pub last: String,
    /// Conversations that began in it.
    pub conversations: ConversationFigures,
    /// Requests that were made in it.
    pub requests: RequestFigures,
}

/// An hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourFigures {
    /// From 0 to 23, by the clock of the time zone that was asked for.
    pub hour: u8,
    /// Requests that were made in it.
    pub requests: RequestFigures,
}

/// A reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonFigures {
    /// Why a person was wanted.
    pub reason: RequestReason,
    /// Requests with it.
    pub requests: RequestFigures,
}

/// What visitors thought of live chats that they rated within the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingFigures {
    /// How many.
    pub ratings: u64,
    /// With four or five of five stars.
    pub satisfied: u64,
    /// Stars on average, in hundredths: 450 is 4.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average: Option<u64>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonFigures {
    /// Who.
    pub person: PersonView,
    /// Requests whose first human word was theirs.
    pub requests: RequestFigures,
    /// Conversations that they came to unasked.
    pub unasked: u64,
    /// Of live chats in which they were last.
    pub ratings: RatingFigures,
}

/// How a request ended that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestOutcome {
    /// A person answered, later than the limit.
    AnsweredLate,
    /// The visitor went on with the assistant.
    Cancelled,
    /// A collaborator dismissed it.
    Dismissed,
    /// The conversation was resolved, and nobody had written.
    Resolved,
    /// A person took over, and the live chat ended without a word of theirs.
    Ended,
    /// The visitor still waits.
    Waiting,
}

/// The numbers of a chatbot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Analytics {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// By whose clock.
    pub time_zone: String,
    /// Whoever answers later than so many seconds is late.
    pub late_after: u32,
    /// What was written before requests were counted is in the numbers; false for a while after an upgrade.
    pub complete: bool,
    /// All requests.
    pub requests: RequestFigures,
    /// All conversations.
    pub conversations: ConversationFigures,
    /// How often a person came unasked. These are no requests.
    pub unasked: u64,
    /// What visitors thought of live chats.
    pub ratings: RatingFigures,
    /// By day; by week where the range is longer than 92 days.
    pub periods: Vec<PeriodFigures>,
    /// By hour of the day: 24.
    pub hours: Vec<HourFigures>,
    /// By reason, the commonest first.
    pub reasons: Vec<ReasonFigures>,
    /// By the person who wrote first. For admins everybody, for others only themselves.
    pub people: Vec<PersonFigures>,
    /// Everybody is among the people.
    pub everybody: bool,
}

/// A request that nobody answered, or too late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MissedRequest {
    /// Its conversation.
    pub conversation_id: String,
    /// Name of the visitor, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_name: Option<String>,
    /// `seq` of the event that opened it: what `GET /conversations/{id}/calls` is asked from.
    pub opened: i64,
    /// When the person was wanted, in Unix milliseconds.
    pub opened_at: i64,
    /// Why.
    pub reason: RequestReason,
    /// Since when the visitor waited, in Unix milliseconds: since the first message that nothing had answered.
    pub since: i64,
    /// When it was over, by a person's word or without one; absent while the visitor waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// How long the visitor waited, in milliseconds: until the first human word, until it ended, or until now.
    pub waited_ms: i64,
    /// What became of it.
    pub outcome: RequestOutcome,
    /// Who answered late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonView>,
}
