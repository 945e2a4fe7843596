//! Who is at the desk, and who was given which request.

use async_trait::async_trait;
use domain::{ConversationId, Millis, PersonId, presence::Seen, routing::Mode};
use uuid::Uuid;

use crate::{Result, Scope};

/// Somebody who has the desk open on a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here {
    /// The workspace.
    pub scope: Scope,
    /// Who.
    pub person: PersonId,
    /// Nobody sits at any of their pages.
    pub away: bool,
}

/// What a node has said of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeSaw {
    /// The node.
    pub node: Uuid,
    /// Of whom.
    pub person: PersonId,
    /// What it said.
    pub seen: Seen,
}

/// Somebody is to be found for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteClaim {
    /// The conversation.
    pub conversation: ConversationId,
    /// `seq` at which the request was made.
    pub opened: i64,
    /// The job of the request. Their ids are in the order in which requests were made.
    pub job: Uuid,
    /// Those who may be given it now.
    pub people: Vec<PersonId>,
    /// Those of them who come first.
    pub pool: Vec<PersonId>,
    /// Who comes before all of them, because they had it before.
    pub before: Option<PersonId>,
    /// How one is chosen.
    pub mode: Mode,
    /// Requests and live chats that one may have at a time; without limit when 0.
    pub limit: u16,
}

/// What came of looking for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A place is held for the request.
    Place(PersonId),
    /// Nobody has room.
    Nobody,
    /// There is room, but requests that have waited longer are being looked after now and may need it.
    Later,
}

/// A request whose job is due within so many milliseconds counts as being looked after.
pub const SOON_MS: i64 = 250;
/// One whose job has been due for so many milliseconds does not any more: whoever was to look after it may be gone.
pub const STUCK_MS: i64 = 5_000;

/// Who is at the desk, and who was given which request.
#[async_trait]
pub trait Routings {
    /// A node says who has the desk open there.
    async fn note_here(&self, node: Uuid, here: Vec<Here>, now: Millis) -> Result<()>;

    /// A node says that the last page of some people was closed there.
    async fn note_left(&self, node: Uuid, people: Vec<PersonId>, now: Millis) -> Result<()>;

    /// What nodes have said of the people of a workspace since then, at most `limit`.
    async fn presences(&self, scope: Scope, since: Millis, limit: u32) -> Result<Vec<NodeSaw>>;

    /// Forgets what was said by other nodes, for a database that only one process uses: whoever said it is gone.
    async fn void_presences(&self, node: Uuid) -> Result<()>;

    /// Chooses whom a request is given to, by the rules of `domain::routing::choose`, and holds the place for it until it
    /// is settled: of two that are looked for at the same time, the second one counts what the first one got. When there is
    /// not room for all that are looked after at this moment, those that have waited longer come first.
    async fn claim_route(&self, scope: Scope, claim: RouteClaim, now: Millis) -> Result<Found>;

    /// What was claimed is in the log by now, or never will be: the place is not held any more.
    async fn settle_route(
        &self,
        scope: Scope,
        conversation: ConversationId,
        opened: i64,
        person: PersonId,
    ) -> Result<()>;

    /// Forgets some of what is older: who was given what, and who was there. Returns how much.
    async fn forget_routes(&self, before: Millis, limit: u32) -> Result<u64>;
}
