//! A chatbot's settings, with defaults that are good enough to go live with.

use serde::{Deserialize, Serialize};

use crate::{
    agents, embed,
    handover::{self, Translation},
    handover_texts::ENGLISH,
    limits,
    routing::Routing,
    rules::SupervisorSettings,
    text::{self, InvalidText},
    waiting::Waiting,
};

/// Who may open the chatbot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Collaborators only.
    Private,
    /// Anybody with the link, and embedded on sites.
    Public,
    /// Embedded on sites only: there is no link.
    Hybrid,
}

/// What a visitor sees of a chatbot, and how it behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name as visitors see it.
    pub name: String,
    /// Brand colour, `#rrggbb`.
    pub color: String,
    /// First words, before anything was asked.
    pub greeting: String,
    /// Questions offered under the greeting.
    pub suggested_questions: Vec<String>,
    /// Who may open it.
    pub visibility: Visibility,
    /// Sites that may embed it, as [`embed::domain`] checks them; any site without one.
    pub allowed_domains: Vec<String>,
    /// How much one visitor may write.
    pub message_limit: MessageLimit,
    /// `Human Support Handover`.
    pub escalation: Escalation,
    /// `AI Supervisor Settings`.
    pub supervisor: SupervisorSettings,
}

/// At most `messages` in `seconds`; beyond that the visitor reads `text`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageLimit {
    /// Number of messages.
    pub messages: u32,
    /// Length of the window in seconds.
    pub seconds: u32,
    /// What the visitor reads when the limit is reached.
    pub text: String,
}

/// When and how a person is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Escalation {
    /// `Enable Human Escalation`.
    pub enabled: bool,
    /// `Human Agent Requested Message`.
    pub requested_message: String,
    /// `Human Escalation Notifications`.
    pub notifications: bool,
    /// `Notification Sound`.
    pub sound: bool,
    /// `Send replies by e-mail` to a visitor whose page is closed, where the server sends mail.
    pub mail_replies: bool,
    /// `Live Chat Starts Announcement`; `{name}` becomes the person's name.
    pub start_announcement: String,
    /// `Live Chat Ends Announcement`; `{name}` becomes the person's name.
    pub end_announcement: String,
    /// While a person is wanted the AI stays silent.
    pub hold: bool,
    /// A person is called when the visitor asks for one.
    pub when_asked: bool,
    /// How readily a wish is heard out of a message, -10 to 10.
    pub bias: i8,
    /// A person is called after so many answers in a row that the AI did not know; never when 0.
    pub after_no_answers: u32,
    /// A person is called when the visitor is upset.
    pub when_upset: bool,
    /// A person is called after so many answers of the AI in one conversation; never when 0.
    pub after_turns: u32,
    /// A person is called when no AI could answer.
    pub when_ai_fails: bool,
    /// `AI Output Alert Triggers`.
    pub output_triggers: Vec<OutputTrigger>,
    /// `Escalation Intents`.
    pub intents: Vec<Intent>,
    /// What happens while nobody comes.
    pub waiting: Waiting,
    /// After a live chat the visitor is asked what they think of it.
    pub asks_rating: bool,
    /// Whom a request is given to.
    pub routing: Routing,
    /// The texts that visitors read, in other languages.
    pub translations: Vec<Translation>,
}

/// A phrase to watch for in what the AI says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutputTrigger {
    /// The phrase.
    pub phrase: String,
    /// Also what means the same in other words counts.
    pub by_meaning: bool,
    /// `Also request a person`.
    pub also_request: bool,
}

/// A named set of example messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Name as the hand-over card shows it.
    pub name: String,
    /// What a visitor might write.
    pub examples: Vec<String>,
}

