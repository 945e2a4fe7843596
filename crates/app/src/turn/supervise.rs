//! The AI Supervisor: who answers this message, or does it need a person? Pure.

use domain::conversation::{Event, Reason};
use ports::{
    content::Content,
    conversations::Logged,
    models::{Speaker, Utterance},
};
use supervisor::{Detector, Wish};

use crate::directory::Profile;

/// What the visitor's newest messages ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A person, and why.
    Person {
        /// The reason.
        reason: Reason,
        /// What belongs to it.
        content: Content,
    },
    /// Perhaps a person: ask.
    MaybePerson,
    /// An answer.
    Answer,
}

/// What was said, as far as a turn looks back.
#[derive(Debug, Clone, Default)]
pub(super) struct Talk {
    /// The visitor's messages that wait for an answer, joined.
    pub question: String,
    /// Everything before and with them, oldest first.
    pub history: Vec<Utterance>,
    /// The AI's last words offered to bring in a person.
    pub offered: bool,
}

impl Talk {
    /// Reads the end of a log. Human phases are marked, so that the AI knows what a person said and that they left.
    pub(super) fn read(log: &[Logged], person_name: impl Fn(domain::PersonId) -> String) -> Self {
        let mut talk = Self::default();
        let mut question: Vec<&str> = Vec::new();
        for logged in log {
            let text = logged.content.as_ref().and_then(Content::text);
            let by = match (logged.entry.event, text) {
                (Event::VisitorWrote { .. }, Some(text)) => {
                    question.push(text);
                    Speaker::Visitor
                }
                (Event::AssistantWrote { .. }, Some(_)) => {
                    talk.offered = matches!(&logged.content, Some(Content::Answer { offers_person: true, .. }));
                    question.clear();
                    Speaker::Assistant
                }
                (Event::RequestAcknowledged, Some(_)) => {
                    talk.offered = false;
                    question.clear();
                    Speaker::Assistant
                }
                (Event::PersonWrote { person }, Some(_)) => {
                    talk.offered = false;
                    question.clear();
                    Speaker::Person(person_name(person))
                }
                (Event::TakenOver { person }, _) => {
                    talk.mark(format!("{} answered from here on; the assistant was off.", person_name(person)));
                    continue;
                }
                (Event::LiveChatEnded { .. } | Event::Released { .. }, _) => {
                    question.clear();
                    talk.offered = false;
                    talk.mark("The person has left; the assistant answers again.".to_owned());
                    continue;
                }
                _ => continue,
            };
            talk.history.push(Utterance { by, text: text.unwrap_or_default().to_owned() });
        }
        talk.question = question.join("\n");
        talk
    }

    fn mark(&mut self, text: String) {
        self.history.push(Utterance { by: Speaker::Marker, text });
    }
}

/// Looks at what the visitor wrote. With escalation switched off the answer is always [`Verdict::Answer`].
pub(super) fn supervise(profile: &Profile, detector: &Detector, talk: &Talk) -> (Verdict, Option<&'static str>) {
    let assessment = detector.assess(&talk.question);
    if !profile.chatbot.settings.escalation.enabled {
        return (Verdict::Answer, assessment.language);
    }
    let words = Some(talk.question.clone());
    let asked = |matched: Option<String>| Verdict::Person {
        reason: Reason::VisitorAsked,
        content: Content::Reason { words: words.clone(), matched, name: None },
    };
    let verdict = if assessment.wish == Wish::Yes {
        asked(assessment.matched)
    } else if talk.offered && supervisor::affirms(&talk.question) {
        asked(None)
    } else if let Some(intent) = profile.intents.nearest(&talk.question) {
        let content = Content::Reason { words, matched: Some(intent.example), name: Some(intent.name) };
        Verdict::Person { reason: Reason::Intent, content }
    } else if assessment.wish == Wish::Ask {
        Verdict::MaybePerson
    } else {
        Verdict::Answer
    };
    (verdict, assessment.language)
}
