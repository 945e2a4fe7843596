//! What of a mail is the answer: without the mail that it answers, and without a signature.
//!
//! Our own mails begin with a line of their own ([`super::Words::above`]), so whatever quotes one is found by it in any
//! language. The rest is for mails that quote only a part, and for the line that a mail program puts above what it quotes.

/// What the line above which an answer is written begins with.
pub(super) const MARK: &str = "##-";
/// Longest line that a mail program writes above what it quotes, in characters, after it was broken.
const ATTRIBUTION_CHARS: usize = 400;
/// It is broken into so many lines at most.
const ATTRIBUTION_LINES: usize = 3;
/// Lines of `From`, `Sent`, `To`, `Subject` above what is quoted, at most.
const HEADER_LINES: usize = 8;

/// How a line above a quotation begins and what else stands in it.
const ATTRIBUTIONS: [(&str, &[&str]); 8] = [
    ("on ", &["wrote"]),
    ("am ", &["schrieb"]),
    ("le ", &["a écrit", "a ecrit"]),
    ("el ", &["escribió", "escribio"]),
    ("il ", &["ha scritto"]),
    ("op ", &["schreef", "geschreven"]),
    ("em ", &["escreveu"]),
    ("في ", &["كتب"]),
];

/// What the lines of a forwarded or quoted header begin with.
const HEADERS: [&str; 30] = [
    "from:",
    "sent:",
    "to:",
    "cc:",
    "date:",
    "subject:",
    "von:",
    "gesendet:",
    "an:",
    "datum:",
    "betreff:",
    "de:",
    "enviado:",
    "enviado el:",
    "para:",
    "fecha:",
    "asunto:",
    "envoyé:",
    "envoyé :",
    "de :",
    "à:",
    "à :",
    "objet:",
    "objet :",
    "date :",
    "من:",
    "إلى:",
    "التاريخ:",
    "الموضوع:",
    "تم الإرسال:",
];

/// What stands between dashes above a quoted mail.
const ORIGINALS: [&str; 7] = [
    "original message",
    "forwarded message",
    "ursprüngliche nachricht",
    "mensaje original",
    "message d'origine",
    "message original",
    "الرسالة الأصلية",
];

/// The answer in the text of a mail; empty when there is none.
pub fn answer(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().collect();
    let above = above(&lines);
    if above.is_empty() {
        // It was written below what it answers.
        let own: Vec<&str> = lines.iter().copied().filter(|line| !is_quoted(line) && !is_mark(line)).collect();
        let quotes_ours = lines.iter().any(|line| is_mark(line) && !is_quoted(line));
        // Where our whole mail stands there without a sign of quotation nothing tells the two apart.
        return if quotes_ours {
            String::new()
        } else {
            without_signature(without_lead(&own)).join("\n").trim().to_owned()
        };
    }
    above.join("\n").trim().to_owned()
}

/// The lines before everything that is quoted at the end.
fn above<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let end = (0..lines.len()).find(|&at| begins_quotation(lines, at)).unwrap_or(lines.len());
    without_signature(trailing(&lines[..end])).to_vec()
}

/// Whether what is quoted begins here, and nothing of the answer comes after it.
fn begins_quotation(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    if is_mark(line) || is_original(line) || is_rule(line) {
        return true;
    }
    if headers_from(lines, at) >= 3 {
        return true;
    }
    // The line of a mail program, with what it quotes below it up to the end.
    let Some(length) = attribution_from(lines, at) else { return false };
    let rest = &lines[at + length..];
    let own = rest.iter().position(|line| !line.trim().is_empty() && !is_quoted(line));
    let quoted = rest.iter().any(|line| is_quoted(line));
    match own {
        None => true,
        // What the program has broken stands there without its mark.
        Some(first) => rest[first..].iter().any(|line| is_mark(line)) || (quoted && !answers_below(&rest[first..])),
    }
}

/// Whether something was written between or below what is quoted.
fn answers_below(rest: &[&str]) -> bool {
    let own = rest.iter().filter(|line| !line.trim().is_empty() && !is_quoted(line)).count();
    own > 1 || rest.iter().rev().find(|line| !line.trim().is_empty()).is_some_and(|last| !is_quoted(last))
}

