//! What visitors answer by mail becomes a message, by the same way as every other one.

use domain::{
    FileId,
    chatbot::Visibility,
    limits,
    mail::{self, Attachment, Automatic, Incoming, automatic, words},
    text,
};
use metrics::counter;
use ports::{
    Fault,
    conversations::{KnownVisitor, ReadMark, Row},
    visitor_mail::{Arrived, MailIn, Noted, ReplyTo},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Baton,
    auth::digest,
    compose::Said,
    error::{AppError, Result},
};

/// Longest subject and beginning that are kept of a mail that is no message, in characters.
const EXCERPT: (usize, usize) = (120, 300);
/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// Whoever delivers a mail beyond the limit of an hour is to try again after so long, in seconds.
const AGAIN_S: u64 = 15 * 60;
/// Length of the id that a `Message-ID` of ours begins with, in characters.
const OUR_ID: usize = 36;

/// What became of a mail that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reception {
    /// It is a message now.
    Taken,
    /// It came before.
    Repeated,
    /// It is shown to collaborators, and answered by nobody.
    Filed(Arrived),
    /// It is for nobody here, or no mail.
    Dropped(Dropped),
}

/// Why a mail was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// It is no mail.
    NoMail,
    /// It was sent to no reply address.
    NoAddress,
    /// Nobody knows the reply address, or not any more.
    UnknownAddress,
}

impl Reception {
    /// What became of it, and why.
    pub fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Taken => ("taken", None),
            Self::Repeated => ("repeated", None),
            Self::Filed(what) => ("filed", Some(what.name())),
            Self::Dropped(Dropped::NoMail) => ("dropped", Some("no_mail")),
            Self::Dropped(Dropped::NoAddress) => ("dropped", Some("no_address")),
            Self::Dropped(Dropped::UnknownAddress) => ("dropped", Some("unknown_address")),
        }
    }
}

impl Baton {
    /// Whether mail can come in.
    pub fn takes_mail(&self) -> bool {
        self.replies().is_some()
    }

    /// Takes a mail that came in. `envelope` says whom it was delivered to, where that is known. A mail that comes again is
    /// one message; one that nothing can be done with is dropped, and nobody is told: its sender may be anybody.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where no mail comes in, [`AppError::TooLarge`]; [`AppError::RateLimited`], where too many come,
    /// and a fault of the database: then it is to be delivered again.
    pub async fn receive_mail(&self, raw: Vec<u8>, envelope: &[String]) -> Result<Reception> {
        let reception = self.reception(raw, envelope).await?;
        let (outcome, why) = reception.names();
        counter!("baton_visitor_mails_total", "way" => "in", "outcome" => why.unwrap_or(outcome)).increment(1);
        tracing::debug!(outcome, why, "a mail came in");
        Ok(reception)
    }

    async fn reception(&self, raw: Vec<u8>, envelope: &[String]) -> Result<Reception> {
        let replies = self.replies().ok_or(AppError::NotFound)?;
        if raw.len() > limits::MAIL_BYTES {
            return Err(AppError::TooLarge { what: "the mail", max: limits::MAIL_BYTES });
        }
        let of_all = digest_hex(&raw);
        let Some(incoming) = replies.reader.read(raw).await? else { return Ok(Reception::Dropped(Dropped::NoMail)) };
        let recipients = envelope.iter().chain(&incoming.recipients).map(String::as_str);
        let Some(token) = replies.address.token(recipients) else {
            return Ok(Reception::Dropped(Dropped::NoAddress));
        };
        let Some(to) = self.store.reply_address(digest(&token)).await? else {
            return Ok(Reception::Dropped(Dropped::UnknownAddress));
        };
        let key = incoming.message_id.as_ref().map_or(of_all, |id| digest_hex(id.as_bytes()));
        match self.receive_for(to, incoming, key).await {
            // The conversation, or its chatbot, is gone.
            Err(AppError::NotFound) => Ok(Reception::Dropped(Dropped::UnknownAddress)),
            received => received,
        }
    }

