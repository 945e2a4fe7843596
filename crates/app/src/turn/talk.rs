//! What was said, as far as a turn looks back. Pure.

use domain::{
    AgentId,
    conversation::{Asks, Event},
};
use ports::{
    content::Content,
    conversations::Logged,
    models::{Speaker, Utterance},
};

/// What was said, as far as a turn looks back.
#[derive(Debug, Clone, Default)]
pub(super) struct Talk {
    /// The visitor's messages that wait for an answer, joined.
    pub question: String,
    /// The same one by one.
    pub waiting: Vec<String>,
    /// Everything before and with them, oldest first.
    pub history: Vec<Utterance>,
    /// The AI's last words offered to bring in a person.
    pub offered: bool,
    /// What the visitor said since the AI has the conversation, message by message.
    pub messages: Vec<String>,
    /// Each message of the visitor with the AI's words before it.
    pub exchanges: Vec<(String, String)>,
    /// Who answered last.
    pub agent: Option<AgentId>,
    /// Answers in a row of this one.
    pub turns_with_agent: u32,
    /// Answers of the AI since it has the conversation.
    pub answers: u32,
    /// Answers in a row that the AI did not know.
    pub unknown: u32,
    /// What the AI said last.
    said: String,
}

impl Talk {
    /// The first words of a visitor.
    pub(super) fn of(text: &str) -> Self {
        let (text, said) = (text.to_owned(), Utterance { by: Speaker::Visitor, text: text.to_owned() });
        Self {
            waiting: vec![text.clone()],
            messages: vec![text.clone()],
            exchanges: vec![(String::new(), text.clone())],
            history: vec![said],
            question: text,
            ..Self::default()
        }
    }

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
                    talk.messages.push(text.to_owned());
                    talk.exchanges.push((talk.said.clone(), text.to_owned()));
                    talk.say(Speaker::Visitor, text);
                }
                (Event::AssistantWrote { .. }, Some(text)) => {
                    talk.offered = matches!(&logged.content, Some(Content::Answer { offers_person: true, .. }));
                    talk.note_answer(logged.content.as_ref(), text);
                    let place = waiting.settle().unwrap_or(talk.history.len());
                    talk.history.insert(place, Utterance { by: Speaker::Assistant, text: text.to_owned() });
                    waiting.move_on();
                }
                (Event::HumanRequested { settles: Some(_), .. } | Event::ReasonAdded { settles: Some(_), .. }, _) => {
                    talk.offered = false;
                    waiting.settle();
                }
                (Event::RequestAcknowledged | Event::Climbed { .. }, Some(text)) => {
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
                    talk.begin_anew();
                    talk.offered = false;
                    waiting.0.clear();
                    talk.say(Speaker::Marker, "The person has left; the assistant answers again.");
                }
                (Event::RequestDismissed { .. } | Event::RequestCancelled, _) => talk.begin_anew(),
                (Event::Resolved { .. }, _) => {
                    talk.begin_anew();
                    waiting.0.clear();
                }
                _ => {}
            }
        }
        talk.waiting = waiting.0.iter().map(|(place, _)| talk.history[*place].text.clone()).collect();
        talk.question = talk.waiting.join("\n");
        talk
    }

    fn note_answer(&mut self, content: Option<&Content>, text: &str) {
        let Some(Content::Answer { unknown, why, .. }) = content else { return };
        let agent = why.as_ref().and_then(|why| why.agent);
        self.turns_with_agent = if agent == self.agent { self.turns_with_agent + 1 } else { 1 };
        self.agent = agent;
        self.answers += 1;
        self.unknown = if *unknown { self.unknown + 1 } else { 0 };
        text.clone_into(&mut self.said);
    }

    /// The AI has the conversation again: what was counted before was dealt with by people.
    fn begin_anew(&mut self) {
        self.messages.clear();
        (self.answers, self.unknown, self.turns_with_agent) = (0, 0, 0);
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
