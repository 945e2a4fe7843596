//! What the Supervisor hears in a message: does it ask for a person, and which intents does it mean? The n-gram tier always
//! has an opinion; embedding models are heard where there are any.

use std::sync::Arc;

use domain::{
    Millis,
    conversation::{Control, Reason},
};
use ports::{
    content::{Content, Why},
    models::Speaker,
};
use supervisor::{Assessment, Detector, Head, Wish, language};

use super::{
    supervise::{Case, Ruling, Verdict, wish},
    talk::Talk,
};
use crate::{
    Baton,
    directory::Profile,
    error::Result,
    meaning::{Meaning, SeenGroup},
};

/// A message as it was read.
pub(super) struct Reading {
    pub(super) assessment: Assessment,
    pub(super) meaning: Meaning,
    pub(super) seen: Vec<SeenGroup>,
    pub(super) models: Vec<String>,
    /// The language to answer in: that of the talk, else of the browser.
    pub(super) language: Option<&'static str>,
}

impl Baton {
    /// Reads what a visitor wrote.
    pub(super) async fn assess(&self, profile: &Arc<Profile>, text: &str, spoken: Option<&str>) -> Reading {
        // A short message does not give its language away; then the browser's is believed.
        let english = match language::guess(text) {
            Some(code) => code == "en",
            None => spoken.is_some_and(|tag| tag.to_lowercase().starts_with("en")),
        };
        let meaning = if text.is_empty() { Meaning::default() } else { self.meaning(text, english).await };
        let assessment = self.heard(text, &meaning);
        let (seen, by_meaning) = self.seen_groups(profile, text, &meaning).await;
        let models = self.heard_models(&meaning, by_meaning);
        Reading { assessment, meaning, seen, models, language: None }
    }

    /// Whether a text that means this asks for a person.
    pub(super) fn heard(&self, text: &str, meaning: &Meaning) -> Assessment {
        let spelled = Detector::built_in().assess(text);
        let head = Head::built_in().filter(|head| Some(head.model()) == self.models().0.as_deref());
        match (head, &meaning.general) {
            (Some(head), Some(vector)) => head.join(spelled, vector),
            _ => spelled,
        }
    }

    /// The models that had a say in it.
    pub(super) fn heard_models(&self, meaning: &Meaning, by_meaning: bool) -> Vec<String> {
        let (general, english) = self.models();
        let mut models = Vec::new();
        if meaning.general.is_some() {
            models.extend(general);
        }
        if by_meaning && meaning.english.is_some() {
            models.extend(english);
        }
        models
    }

    /// Reads it and decides.
    pub(super) async fn supervise(
        &self,
        profile: &Arc<Profile>,
        row: &ports::conversations::Row,
        talk: &Talk,
    ) -> Result<(Ruling, Reading)> {
        let visitor = self.store.visitor(row.scope, row.visitor).await?.facts;
        let mut reading = self.assess(profile, &talk.question, visitor.language.as_deref()).await;
        let said = talk.history.iter().rev().filter(|said| matches!(said.by, Speaker::Visitor));
        reading.language = language::spoken(said.map(|said| said.text.as_str()), visitor.language.as_deref());
        let language = reading.language.map(str::to_owned).or_else(|| visitor.language.clone());
        let case = Case {
            profile,
            talk,
            assessment: &reading.assessment,
            seen: &reading.seen,
            models: reading.models.clone(),
            requested: matches!(row.state.control, Control::Requested(_)),
            office_open: self.office_open(profile),
            language: language.as_deref(),
            attributes: &visitor.attributes,
        };
        Ok((case.ruling(), reading))
    }

    /// In a burst of messages: what was written beside a wish for a person who is on the way already, and what belongs to
    /// the wish. Nobody is called twice, and so nobody would come to a question that the wish stood beside. Nothing where
    /// each message asks for a person, or only all of them together do.
    pub(super) async fn beside_a_wish(
        &self,
        profile: &Arc<Profile>,
        row: &ports::conversations::Row,
        talk: &Talk,
        ruling: &Ruling,
    ) -> Result<Option<(String, Content)>> {
        let Verdict::Person { reason: Reason::VisitorAsked, content } = &ruling.verdict else { return Ok(None) };
        if talk.waiting.len() < 2 || !matches!(row.state.control, Control::Requested(_)) {
            return Ok(None);
        }
        let spoken = self.store.visitor(row.scope, row.visitor).await?.facts.language;
        let mut rest: Vec<&str> = Vec::new();
        for message in &talk.waiting {
            let reading = self.assess(profile, message, spoken.as_deref()).await;
            if wish(&reading.assessment, &profile.chatbot.settings.escalation) != Wish::Yes {
                rest.push(message);
            }
        }
        let stands_beside = !rest.is_empty() && rest.len() < talk.waiting.len();
        Ok(stands_beside.then(|| (rest.join("\n"), content.clone())))
    }

    /// Whether people are there now.
    fn office_open(&self, profile: &Profile) -> bool {
        office_open(profile, self.clock.now())
    }
}

/// Whether people are there at a time; always, where nobody has said when.
pub(super) fn office_open(profile: &Profile, now: Millis) -> bool {
    let hours = profile.chatbot.settings.supervisor.office_hours.as_ref();
    hours.is_none_or(|hours| crate::hours::local(&hours.time_zone, now).is_none_or(|now| hours.open_at(&now)))
}

/// What is kept of how an answer came about.
pub(super) fn kept(why: &Why) -> Option<Box<Why>> {
    Some(Box::new(why.clone()))
}
