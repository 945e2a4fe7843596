//! From the bytes of a mail to what the rules look at.

use async_trait::async_trait;
use domain::{
    limits,
    mail::{Attachment, Incoming, Signs},
};
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders};
use ports::{Fault, Result, mail::MailReader};

/// Text that is looked at, in bytes: an answer is a message, and a long quotation is cut.
const TEXT_BYTES: usize = 512 * 1024;
/// Recipients that are looked at.
const RECIPIENTS: usize = 200;
/// Attachments that are looked at: what is more than a message can have is named and not taken.
const ATTACHMENTS: usize = 2 * limits::FILES_PER_MESSAGE;
/// Headers that name who a mail was delivered to.
const DELIVERED: [&str; 4] = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];

/// Reads mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mime;

#[async_trait]
impl MailReader for Mime {
    async fn read(&self, raw: Vec<u8>) -> Result<Option<Incoming>> {
        // A mail of many megabytes is no work for a thread that others wait for.
        let read = tokio::task::spawn_blocking(move || {
            let message = MessageParser::default().parse(raw.as_slice())?;
            Some(incoming(&message))
        });
        read.await.map_err(|error| Fault::broken("a mail could not be read", error))
    }
}

fn incoming(message: &Message<'_>) -> Incoming {
    Incoming {
        recipients: recipients(message),
        message_id: message.message_id().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()),
        signs: signs(message),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: text(message),
        attachments: attachments(message),
    }
}

/// A header as it stands there, whether the library knows its name or not.
fn raw<'x>(message: &'x Message<'_>, name: &str) -> Option<&'x str> {
    message.header_raw(HeaderName::parse(name.to_owned())?).map(str::trim)
}

fn recipients(message: &Message<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let delivered =
        message.headers_raw().filter(|(name, _)| DELIVERED.iter().any(|one| name.eq_ignore_ascii_case(one)));
    all.extend(delivered.take(RECIPIENTS).map(|(_, value)| value.trim().to_owned()));
    // A header may stand there more than once: whoever forged one has no token.
    for header in message.headers().iter().filter(|one| matches!(one.name, HeaderName::To | HeaderName::Cc)) {
        if let HeaderValue::Address(addresses) = &header.value {
            all.extend(addresses_of(addresses).take(RECIPIENTS));
        }
    }
    all.truncate(4 * RECIPIENTS);
    all
}

fn addresses_of<'a>(addresses: &'a Address<'_>) -> impl Iterator<Item = String> + 'a {
    addresses.iter().filter_map(|one| one.address.as_ref().map(|address| address.to_string()))
}

fn signs(message: &Message<'_>) -> Signs {
    let has = |name: &str| raw(message, name).is_some();
    let owned = |name: &str| raw(message, name).map(str::to_owned);
    let is_there = |name: HeaderName<'static>| message.header_raw(name).is_some();
    Signs {
        auto_submitted: owned("Auto-Submitted"),
        precedence: owned("Precedence"),
        list: is_there(HeaderName::ListId) || is_there(HeaderName::ListUnsubscribe),
        suppress: owned("X-Auto-Response-Suppress"),
        autoreply: ["X-Autoreply", "X-Autorespond", "X-Autoresponder"].into_iter().any(has),
        return_path: message.header_raw(HeaderName::ReturnPath).map(|path| path.trim().to_owned()),
        report: message.is_content_type("multipart", "report"),
        ours: has("X-Baton"),
    }
}

/// The first text of the body; the library makes one of HTML where there is no plain one.
fn text(message: &Message<'_>) -> String {
    let text = message.body_text(0).unwrap_or_default();
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= TEXT_BYTES).last();
    text.get(..end.unwrap_or(0)).unwrap_or_default().to_owned()
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    let named = |part: &MessagePart<'_>| {
        let name = part.attachment_name().unwrap_or_default().to_owned();
        Attachment { name, bytes: part.contents().to_vec() }
    };
    let real = message.attachments().filter(|part| !is_decoration(part) && !part.contents().is_empty());
    real.take(ATTACHMENTS).map(named).collect()
}

/// A picture that the HTML of a mail shows: the logo of a signature.
fn is_decoration(part: &MessagePart<'_>) -> bool {
    let attached = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
    !attached && part.content_id().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(mail: &str) -> Incoming {
        Mime.read(mail.replace('\n', "\r\n").into_bytes()).await.unwrap().expect(mail)
    }

    #[tokio::test]
    async fn a_plain_mail_is_read() {
        let mail = read(
            "Return-Path: <ada@example.com>\nDelivered-To: reply+1@example.com\nTo: Shop <reply+2@example.com>, x@example.com\n\
             Cc: Friends: reply+3@example.com;\nFrom: reply+4@example.com\nSubject: =?utf-8?q?R=C3=A9?=\n\
             Message-ID: <a@example.com>\nX-Original-To: reply+5@example.com\n\nHello\n",
        )
        .await;
        let to = [
            "reply+1@example.com",
            "reply+5@example.com",
            "reply+2@example.com",
            "x@example.com",
            "reply+3@example.com",
        ];
        assert_eq!(mail.recipients, to, "never from");
        assert_eq!((mail.subject.as_str(), mail.message_id.as_deref()), ("Ré", Some("a@example.com")));
        assert_eq!(mail.text.trim(), "Hello");
        assert_eq!(mail.signs, Signs { return_path: Some("<ada@example.com>".into()), ..Signs::default() });
    }

    #[tokio::test]
    async fn the_plain_text_is_preferred_and_html_is_read_where_there_is_none() {
        let parts = |first: &str| {
            format!(
                "To: a@b\nContent-Type: multipart/alternative; boundary=x\n\n--x\n{first}\n--x\nContent-Type: text/html\n\n\
                <p>rich &amp; <b>bold</b></p><script>alert(1)</script>\n--x--\n"
            )
        };
        let both = read(&parts(
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\npl=E4in",
        ))
        .await;
        assert_eq!(both.text.trim(), "pläin");
        let html = read("To: a@b\nContent-Type: text/html\n\n<p>rich &amp; <b>bold</b></p><p>more</p>\n").await;
        assert!(
            html.text.contains("rich & bold") && html.text.contains("more") && !html.text.contains('<'),
            "{}",
            html.text
        );
    }

    #[tokio::test]
    async fn attachments_are_found_and_logos_are_not() {
        let mail = read(
            "To: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nHello\n\
             --x\nContent-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\nAAAA\n\
             --x\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename*=utf-8''%C3%A4.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--x--\n",
        )
        .await;
        let found: Vec<(&str, &[u8])> = mail.attachments.iter().map(|one| (one.name.as_str(), &*one.bytes)).collect();
        assert_eq!(found, [("ä.pdf", &b"%PDF"[..])]);
        assert_eq!(mail.text.trim(), "Hello");
    }

    #[tokio::test]
    async fn machines_give_signs() {
        let mail = read(
            "To: a@b\nAuto-Submitted: auto-replied\nPrecedence: bulk\nList-Id: <x>\nX-Auto-Response-Suppress: All\n\
             X-Autoreply: yes\nReturn-Path: <>\nX-Baton: mail\nContent-Type: multipart/report; boundary=x\n\n--x--\n",
        )
        .await;
        let expected = Signs {
            auto_submitted: Some("auto-replied".into()),
            precedence: Some("bulk".into()),
            list: true,
            suppress: Some("All".into()),
            autoreply: true,
            return_path: Some("<>".into()),
            report: true,
            ours: true,
        };
        assert_eq!(mail.signs, expected);
    }
}
