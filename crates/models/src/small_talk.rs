//! Thanks and greetings: words to which "I don't know" would be a strange answer.

/// Longest small talk, in words; what is longer holds a question.
const MOST_WORDS: usize = 5;

const THANKS: &[&str] =
    &["thanks", "thank", "thx", "ty", "cheers", "danke", "dankeschön", "vielen", "dank", "gracias", "muchas", "merci"];
const GREETINGS: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "morning",
    "evening",
    "afternoon",
    "hallo",
    "moin",
    "servus",
    "tag",
    "abend",
    "morgen",
    "hola",
    "buenas",
    "buenos",
    "bonjour",
    "bonsoir",
    "salut",
];
/// Words that may stand beside them.
const AROUND: &[&str] = &[
    "you", "so", "much", "very", "a", "lot", "many", "there", "good", "guten", "schön", "sehr", "días", "dias",
    "tardes", "noches", "beaucoup", "bien", "ok", "okay", "great", "super", "perfect", "again", "all",
];

/// Words that ask nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallTalk {
    /// The visitor says thanks.
    Thanks,
    /// The visitor says hello.
    Greeting,
}

impl SmallTalk {
    /// What a message is, when it is nothing but small talk.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let known = |word: &&str| [THANKS, GREETINGS, AROUND].iter().any(|list| list.contains(word));
        if words.len() > MOST_WORDS || !words.iter().all(known) {
            return None;
        }
        let holds = |list: &[&str]| words.iter().any(|word| list.contains(word));
        match (holds(THANKS), holds(GREETINGS)) {
            (true, _) => Some(Self::Thanks),
            (false, true) => Some(Self::Greeting),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SmallTalk;

    #[test]
    fn a_question_is_no_small_talk() {
        for text in ["", "thanks, and how do I return it?", "hi can you help me", "morgen lieferung", "good", "ok"] {
            assert_eq!(SmallTalk::of(text), None, "{text}");
        }
        assert_eq!(SmallTalk::of("Thank you so much!"), Some(SmallTalk::Thanks));
        assert_eq!(SmallTalk::of("Guten Tag"), Some(SmallTalk::Greeting));
    }
}
