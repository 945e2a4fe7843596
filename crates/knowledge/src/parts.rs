//! The parts of a passage that are compared with a question one by one: what answers it is mostly one sentence, and in the
//! meaning of the whole passage that is one of many.

use crate::sentences;

/// No passage has more parts; sentences that stand together share one then.
pub const MOST_PARTS: usize = 8;

/// The sentences of a passage, in order, each part one or a few of them. Empty where there is one sentence only: the passage
/// itself says all of it.
pub fn parts(text: &str) -> Vec<String> {
    let sentences: Vec<&str> = sentences(text).into_iter().filter(|sentence| says_something(sentence)).collect();
    if sentences.len() < 2 {
        return Vec::new();
    }
    // As even as it goes: nine sentences are eight parts, one of which has two.
    let count = sentences.len().min(MOST_PARTS);
    (0..count)
        .map(|part| sentences[part * sentences.len() / count..(part + 1) * sentences.len() / count].join(" "))
        .collect()
}

/// A number of a list or a mark alone says nothing.
fn says_something(sentence: &str) -> bool {
    sentence.chars().filter(|c| c.is_alphabetic()).count() > 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_sentence_is_a_part_until_there_are_too_many() {
        assert_eq!(parts("Open the settings. Choose a city."), ["Open the settings.", "Choose a city."]);
        assert!(parts("Open the settings.").is_empty() && parts("").is_empty());
        let nine = "A one. A two. A three. A four. A five. A six. A seven. A eight. A nine.";
        let parted = parts(nine);
        assert_eq!((parted.len(), parted.join(" ")), (MOST_PARTS, nine.to_owned()));
    }

    #[test]
    fn numbers_and_marks_are_no_parts() {
        assert_eq!(parts("- Bread\n- Milk\n\n3.\n\n***"), ["- Bread", "- Milk"]);
    }

    proptest! {
        #[test]
        fn any_text_has_few_parts(text in "(\\PC|[.!?\\n ]){0,300}") {
            let parts = parts(&text);
            prop_assert!(parts.len() <= MOST_PARTS && parts.len() != 1);
            prop_assert!(parts.iter().all(|part| !part.trim().is_empty()));
        }
    }
}
