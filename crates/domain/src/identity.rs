//! Who a visitor is, as a website or the visitor says.

use std::collections::BTreeMap;

use crate::{ChatbotId, limits, text, text::InvalidText};

/// What a website says of a visitor, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The website's own id of the person.
    pub id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whatever else colleagues shall see.
    pub attributes: BTreeMap<String, String>,
}

/// A value that is not acceptable, and the field that it stands in.
pub type Wrong = (String, InvalidText);

impl Identity {
    /// Trims every text and checks every limit. What is empty counts as not given.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, Wrong> {
        let given = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
        let at = |field: &str| {
            let field = format!("identity.{field}");
            move |cause| (field, cause)
        };
        let (count, name_chars, value_chars) = limits::ATTRIBUTES;
        if self.attributes.len() > count {
            return Err(at("attributes")(InvalidText::Malformed("set: it has too many entries")));
        }
        let attribute = |(name, value): (String, String)| {
            let wrong = at(&format!("attributes.{}", text::excerpt(&name, name_chars)));
            match (text::line(&name, name_chars), text::line(&value, value_chars)) {
                (Ok(name), Ok(value)) => Some(Ok((name, value))),
                // Nothing to say is nothing said.
                (Ok(_), Err(InvalidText::Empty)) => None,
                (Err(cause), _) | (_, Err(cause)) => Some(Err(wrong(cause))),
            }
        };
        Ok(Self {
            id: given(self.id).map(|id| text::line(&id, limits::EXTERNAL_ID_CHARS)).transpose().map_err(at("id"))?,
            name: given(self.name).map(|name| text::line(&name, limits::NAME_CHARS)).transpose().map_err(at("name"))?,
            email: given(self.email).map(|email| text::email(&email)).transpose().map_err(at("email"))?,
            attributes: self.attributes.into_iter().filter_map(attribute).collect::<Result<_, _>>()?,
        })
    }
}

/// What a website signs: that this person is this id, for this chatbot, until then (Unix seconds). The id comes last, so
/// that no two of them sign the same text.
pub fn signed_text(chatbot: ChatbotId, expires: i64, id: &str) -> String {
    format!("{chatbot}:{expires}:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Identity {
        Identity { attributes: BTreeMap::from([(name.to_owned(), value.to_owned())]), ..Identity::default() }
    }

    #[test]
    fn what_is_said_is_trimmed_and_bounded() {
        let said = Identity {
            id: Some(" 4711 ".into()),
            name: Some("Ada\n Example".into()),
            email: Some("Ada@Example.com".into()),
            ..with("plan", " Team ")
        };
        let kept = said.validated().unwrap();
        assert_eq!((kept.id.as_deref(), kept.name.as_deref()), (Some("4711"), Some("Ada Example")));
        assert_eq!((kept.email.as_deref(), kept.attributes["plan"].as_str()), (Some("ada@example.com"), "Team"));
        let empty = Identity { id: Some(" ".into()), name: Some(String::new()), ..with("plan", "") };
        assert_eq!(empty.validated().unwrap(), Identity::default());
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let check = |identity: Identity, field: &str| assert_eq!(identity.validated().unwrap_err().0, field);
        check(Identity { email: Some("no address".into()), ..Identity::default() }, "identity.email");
        check(Identity { id: Some("x".repeat(201)), ..Identity::default() }, "identity.id");
        check(Identity { name: Some("x".repeat(81)), ..Identity::default() }, "identity.name");
        check(with("plan", &"x".repeat(501)), "identity.attributes.plan");
        check(with(&"x".repeat(61), "y"), &format!("identity.attributes.{}…", "x".repeat(60)));
        let many = (0..31).map(|i| (i.to_string(), "x".to_owned())).collect();
        check(Identity { attributes: many, ..Identity::default() }, "identity.attributes");
    }

    #[test]
    fn ids_cannot_pass_for_one_another() {
        let chatbot = ChatbotId::new(uuid::Uuid::from_u128(1));
        assert_ne!(signed_text(chatbot, 1, "2:3"), signed_text(chatbot, 12, "3"));
        assert!(signed_text(chatbot, 12, "x").ends_with("000001:12:x"));
    }
}
