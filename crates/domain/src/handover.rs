//! The texts of the hand-over in other languages: chosen by the visitor's, with a fallback for each text.

use serde::{Deserialize, Serialize};

use crate::{
    chatbot::{Escalation, InvalidSetting, bounded, checked},
    handover_texts::{self, ENGLISH},
    limits,
    text::{self, InvalidText},
};

/// The texts of the hand-over in one language. What is empty here is said in the next best one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Translation {
    /// Language tag, `de` or `pt-BR`.
    pub language: String,
    /// `Human Agent Requested Message`.
    pub requested_message: String,
    /// `Live Chat Starts Announcement`.
    pub start_announcement: String,
    /// `Live Chat Ends Announcement`.
    pub end_announcement: String,
    /// Said while a person is looked for.
    pub first_text: String,
    /// Said once more.
    pub second_text: String,
    /// Said when nobody has come.
    pub nobody_text: String,
    /// Said outside the office hours.
    pub away_text: String,
}

/// The texts of the hand-over for one visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandoverTexts<'a> {
    /// `Human Agent Requested Message`.
    pub requested_message: &'a str,
    /// `Live Chat Starts Announcement`; empty when nothing is announced.
    pub start_announcement: &'a str,
    /// `Live Chat Ends Announcement`; empty when nothing is announced.
    pub end_announcement: &'a str,
    /// Said while a person is looked for.
    pub first_text: &'a str,
    /// Said once more.
    pub second_text: &'a str,
    /// Said when nobody has come.
    pub nobody_text: &'a str,
    /// Said outside the office hours, in the place of the requested message.
    pub away_text: &'a str,
}

/// A language tag as it is compared: `pt_br` is `pt-BR`.
///
/// # Errors
/// [`InvalidText::Malformed`] for what no language is called by.
pub fn language_tag(tag: &str) -> Result<String, InvalidText> {
    let parts: Vec<&str> = tag.trim().split(['-', '_']).collect();
    let well_formed = |(place, part): (usize, &&str)| {
        let letters =
            part.chars().all(|c| if place == 0 { c.is_ascii_alphabetic() } else { c.is_ascii_alphanumeric() });
        letters && if place == 0 { (2..=3).contains(&part.len()) } else { (2..=8).contains(&part.len()) }
    };
    if parts.len() > 4 || !parts.iter().enumerate().all(well_formed) {
        return Err(InvalidText::Malformed("language, like de or pt-BR"));
    }
    let shaped = parts.iter().enumerate().map(|(place, part)| match (place, part.len()) {
        (0, _) => part.to_ascii_lowercase(),
        (_, 2) => part.to_ascii_uppercase(),
        (_, 4) => part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase(),
        _ => part.to_ascii_lowercase(),
    });
    Ok(shaped.collect::<Vec<_>>().join("-"))
}

impl Escalation {
    /// The texts for a visitor's language. Each text is looked for under the whole tag, then under shorter ones
    /// (`pt-BR`, then `pt`). Where the owner has translated nothing, what the settings begin with is said in the visitor's
    /// language, and what the owner has written as it is.
    pub fn texts_for<'a>(&'a self, language: Option<&str>) -> HandoverTexts<'a> {
        let tag = language.and_then(|language| language_tag(language).ok()).unwrap_or_default();
        let pick = |of: fn(&Translation) -> &str| {
            let mut wanted = tag.as_str();
            loop {
                let found = self.translations.iter().find(|one| one.language == wanted).map(of);
                if let Some(text) = found.filter(|text| !text.is_empty()) {
                    return Some(text);
                }
                wanted = wanted.rsplit_once('-').map(|(shorter, _)| shorter)?;
            }
        };
        let built_in = handover_texts::built_in(&tag).unwrap_or(&ENGLISH);
        let own = |text: &'a str, english: &str, built_in: &'static str| if text == english { built_in } else { text };
        let waiting = &self.waiting;
        HandoverTexts {
            requested_message: pick(|t| &t.requested_message)
                .unwrap_or_else(|| own(&self.requested_message, ENGLISH.requested_message, built_in.requested_message)),
            start_announcement: pick(|t| &t.start_announcement).unwrap_or_else(|| {
                own(&self.start_announcement, ENGLISH.start_announcement, built_in.start_announcement)
            }),
            end_announcement: pick(|t| &t.end_announcement)
                .unwrap_or_else(|| own(&self.end_announcement, ENGLISH.end_announcement, built_in.end_announcement)),
            first_text: pick(|t| &t.first_text)
                .unwrap_or_else(|| own(&waiting.first_text, ENGLISH.first_text, built_in.first_text)),
            second_text: pick(|t| &t.second_text)
                .unwrap_or_else(|| own(&waiting.second_text, ENGLISH.second_text, built_in.second_text)),
            nobody_text: pick(|t| &t.nobody_text)
                .unwrap_or_else(|| own(&waiting.nobody_text, ENGLISH.nobody_text, built_in.nobody_text)),
            away_text: pick(|t| &t.away_text)
                .unwrap_or_else(|| own(&waiting.away_text, ENGLISH.away_text, built_in.away_text)),
        }
    }
}

