//! Calls of other servers, behind [`ports::outside::Outside`].
//!
//! An address that somebody typed may lead into the network of the server itself. So an address is looked at three times:
//! what stands in it, where its name resolves to ([`domain::outside::admits`]), and that again after each redirect. The
//! connection goes to the address that was looked at: no second look-up can lead elsewhere.

mod guard;
mod reach;

pub use guard::{Guard, no_reply};
