//! Mail between a visitor and a conversation: where answers go, which mails a machine wrote, what of one is the answer.
//!
//! Nothing in a mail says who wrote it: `From` is a line that anybody writes. What counts is the address that it was sent
//! to, which nobody can guess.

mod machine;
mod quotes;
pub mod trials;
mod words;

use crate::{
    chatbot::{Settings, Visibility},
    limits,
    text::{self, InvalidText},
};

pub use machine::{Automatic, Signs, automatic};
pub use quotes::answer;
pub use words::{Words, words};

/// Characters of the random part of a reply address: 128 bits in hexadecimal digits, because some mail servers write
/// addresses in small letters.
pub const TOKEN_CHARS: usize = 32;
/// Longest local part of an address, in bytes (RFC 5321).
const LOCAL_BYTES: usize = 64;
/// Longest `Message-ID`, in bytes; of what is longer a digest is remembered, and nobody refers to it.
const MESSAGE_ID_BYTES: usize = 250;

/// Where answers go: `reply@example.com` becomes `reply+TOKEN@example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyAddress {
    local: String,
    domain: String,
}

impl ReplyAddress {
    /// The address that all reply addresses are made of.
    ///
    /// # Errors
    /// [`InvalidText`] for what is no address, has a `+` already or leaves no room for a token.
    pub fn new(address: &str) -> Result<Self, InvalidText> {
        let address = text::email(address)?;
        let (local, domain) = address.split_once('@').ok_or(InvalidText::Malformed("e-mail address"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !local.chars().all(plain) || !domain.chars().all(plain) {
            return Err(InvalidText::Malformed("reply address, like reply@example.com"));
        }
        if local.len() + 1 + TOKEN_CHARS > LOCAL_BYTES {
            return Err(InvalidText::TooLong { max: LOCAL_BYTES - 1 - TOKEN_CHARS });
        }
        Ok(Self { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// The address of a token.
    pub fn with(&self, token: &str) -> String {
        format!("{}+{token}@{}", self.local, self.domain)
    }

    /// The token in an address, if it is one of these.
    pub fn token_in(&self, address: &str) -> Option<String> {
        let address = address.trim().trim_start_matches('<').trim_end_matches('>').to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@')?;
        let (before, token) = local.split_once('+')?;
        let ours = before == self.local && domain == self.domain;
        (ours && is_token(token)).then(|| token.to_owned())
    }

    /// The token of the first recipient that has one.
    pub fn token<'a>(&self, recipients: impl IntoIterator<Item = &'a str>) -> Option<String> {
        recipients.into_iter().find_map(|address| self.token_in(address))
    }
}

/// A token of so many random bits.
pub fn token(secret: &[u8; 32]) -> String {
    secret.iter().take(TOKEN_CHARS / 2).map(|byte| format!("{byte:02x}")).collect()
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A mail as it came in, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// Everybody it was sent to, from every header that says so.
    pub recipients: Vec<String>,
    /// Its `Message-ID`, without brackets.
    pub message_id: Option<String>,
    /// What tells whether a machine wrote it.
    pub signs: Signs,
    /// Its subject.
    pub subject: String,
    /// Its text: the plain one, else what the HTML says.
    pub text: String,
    /// What is attached to it.
    pub attachments: Vec<Attachment>,
}

/// Something attached to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as the mail says.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A `Message-ID` that may be referred to, without its brackets: what is long or has other characters would do harm in a
/// header of ours.
pub fn message_id(text: &str) -> Option<String> {
    let id = text.trim().trim_start_matches('<').trim_end_matches('>');
    let fits = (3..=MESSAGE_ID_BYTES).contains(&id.len())
        && id.contains('@')
        && id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'));
    fits.then(|| id.to_owned())
}

/// What a mail says, as a message: the answer in it, not longer than messages are.
pub fn message(mail: &Incoming) -> String {
    let answer = text::printable(&answer(&mail.text));
    let answer = answer.trim();
    match answer.char_indices().nth(limits::MESSAGE_CHARS - 2) {
        Some((cut, _)) if answer.chars().count() > limits::MESSAGE_CHARS => {
            format!("{} …", answer[..cut].trim_end())
        }
        _ => answer.to_owned(),
    }
}

/// Where a visitor goes on with a chat. The address opens nothing by itself: it leads the browser that has the chat to it.
///
/// The page where it began, when the owner has named its site: anybody may say that they came from anywhere, and nobody
/// shall be sent there in our name. Else our own page, where there is one.
pub fn way_back(settings: &Settings, page: Option<&str>, share_page: &str) -> Option<String> {
    let named = page.filter(|_| !settings.allowed_domains.is_empty()).and_then(|page| {
        // What follows the path may be a secret of the site.
        let page = page.split(['?', '#']).next().unwrap_or_default();
        let host = page.strip_prefix("https://").or_else(|| page.strip_prefix("http://"))?;
        let end = page.len() - host.len() + host.find('/').unwrap_or(host.len());
        let clean = page.bytes().all(|byte| byte.is_ascii_graphic()) && !host.contains(['@', '\\']);
        (clean && settings.allows_site(page.get(..end)?)).then(|| page.to_owned())
    });
    named.or_else(|| (settings.visibility == Visibility::Public).then(|| share_page.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_token_is_found_in_addresses_of_ours_alone() {
        let replies = ReplyAddress::new(" Reply@Example.com").unwrap();
        let address = replies.with(TOKEN);
        assert_eq!(address, format!("reply+{TOKEN}@example.com"));
        for found in [address.clone(), address.to_uppercase(), format!(" <{address}> ")] {
            assert_eq!(replies.token_in(&found).as_deref(), Some(TOKEN), "{found}");
        }
        for other in [
            "reply@example.com".to_owned(),
            "reply+@example.com".into(),
            format!("reply+{TOKEN}@example.org"),
            format!("reply+{TOKEN}0@example.com"),
            format!("other+{TOKEN}@example.com"),
            format!("reply+{}@example.com", &TOKEN[1..]),
            format!("reply+{}g@example.com", &TOKEN[1..]),
            format!("reply+{TOKEN}@example.com@elsewhere.example"),
            String::new(),
        ] {
            assert_eq!(replies.token_in(&other), None, "{other}");
        }
        assert_eq!(replies.token(["ada@example.com", &address]).as_deref(), Some(TOKEN));
        assert_eq!(token(&[0xab; 32]), "ab".repeat(16));
    }

    #[test]
    fn an_address_that_cannot_carry_a_token_is_refused() {
        for bad in ["reply", "reply+x@example.com", "\"a b\"@example.com", "a,b@example.com", &"x".repeat(300)] {
            assert!(ReplyAddress::new(bad).is_err(), "{bad}");
        }
        let long = format!("{}@example.com", "r".repeat(32));
        assert_eq!(ReplyAddress::new(&long), Err(InvalidText::TooLong { max: 31 }));
        assert!(ReplyAddress::new(&long[1..]).is_ok());
    }

    #[test]
    fn ids_that_would_do_harm_are_not_referred_to() {
        assert_eq!(message_id(" <a.b@example.com> ").as_deref(), Some("a.b@example.com"));
        for bad in ["", "<>", "no-at-sign", "a b@c", "a@b\r\nBcc: x", "a<b@c", "ä@b", &format!("{}@b", "x".repeat(250))]
        {
            assert_eq!(message_id(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_long_mail_is_cut_like_a_long_message() {
        let mail = |text: &str| Incoming { text: text.to_owned(), ..Incoming::default() };
        assert_eq!(message(&mail(" Hello\u{0}\r\n\r\nOlga wrote ")), "Hello\n\nOlga wrote");
        let exact = "ä".repeat(limits::MESSAGE_CHARS);
        assert_eq!(message(&mail(&exact)), exact);
        let cut = message(&mail(&"ä".repeat(limits::MESSAGE_CHARS + 1)));
        assert_eq!(cut.chars().count(), limits::MESSAGE_CHARS);
        assert!(cut.ends_with(" …"));
    }

    #[test]
    fn nobody_is_sent_to_a_site_that_the_owner_did_not_name() {
        let share = "https://desk.example.com/widget/1";
        let with = |domains: &[&str], visibility| Settings {
            allowed_domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
            visibility,
            ..Settings::default()
        };
        let open = with(&[], Visibility::Public);
        assert_eq!(way_back(&open, Some("https://evil.example/x"), share).as_deref(), Some(share));
        assert_eq!(way_back(&with(&[], Visibility::Hybrid), Some("https://evil.example/x"), share), None);
        let shop = with(&["shop.example"], Visibility::Hybrid);
        for (page, expected) in [
            ("https://shop.example/help?order=1#secret", Some("https://shop.example/help")),
            ("https://shop.example", Some("https://shop.example")),
            ("https://evil.example/shop.example", None),
            ("https://shop.example@evil.example/", None),
            ("https://shop.example.evil.example/", None),
            ("https://shop.example\\@evil.example/", None),
            ("https://shop.example/a\nb", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(way_back(&shop, Some(page), share).as_deref(), expected, "{page}");
        }
        assert_eq!(way_back(&shop, None, share), None);
    }
}
