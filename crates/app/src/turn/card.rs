//! The hand-over card, as far as a model writes it: what the visitor wants, how they feel, and a first line.
//!
//! A request has one job in the outbox for it, written in the transaction in which it opens. It asks each model once, within
//! one limit of time, and keeps what came of it, also when nothing did: then the plain card is all there is. Whoever finds
//! that it was kept already does nothing, so a job that is run twice, here or on two nodes, leaves one card.

use domain::{
    ConversationId, Millis,
    answering::Trouble,
    card::Card,
    conversation::{Control, Conversation},
    models::Level,
};
use ports::{
    Scope,
    cards::WrittenCard,
    content::{Made, Tried},
    conversations::{LogRange, Row},
    jobs::{Lease, NewJob, Task},
    models::{ChatRequest, ModelError, Speaker, Task as Asked, Utterance},
};
use serde::Deserialize;
use supervisor::language;
use uuid::Uuid;

use super::talk::Talk;
use crate::{Baton, directory::Profile, error::Result, routing::opened};

/// How far back a card looks, in events.
const HISTORY: u32 = 60;
/// Longer than this no card is waited for, all models together, in milliseconds: the colleague is there soon.
const PATIENCE_MS: i64 = 25_000;

/// The job that has the card of a request written that opens with what is written now.
pub(crate) fn carding(
    (id, lease): (Uuid, Option<Lease>),
    row: &Row,
    after: &Conversation,
    now: Millis,
) -> Option<NewJob> {
    let opened = opened(after).filter(|new| opened(&row.state) != Some(*new))?;
    Some(NewJob { id, task: Task::WriteCard { conversation: row.id, opened }, run_at: now, lease })
}

/// The language that a visitor writes, as BCP 47: the browser's own tag where it says the same, because that knows the
/// country, too.
pub(crate) fn visitors_language<'m>(
    newest_first: impl IntoIterator<Item = &'m str>,
    browser: Option<&str>,
) -> Option<String> {
    let Some(spoken) = language::spoken(newest_first, browser) else { return browser.map(str::to_owned) };
    let same = |tag: &&str| tag.split(['-', '_']).next().is_some_and(|code| code.eq_ignore_ascii_case(spoken));
    Some(browser.filter(same).unwrap_or(spoken).to_owned())
}

impl Baton {
    /// Whether a model writes the cards of a chatbot.
    pub(crate) fn writes_cards(&self, profile: &Profile) -> bool {
        profile.level(!self.servers_models.is_empty()) != Level::BuiltIn
    }

    /// Has a model write the card of a request, once.
    pub(super) async fn write_card(&self, scope: Scope, id: ConversationId, opened: i64) -> Result<()> {
        let row = self.store.row(scope, id).await?;
        // Whoever has taken it reads the chat itself, and from then on nothing here works on what is said.
        let Control::Requested(request) = &row.state.control else { return Ok(()) };
        if request.opened != opened || self.store.card(scope, id, request.since).await?.is_some() {
            return Ok(());
        }
        let profile = self.directory.profile(row.chatbot).await?;
        let answerers = self.answerers(&profile);
        if answerers.is_empty() {
            return Ok(());
        }
        let (asked, language) = self.about_card(&row, &profile).await?;
        let until = self.clock.now().plus(PATIENCE_MS);
        let (mut made, mut card) = (Made::default(), None);
        for answerer in &answerers {
            if self.clock.now() >= until {
                break;
            }
            let (said, usage) = self.try_out(&*answerer.model, asked.clone(), until).await;
            // What a model took it took, whether it was of use or not.
            made.input = made.input.saturating_add(usage.input);
            made.output = made.output.saturating_add(usage.output);
            made.cost = made.cost.saturating_add(answerer.settings.cost(usage.input, usage.output));
            let read = said.and_then(|said| {
                read(&said).ok_or_else(|| ModelError::new(Trouble::Malformed, "a hand-over card of another shape"))
            });
            match read {
                Ok(read) => {
                    self.recovered(&profile, answerer).await;
                    answerer.model.name().clone_into(&mut made.model);
                    card = Some(read);
                    break;
                }
                Err(error) => {
                    tracing::warn!(conversation = %id, model = answerer.model.name(), %error, "no hand-over card");
                    self.troubled(&profile, answerer, &error).await;
                    let model = answerer.model.name().to_owned();
                    made.tried.push(Tried { model, trouble: error.trouble, detail: error.detail });
                }
            }
        }
        let written = WrittenCard { card, language, made, at: self.clock.now() };
        self.store.keep_card(scope, id, (opened, request.since), written).await?;
        Ok(())
    }

