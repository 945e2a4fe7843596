//! The hand-over of one conversation, on one node or on two.
//!
//! What runs: a visitor with their page, a desk, two people, two workers that take each other's turns when a lease has
//! run out, and between the nodes a bus that loses and reorders. Every step is one that the real parts make: the
//! machine is [`domain::conversation::decide`] itself, the gate is [`GateState`](domain::conversation::GateState) itself;
//! the database is the row that commits change in one step; a hub learns of a commit and only then tells its sockets.
//! Workers are the worst there can be: they stop for no cancellation, stall, crash, and go on after their lease.
//!
//! [`Fault`] plants the bugs that the check must find, or it would show nothing.

mod action;
mod parts;
mod who;
mod worker;
mod world;

use stateright::{Model, Property};

pub use action::{Action, Says};
pub use who::{At, Client};
pub use world::World;

pub use crate::audit::{Breach, PROMISES};

/// How much may happen in a history: the bound of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Messages of the visitor.
    pub messages: u8,
    /// Commands of people, all together.
    pub commands: u8,
    /// Tokens of each answer.
    pub tokens: u8,
    /// Leases that run out while their worker goes on.
    pub stalls: u8,
    /// Nodes that are killed and start again.
    pub restarts: u8,
    /// Hints that the bus loses.
    pub losses: u8,
    /// Texts that a timer says to who waits.
    pub timers: u8,
}

impl Bounds {
    /// What `make test` checks on one node.
    pub const ONE_NODE: Self =
        Self { messages: 2, commands: 2, tokens: 1, stalls: 1, restarts: 0, losses: 0, timers: 1 };
    /// What `make test` checks on two.
    pub const TWO_NODES: Self =
        Self { messages: 1, commands: 1, tokens: 1, stalls: 1, restarts: 0, losses: 1, timers: 1 };
    /// What `make prove` checks, in minutes.
    pub const DEEP: Self = Self { messages: 2, commands: 3, tokens: 2, stalls: 1, restarts: 1, losses: 1, timers: 1 };
}

/// Where things run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nodes {
    /// Everything on one.
    One,
    /// The visitor, their page, one person and one worker on A; a desk, the other person and the other worker on B.
    Two,
}

/// A bug that is planted on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// None.
    None,
    /// Tokens pass whatever the gate says.
    GateOff,
    /// Who takes over does not close the gate before the commit.
    CommitsWithGateOpen,
    /// Who took over opens the gate before it has learnt of the takeover.
    OpensBeforeLearning,
    /// An answer is accepted whatever attempt made it.
    AttemptUnchecked,
    /// A hint that was lost is never made up for: no comparison of heads.
    NoHeads,
}

/// The model.
#[derive(Debug, Clone, Copy)]
pub struct HandOver {
    /// Where things run.
    pub nodes: Nodes,
    /// While a person is wanted the AI stays silent.
    pub hold: bool,
    /// How much may happen.
    pub bounds: Bounds,
    /// What is broken on purpose.
    pub fault: Fault,
}

impl Model for HandOver {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        action::possible(self, world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        next.step(self, action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(PROMISES[0], |_, w: &World| w.breach != Some(Breach::StoredLeak)),
            Property::always(PROMISES[1], |_, w: &World| w.breach != Some(Breach::SeenLeak)),
            Property::always(PROMISES[2], |_, w: &World| w.breach != Some(Breach::SentLeak)),
            Property::always(PROMISES[3], |_, w: &World| w.breach != Some(Breach::TwoControllers)),
            Property::always(PROMISES[4], |_, w: &World| w.breach != Some(Breach::WrongAnswer)),
            Property::always(PROMISES[5], |_, w: &World| w.breach != Some(Breach::Gap)),
            Property::always(PROMISES[6], |_, w: &World| w.breach != Some(Breach::Disorder)),
            Property::always(PROMISES[7], |model: &Self, w: &World| {
                let mut left = Vec::new();
                action::possible(model, w, &mut left);
                !left.is_empty() || w.converged()
            }),
            // What a bounded search never meets it does not check.
            Property::sometimes("a takeover cuts an answer off", |_, w: &World| w.met.cut_off),
            Property::sometimes("a stalled worker is refused", |_, w: &World| w.met.refused),
            Property::sometimes("the loser of a race is refused", |_, w: &World| w.met.held_by),
            Property::sometimes("the AI answers after a live chat", |_, w: &World| w.met.answered_again),
        ]
    }
}
