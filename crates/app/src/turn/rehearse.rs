//! Judges messages as a turn would, without one: for the Escalation lab. Nothing is answered, stored or told.
//!
//! It is the judgement of [`Case`] itself, so that the lab cannot say anything else than a conversation would.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    ChatbotId, Millis,
    conversation::{Asks, Event, Reason},
};
use ports::{
    content::Content,
    conversations::{Logged, VisitorFacts},
    lab::{Called, Calls, Cause, Judgement, Nearest},
    models::Speaker,
};
use supervisor::{Assessment, language};

use super::{
    assess::office_open,
    look_up::Question,
    supervise::{Case, Verdict, called_from, thousandths},
    talk::Talk,
};
use crate::{
    Baton,
    directory::Profile,
    error::Result,
    meaning::{Learning, Meaning, SeenGroup},
};

/// Nothing that a website says of a visitor.
static NOTHING: BTreeMap<String, String> = BTreeMap::new();

/// Settings that are judged by.
pub(crate) struct Side {
    profile: Arc<Profile>,
    learned: Option<Arc<Learning>>,
}

/// A message with what is known when it comes.
pub(crate) struct Moment<'a> {
    talk: Talk,
    /// When; absent where it does not matter: then people are there.
    at: Option<Millis>,
    language: Option<String>,
    attributes: &'a BTreeMap<String, String>,
}

impl Moment<'static> {
    /// The first words of a visitor of whom nothing is known, while people are there.
    pub(crate) fn of(text: &str) -> Self {
        let language = language::spoken([text], None).map(str::to_owned);
        Self { talk: Talk::of(text), at: None, language, attributes: &NOTHING }
    }
}

impl<'a> Moment<'a> {
    /// The last message of a log that ends with one of the visitor.
    fn at_the_end_of(log: &[Logged], facts: &'a VisitorFacts) -> Self {
        let talk = Talk::read(log, |_| String::new());
        let said = talk.history.iter().rev().filter(|said| matches!(said.by, Speaker::Visitor));
        let spoken = language::spoken(said.map(|said| said.text.as_str()), facts.language.as_deref());
        let language = spoken.map(str::to_owned).or_else(|| facts.language.clone());
        let at = log.last().map(|logged| logged.entry.at);
        Self { talk, at, language, attributes: &facts.attributes }
    }

    /// What is judged: the message, and those before it that wait for an answer with it.
    pub(crate) fn text(&self) -> &str {
        &self.talk.question
    }

    /// Whether that may be English.
    pub(crate) fn may_be_english(&self) -> bool {
        language::guess(self.text()).is_none_or(|code| code == "en")
    }
}

/// A conversation that can be judged again.
pub(crate) struct Past<'a> {
    /// The messages of the visitor that the AI was asked, with their places in the log, until somebody was called or came.
    pub(crate) moments: Vec<(i64, Moment<'a>)>,
    /// The request that ended it, if there was one.
    pub(crate) called: Option<Called>,
    /// All messages are there; of a long conversation the last ones are left out.
    pub(crate) whole: bool,
}

impl<'a> Past<'a> {
    /// Reads the beginning of a log: at most so many messages.
    pub(crate) fn read(log: &[Logged], facts: &'a VisitorFacts, most: usize) -> Self {
        let end = log.iter().position(|logged| {
            matches!(
                logged.entry.event,
                Event::HumanRequested { .. } | Event::TakenOver { .. } | Event::PersonWrote { .. }
            )
        });
        let called = end.and_then(|at| log.get(at)).and_then(|logged| match logged.entry.event {
            Event::HumanRequested { reason, .. } => Some(Called { seq: logged.entry.seq, reason }),
            _ => None,
        });
        let before = log.get(..end.unwrap_or(log.len())).unwrap_or_default();
        let asked = before.iter().enumerate().filter(|(_, logged)| {
            let text = logged.content.as_ref().and_then(Content::text);
            let asks = matches!(logged.entry.event, Event::VisitorWrote { asks: Asks::Ai | Asks::AiLater });
            asks && text.is_some_and(|text| !text.is_empty())
        });
        let asked: Vec<(usize, i64)> = asked.map(|(at, logged)| (at, logged.entry.seq)).collect();
        let whole = asked.len() <= most;
        let moment = |(at, seq): (usize, i64)| (seq, Moment::at_the_end_of(&before[..=at], facts));
        Self { moments: asked.into_iter().take(most).map(moment).collect(), called, whole }
    }
}