    /// What a model is asked, and the visitor's language.
    async fn about_card(&self, row: &Row, profile: &Profile) -> Result<(ChatRequest, Option<String>)> {
        // No note is in a talk: what is for staff alone stays with staff.
        let range = LogRange { after: 0, before: Some(row.state.seq + 1), visitor: false, limit: HISTORY };
        let log = self.store.log(row.scope, row.id, range).await?;
        let names = self.names(&log).await;
        let talk = Talk::read(&log, |person| names.get(&person).cloned().unwrap_or_else(|| "A colleague".to_owned()));
        let browser = self.store.visitor(row.scope, row.visitor).await?.facts.language;
        let by_visitor = |said: &&Utterance| said.by == Speaker::Visitor;
        let said = talk.history.iter().rev().filter(by_visitor).map(|said| said.text.as_str());
        let language = visitors_language(said, browser.as_deref());
        // The owner's own words tell which language the team reads.
        let owners = &profile.chatbot.settings.escalation.requested_message;
        let team = language::guess(owners).unwrap_or("en").to_owned();
        let request = ChatRequest {
            task: Asked::Card { team },
            agent: String::new(),
            prompt: String::new(),
            language: language.clone(),
            history: talk.history,
            passages: Vec::new(),
            word_counts: (Vec::new(), 0),
            may_offer_person: false,
            variables: Vec::new(),
            temperature: None,
            tools: Vec::new(),
            rounds: Vec::new(),
        };
        Ok((request, language))
    }
}

/// The card in what a model said: some put words or a fence of code around it.
fn read(said: &str) -> Option<Card> {
    #[derive(Deserialize)]
    struct Said {
        wish: String,
        #[serde(default)]
        mood: Option<String>,
        #[serde(default)]
        first_line: Option<String>,
    }
    let (from, to) = (said.find('{')?, said.rfind('}')?);
    let said: Said = serde_json::from_str(said.get(from..=to)?).ok()?;
    Card::of(&said.wish, &said.mood.unwrap_or_default(), &said.first_line.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use domain::card::Mood;

    use super::*;

    #[test]
    fn a_card_is_found_in_what_a_model_says() {
        let check = |said: &str, expected: Option<(&str, Option<Mood>, &str)>| {
            let card = read(said);
            let card = card.as_ref().map(|card| (card.wish.as_str(), card.mood, card.first_line.as_str()));
            assert_eq!(card, expected, "{said:?}");
        };
        let whole = r#"{"wish": "A refund.", "mood": "angry", "first_line": "Hello, I am looking at it."}"#;
        let found = Some(("A refund.", Some(Mood::Angry), "Hello, I am looking at it."));
        check(whole, found);
        check(&format!("Here it is:\n```json\n{whole}\n```"), found);
        check(r#"{"wish": "A refund."}"#, Some(("A refund.", None, "")));
        check(r#"{"wish": "A refund.", "mood": null, "more": [1]}"#, Some(("A refund.", None, "")));
        check("The visitor wants a refund.", None);
        check(r#"{"wish": ["a", "b"]}"#, None);
        check(r#"{"wish": " "}"#, None);
        check("} {", None);
    }

    #[test]
    fn the_language_is_that_of_the_words() {
        let check = |said: &[&str], browser: Option<&str>, expected: Option<&str>| {
            let found = visitors_language(said.iter().copied(), browser);
            assert_eq!(found.as_deref(), expected, "{said:?} {browser:?}");
        };
        check(&["Ich möchte bitte mit einem Menschen sprechen"], Some("en-GB"), Some("de"));
        check(&["Ich möchte bitte mit einem Menschen sprechen"], Some("de-AT"), Some("de-AT"));
        check(&["A-1044"], Some("fr-CA"), Some("fr-CA"));
        check(&[], Some("el-GR"), Some("el-GR"));
        check(&[], None, None);
    }
}
