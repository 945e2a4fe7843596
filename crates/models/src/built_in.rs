//! The answerer that needs no key: it quotes the knowledge, cites it, and says when it does not know.

use async_trait::async_trait;
use domain::answering::Trouble;
use futures_util::{StreamExt, stream};
use knowledge::{Passage, Rarity, codes, confident, extract, rank::holds, sentences};
use ports::models::{ChatModel, ChatRequest, ModelError, Part, Parts, Speaker, Task};

use crate::{phrases, small_talk::SmallTalk};

/// Sentences of a question that are looked at one by one.
const SENTENCES: usize = 12;
/// From this sureness on a passage answers by its meaning alone.
const SURE: f32 = knowledge::rank::FITS;
/// Below this sureness by meaning no word that is shared makes a passage an answer.
const POSSIBLE: f32 = 0.3;
/// Most questions that are answered together.
const QUESTIONS: usize = 4;

/// The answerer that needs no key.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

#[async_trait]
impl ChatModel for BuiltIn {
    fn name(&self) -> &str {
        "built-in"
    }

    async fn answer(&self, request: ChatRequest) -> Result<Parts, ModelError> {
        if matches!(request.task, Task::Rewrite { .. } | Task::Translate { .. } | Task::Card { .. }) {
            return Err(ModelError::new(Trouble::Unknown, "the built-in answerer quotes, it does not write"));
        }
        let parts = compose(&request);
        Ok(stream::iter(parts.into_iter().map(Ok)).boxed())
    }
}

fn compose(request: &ChatRequest) -> Vec<Part> {
    let messages = open_messages(request);
    let question = messages.join("\n");
    let (counts, chunks) = &request.word_counts;
    let rarity = Rarity::from_counts(*chunks, counts.iter().cloned());
    let passages: Vec<Passage<'_>> = request
        .passages
        .iter()
        .map(|found| Passage { heading: &found.heading, text: &found.text, fits: found.fits })
        .collect();
    if let Some(kind) = SmallTalk::of(&question) {
        return words(phrases::small_talk(kind, request.language.as_deref()));
    }
    let codes = codes(&question);
    let possible = passages.iter().any(|passage| {
        passage.fits.is_none_or(|fits| fits >= POSSIBLE)
            || holds(passage.heading, &codes)
            || holds(passage.text, &codes)
    });
    let known = |asked: &&str| possible && confident(asked, &passages, &rarity);
    let mut asked: Vec<&str> = questions(&messages).into_iter().filter(known).take(QUESTIONS).collect();
    if asked.len() < 2 {
        // A greeting or a remark around a question must not sink it: each sentence gets its chance.
        let whole = std::iter::once(question.as_str()).chain(sentences(&question));
        asked = whole.take(SENTENCES).find(known).into_iter().collect();
    }
    // What means the same in other words, or in another language, shares no word with the question.
    let meant = request.passages.first().and_then(|found| found.fits).is_some_and(|fits| fits >= SURE);
    if asked.is_empty() && meant {
        asked = vec![question.as_str()];
    }
    let Some(answer) = extract(&asked, &passages, &rarity) else {
        let mut parts = words(phrases::unknown(request.language.as_deref(), request.may_offer_person));
        parts.push(Part::Unknown);
        if request.may_offer_person {
            parts.push(Part::OffersPerson);
        }
        return parts;
    };
    let cited = answer
        .cited
        .iter()
        .zip(1u32..)
        .filter_map(|(&index, number)| Some(request.passages.get(index)?.citation(number)));
    let cited = cited.collect();
    let mut parts = words(&answer.text);
    parts.push(Part::Citations(cited));
    parts
}

/// The visitor's last messages: everything behind the last thing that somebody else said.
///
/// A suggestion is about the visitor's last words, whoever has spoken since.
fn open_messages(request: &ChatRequest) -> Vec<&str> {
    let mut history = request.history.as_slice();
    if request.task == Task::Suggest {
        let last = history.iter().rposition(|said| said.by == Speaker::Visitor);
        history = &history[..last.map_or(0, |at| at + 1)];
    }
    let behind = history.iter().rposition(|said| !matches!(said.by, Speaker::Visitor | Speaker::Marker));
    let behind = behind.map_or(0, |at| at + 1);
    let words = history[behind..].iter().filter(|said| said.by == Speaker::Visitor);
    words.map(|said| said.text.as_str()).collect()
}

/// What is asked, one by one: the questions in each message, or the message when it has none.
fn questions<'a>(messages: &[&'a str]) -> Vec<&'a str> {
    let mut out = Vec::new();
    for message in messages {
        let before = out.len();
        out.extend(sentences(message).into_iter().filter(|said| said.ends_with(['?', '？', '؟'])));
        if out.len() == before {
            out.push(message);
        }
    }
    out.truncate(SENTENCES);
    out
}

