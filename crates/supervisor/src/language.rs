//! A cheap guess at the language of a message: its script, else its small words.

use crate::normal;

/// Small words that few other languages share; ties go to the language listed first.
const SMALL_WORDS: [(&str, &[&str]); 9] = [
    (
        "en",
        &[
            "the", "is", "to", "you", "i", "my", "and", "can", "what", "how", "please", "with", "a", "of", "it",
            "want", "someone", "i'm", "don't",
        ],
    ),
    (
        "de",
        &[
            "ich", "und", "der", "die", "das", "nicht", "mit", "ist", "ein", "eine", "einen", "einem", "bitte", "wie",
            "mein", "meine", "kann", "sie", "mich", "mir", "zu", "wo", "fur", "auf",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "quiero", "con", "que", "mi", "por", "favor", "como", "una", "un", "puedo", "hola", "es",
            "para", "me", "necesito", "donde", "cuando", "no", "de", "la",
        ],
    ),
    (
        "fr",
        &[
            "je", "le", "les", "avec", "est", "vous", "pas", "une", "un", "mon", "ma", "pour", "bonjour", "comment",
            "voudrais", "veux", "des", "de", "la", "s'il", "plait", "au", "du", "qui",
        ],
    ),
    (
        "pt",
        &[
            "eu", "nao", "com", "uma", "um", "voce", "meu", "minha", "por", "quero", "falar", "ola", "preciso",
            "obrigado", "de", "o",
        ],
    ),
    (
        "it",
        &[
            "il", "che", "non", "con", "sono", "mio", "mia", "vorrei", "ciao", "un", "una", "di", "posso", "per",
            "come", "grazie", "la",
        ],
    ),
    (
        "nl",
        &["ik", "het", "een", "niet", "met", "mijn", "kan", "wil", "graag", "hoe", "naar", "van", "de", "je", "iemand"],
    ),
    ("pl", &["nie", "chce", "prosze", "jak", "moje", "jest", "czy", "na", "moge", "do", "sie", "rozmawiac"]),
    ("tr", &["bir", "ve", "istiyorum", "nasil", "mi", "icin", "benim", "lutfen", "ile", "bu"]),
];

/// ISO 639-1 code, or nothing when the text does not give it away.
pub fn guess(text: &str) -> Option<&'static str> {
    let lower = normal::plain(text);
    if let Some(by_script) = by_script(&lower) {
        return Some(by_script);
    }
    if lower.contains(['ơ', 'ư', 'ạ', 'ế', 'ệ', 'ộ', 'ữ', 'ầ', 'ấ', 'ề', 'ể', 'ố', 'ợ', 'ị', 'ủ', 'ả', 'ọ'])
    {
        return Some("vi");
    }
    let folded = normal::without_accents(&lower);
    let words = normal::words(&folded);
    let count = |list: &[&str]| words.iter().filter(|w| list.contains(w)).count();
    let mut best = (0, None);
    for (code, list) in SMALL_WORDS {
        let n = count(list);
        if n > best.0 {
            best = (n, Some(code));
        }
    }
    best.1
}

fn by_script(text: &str) -> Option<&'static str> {
    let mut han = false;
    for c in text.chars() {
        match c {
            '\u{3040}'..='\u{30ff}' => return Some("ja"),
            '\u{ac00}'..='\u{d7af}' => return Some("ko"),
            '\u{0e00}'..='\u{0e7f}' => return Some("th"),
            '\u{0590}'..='\u{05ff}' => return Some("he"),
            '\u{0600}'..='\u{06ff}' => return Some("ar"),
            '\u{0900}'..='\u{097f}' => return Some("hi"),
            '\u{0370}'..='\u{03ff}' => return Some("el"),
            'і' | 'ї' | 'є' | 'ґ' => return Some("uk"),
            '\u{0400}'..='\u{04ff}' => return Some(if text.contains(['і', 'ї', 'є']) { "uk" } else { "ru" }),
            '\u{4e00}'..='\u{9fff}' => han = true,
            _ => {}
        }
    }
    han.then_some("zh")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_sentences_give_their_language_away() {
        for (text, expect) in [
            ("I want to talk to someone", Some("en")),
            ("Ich möchte mit einem Menschen sprechen", Some("de")),
            ("Quiero hablar con una persona", Some("es")),
            ("Je voudrais parler à quelqu'un s'il vous plaît", Some("fr")),
            ("Quero falar com uma pessoa", Some("pt")),
            ("人と話したい", Some("ja")),
            ("转人工", Some("zh")),
            ("Хочу поговорить с человеком", Some("ru")),
            ("Cho tôi gặp nhân viên tư vấn ạ", Some("vi")),
            ("12345", None),
        ] {
            assert_eq!(guess(text), expect, "{text}");
        }
    }
}