impl Translation {
    fn validated(self, index: usize) -> Result<Self, InvalidSetting> {
        let field = |name: &str| format!("escalation.translations.{index}.{name}");
        let text = |name: &str, value: &str| checked(field(name), text::optional(value, limits::SETTING_TEXT_CHARS));
        Ok(Self {
            language: checked(field("language"), language_tag(&self.language))?,
            requested_message: text("requested_message", &self.requested_message)?,
            start_announcement: text("start_announcement", &self.start_announcement)?,
            end_announcement: text("end_announcement", &self.end_announcement)?,
            first_text: text("first_text", &self.first_text)?,
            second_text: text("second_text", &self.second_text)?,
            nobody_text: text("nobody_text", &self.nobody_text)?,
            away_text: text("away_text", &self.away_text)?,
        })
    }
}

/// Trims every text; each language comes once.
///
/// # Errors
/// The first field at fault.
pub(crate) fn validated(translations: Vec<Translation>) -> Result<Vec<Translation>, InvalidSetting> {
    bounded("escalation.translations", translations.len(), limits::HANDOVER_LANGUAGES)?;
    let mut valid: Vec<Translation> = Vec::with_capacity(translations.len());
    for (index, translation) in translations.into_iter().enumerate() {
        let translation = translation.validated(index)?;
        if valid.iter().any(|one| one.language == translation.language) {
            let field = format!("escalation.translations.{index}.language");
            return Err(InvalidSetting { field, cause: InvalidText::Malformed("language: it is there already") });
        }
        valid.push(translation);
    }
    Ok(valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escalation() -> Escalation {
        let translation = |language: &str, requested: &str, start: &str| Translation {
            language: language.into(),
            requested_message: requested.into(),
            start_announcement: start.into(),
            ..Translation::default()
        };
        Escalation {
            requested_message: "One moment.".into(),
            start_announcement: "{name} is here.".into(),
            end_announcement: "{name} has left.".into(),
            translations: vec![
                translation("de", "Einen Moment.", "{name} ist da."),
                translation("pt", "Um momento.", "{name} chegou."),
                translation("pt-BR", "Só um momento.", ""),
            ],
            ..Escalation::default()
        }
    }

    #[test]
    fn the_visitors_language_falls_back_step_by_step() {
        let escalation = escalation();
        let check = |language: Option<&str>, requested: &str, start: &str| {
            let texts = escalation.texts_for(language);
            assert_eq!((texts.requested_message, texts.start_announcement), (requested, start), "{language:?}");
            assert_eq!(texts.end_announcement, "{name} has left.", "nobody has translated it");
        };
        check(None, "One moment.", "{name} is here.");
        check(Some("en-GB"), "One moment.", "{name} is here.");
        check(Some("de"), "Einen Moment.", "{name} ist da.");
        check(Some("de-AT"), "Einen Moment.", "{name} ist da.");
        check(Some("DE_ch"), "Einen Moment.", "{name} ist da.");
        check(Some("pt-BR"), "Só um momento.", "{name} chegou.");
        check(Some("pt-PT"), "Um momento.", "{name} chegou.");
        check(Some("nonsense!"), "One moment.", "{name} is here.");
        check(Some(""), "One moment.", "{name} is here.");
    }

    #[test]
    fn what_nobody_has_written_is_said_in_the_visitors_language() {
        let mut escalation = Escalation::default();
        assert_eq!(escalation.texts_for(None), ENGLISH);
        assert_eq!(escalation.texts_for(Some("en-GB")), ENGLISH);
        assert_eq!(escalation.texts_for(Some("th")), ENGLISH, "one that is not there");
        let german = *handover_texts::built_in("de").unwrap();
        assert_eq!(escalation.texts_for(Some("de-AT")), german);
        // What the owner has written is said as it is, and what the owner wants not to be said is not.
        escalation.waiting.away_text = "We are at the sea.".into();
        escalation.start_announcement = String::new();
        let own = HandoverTexts { away_text: "We are at the sea.", start_announcement: "", ..german };
        assert_eq!(escalation.texts_for(Some("de")), own);
    }

    #[test]
    fn tags_have_one_form() {
        for (tag, expected) in [("DE", "de"), ("pt_br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), (" fr ", "fr")] {
            assert_eq!(language_tag(tag).unwrap(), expected);
        }
        for bad in ["", "d", "german", "de-", "d3", "de-a-b-c-d", "de--AT", "русский"] {
            assert!(language_tag(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_language_comes_once() {
        let one = |language: &str| Translation { language: language.into(), ..Translation::default() };
        let twice = validated(vec![one("de"), one("DE")]).unwrap_err();
        assert_eq!(twice.field, "escalation.translations.1.language");
        assert_eq!(validated(vec![one("x")]).unwrap_err().field, "escalation.translations.0.language");
        let many = (0..=limits::HANDOVER_LANGUAGES).map(|_| one("de")).collect();
        assert_eq!(validated(many).unwrap_err().field, "escalation.translations");
    }
}