/// Takes away what is quoted at the end, and the line above it.
fn trailing<'a, 'b>(mut lines: &'b [&'a str]) -> &'b [&'a str] {
    loop {
        let before = lines.len();
        while let Some((last, rest)) = lines.split_last()
            && (last.trim().is_empty() || is_quoted(last) || is_rule(last.trim()) || is_original(last.trim()))
        {
            lines = rest;
        }
        for length in 1..=ATTRIBUTION_LINES.min(lines.len()) {
            let at = lines.len() - length;
            if attribution_from(lines, at) == Some(length) {
                lines = &lines[..at];
                break;
            }
        }
        let headers = lines.iter().rev().take(HEADER_LINES).take_while(|line| is_header(line)).count();
        if headers >= 2 {
            lines = &lines[..lines.len() - headers];
        }
        if lines.len() == before {
            return lines;
        }
    }
}

/// The lines without an attribution that stands first.
fn without_lead<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let first = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
    let lines = &lines[first..];
    match attribution_from(lines, 0) {
        Some(length) => &lines[length..],
        None => lines,
    }
}

/// The lines before a signature, which begins with a line of two dashes.
fn without_signature<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let end = lines.iter().position(|line| matches!(line.trim_end(), "--" | "—"));
    match end {
        Some(end) if lines[..end].iter().any(|line| !line.trim().is_empty()) => trailing(&lines[..end]),
        _ => lines,
    }
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Our own line, quoted or not.
fn is_mark(line: &str) -> bool {
    let bare = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '>' | '|' | '*' | '_' | '\u{200e}' | '\u{200f}')
    });
    bare.starts_with(MARK)
}

fn is_original(line: &str) -> bool {
    let bare = line.trim_start_matches(['-', '_', '=']);
    if line.len() - bare.len() < 2 {
        return false;
    }
    let words = bare.trim_end_matches(['-', '_', '=']).trim().to_lowercase();
    ORIGINALS.contains(&words.as_str())
}

/// The rule that Outlook draws above what it quotes.
fn is_rule(line: &str) -> bool {
    line.len() >= 20 && line.bytes().all(|byte| byte == b'_')
}

fn is_header(line: &str) -> bool {
    let line = line.trim().trim_matches('*').to_lowercase();
    HEADERS.iter().any(|header| line.starts_with(header))
}

/// How many lines of a header stand here, one after the other.
fn headers_from(lines: &[&str], at: usize) -> usize {
    let starts = ["from:", "von:", "de:", "de :", "من:"];
    let first = lines[at].trim().trim_matches('*').to_lowercase();
    if !starts.iter().any(|start| first.starts_with(start)) {
        return 0;
    }
    lines[at..].iter().take(HEADER_LINES).take_while(|line| is_header(line)).count()
}