impl Default for OutputTrigger {
    fn default() -> Self {
        Self { phrase: String::new(), by_meaning: true, also_request: false }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Assistant".into(),
            color: "#3b5bdb".into(),
            greeting: "Hello. Ask me anything, and I'll answer from what I know. If you'd rather talk to a person, just say so.".into(),
            suggested_questions: Vec::new(),
            visibility: Visibility::Public,
            allowed_domains: Vec::new(),
            message_limit: MessageLimit::default(),
            escalation: Escalation::default(),
            supervisor: SupervisorSettings::default(),
        }
    }
}

impl Default for MessageLimit {
    fn default() -> Self {
        Self {
            messages: 20,
            seconds: 60,
            text: "That was a lot at once. Please wait a moment, then send your message again. It is still in the box."
                .into(),
        }
    }
}

impl Default for Escalation {
    fn default() -> Self {
        Self {
            enabled: true,
            requested_message: ENGLISH.requested_message.into(),
            notifications: true,
            sound: true,
            mail_replies: true,
            start_announcement: ENGLISH.start_announcement.into(),
            end_announcement: ENGLISH.end_announcement.into(),
            hold: false,
            when_asked: true,
            bias: 0,
            after_no_answers: 3,
            when_upset: true,
            after_turns: 0,
            when_ai_fails: true,
            output_triggers: Vec::new(),
            intents: Vec::new(),
            waiting: Waiting::default(),
            asks_rating: true,
            routing: Routing::default(),
            translations: Vec::new(),
        }
    }
}

/// A setting that cannot be saved: which one, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {cause}")]
pub struct InvalidSetting {
    /// Path of the field, as on the wire.
    pub field: String,
    /// What is wrong with it.
    pub cause: InvalidText,
}

pub(crate) fn checked(field: impl Into<String>, result: Result<String, InvalidText>) -> Result<String, InvalidSetting> {
    result.map_err(|cause| InvalidSetting { field: field.into(), cause })
}

pub(crate) fn bounded(field: &str, count: usize, max: usize) -> Result<(), InvalidSetting> {
    if count > max {
        Err(InvalidSetting { field: field.into(), cause: InvalidText::Malformed("list: it has too many entries") })
    } else {
        Ok(())
    }
}

/// The allowed domains, each once.
fn domains(domains: &[String]) -> Result<Vec<String>, InvalidSetting> {
    bounded("allowed_domains", domains.len(), limits::ALLOWED_DOMAINS)?;
    let mut all = Vec::with_capacity(domains.len());
    for (i, domain) in domains.iter().filter(|domain| !domain.trim().is_empty()).enumerate() {
        let domain = checked(format!("allowed_domains.{i}"), embed::domain(domain))?;
        if !all.contains(&domain) {
            all.push(domain);
        }
    }
    Ok(all)
}

impl Settings {
    /// Trims every text and checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        let (count, chars) = limits::SUGGESTED_QUESTIONS;
        bounded("suggested_questions", self.suggested_questions.len(), count)?;
        let questions = self.suggested_questions.iter().filter(|q| !q.trim().is_empty()).enumerate();
        Ok(Self {
            name: checked("name", text::line(&self.name, limits::NAME_CHARS))?,
            color: checked("color", text::color(&self.color))?,
            greeting: checked("greeting", text::required(&self.greeting, limits::SETTING_TEXT_CHARS))?,
            suggested_questions: questions
                .map(|(i, question)| checked(format!("suggested_questions.{i}"), text::line(question, chars)))
                .collect::<Result<_, _>>()?,
            visibility: self.visibility,
            allowed_domains: domains(&self.allowed_domains)?,
            message_limit: self.message_limit.validated()?,
            escalation: self.escalation.validated()?,
            supervisor: self.supervisor.validated()?,
        })
    }
}

impl MessageLimit {
    fn validated(self) -> Result<Self, InvalidSetting> {
        let wrong = |field: &str| InvalidSetting {
            field: format!("message_limit.{field}"),
            cause: InvalidText::Malformed("number"),
        };
        if !(1..=1_000).contains(&self.messages) {
            return Err(wrong("messages"));
        }
        if !(1..=86_400).contains(&self.seconds) {
            return Err(wrong("seconds"));
        }
        let text = checked("message_limit.text", text::required(&self.text, limits::SETTING_TEXT_CHARS))?;
        Ok(Self { text, ..self })
    }
}

