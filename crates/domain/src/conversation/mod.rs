//! The conversation machine: who may speak, decided without looking at the clock, the database or the network.
//!
//! A conversation is an append-only log. [`decide`](decide::decide) looks at the state and a command and says which
//! events follow, or refuses. [`Conversation::record`] numbers the events and applies them. Replaying a log with
//! [`Conversation::apply`] gives the same state again.
//!
//! **Zero leak is a theorem of this module**: every text of the AI names the `turn` and `attempt` that it was asked
//! in; [`decide`](decide::decide) refuses it unless the state is [`Answer::Asked`] with exactly those; and whatever
//! withdraws the AI's right to speak raises `turn` and makes the state [`Answer::Idle`].
//!
//! The machine never looks into texts. They live beside the log (`contents`), where they can be emptied.

pub mod command;
pub mod decide;
pub mod event;
mod gate;
pub mod reason;
pub mod refusal;
pub mod rung;
mod state;

pub use command::{Actor, AssistantOutcome, Command, Policy, Written};
pub use decide::decide;
pub use event::{Announcement, Asks, Audience, Entry, Event};
pub use gate::{GateState, Ruling};
pub use reason::Reason;
pub use refusal::Refusal;
pub use rung::{Circle, Rung, Step, Taken};
pub use state::{Answer, Control, Conversation, Dismissed, Given, Live, Request, Standing, Unanswered};
