//! Mail that comes in: read as it comes ([`Mime`]) behind [`ports::mail::MailReader`], and fetched over IMAP ([`Imap`])
//! behind [`ports::mail::Mailbox`].
//!
//! An address like `imaps://user:password@mail.example.com/INBOX` says where: `imaps` encrypts, plain `imap` does not, for a
//! mail server on the same machine.

mod imap;
mod mime;

pub use imap::{Imap, Unusable};
pub use mime::Mime;
