//! Bytes of an uploaded file to plain text.

use crate::markdown;

/// What may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub bytes: usize,
}

impl Default for Limits {
    /// 4 MiB: a book of 700,000 words.
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024 }
    }
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The first heading of the first level, else the file name without its ending.
    pub title: String,
    /// The plain form that the crate documentation describes.
    pub text: String,
}

/// Why a file is not taken, in words for the person who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    /// Larger than the limit.
    #[error("the file has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Size of the file.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// An ending that nothing here reads.
    #[error("files of the kind `{0}` are not read; use PDF, Word (.docx), Excel (.xlsx), .csv, .html, .md or .txt")]
    UnknownKind(String),
    /// NUL bytes or too many control characters.
    #[error("the file is not text")]
    Binary,
    /// Nothing but blanks.
    #[error("the file holds no text")]
    Empty,
}

/// Reads a `.txt` or `.md` file: UTF-8, UTF-16 with a byte order mark, else Windows-1252.
///
/// # Errors
/// [`KnowledgeError`]: too large, of an unknown kind, not text, or empty.
pub fn decode(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Text, KnowledgeError> {
    if bytes.len() > limits.bytes {
        return Err(KnowledgeError::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let (stem, ending) = base.rsplit_once('.').unwrap_or((base, ""));
    let ending = ending.to_lowercase();
    let is_markdown = matches!(ending.as_str(), "md" | "markdown");
    if !is_markdown && !matches!(ending.as_str(), "txt" | "text") {
        return Err(KnowledgeError::UnknownKind(ending));
    }
    let raw = characters(bytes)?;
    let text = if is_markdown { markdown::plain(&raw) } else { tidy(&raw) };
    if text.trim().is_empty() {
        return Err(KnowledgeError::Empty);
    }
    let title = text.lines().find_map(|l| l.strip_prefix("# ")).filter(|_| is_markdown);
    Ok(Text { title: title.unwrap_or(stem).trim().to_owned(), text })
}

/// Bytes to characters, whatever they were written in: UTF-8, UTF-16 with a byte order mark, else Windows-1252.
///
/// # Errors
/// [`KnowledgeError::Binary`].
pub fn characters(bytes: &[u8]) -> Result<String, KnowledgeError> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&b| windows_1252(b)).collect(),
        },
    };
    // A text file may hold a stray form feed, but not NUL, and not one control character in fifty.
    let strange = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if text.contains('\0') || strange * 50 > text.chars().count() {
        return Err(KnowledgeError::Binary);
    }
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The 32 places in which Windows-1252 differs from Latin-1 (WHATWG Encoding, index-windows-1252).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// Unix line ends, no control characters, no blanks at line ends.
fn tidy(raw: &str) -> String {
    let unix = raw.replace("\r\n", "\n").replace(['\r', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
    let mut out = String::with_capacity(unix.len());
    for line in unix.lines() {
        let clean: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        out.push_str(clean.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(name: &str, bytes: &[u8]) -> Result<String, KnowledgeError> {
        decode(name, bytes, &Limits::default()).map(|t| t.text.trim().to_owned())
    }

    #[test]
    fn every_common_encoding_reads_the_same() {
        let expect = Ok("Größe: 5 €".to_owned());
        let le: Vec<u8> = "\u{feff}Größe: 5 €".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "\u{feff}Größe: 5 €".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text("a.txt", "Größe: 5 €".as_bytes()), expect);
        assert_eq!(text("a.txt", "\u{feff}Größe: 5 €".as_bytes()), expect);
        assert_eq!(text("a.TXT", &le), expect);
        assert_eq!(text("a.txt", &be), expect);
        assert_eq!(text("a.txt", b"Gr\xf6\xdfe: 5 \x80"), expect);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(text("a.txt", b"a\0b"), Err(KnowledgeError::Binary));
        assert_eq!(text("a.txt", b"\x89PNG\r\n\x1a\n\x01\x02\x03"), Err(KnowledgeError::Binary));
        assert_eq!(text("a.exe", b"text"), Err(KnowledgeError::UnknownKind("exe".to_owned())));
        assert_eq!(text("README", b"text"), Err(KnowledgeError::UnknownKind(String::new())));
        assert_eq!(text("a.md", b" \n\n"), Err(KnowledgeError::Empty));
        let limits = Limits { bytes: 3 };
        let error = decode("a.txt", b"four", &limits).unwrap_err();
        assert_eq!(error.to_string(), "the file has 4 bytes; at most 3 are read");
    }

    #[test]
    fn the_title_is_the_first_heading_or_the_name() {
        let title = |name: &str, text: &str| decode(name, text.as_bytes(), &Limits::default()).unwrap().title;
        assert_eq!(title("docs/returns.md", "intro\n\n# Returns\n\ntext"), "Returns");
        assert_eq!(title("docs/returns.policy.md", "no heading"), "returns.policy");
        assert_eq!(title("C:\\x\\a.txt", "# not a heading here"), "a");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_cut_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), md in any::<bool>()) {
            if let Ok(text) = decode(if md { "a.md" } else { "a.txt" }, &bytes, &Limits::default()) {
                prop_assert!(!text.text.contains('\0'));
                let _ = crate::chunk(&text.title, &text.text);
            }
        }

        #[test]
        fn any_markdown_is_read(text in "(?s)([#*`|>\\[\\]() -]|[0-9]\\.|\n|.){0,200}") {
            let _ = decode("a.md", text.as_bytes(), &Limits::default());
        }
    }
}