    async fn receive_for(&self, to: ReplyTo, incoming: Incoming, key: String) -> Result<Reception> {
        let row = self.store.row(to.scope, to.conversation).await?;
        let profile = self.directory.profile(row.chatbot).await?;
        if profile.chatbot.settings.visibility == Visibility::Private {
            // As with an older token of a visitor: it is open to collaborators who are signed in.
            return Err(AppError::NotFound);
        }
        if self.store.mail_in(to.scope, row.id, &key).await?.is_some() {
            return Ok(Reception::Repeated);
        }
        let now = self.clock.now();
        let what = self.what_came(to, &incoming).await?;
        let said = mail::message(&incoming);
        let what = match what {
            Arrived::Taken if said.is_empty() && incoming.attachments.is_empty() => Arrived::Empty,
            what => what,
        };
        if self.store.mails_since(to.scope, row.id, now.plus(-HOUR_MS)).await? >= limits::MAILS_IN_AN_HOUR {
            self.note_arrival(to, &incoming, key, Arrived::TooMany).await?;
            if what != Arrived::Taken {
                // Nobody wrote it.
                return Ok(Reception::Filed(Arrived::TooMany));
            }
            // What a person wrote is not lost: it is taken when it comes again.
            counter!("baton_visitor_mails_total", "way" => "in", "outcome" => "put_off").increment(1);
            let text = format!(
                "more than {} mails came for this chat within an hour: deliver it again later",
                limits::MAILS_IN_AN_HOUR
            );
            return Err(AppError::RateLimited { text, retry_after: AGAIN_S });
        }
        if what == Arrived::Taken {
            // The message first: where this process ends in between, the mail comes again and is known by its id.
            self.take_message(&row, &incoming, &key, said).await?;
            let read = ReadMark::Visitor(to.visitor_seq.min(row.state.visitor_seq));
            self.store.mark_read(to.scope, row.id, read).await?;
        }
        Ok(match self.note_arrival(to, &incoming, key, what).await? {
            Noted::Known => Reception::Repeated,
            Noted::New | Noted::TooMany if what == Arrived::Taken => Reception::Taken,
            Noted::TooMany => Reception::Filed(Arrived::TooMany),
            Noted::New => Reception::Filed(what),
        })
    }

    /// Whether a person wrote it. Our own mails are known by their mark, and by their id where somebody took the mark off.
    async fn what_came(&self, to: ReplyTo, incoming: &Incoming) -> Result<Arrived> {
        if let Some(what) = automatic(&incoming.signs) {
            return Ok(Arrived::Automatic(what));
        }
        let own =
            incoming.message_id.as_deref().and_then(|id| id.get(..OUR_ID)).and_then(|id| Uuid::try_parse(id).ok());
        if let Some(id) = own
            && self.store.mail_out(to.scope, id).await?.is_some()
        {
            return Ok(Arrived::Automatic(Automatic::Loop));
        }
        Ok(Arrived::Taken)
    }

    async fn take_message(&self, row: &Row, incoming: &Incoming, key: &str, said: String) -> Result<()> {
        let visitor = self.store.visitor(row.scope, row.visitor).await?;
        let (files, left) = self.take_attachments(&visitor, row, &incoming.attachments, key).await?;
        let text = if left.is_empty() {
            said
        } else {
            let named = format!("{} {}", words(visitor.facts.language.as_deref()).not_taken, left.join(", "));
            let named = text::excerpt(&named, EXCERPT.1);
            let room = limits::MESSAGE_CHARS - named.chars().count() - 2;
            let said: String = said.chars().take(room).collect();
            format!("{said}\n\n{named}").trim().to_owned()
        };
        let known = KnownVisitor { conversation: row.id, ..visitor };
        match self.receive_mailed(&known, key, Said { text, files }).await {
            // It came before, and its files have changed on the way.
            Err(AppError::ClientIdReused) => Ok(()),
            received => received.map(drop),
        }
    }

    /// Takes what is attached, each file once however often the mail comes. What cannot be taken is named.
    async fn take_attachments(
        &self,
        visitor: &KnownVisitor,
        row: &Row,
        attachments: &[Attachment],
        key: &str,
    ) -> Result<(Vec<FileId>, Vec<String>)> {
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        let name_of = |attachment: &Attachment| text::line(&attachment.name, limits::FILE_NAME_CHARS);
        for (number, attachment) in attachments.iter().enumerate() {
            let name = name_of(attachment).unwrap_or_else(|_| format!("file {}", number + 1));
            if taken.len() >= limits::FILES_PER_MESSAGE {
                left.push(name);
                continue;
            }
            let place = match self.place_by_mail(visitor, row) {
                Ok(place) => place,
                // Before the first answer no files come from a visitor.
                Err(AppError::Refused { .. }) => {
                    left.push(name);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let uploaded = self.upload(&place, &name, attachment.bytes.clone(), Some(&format!("{key}-{number}"))).await;
            match uploaded {
                Ok(file) => taken.push(file.attached.id),
                Err(error @ AppError::Fault(Fault::Unavailable { .. } | Fault::Broken { .. })) => return Err(error),
                Err(error) => {
                    tracing::debug!(code = error.code(), "what was attached to a mail is not taken");
                    left.push(name);
                }
            }
        }
        Ok((taken, left))
    }

    async fn note_arrival(&self, to: ReplyTo, incoming: &Incoming, key: String, what: Arrived) -> Result<Noted> {
        let now = self.clock.now();
        let shown = what != Arrived::Taken;
        let excerpt =
            |text: &str, max: usize| if shown { text::excerpt(&text::printable(text), max) } else { String::new() };
        let arrival = MailIn {
            id: self.entropy.id(now),
            conversation: to.conversation,
            key,
            message_id: incoming.message_id.as_deref().and_then(mail::message_id),
            what,
            subject: excerpt(&incoming.subject, EXCERPT.0),
            excerpt: excerpt(&incoming.text, EXCERPT.1),
            at: now,
        };
        let since = now.plus(-HOUR_MS);
        Ok(self.store.note_mail_in(to.scope, arrival, since, limits::MAILS_IN_AN_HOUR).await?)
    }
}

fn digest_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
