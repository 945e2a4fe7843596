//! Whom a request is given to, and who is at the desk.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How requests are given to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoutingMode {
    /// They are not: everybody who may answer is called, and somebody takes it.
    Manual,
    /// Each in turn: whoever was given one longest ago.
    RoundRobin,
    /// Whoever has the fewest requests and live chats.
    LeastBusy,
}

/// To whom requests are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingSettings {
    /// How.
    pub mode: RoutingMode,
    /// Requests and live chats that one person has at a time, at most, as far as they are given, 1 to 100; without limit
    /// when 0.
    pub limit: u16,
    /// Who has neither opened nor answered it after so many seconds, 10 to 3600, loses it to somebody else; who has opened
    /// it has three times as long. Nobody loses it when 0.
    pub reassign_after: u32,
    /// Who comes first for some visitors, at most 20; the first one that fits counts. When nobody of it is there and has
    /// room, everybody who may answer comes into question.
    pub pools: Vec<RoutingPool>,
}

/// People who come first for visitors of a language, or for conversations with a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingPool {
    /// What the team calls it, up to 80 characters; may be empty.
    #[serde(default)]
    pub name: String,
    /// Ids of people, 1 to 200. Who may not answer there, or any more, is passed over.
    pub people: Vec<String>,
    /// Language tags, at most 50. `pt` is also `pt-BR`.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Ids of labels, at most 50. There has to be a language or a label.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// Changes to it. What is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingPatch {
    /// How.
    pub mode: Option<RoutingMode>,
    /// Requests and live chats that one person has at a time, at most, as far as they are given; without limit when 0.
    pub limit: Option<u16>,
    /// After so many seconds it is given to somebody else; never when 0.
    pub reassign_after: Option<u32>,
    /// All pools anew.
    pub pools: Option<Vec<RoutingPool>>,
}

/// Whether somebody is at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceView {
    /// They are.
    Online,
    /// A page of theirs is open, and nobody sits at it.
    Away,
    /// They do not want to be disturbed now, or it is one of their quiet hours.
    DoNotDisturb,
    /// No page of theirs is open.
    Offline,
}
