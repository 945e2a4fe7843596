//! What the AI can learn from a live chat: a question of the visitor, and the person's answer to it.

use crate::{limits, text};

/// Most lessons of one conversation, the newest.
pub const LESSONS: usize = 10;
/// An answer of fewer words is a courtesy.
const ANSWER_WORDS: usize = 5;
/// A question of fewer words, without a question mark, is one too.
const QUESTION_WORDS: usize = 4;
/// So many digits in a row are a number that belongs to somebody: of a phone, an order, a card.
const DIGITS: usize = 6;

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The visitor. A wish for a person is no question.
    Visitor {
        /// It is what a person was called for, in the visitor's words.
        wish: bool,
    },
    /// The AI.
    Ai,
    /// A person.
    Person,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its place in the log.
    pub seq: i64,
    /// Who said it.
    pub by: By,
    /// What.
    pub text: String,
}

/// A question and its answer, as they could stand in the knowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Place of the person's first message of the answer: the lesson's name within its conversation.
    pub seq: i64,
    /// In the visitor's words.
    pub question: String,
    /// In the person's words.
    pub answer: String,
    /// It seems to hold something that belongs to this visitor alone.
    pub personal: bool,
}

/// What can be learned from what was said, in the order in which it was said.
///
/// A question is the last message of the visitor with a question mark before a person writes, else the longest one; the
/// answer is what the person writes until the visitor writes again. Greetings, thanks and wishes for a person are left out.
pub fn lessons(said: &[Said]) -> Vec<Lesson> {
    let mut found = Vec::new();
    let mut asked: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(message) = said.get(at) {
        match message.by {
            By::Visitor { wish: false } => asked.push(message.text.trim()),
            By::Visitor { wish: true } | By::Ai => {}
            By::Person => {
                let answer: Vec<&Said> =
                    said.iter().skip(at).take_while(|one| one.by != VISITOR && one.by != WISH).collect();
                let words: Vec<&str> =
                    answer.iter().filter(|one| one.by == By::Person).map(|one| one.text.trim()).collect();
                found.extend(lesson(message.seq, &asked, &words.join("\n\n")));
                asked.clear();
                at += answer.len();
                continue;
            }
        }
        at += 1;
    }
    found.split_off(found.len().saturating_sub(LESSONS))
}

const VISITOR: By = By::Visitor { wish: false };
const WISH: By = By::Visitor { wish: true };

fn lesson(seq: i64, asked: &[&str], answer: &str) -> Option<Lesson> {
    let question = asked
        .iter()
        .rev()
        .find(|words| words.contains(['?', '？', '؟']))
        .or_else(|| asked.iter().max_by_key(|words| words.len()))?;
    let says_much = count(question) >= QUESTION_WORDS || question.contains(['?', '？', '؟']);
    let only_asks = answer.trim_end().ends_with('?') && !answer.contains(['.', '!', '\n']);
    if !says_much || count(answer) < ANSWER_WORDS || only_asks {
        return None;
    }
    Some(Lesson {
        seq,
        question: text::excerpt(question, limits::SOURCE_TITLE_CHARS - 1),
        answer: answer.chars().take(limits::ANSWER_CHARS).collect(),
        personal: is_personal(question) || is_personal(answer),
    })
}

/// Words, also in writings that put no spaces between them.
fn count(text: &str) -> usize {
    let spaced = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let wide = text
        .chars()
        .filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
        .count();
    spaced.max(wide / 2)
}

/// Whether a text holds an address or a long number.
fn is_personal(text: &str) -> bool {
    let address = text
        .split_whitespace()
        .any(|word| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')));
    let mut digits = 0;
    let number = text.chars().any(|c| {
        digits = match c {
            '0'..='9' => digits + 1,
            ' ' | '-' | '/' | '.' | '(' | ')' if digits > 0 => digits,
            _ => 0,
        };
        digits >= DIGITS
    });
    address || number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(lines: &[(char, &str)]) -> Vec<Said> {
        let by = |who: char| match who {
            'v' => VISITOR,
            'w' => WISH,
            'a' => By::Ai,
            _ => By::Person,
        };
        let said = |(seq, (who, text)): (i64, &(char, &str))| Said { seq, by: by(*who), text: (*text).to_owned() };
        (1..).zip(lines).map(said).collect()
    }

    fn pairs(lines: &[(char, &str)]) -> Vec<(i64, String, String)> {
        lessons(&talk(lines)).into_iter().map(|one| (one.seq, one.question, one.answer)).collect()
    }

    #[test]
    fn a_question_and_what_the_person_says_to_it() {
        let found = pairs(&[
            ('v', "Hi there"),
            ('v', "Can I bring my bike on the train?"),
            ('a', "I do not know that."),
            ('w', "Let me talk to a person?"),
            ('p', "Hello, I am Sofia."),
            ('p', "Yes, folding bikes travel for free on all trains."),
            ('v', "And normal ones?"),
            ('p', "They need a ticket of their own, two euros."),
            ('v', "Thanks"),
            ('p', "You are very welcome, have a good day!"),
        ]);
        let expected = [
            (
                5,
                "Can I bring my bike on the train?",
                "Hello, I am Sofia.\n\nYes, folding bikes travel for free on all trains.",
            ),
            (8, "And normal ones?", "They need a ticket of their own, two euros."),
        ];
        let expected = expected.map(|(seq, question, answer)| (seq, question.to_owned(), answer.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn courtesies_and_questions_back_teach_nothing() {
        assert!(pairs(&[('v', "Hello"), ('p', "Hello! How can I help you today, my friend?")]).is_empty());
        assert!(pairs(&[('v', "My lamp is broken?"), ('p', "Which of our lamps is it that you have?")]).is_empty());
        assert!(pairs(&[('v', "Where are you?"), ('p', "In town.")]).is_empty());
        assert!(pairs(&[('p', "Nobody has asked me anything so far today.")]).is_empty());
        assert!(lessons(&[]).is_empty());
    }

    #[test]
    fn what_belongs_to_one_visitor_is_marked() {
        for (question, answer, personal) in [
            ("Where is my order?", "Order 1234567 left our house on Monday.", true),
            ("Where is my order?", "It left our house on Monday morning.", false),
            ("Can you write to ada@example.com?", "Of course, we write to you today.", true),
            ("What does it cost?", "It costs 129.90 with everything in it.", false),
            ("How can I call you?", "Call us under +49 (30) 12 34 56 at any time.", true),
        ] {
            let found = lessons(&talk(&[('v', question), ('p', answer)]));
            assert_eq!(found[0].personal, personal, "{question} {answer}");
        }
    }

    #[test]
    fn writings_without_spaces_have_words_too() {
        assert_eq!(
            pairs(&[('v', "電池はどのくらい持ちますか？"), ('p', "電池は一年ほど持ちます。交換もできます。")]).len(),
            1
        );
    }

    #[test]
    fn the_newest_of_many_are_kept() {
        let lines: Vec<(char, &str)> = (0..60)
            .map(|at| if at % 2 == 0 { ('v', "What is it?") } else { ('p', "It is what it always was.") })
            .collect();
        let found = lessons(&talk(&lines));
        assert_eq!((found.len(), found.last().unwrap().seq), (LESSONS, 60));
    }
}
