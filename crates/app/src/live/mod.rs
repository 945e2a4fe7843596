//! What happens between commits and sockets: rooms, the gate, subscribers.
//!
//! The database holds the truth. What passes through here are hints, rows that were just committed, and tokens that are
//! not saved yet. Losing any of it costs a `resync`, never a message.

mod desks;
mod gate;
mod hub;
mod room;
mod subscriber;

pub use gate::{FRESH, Gate, Hold, Passage};
pub use hub::{GateMode, Hub, OpenPage, Seat, TokenProbe};
pub(crate) use room::Fits;
pub use room::{Closed, Room};
pub use subscriber::{InboxChanges, Mailbox, Signal, TokenGroup, Typist};
