//! What leaves the server to tell people: mail over SMTP ([`Smtp`]) behind [`ports::mail::Mailer`], and web push
//! ([`WebPush`]).
//!
//! An address like `smtps://user:password@mail.example.com` says where and how: `smtps` encrypts from the start, `smtp` with
//! `?tls=required` by STARTTLS, plain `smtp` not at all, for a mail server on the same machine.

mod push;

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::PoolConfig,
};
use ports::{
    Fault, Result,
    mail::{Known, Mail, Mailer, Thread},
};

pub use push::WebPush;

/// Longest time for one command of the conversation with the mail server.
const COMMAND: Duration = Duration::from_secs(20);
/// The header that every mail of ours carries: one that comes back is known by it.
const MARK: &str = "X-Baton";
/// Most connections to the mail server.
const CONNECTIONS: u32 = 4;

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The address of the mail server.
    #[error("{0}")]
    Server(String),
    /// The sender.
    #[error("write the sender like Baton <desk@example.com>")]
    Sender,
}

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// A mail server by its address. Nothing is sent yet, and no connection made.
    ///
    /// # Errors
    /// What is wrong with the address or the sender.
    pub fn new(url: &str, from: &str) -> std::result::Result<Self, Unusable> {
        if !(url.starts_with("smtp://") || url.starts_with("smtps://")) {
            let how = "write the address like smtps://user:password@mail.example.com";
            return Err(Unusable::Server(how.to_owned()));
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // The address holds a password: the cause alone is told.
            .map_err(|error| Unusable::Server(format!("the address cannot be used: {error}")))?
            .timeout(Some(COMMAND))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS))
            .build();
        Ok(Self { transport, from: from.parse().map_err(|_| Unusable::Sender)? })
    }

    fn message(&self, mail: Mail) -> Result<Message> {
        let host = self.from.email.domain();
        let address = |text: &str| -> Result<Mailbox> {
            text.parse().map_err(|error| Fault::broken("an address is none", error))
        };
        let header =
            |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let thread = mail.thread.unwrap_or_else(|| Thread { automatic: true, ..Thread::default() });
        let name = Some(thread.from_name).filter(|name| !name.is_empty()).or_else(|| self.from.name.clone());
        let mut message = Message::builder()
            .message_id(Some(format!("<{}@{host}>", mail.id)))
            .from(Mailbox::new(name, self.from.email.clone()))
            .to(address(&mail.to)?)
            .subject(mail.subject)
            // Should it come back, it is known.
            .raw_header(header(MARK, "mail"));
        if thread.automatic {
            message = message.raw_header(header("Auto-Submitted", "auto-generated"));
        }
        if let Some(reply_to) = thread.reply_to {
            message = message.reply_to(address(&reply_to)?);
        }
        let before: Vec<String> = thread
            .before
            .iter()
            .map(|known| match known {
                Known::Ours(id) => format!("<{id}@{host}>"),
                Known::Theirs(id) => format!("<{id}>"),
            })
            .collect();
        if let Some(last) = before.last() {
            message = message.in_reply_to(last.clone()).references(before.join(" "));
        }
        let message = message.header(ContentType::TEXT_PLAIN).body(mail.text);
        message.map_err(|error| Fault::broken("a mail could not be written", error))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: Mail) -> Result<()> {
        let message = self.message(mail)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Fault::broken("the mail server refused a mail", error)),
            Err(error) => Err(Fault::unavailable("the mail server", error)),
        }
    }
}
