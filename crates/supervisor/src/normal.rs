//! One way to read a message, shared by training, detection, intents and watched phrases.
//!
//! Whatever two people write differently without meaning anything by it (case, width, accents,
//! curly apostrophes, "pleeease") is made equal here and nowhere else.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower-case, straight apostrophes, single spaces, no invisible characters.
///
/// Letters and accents stay: this is still text that a person would recognise.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for raw in text.nfkc() {
        for c in raw.to_lowercase() {
            let c = match c {
                '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{02bc}' | '\u{00b4}' | '`' => '\'',
                // Zero-width marks, soft hyphen, bidi marks and the Arabic tatweel only stretch or hide.
                '\u{00ad}'
                | '\u{0640}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' => continue,
                other => other,
            };
            if c.is_whitespace() || c.is_control() {
                space = !out.is_empty();
                continue;
            }
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

/// Removes what is written or left out at will: accents of Latin, Greek and Cyrillic letters, vowel
/// marks of Arabic and Hebrew with the spellings of alef, yeh and teh marbuta, the dots of Hindi that
/// keyboards lack. Other marks stay, because there a mark is a vowel and not an ornament.
pub fn without_accents(text: &str) -> String {
    let bare: String = text.nfd().filter(|&c| !is_ornament(c)).nfc().collect();
    let mut out = String::with_capacity(bare.len());
    for c in bare.chars() {
        match same_letter(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    out
}

fn is_ornament(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}'
        | '\u{0591}'..='\u{05bd}' | '\u{05bf}' | '\u{05c1}' | '\u{05c2}' | '\u{05c4}' | '\u{05c5}' // Hebrew points
        | '\u{064b}'..='\u{065f}' | '\u{0670}' // Arabic vowel marks, hamza above and below
        | '\u{093c}') // the dot below of Hindi: ज़रूरत and जरूरत
}

/// Letters that are written for one another, or that have no accent to take off.
fn same_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ı' => "i",
        'đ' => "d",
        'ł' => "l",
        'ø' => "o",
        'æ' => "ae",
        'œ' => "oe",
        'ى' | 'ی' => "ي",
        'ة' => "ه",
        'ک' => "ك",
        'ँ' => "ं",
        _ => return None,
    })
}

/// A letter written three times or more is written once: "pleeease" reads "please".
///
/// Doubles stay, since most are spelling; so do digits and scripts without case.
pub fn without_stretching(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let mut run = 1;
        while letters.peek() == Some(&c) {
            letters.next();
            run += 1;
        }
        let stretched = run >= 3 && c.is_lowercase();
        for _ in 0..if stretched { 1 } else { run } {
            out.push(c);
        }
    }
    out
}

/// The full reading used for scoring: [`plain`], then accents and stretching removed.
pub fn folded(text: &str) -> String {
    without_stretching(&without_accents(&plain(text)))
}

/// True for scripts written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'   // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3040}'..='\u{30ff}' // Hiragana, Katakana
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{20000}'..='\u{3134f}')
}

fn joins_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Vowel signs and other marks that continue a word (`char::is_alphanumeric` denies some of them).
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Words of already normalised text, in order. In scripts without spaces every character is a
/// word, so that a phrase is a run of words everywhere. `'` inside a word belongs to it.
pub fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start: Option<usize> = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|&(_, n)| n);
        let inside = joins_word(c) && !is_unspaced(c)
            || c == '\'' && start.is_some() && next.is_some_and(|n| joins_word(n) && !is_unspaced(n));
        if inside {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            out.push(&text[from..at]);
        }
        if is_unspaced(c) && joins_word(c) {
            out.push(&text[at..at + c.len_utf8()]);
        }
    }
    if let Some(from) = start {
        out.push(&text[from..]);
    }
    out
}

/// Cuts a message into sentences; pieces of one or two words join their neighbour, because
/// "An agent? No thanks." means something only as a whole.
pub fn clauses(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let ends = match c {
            '\n' | '!' | '?' | ';' | '。' | '！' | '？' | '؟' | '।' | '…' => true,
            '.' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
        // "?!" and "..." end one sentence, not three.
        if ends && next.is_none_or(|n| !matches!(n, '.' | '!' | '?' | '…' | '！' | '？')) {
            pieces.push(String::new());
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut carry = String::new();
    for piece in pieces {
        carry.push_str(&piece);
        if words(&carry).len() > 2 {
            out.push(std::mem::take(&mut carry).trim().to_owned());
        }
    }
    if !carry.trim().is_empty() {
        match out.last_mut() {
            Some(last) => {
                last.push(' ');
                last.push_str(carry.trim());
            }
            None => out.push(carry.trim().to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_reads_the_same() {
        for (one, other) in [
            ("I  DON’T know", "i don't know"),
            ("pleeeease", "please"),
            ("Ｈｕｍａｎ", "human"),
            ("señor\u{200b}", "senor"),
            ("cafe\u{301}", "café"),
            ("Straße", "strasse"),
            ("أُرِيدُ", "اريد"),
            ("خدمة", "خدمه"),
            ("ज़रूरत हूँ", "जरूरत हूं"),
            ("שָׁלוֹם", "שלום"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_eq!(folded("1000 agree"), "1000 agree");
    }

    #[test]
    fn words_of_every_script() {
        let check = |text: &str, expect: &[&str]| assert_eq!(words(&folded(text)), expect);
        check("I'd like 'help', ok?", &["i'd", "like", "help", "ok"]);
        check("人間と話す", &["人", "間", "と", "話", "す"]);
        check("मुझे इंसान से", &["मुझे", "इंसान", "से"]);
        check("", &[]);
    }

    #[test]
    fn short_pieces_join_their_neighbour() {
        assert_eq!(clauses("An agent? No thanks."), ["An agent? No thanks."]);
        assert_eq!(clauses("My order is late. Get me a person!"), ["My order is late.", "Get me a person!"]);
        assert_eq!(clauses("version 2.5 is out"), ["version 2.5 is out"]);
        assert!(clauses("  ").is_empty());
    }
}