/// Word by word, as a language model would give it: the same path is used either way.
fn words(text: &str) -> Vec<Part> {
    text.split_inclusive(char::is_whitespace).map(|word| Part::Text(word.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use ports::{models::Utterance, search};

    use super::*;

    fn ask(question: &str, passages: &[(&str, &str)]) -> Vec<Part> {
        ask_in_a_row(&[question], passages)
    }

    fn ask_in_a_row(messages: &[&str], passages: &[(&str, &str)]) -> Vec<Part> {
        compose(&asked(messages, passages))
    }

    fn asked(messages: &[&str], passages: &[(&str, &str)]) -> ChatRequest {
        let found = passages.iter().map(|(title, text)| search::Passage {
            source: domain_source(),
            title: (*title).to_owned(),
            heading: (*title).to_owned(),
            text: (*text).to_owned(),
            page: None,
            url: None,
            score: 1.0,
            chunk: 1,
            fits: None,
        });
        ChatRequest {
            agent: "Support".into(),
            prompt: String::new(),
            variables: Vec::new(),
            temperature: None,
            language: Some("en".into()),
            history: messages.iter().map(|&text| Utterance { by: Speaker::Visitor, text: text.into() }).collect(),
            passages: found.collect(),
            word_counts: (Vec::new(), 0),
            may_offer_person: true,
            task: Task::Answer,
            tools: Vec::new(),
            rounds: Vec::new(),
        }
    }

    fn domain_source() -> domain::SourceId {
        "00000000-0000-7000-8000-000000000001".parse().unwrap()
    }

    fn text(parts: &[Part]) -> String {
        parts.iter().filter_map(|part| if let Part::Text(text) = part { Some(text.as_str()) } else { None }).collect()
    }

    #[test]
    fn it_quotes_what_it_knows_and_says_where_it_stands() {
        let parts = ask("How long do I have to return shoes?", &[("Returns", "You can return shoes within 30 days.")]);
        assert!(text(&parts).contains("30 days"), "{parts:?}");
        assert!(parts.iter().any(|part| matches!(part, Part::Citations(cited) if cited[0].title == "Returns")));
        assert!(!parts.contains(&Part::Unknown));
    }

    #[test]
    fn a_greeting_around_a_question_does_not_sink_it() {
        let known = [("Repairs", "We can repair your tent in our workshop.")];
        let parts = ask("Good morning dear all. Can you repair my tent? It is a Larch 3 from last autumn.", &known);
        assert!(text(&parts).contains("workshop"), "{parts:?}");
    }

    /// A burst gets one answer, and every question of it its part. The last question alone was answered once.
    #[test]
    fn several_questions_are_answered_together() {
        let known = [
            ("How long does delivery take?", "Delivery takes three to five working days."),
            ("What does the warranty cover?", "The warranty covers the frame for ten years."),
        ];
        let burst: &[&[&str]] = &[
            &["hello", "How long does delivery take?", "What does the warranty cover?"],
            &["What does the warranty cover? And how long does delivery take?"],
        ];
        for messages in burst {
            let parts = ask_in_a_row(messages, &known);
            let text = text(&parts);
            assert!(text.contains("five working days") && text.contains("ten years"), "{messages:?}: {text}");
            assert!(parts.iter().any(|part| matches!(part, Part::Citations(cited) if cited.len() == 2)), "{parts:?}");
        }
    }

    #[test]
    fn a_suggestion_is_about_the_visitors_last_words() {
        let said = |by, text: &str| Utterance { by, text: text.into() };
        let history = vec![
            said(Speaker::Visitor, "How long do I have to return shoes?"),
            said(Speaker::Assistant, "Let me see."),
            said(Speaker::Person("Sofia".into()), "One moment."),
        ];
        let mut request = asked(&["x"], &[("Returns", "You can return shoes within 30 days.")]);
        (request.history, request.task) = (history, Task::Suggest);
        assert!(text(&compose(&request)).contains("30 days"));
    }

    #[test]
    fn thanks_are_answered_as_thanks() {
        for said in ["Thank you!", "thanks a lot", "Danke schön", "hello", "Hola", "merci beaucoup"] {
            let parts = ask(said, &[("Returns", "You can return shoes within 30 days.")]);
            assert!(!parts.contains(&Part::Unknown) && !parts.contains(&Part::OffersPerson), "{said}: {parts:?}");
        }
    }

    #[test]
    fn a_shared_word_is_no_answer_where_the_meaning_is_far() {
        let known = [("Returns", "You can return shoes within 30 days.")];
        let mut request = asked(&["Can you return my shoes to the moon within 30 days?"], &known);
        assert!(!compose(&request).contains(&Part::Unknown));
        request.passages[0].fits = Some(0.1);
        assert!(compose(&request).contains(&Part::Unknown));
        request.passages[0].text = "Order AB-77 can be returned within 30 days.".into();
        let mut coded = asked(&["Can I return AB-77?"], &known);
        coded.passages.clone_from(&request.passages);
        assert!(!compose(&coded).contains(&Part::Unknown), "a code is found letter for letter");
    }

    #[test]
    fn it_says_when_it_does_not_know_and_offers_a_person() {
        let parts = ask("Do you sell submarines?", &[("Returns", "You can return shoes within 30 days.")]);
        assert!(parts.contains(&Part::Unknown) && parts.contains(&Part::OffersPerson), "{parts:?}");
    }
}