/// How many lines the line of a mail program has that begins here, if it is one.
fn attribution_from(lines: &[&str], at: usize) -> Option<usize> {
    let first = lines.get(at)?.trim_start().to_lowercase();
    let (_, verbs) = ATTRIBUTIONS.iter().find(|(start, _)| first.starts_with(start))?;
    let mut joined = String::new();
    for (length, line) in (1..=ATTRIBUTION_LINES).zip(&lines[at..]) {
        joined.push_str(line.trim());
        joined.push(' ');
        if joined.len() > ATTRIBUTION_CHARS {
            return None;
        }
        if line.trim_end().ends_with([':', '：']) {
            let joined = joined.to_lowercase();
            // A date, a time or an address: people who tell what somebody wrote rarely give one.
            let dated = joined.contains('@') || joined.chars().any(char::is_numeric);
            return (dated && verbs.iter().any(|verb| joined.contains(verb))).then_some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mail::words::ALL;

    fn check(mails: &[(&str, &str)]) {
        for (mail, expected) in mails {
            assert_eq!(answer(mail), *expected, "{mail}");
        }
    }

    #[test]
    fn what_is_above_our_line_is_the_answer_in_every_language() {
        for (language, words) in ALL {
            for lead in [
                "On Mon, 30 Nov 2026 at 10:00, Shop <reply+0@example.com> wrote:",
                "Am 30.11.2026 um 10:00 schrieb Shop <reply+0@example.com>:",
                "Am Mo., 30. Nov. 2026 um 10:00 Uhr schrieb Shop\n<reply+0@example.com>:",
                "Le lun. 30 nov. 2026 à 10:00, Shop <reply+0@example.com> a écrit :",
                "El lun, 30 nov 2026 a las 10:00, Shop (<reply+0@example.com>) escribió:",
                "في الاثنين، 30 نوفمبر 2026 10:00، كتب Shop <reply+0@example.com>:",
                "-----Original Message-----\nFrom: Shop\nSent: Monday\nTo: Ada\nSubject: Your chat",
                "________________________________\nVon: Shop\nGesendet: Montag\nAn: Ada\nBetreff: Ihr Chat",
                "",
            ] {
                let above = words.above;
                for quoted in [
                    format!("> {above}\n>\n> Olga:\n> It is on its way"),
                    format!("{above}\n\nOlga:\nIt is on its way"),
                ] {
                    let mail = format!("Thank you!\r\n\r\nWhen does it come?\n\n{lead}\n\n{quoted}\n");
                    assert_eq!(answer(&mail), "Thank you!\n\nWhen does it come?", "{language}: {mail}");
                }
            }
        }
    }

    #[test]
    fn quotations_and_signatures_are_cut() {
        check(&[
            ("Yes\n\nOn 30 Nov 2026, Shop wrote:\n> It is\n> on its way", "Yes"),
            ("Yes\n\nOn 30 Nov 2026, at 10:00,\nShop <a@example.com>\nwrote:\n\n> It is", "Yes"),
            ("Yes\n> quoted\n> more\n\n", "Yes"),
            ("Yes\n--- Original Message ---\nanything", "Yes"),
            ("Yes\n\n-- \nAda Example\nExample Ltd", "Yes"),
            ("Yes\n--\nAda\n\n> quoted", "Yes"),
            ("Yes\n\nFrom: Shop\nSent: Monday\nTo: Ada\nSubject: Your chat\n\nIt is on its way", "Yes"),
            ("Yes\n\n*Von:* Shop\n*Gesendet:* Montag\n*An:* Ada\n\nEs ist unterwegs", "Yes"),
        ]);
    }

    #[test]
    fn what_somebody_wrote_themselves_stays() {
        check(&[
            ("Hello", "Hello"),
            (
                "On Monday my neighbour wrote:\nthe parcel is with me",
                "On Monday my neighbour wrote:\nthe parcel is with me",
            ),
            ("> When?\nTomorrow\n> Where?\nAt home", "> When?\nTomorrow\n> Where?\nAt home"),
            (
                "On 30 Nov 2026, Shop wrote:\n> When?\n\nTomorrow, please.",
                "On 30 Nov 2026, Shop wrote:\n> When?\n\nTomorrow, please.",
            ),
            ("From: my heart\nthank you", "From: my heart\nthank you"),
            ("a -- b\n---\nc", "a -- b\n---\nc"),
            ("--\nonly a signature", "--\nonly a signature"),
        ]);
    }

    #[test]
    fn an_answer_below_is_found_and_none_is_none() {
        let above = ALL[0].1.above;
        check(&[
            (&*format!("> {above}\n> Olga:\n> When?\n\nTomorrow"), "Tomorrow"),
            (&*format!("On 30 Nov 2026, Shop wrote:\n> {above}\n> When?\n\nTomorrow\n"), "Tomorrow"),
            (&*format!("{above}\n\nOlga:\nWhen?"), ""),
            (&*format!("> {above}\n> When?"), ""),
            ("", ""),
            ("\n \n", ""),
        ]);
    }

    proptest! {
        /// Nothing that a mail may hold stops it, and nothing is made up.
        #[test]
        fn hostile_texts_are_cut_and_nothing_else(text in "(?s)(.{0,40}|[> \\-_:#*\r\nOnwrteAmschibàL@0-9]{0,80}|##- |From: |Von: |On 1 x wrote:|-- |\n){0,30}") {
            let answer = answer(&text);
            prop_assert!(answer.len() <= text.len());
            let there: Vec<&str> = text.lines().flat_map(|line| line.split('\r')).map(str::trim).collect();
            for line in answer.lines() {
                prop_assert!(there.contains(&line.trim()), "{line:?}");
            }
        }

        /// Whatever was written above our line is found whole, as long as it quotes nothing itself.
        #[test]
        fn an_answer_above_our_line_is_found_whole(said in "[a-zA-Zäß?!., ]{1,60}(\n[a-zA-Z?!., ]{1,60}){0,5}", at in 0_usize..5) {
            let mail = format!("{said}\n\n> {}\n> Olga:\n> Hello", ALL[at].1.above);
            let expected: Vec<&str> = said.trim().lines().collect();
            let found = answer(&mail);
            let found: Vec<&str> = found.lines().collect();
            prop_assert_eq!(found, expected);
        }
    }
}
