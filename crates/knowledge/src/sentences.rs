//! Where a sentence ends.

/// Words after which a full stop ends nothing, folded to lower case, without the stop. Those that
/// often end a sentence too ("etc.") are judged by the letter that follows.
const ABBREVIATIONS: &[&str] = &[
    // English
    "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "e.g", "i.e", "eg", "ie", "no", "nos", "approx", "dept",
    "est", "fig", "inc", "ltd", "co", "corp", "vol", "pp", "ca", "cf", "al", "min", "max", "tel", "ext", "jan", "feb",
    "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "a.m", "p.m", "u.s", "resp",
    // German
    "z.b", "d.h", "u.a", "bzw", "ca", "nr", "str", "evtl", "ggf", "inkl", "zzgl", "usw", "bspw", "mind", "vgl", "hr",
    "fr", "tel", "abs", "art", "o.ä", "u.u", "i.d.r", "z", "d", "u", "s.o", "s.u", "std",
    // Spanish and French
    "sr", "sra", "srta", "ud", "uds", "ej", "p.ej", "av", "núm", "pág", "dto", "aprox", "mme", "mlle", "p.ex", "env",
    "boul", "bd", "réf", "n",
];

/// The sentences of a text, in order, trimmed; together they hold everything but blanks.
///
/// A line that is a heading or a list item is a sentence of its own; an empty line ends one. Decimal
/// numbers, addresses and abbreviations do not.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut cut = |from: &mut usize, to: usize| {
        let piece = text[*from..to].trim();
        if !piece.is_empty() {
            out.push(piece);
        }
        *from = to;
    };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let rest = &text[end..];
        let ends = match c {
            '\n' => breaks(&text[start..at], rest),
            '。' | '！' | '？' | '｡' | '।' | '۔' | '؟' => true,
            '!' | '?' => rest.chars().next().is_none_or(|n| n.is_whitespace() || closes(n)),
            '…' => starts(rest),
            '.' => starts(rest) && !is_abbreviated(&text[start..at], rest),
            _ => false,
        };
        if !ends {
            continue;
        }
        // Closing quotes, brackets, further marks and citations belong to the sentence before.
        let mut to = end;
        if c != '\n' {
            while let Some(&(next_at, next)) = chars.peek() {
                if !closes(next) && !matches!(next, '.' | '!' | '?' | '…' | '！' | '？' | '。') {
                    break;
                }
                to = next_at + next.len_utf8();
                chars.next();
            }
        }
        cut(&mut start, to);
    }
    cut(&mut start, text.len());
    out
}

/// Is this line a list item, or does it look like one?
pub(crate) fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < line.len()
        && line.len() - number.len() <= 3
        && (number.starts_with(". ") || number.starts_with(") "));
    numbered || ["- ", "* ", "• ", "– "].iter().any(|mark| line.starts_with(mark))
}

/// Does a line end here end a sentence, too?
fn breaks(before: &str, rest: &str) -> bool {
    let next = rest.lines().next().unwrap_or("");
    let last = before.rsplit('\n').next().unwrap_or("");
    next.trim().is_empty()
        || next.starts_with("# ")
        || last.starts_with("# ")
        || is_item(next)
        // An item goes on in the next line only when that is indented or starts small.
        || is_item(last) && !next.starts_with([' ', '\t']) && !next.chars().next().is_some_and(char::is_lowercase)
}

fn closes(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』' | '）')
}

/// Does a new sentence start here? It needs a blank and no small letter.
fn starts(rest: &str) -> bool {
    let rest = rest.trim_start_matches(closes);
    let Some(first) = rest.chars().next() else { return true };
    first.is_whitespace() && !rest.trim_start().chars().next().is_some_and(char::is_lowercase)
}

fn is_abbreviated(before: &str, rest: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '„' | '“')).next().unwrap_or("");
    let lower = word.to_lowercase();
    // An initial ("J. Smith"), or the inside of a list number ("1. Open ...").
    let initial = word.chars().count() == 1 && word.chars().all(|c| c.is_alphabetic() && c != 'I');
    let number = !word.is_empty()
        && word.chars().all(|c| c.is_ascii_digit())
        && (before.trim() == word || rest.trim_start().starts_with(|c: char| c.is_lowercase()) || is_month(rest));
    initial || number || ABBREVIATIONS.contains(&lower.as_str())
}

/// German dates: "am 3. März".
fn is_month(rest: &str) -> bool {
    const MONTHS: &[&str] = &[
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
        "jan",
        "feb",
        "okt",
        "dez",
    ];
    let word = rest.split_whitespace().next().unwrap_or("").trim_matches(|c: char| !c.is_alphabetic());
    MONTHS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &[&str]) {
        assert_eq!(sentences(text), expect);
    }

    #[test]
    fn stops_that_end_and_stops_that_do_not() {
        check("It costs 3.50 euros. Pay now!", &["It costs 3.50 euros.", "Pay now!"]);
        check("See example.org/a.b?c=d. Then call Dr. Smith.", &["See example.org/a.b?c=d.", "Then call Dr. Smith."]);
        check("Use a tool, e.g. Word. J. Doe agrees.", &["Use a tool, e.g. Word.", "J. Doe agrees."]);
        check("Das gilt z. B. für Sie. Am 3. März endet es.", &["Das gilt z. B. für Sie.", "Am 3. März endet es."]);
        check("Wait... what? (Yes.) Ok", &["Wait... what?", "(Yes.)", "Ok"]);
        check("He said \"Go.\" Then left.", &["He said \"Go.\"", "Then left."]);
        check("返品できます。三十日以内です！", &["返品できます。", "三十日以内です！"]);
        check("¿Qué hago? Nada.", &["¿Qué hago?", "Nada."]);
    }

    #[test]
    fn lines_that_stand_alone() {
        check(
            "# Returns\nSend it\nback.\n\nSteps:\n1. Open it\n2. Press on\n- last",
            &["# Returns", "Send it\nback.", "Steps:", "1. Open it", "2. Press on", "- last"],
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "(?s).{0,200}") {
            let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(sentences(&text).iter().map(|s| bare(s)).collect::<String>(), bare(&text));
        }
    }
}