/// How long it took to understand a message, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Understood {
    /// Until it was read by the models, heard for a wish for a person and compared with every example, and an agent was
    /// chosen.
    pub judged_in: Duration,
    /// Until the knowledge was looked into after that.
    pub searched_in: Duration,
    /// Intents that it was compared with, by meaning or by spelling.
    pub intents: usize,
    /// Passages that were found.
    pub passages: usize,
}

impl Baton {
    /// Everything that a turn does about the first words of a visitor before an answer is written, for measurements.
    /// Nothing is stored or told.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`], a fault of the database.
    pub async fn understand(&self, chatbot: ChatbotId, text: &str) -> Result<Understood> {
        let profile = self.directory.profile(chatbot).await?;
        let began = self.clock.instant();
        let moment = Moment::of(text);
        let reading = self.assess(&profile, moment.text(), None).await;
        let case = Case {
            profile: &profile,
            talk: &moment.talk,
            assessment: &reading.assessment,
            seen: &reading.seen,
            models: reading.models.clone(),
            requested: false,
            office_open: true,
            language: moment.language.as_deref(),
            attributes: moment.attributes,
        };
        let agent = case.ruling().why.agent.and_then(|id| profile.agent(id));
        let judged = self.clock.instant();
        let question = Question { words: moment.text(), before: None, meaning: &reading.meaning, agent };
        let found = self.look_up(&profile, question).await?;
        let searched = self.clock.instant();
        Ok(Understood {
            judged_in: judged.duration_since(began),
            searched_in: searched.duration_since(judged),
            intents: reading.seen.len(),
            passages: found.passages.len(),
        })
    }

    /// Settings to judge by: what is to be learned of their examples is learned now, and kept nowhere.
    ///
    /// # Errors
    /// The embedding model does not answer, a fault of the database.
    pub(crate) async fn side(&self, profile: Arc<Profile>) -> Result<Side> {
        let learned = self.learn_now(&profile).await?;
        Ok(Side { profile, learned })
    }

    /// What would be done about a message, and the models that had a say in it.
    pub(crate) fn judged(&self, side: &Side, moment: &Moment<'_>, meaning: &Meaning) -> (Judgement, Vec<String>) {
        let profile = &*side.profile;
        let assessment = self.heard(moment.text(), meaning);
        let (seen, by_meaning) = self.compared(profile, side.learned.as_deref(), moment.text(), meaning);
        let models = self.heard_models(meaning, by_meaning);
        let case = Case {
            profile,
            talk: &moment.talk,
            assessment: &assessment,
            seen: &seen,
            models: Vec::new(),
            requested: false,
            office_open: moment.at.is_none_or(|at| office_open(profile, at)),
            language: moment.language.as_deref(),
            attributes: moment.attributes,
        };
        let verdict = case.ruling().verdict;
        (judgement(profile, &assessment, &seen, verdict), models)
    }
}

fn judgement(profile: &Profile, assessment: &Assessment, seen: &[SeenGroup], verdict: Verdict) -> Judgement {
    let (calls, cause) = match verdict {
        Verdict::Person { reason, content } => {
            let (_, matched, name) = content.of_reason();
            (Calls::Now, Some(Cause { reason, matched, name }))
        }
        Verdict::MaybePerson => (Calls::Asks, None),
        Verdict::OnlyFiles | Verdict::Says(_) | Verdict::Answer => (Calls::No, None),
    };
    let own = seen.iter().filter_map(|seen| {
        let group = profile.groups.get(seen.group).filter(|group| group.agent.is_none())?;
        Some((group, seen))
    });
    let nearest = own.max_by(|(_, a), (_, b)| a.near.total_cmp(&b.near)).map(|(group, seen)| Nearest {
        name: group.name.clone(),
        example: seen.example.clone(),
        near: thousandths(seen.near),
    });
    Judgement {
        calls,
        cause,
        wish: thousandths(assessment.score),
        from: called_from(assessment, &profile.chatbot.settings.escalation).map(thousandths),
        example: assessment.matched.clone(),
        nearest,
    }
}

