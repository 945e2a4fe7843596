//! Who is at the desk: each node says who has a page of it open there, and everybody's word together is who is there.
//!
//! What this node says is what its hub knows: it is compared with what was said before whenever a page comes, goes or is left
//! alone, and said again every [`BEAT_MS`]. One task does so, so that nobody is said to have left after they came back.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use domain::{
    Millis, PersonId,
    presence::{BEAT_MS, Presence, STALE_MS, Seen, lately, presence},
};
use ports::{Scope, routing::Here};
use tokio_util::sync::CancellationToken;

use crate::{Baton, error::Result};

/// How often a node says again who is there.
const BEAT: Duration = Duration::from_millis(BEAT_MS.unsigned_abs());
/// What nodes have said of the people of a workspace that is read, at most: more people than that are not looked at.
const READ: u32 = 10_000;
/// Requests that are looked at anew when somebody has room: the others are looked at in their own time.
const HURRIED: u32 = 64;

/// Who of a workspace is at the desk.
pub(crate) struct AtDesk {
    seen: HashMap<PersonId, Vec<Seen>>,
    now: Millis,
}

impl AtDesk {
    /// Everybody of whom anything is known.
    pub(crate) fn people(&self) -> impl Iterator<Item = PersonId> {
        self.seen.keys().copied()
    }

    /// Whether somebody is there.
    pub(crate) fn presence(&self, person: PersonId) -> Presence {
        presence(self.of(person), self.now)
    }

    /// The same for somebody who was given something: who left a moment ago is still there.
    pub(crate) fn lately(&self, person: PersonId) -> Presence {
        lately(self.of(person), self.now)
    }

    fn of(&self, person: PersonId) -> &[Seen] {
        self.seen.get(&person).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Baton {
    /// Says who has the desk open here, until told to stop.
    pub(crate) async fn keep_presence(&self, stop: &CancellationToken) {
        if let Err(fault) = self.store.void_presences(self.node).await {
            tracing::warn!(error = &fault as &dyn std::error::Error, "who was there before is not forgotten yet");
        }
        let mut said = HashMap::new();
        let mut beat = self.clock.sleep(BEAT);
        loop {
            let again = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.hub.pages_changed() => false,
                () = &mut beat => {
                    beat = self.clock.sleep(BEAT);
                    true
                }
            };
            if let Err(error) = self.say_who_is_here(&mut said, again).await {
                // What was not said is said with the next beat.
                tracing::warn!(error = &error as &dyn std::error::Error, "who is at the desk could not be noted");
            }
        }
        // Their pages look for another node now: until they have found one they have only just left.
        let people: Vec<PersonId> = said.into_keys().collect();
        if people.is_empty() {
            return;
        }
        if let Err(fault) = self.store.note_left(self.node, people, self.clock.now()).await {
            tracing::warn!(error = &fault as &dyn std::error::Error, "who was at the desk counts for a while");
        }
    }

    /// Writes what is different from what was said; all of it when it is to be said again.
    async fn say_who_is_here(&self, said: &mut HashMap<PersonId, Here>, again: bool) -> Result<()> {
        let here = self.hub.here();
        let left: Vec<PersonId> = said.keys().filter(|person| !here.contains_key(person)).copied().collect();
        let told: Vec<Here> =
            here.values().filter(|one| again || said.get(&one.person) != Some(*one)).copied().collect();
        let sat = |one: &Here| said.get(&one.person).is_some_and(|before| !before.away);
        let arrived: HashSet<Scope> = told.iter().filter(|one| !one.away && !sat(one)).map(|one| one.scope).collect();
        let now = self.clock.now();
        if !left.is_empty() {
            self.store.note_left(self.node, left, now).await?;
        }
        if !told.is_empty() {
            self.store.note_here(self.node, told, now).await?;
        }
        *said = here;
        for scope in arrived {
            self.hurry_routes(scope).await;
        }
        Ok(())
    }

    /// Who of a workspace is at the desk now.
    pub(crate) async fn at_desk(&self, scope: Scope) -> Result<AtDesk> {
        let now = self.clock.now();
        let known = self.store.presences(scope, now.plus(-STALE_MS), READ).await?;
        let here = self.hub.here();
        let mut seen: HashMap<PersonId, Vec<Seen>> = HashMap::new();
        for one in known {
            // Of its own pages this node knows more than it has written.
            let own = one.node == self.node;
            if own && here.contains_key(&one.person) {
                continue;
            }
            let left = one.seen.left.or(own.then_some(now));
            seen.entry(one.person).or_default().push(Seen { left, ..one.seen });
        }
        for one in here.values().filter(|one| one.scope == scope) {
            seen.entry(one.person).or_default().push(Seen { at: now, away: one.away, left: None });
        }
        Ok(AtDesk { seen, now })
    }

    /// Whether people of a workspace are at the desk.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn presences(&self, scope: Scope, people: &[PersonId]) -> Result<Vec<Presence>> {
        let desk = self.at_desk(scope).await?;
        Ok(people.iter().map(|person| desk.presence(*person)).collect())
    }

    /// Somebody arrived, or has room: requests that wait for that are looked at now. Should it not be heard, they are looked
    /// at in their own time.
    pub(crate) async fn hurry_routes(&self, scope: Scope) {
        self.turns.hurried();
        self.hurry_again(scope).await;
    }

    /// The same for a request that was being worked on when it was said.
    pub(crate) async fn hurry_again(&self, scope: Scope) {
        match self.store.hurry_routes(scope, self.clock.now(), HURRIED).await {
            Ok(0) => {}
            Ok(_) => self.turns.nudge(),
            Err(fault) => {
                tracing::warn!(error = &fault as &dyn std::error::Error, "requests are not hurried");
            }
        }
    }
}