impl Escalation {
    fn validated(self) -> Result<Self, InvalidSetting> {
        let max = limits::SETTING_TEXT_CHARS;
        let (triggers, phrase_chars) = limits::OUTPUT_TRIGGERS;
        bounded("escalation.output_triggers", self.output_triggers.len(), triggers)?;
        bounded("escalation.intents", self.intents.len(), limits::ESCALATION_INTENTS)?;
        let between = |field: &str, right: bool| {
            let cause = InvalidText::Malformed("number: it is out of range");
            if right { Ok(()) } else { Err(InvalidSetting { field: format!("escalation.{field}"), cause }) }
        };
        between("bias", (-10..=10).contains(&self.bias))?;
        between("after_no_answers", self.after_no_answers <= limits::NO_ANSWERS)?;
        between("after_turns", self.after_turns <= limits::TURN_LIMIT)?;
        let trigger = |(i, trigger): (usize, OutputTrigger)| {
            let phrase =
                checked(format!("escalation.output_triggers.{i}.phrase"), text::line(&trigger.phrase, phrase_chars))?;
            if !phrase.chars().any(char::is_alphanumeric) {
                // "." would stand in every answer.
                let field = format!("escalation.output_triggers.{i}.phrase");
                return Err(InvalidSetting { field, cause: InvalidText::Malformed("phrase: it has no letter") });
            }
            Ok(OutputTrigger { phrase, ..trigger })
        };
        Ok(Self {
            requested_message: checked("escalation.requested_message", text::required(&self.requested_message, max))?,
            start_announcement: checked(
                "escalation.start_announcement",
                text::optional(&self.start_announcement, max),
            )?,
            end_announcement: checked("escalation.end_announcement", text::optional(&self.end_announcement, max))?,
            output_triggers: self.output_triggers.into_iter().enumerate().map(trigger).collect::<Result<_, _>>()?,
            intents: self
                .intents
                .into_iter()
                .enumerate()
                .map(|(i, intent)| intent.validated(i))
                .collect::<Result<_, _>>()?,
            waiting: self.waiting.validated()?,
            routing: self.routing.validated()?,
            translations: handover::validated(self.translations)?,
            ..self
        })
    }
}

impl Intent {
    fn validated(self, index: usize) -> Result<Self, InvalidSetting> {
        let examples = agents::examples(format!("escalation.intents.{index}.examples"), &self.examples)?;
        Ok(Self {
            name: checked(format!("escalation.intents.{index}.name"), text::line(&self.name, limits::NAME_CHARS))?,
            examples,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid_as_they_are() {
        let defaults = Settings::default();
        assert_eq!(defaults.clone().validated().unwrap(), defaults);
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let with = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            settings.validated().unwrap_err().field
        };
        assert_eq!(with(|s| s.name = " ".into()), "name");
        assert_eq!(with(|s| s.color = "blue".into()), "color");
        assert_eq!(with(|s| s.message_limit.seconds = 0), "message_limit.seconds");
        assert_eq!(with(|s| s.allowed_domains = vec!["a.example".into(), "b/c".into()]), "allowed_domains.1");
        assert_eq!(with(|s| s.allowed_domains = vec!["a.example".into(); 101]), "allowed_domains");
        assert_eq!(with(|s| s.escalation.requested_message = String::new()), "escalation.requested_message");
        assert_eq!(
            with(|s| s.escalation.intents = vec![Intent { name: "Refund".into(), examples: vec![" ".into()] }]),
            "escalation.intents.0.examples"
        );
        assert_eq!(
            with(|s| s.escalation.output_triggers =
                vec![OutputTrigger { phrase: "x".repeat(201), ..OutputTrigger::default() }]),
            "escalation.output_triggers.0.phrase"
        );
    }
}