/// The cause without the visitor's own words, for what is kept.
pub(crate) fn without_words(cause: Cause) -> Cause {
    match cause.reason {
        // What upset them is matched in their own words.
        Reason::Frustration => Cause { matched: None, ..cause },
        _ => cause,
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        PersonId,
        conversation::{Actor, Entry},
    };

    use super::*;

    fn logged(seq: i64, event: Event, text: &str) -> Logged {
        let entry = Entry { seq, visitor_seq: Some(seq), at: Millis(seq), turn: 0, event };
        let content = (!text.is_empty()).then(|| Content::Text { text: text.to_owned() });
        Logged { entry, client_id: None, content, edited: false }
    }

    fn wrote(seq: i64, text: &str) -> Logged {
        logged(seq, Event::VisitorWrote { asks: Asks::Ai }, text)
    }

    fn requested(seq: i64, reason: Reason) -> Logged {
        logged(seq, Event::HumanRequested { reason, hold: false, settles: None, opens: None }, "")
    }

    fn texts(past: &Past<'_>) -> Vec<(i64, String)> {
        past.moments.iter().map(|(seq, moment)| (*seq, moment.text().to_owned())).collect()
    }

    #[test]
    fn a_past_ends_where_somebody_was_called_or_came() {
        let facts = VisitorFacts::default();
        let answered = logged(2, Event::AssistantWrote { turn: 1, attempt: 1 }, "They are sold.");
        let log =
            [wrote(1, "lamps?"), answered, wrote(3, "a person"), requested(4, Reason::VisitorAsked), wrote(5, "so?")];
        let past = Past::read(&log, &facts, 20);
        assert_eq!(texts(&past), [(1, "lamps?".to_owned()), (3, "a person".to_owned())]);
        assert_eq!(past.called, Some(Called { seq: 4, reason: Reason::VisitorAsked }));
        let person = PersonId::new(uuid::Uuid::from_u128(7));
        let unasked = [wrote(1, "lamps?"), logged(2, Event::TakenOver { person }, ""), wrote(3, "hello")];
        let past = Past::read(&unasked, &facts, 20);
        assert_eq!((texts(&past).len(), past.called), (1, None));
        assert!(Past::read(&[], &facts, 20).moments.is_empty());
    }

    #[test]
    fn messages_that_wait_together_are_judged_together() {
        let facts = VisitorFacts { language: Some("de-AT".to_owned()), ..VisitorFacts::default() };
        let held = logged(3, Event::VisitorWrote { asks: Asks::Nobody }, "is somebody there?");
        let log = [wrote(1, "hello"), wrote(2, "42"), held, logged(4, Event::Resolved { by: Actor::System }, "")];
        let past = Past::read(&log, &facts, 20);
        assert_eq!(texts(&past), [(1, "hello".to_owned()), (2, "hello\n42".to_owned())]);
        assert!(past.whole);
        assert_eq!(past.moments[1].1.at, Some(Millis(2)));
        let past = Past::read(&log, &facts, 1);
        assert_eq!((past.moments.len(), past.whole), (1, false));
    }

    #[test]
    fn first_words_stand_alone() {
        let moment = Moment::of("Ich möchte mit einem Menschen sprechen");
        assert_eq!((moment.language.as_deref(), moment.may_be_english()), (Some("de"), false));
        assert_eq!(moment.talk.messages, [moment.text()]);
        assert!(moment.at.is_none() && moment.attributes.is_empty());
    }
}
