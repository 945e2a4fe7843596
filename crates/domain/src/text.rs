//! Texts that come from outside, checked once and then carried as types.

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing that can be seen.
    #[error("must not be empty")]
    Empty,
    /// Longer than allowed.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The limit, in characters.
        max: usize,
    },
    /// Shorter than allowed.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The limit, in characters.
        min: usize,
    },
    /// Not of the expected form.
    #[error("is not a valid {0}")]
    Malformed(&'static str),
}

/// Trims a text, removes control characters but line breaks and tabs, and checks its length in characters.
///
/// # Errors
/// [`InvalidText::Empty`] and [`InvalidText::TooLong`].
pub fn required(text: &str, max: usize) -> Result<String, InvalidText> {
    let clean = optional(text, max)?;
    if clean.chars().all(|c| c.is_whitespace() || is_invisible(c)) { Err(InvalidText::Empty) } else { Ok(clean) }
}

/// Like [`required`], but the text may be empty.
///
/// # Errors
/// [`InvalidText::TooLong`].
pub fn optional(text: &str, max: usize) -> Result<String, InvalidText> {
    // Looked at before anything is copied: a hostile text may be large.
    if text.len() > max.saturating_mul(4).saturating_add(1024) {
        return Err(InvalidText::TooLong { max });
    }
    let clean = printable(text);
    let clean = clean.trim();
    if clean.chars().count() > max { Err(InvalidText::TooLong { max }) } else { Ok(clean.to_owned()) }
}

/// A text without the control characters that no text needs.
pub fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// A text of one line, for names and titles: like [`required`], with white space folded to single spaces and without
/// characters that turn the direction of what stands around it.
///
/// # Errors
/// [`InvalidText::Empty`] and [`InvalidText::TooLong`].
pub fn line(text: &str, max: usize) -> Result<String, InvalidText> {
    let folded = required(text, max)?.replace(turns_direction, "");
    Ok(folded.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Explicit directional formatting characters: Unicode Standard Annex 9, section 2.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that leave nothing on the screen: joiners, marks of direction, fillers, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    turns_direction(c)
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// An e-mail address as a key: trimmed and in lower case. Whether it exists, only a mail can tell.
///
/// # Errors
/// [`InvalidText::Malformed`] without exactly one `@` between non-empty parts, or with white space;
/// [`InvalidText::TooLong`] beyond RFC 5321.
pub fn email(text: &str) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.len() > crate::limits::EMAIL_BYTES {
        return Err(InvalidText::TooLong { max: crate::limits::EMAIL_BYTES });
    }
    let well_formed = text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !well_formed || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(InvalidText::Malformed("e-mail address"));
    }
    Ok(text.to_lowercase())
}

/// A colour as `#rrggbb`, in lower case.
///
/// # Errors
/// [`InvalidText::Malformed`].
pub fn color(text: &str) -> Result<String, InvalidText> {
    let digits = text.trim().strip_prefix('#').ok_or(InvalidText::Malformed("colour"))?;
    if digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        Ok(format!("#{}", digits.to_ascii_lowercase()))
    } else {
        Err(InvalidText::Malformed("colour"))
    }
}

/// Checks a new password's length.
///
/// # Errors
/// [`InvalidText::TooShort`] in characters, [`InvalidText::TooLong`] in bytes.
pub fn password(text: &str) -> Result<&str, InvalidText> {
    use crate::limits::{PASSWORD_MAX_BYTES, PASSWORD_MIN_CHARS};
    if text.chars().count() < PASSWORD_MIN_CHARS {
        Err(InvalidText::TooShort { min: PASSWORD_MIN_CHARS })
    } else if text.len() > PASSWORD_MAX_BYTES {
        Err(InvalidText::TooLong { max: PASSWORD_MAX_BYTES })
    } else {
        Ok(text)
    }
}

/// The first `max` characters, cut at a word where one ends near, with `…` when something was cut.
pub fn excerpt(text: &str, max: usize) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((cut, _)) = folded.char_indices().nth(max) else { return folded };
    let head = &folded[..cut];
    let word = head.rfind(' ').filter(|at| at * 4 > cut * 3).unwrap_or(cut);
    format!("{}…", head[..word].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(required("  hi\u{0}\n there ", 20).unwrap(), "hi\n there");
        assert_eq!(required(" \n\t ", 20), Err(InvalidText::Empty));
        assert_eq!(required("äöü", 2), Err(InvalidText::TooLong { max: 2 }));
        assert_eq!(required(&"x".repeat(1_000_000), 10), Err(InvalidText::TooLong { max: 10 }));
        assert_eq!(line("a \n  b", 10).unwrap(), "a b");
    }

    #[test]
    fn what_cannot_be_seen_is_nothing() {
        for nothing in ["\u{200b}\u{200b}\u{feff}", "\u{202e}", "\u{3164}", "\u{2800}", "\u{ad}\u{fe0f}"] {
            assert_eq!(required(nothing, 20), Err(InvalidText::Empty), "{nothing:?}");
            assert_eq!(line(nothing, 20), Err(InvalidText::Empty), "{nothing:?}");
        }
        // Names keep what joins their letters, and lose what turns others round.
        assert_eq!(line("\u{202e}gnp.exe", 20).unwrap(), "gnp.exe");
        assert_eq!(line("نامه\u{200c}ای", 20).unwrap(), "نامه\u{200c}ای");
        assert_eq!(required("👩\u{200d}🔧 \u{202b}x", 20).unwrap(), "👩\u{200d}🔧 \u{202b}x");
    }

    #[test]
    fn addresses_are_keys() {
        assert_eq!(email(" Ada@Example.COM ").unwrap(), "ada@example.com");
        for bad in ["", "ada", "@x", "ada@", "a b@c.d", "a@b@c", "a@.b", "a@b."] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn colours_are_six_digits() {
        assert_eq!(color("#3B5bDB").unwrap(), "#3b5bdb");
        for bad in ["3b5bdb", "#fff", "#12345g", "red", "#1234567"] {
            assert!(color(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn excerpts_end_at_a_word() {
        assert_eq!(excerpt("one two  three", 50), "one two three");
        assert_eq!(excerpt("one two three", 8), "one two…");
        assert_eq!(excerpt("äääääää", 3), "äää…");
    }
}
