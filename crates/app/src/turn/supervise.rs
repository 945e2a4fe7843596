//! The AI Supervisor: who answers this message, or does it need a person? Pure.

use domain::conversation::{Asks, Event, Reason};
use ports::{
    content::Content,
    conversations::Logged,
    models::{Speaker, Utterance},
};
use supervisor::{Assessment, Wish};

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
    /// Files without a word: say that the AI does not look into them.
    OnlyFiles,
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
    ///
    /// What the visitor wrote while an answer was being written stands behind that answer: the next one is about it.
    pub(super) fn read(log: &[Logged], person_name: impl Fn(domain::PersonId) -> String) -> Self {
        let mut talk = Self::default();
        let mut waiting = Waiting::default();
        for logged in log {
            talk.note_files(logged);
            let text = logged.content.as_ref().and_then(Content::text);
            match (logged.entry.event, text) {
                (Event::VisitorWrote { .. }, Some("")) => {}
                (Event::VisitorWrote { asks }, Some(text)) => {
                    waiting.0.push((talk.history.len(), asks == Asks::AiLater));
                    talk.say(Speaker::Visitor, text);
                }
                (Event::AssistantWrote { .. }, Some(text)) => {
                    talk.offered = matches!(&logged.content, Some(Content::Answer { offers_person: true, .. }));
                    let place = waiting.settle().unwrap_or(talk.history.len());
                    talk.history.insert(place, Utterance { by: Speaker::Assistant, text: text.to_owned() });
                    waiting.move_on();
                }
                (Event::HumanRequested { settles: Some(_), .. } | Event::ReasonAdded { settles: Some(_), .. }, _) => {
                    talk.offered = false;
                    waiting.settle();
                }
                (Event::RequestAcknowledged, Some(text)) => {
                    talk.offered = false;
                    talk.say(Speaker::Assistant, text);
                }
                (Event::PersonWrote { person }, Some(text)) => {
                    talk.offered = false;
                    waiting.0.clear();
                    if !text.is_empty() {
                        talk.say(Speaker::Person(person_name(person)), text);
                    }
                }
                (Event::TakenOver { person }, _) => {
                    talk.say(
                        Speaker::Marker,
                        &format!("{} answered from here on; the assistant was off.", person_name(person)),
                    );
                }
                (Event::LiveChatEnded { .. } | Event::Released { .. }, _) => {
                    talk.offered = false;
                    waiting.0.clear();
                    talk.say(Speaker::Marker, "The person has left; the assistant answers again.");
                }
                (Event::Resolved { .. }, _) => waiting.0.clear(),
                _ => {}
            }
        }
        let asked: Vec<&str> = waiting.0.iter().map(|(place, _)| talk.history[*place].text.as_str()).collect();
        talk.question = asked.join("\n");
        talk
    }

    /// What came along with words is told before them: the last ones are the question.
    fn note_files(&mut self, logged: &Logged) {
        let files = logged.content.as_ref().map(Content::files).unwrap_or_default();
        let who = match logged.entry.event {
            Event::VisitorWrote { .. } => "The visitor",
            Event::PersonWrote { .. } => "The person",
            _ => return,
        };
        if !files.is_empty() {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            self.say(Speaker::Marker, &format!("{who} sent files: {}.", names.join(", ")));
        }
    }

    fn say(&mut self, by: Speaker, text: &str) {
        self.history.push(Utterance { by, text: text.to_owned() });
    }
}

/// The visitor's messages that wait for an answer: their places in the history, and whether the answer in the making was
/// asked before them.
#[derive(Default)]
struct Waiting(Vec<(usize, bool)>);

impl Waiting {
    /// The AI has spoken: what was written meanwhile still waits, and is asked next. Its first place, if there is any.
    fn settle(&mut self) -> Option<usize> {
        self.0.retain(|(_, later)| *later);
        for (_, later) in &mut self.0 {
            *later = false;
        }
        self.0.first().map(|(place, _)| *place)
    }

    /// Something was put before them.
    fn move_on(&mut self) {
        for (place, _) in &mut self.0 {
            *place += 1;
        }
    }
}

/// Decides by the detector's assessment of what the visitor wrote. With escalation switched off it is always
/// [`Verdict::Answer`].
pub(super) fn supervise(profile: &Profile, assessment: Assessment, talk: &Talk) -> (Verdict, Option<&'static str>) {
    if talk.question.is_empty() {
        return (Verdict::OnlyFiles, None);
    }
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
