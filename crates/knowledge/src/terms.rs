//! The words of a text that carry its meaning, and how much each carries.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

/// Words that say nothing of what a text is about, in English, German, Spanish and French.
const STOP_WORDS: &str = include_str!("../data/stopwords.txt");
/// Words that many questions share: half a weight where the corpus says nothing.
const COMMON_WORDS: &str = include_str!("../data/commonwords.txt");

/// Endings that are taken off, longest first; at least four letters stay. One list for all four
/// languages: question and passage are cut alike, so a cut too deep costs little.
const ENDINGS: &[&str] = &[
    "ations", "aciones", "ation", "acion", "ements", "ement", "ungen", "mente", "ments", "ment", "ables", "able",
    "ible", "ings", "ing", "ung", "ies", "ers", "ern", "est", "ant", "ent", "er", "ed", "en", "em", "es", "as", "os",
    "ez", "ar", "ir", "ly", "al", "e", "s", "o", "a", "n", "y",
];

/// Terms of a text in order, repeats included: folded, without stop words, stemmed. A run of a script
/// without spaces gives its pairs of characters.
pub fn terms(text: &str) -> Vec<String> {
    let folded: String = text
        .nfkd()
        .filter(|c| !('\u{0300}'..='\u{036f}').contains(c))
        .nfc()
        .flat_map(char::to_lowercase)
        .map(|c| if c == '’' { '\'' } else { c })
        .collect();
    let stop = stop_words();
    let mut out = Vec::new();
    for word in folded.split(|c: char| !(c.is_alphanumeric() || c == '\'' || is_mark(c))) {
        let word = word.trim_matches('\'');
        let word = word.strip_suffix("'s").unwrap_or(word);
        // French and Spanish elisions: "l'abonnement".
        let word = word
            .split_once('\'')
            .map_or(word, |(a, b)| if a.chars().count() <= 2 && b.chars().count() > 2 { b } else { word });
        if word.is_empty() || stop.contains(word) {
            continue;
        }
        if word.chars().any(is_unspaced) {
            pairs(word, &mut out);
        } else {
            out.push(stem(word));
        }
    }
    out
}

fn pairs(word: &str, out: &mut Vec<String>) {
    let chars: Vec<char> = word.chars().collect();
    if let [one] = chars[..] {
        out.push(one.to_string());
    }
    out.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
}

/// Light stem of a folded word; numbers and codes stay whole.
pub fn stem(word: &str) -> String {
    if word.chars().any(|c| c.is_ascii_digit()) || !word.is_ascii() {
        return word.to_owned();
    }
    let mut stem = word;
    for _ in 0..2 {
        // "payment" and "pay", "shipment" and "ship": this ending is long enough to be sure of.
        let left = |ending: &str| if ending.starts_with("ment") { 3 } else { 4 };
        let cut = ENDINGS.iter().find(|e| stem.len() >= e.len() + left(e) && stem.ends_with(**e));
        match cut {
            Some(ending) => stem = &stem[..stem.len() - ending.len()],
            None => break,
        }
    }
    // "cancelled" and "cancel", "stopping" and "stop".
    let bytes = stem.as_bytes();
    if stem.len() >= 4 && stem.len() < word.len() && bytes[stem.len() - 1] == bytes[stem.len() - 2] {
        stem = &stem[..stem.len() - 1];
    }
    stem.to_owned()
}

/// How rare each term is in a corpus; the rarer, the more it says.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    documents: f32,
    holding: HashMap<String, f32>,
}

impl Rarity {
    /// Counts the documents (chunks, with their headings) that hold each term.
    pub fn of<S: AsRef<str>>(documents: impl IntoIterator<Item = S>) -> Self {
        let mut rarity = Self::default();
        for document in documents {
            rarity.documents += 1.0;
            let distinct: HashSet<String> = terms(document.as_ref()).into_iter().collect();
            for term in distinct {
                *rarity.holding.entry(term).or_default() += 1.0;
            }
        }
        rarity
    }

    /// From counts that somebody else made: how many documents there are, and how many hold each term.
    pub fn from_counts(documents: u64, holding: impl IntoIterator<Item = (String, u64)>) -> Self {
        let holding = holding.into_iter().filter(|(_, count)| *count > 0);
        Self { documents: documents as f32, holding: holding.map(|(term, count)| (term, count as f32)).collect() }
    }

    /// Weight of a term, above 0: inverse document frequency as in BM25 (Robertson and Zaragoza
    /// 2009, eq. 3.3, made positive), halved for words that many questions share.
    pub fn weight(&self, term: &str) -> f32 {
        let common = if common_terms().contains(term) { 0.5 } else { 1.0 };
        if self.documents < 10.0 {
            // Too few documents to tell: every other term is equally rare.
            return common * 2.0;
        }
        let holding = self.holding.get(term).copied().unwrap_or(0.0);
        common * (1.0 + (self.documents - holding + 0.5) / (holding + 0.5)).ln().max(0.05)
    }

    /// Is the term nowhere in a corpus large enough to tell?
    pub fn is_unknown(&self, term: &str) -> bool {
        self.documents >= 10.0 && !self.holding.contains_key(term)
    }
}

fn stop_words() -> &'static HashSet<&'static str> {
    static STOP: std::sync::OnceLock<HashSet<&'static str>> = std::sync::OnceLock::new();
    STOP.get_or_init(|| STOP_WORDS.split_whitespace().collect())
}

fn common_terms() -> &'static HashSet<String> {
    static COMMON: std::sync::OnceLock<HashSet<String>> = std::sync::OnceLock::new();
    COMMON.get_or_init(|| COMMON_WORDS.split_whitespace().map(stem).collect())
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// True for scripts written without spaces between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_term() {
        for family in [
            &["return", "returns", "returned", "returning"][..],
            &["cancel", "cancelled", "cancelling", "cancellation"],
            &["Rechnung", "Rechnungen"],
            &["pedido", "pedidos"],
            &["l'abonnement", "abonnements"],
            &["Zahlung", "Zahlungen", "zahlen"],
        ] {
            let stems: HashSet<Vec<String>> = family.iter().map(|w| terms(w)).collect();
            assert_eq!(stems.len(), 1, "{stems:?}");
        }
    }

    #[test]
    fn little_words_go_and_codes_stay() {
        assert_eq!(terms("How do I get to the A-100s?"), ["100s"]);
        assert_eq!(terms("返品"), ["返品"]);
        assert!(terms("wie ist es mit der").is_empty());
    }

    #[test]
    fn rare_terms_weigh_more() {
        let rarity = Rarity::of((0..20).map(|n| if n < 15 { "order refund" } else { "order" }));
        assert!(rarity.weight("zebra") > rarity.weight("refund"));
        assert!(rarity.weight("refund") > rarity.weight("order"));
        assert!(rarity.is_unknown("zebra") && !rarity.is_unknown("order"));
    }
}
