//! Files in conversations: what may be one, who may upload one, who may see one.
//!
//! What a file is, its bytes say: neither its name nor what the upload claims. Pictures are shown, everything else is
//! handed out to be saved; nothing that a browser would run is taken at all.

use crate::{
    conversation::{Conversation, Refusal},
    limits,
    person::Collaborator,
    text::{self, InvalidText},
};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A WebP picture: taken, and kept as one of the others.
    WebP,
    /// A GIF picture.
    Gif,
    /// A PDF document.
    Pdf,
    /// A Word document.
    Docx,
    /// An Excel sheet.
    Xlsx,
    /// A PowerPoint presentation.
    Pptx,
    /// A table as text.
    Csv,
    /// Any other text.
    Text,
}

use FileType::{Csv, Docx, Gif, Jpeg, Pdf, Png, Pptx, Text, WebP, Xlsx};

impl FileType {
    /// All of them.
    pub const ALL: [Self; 10] = [Png, Jpeg, WebP, Gif, Pdf, Docx, Xlsx, Pptx, Csv, Text];

    /// The name used in the database.
    pub fn name(self) -> &'static str {
        self.endings()[0]
    }

    /// The type of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// What files of this type are called at the end; the first one is given where there is none.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Png => &["png"],
            Jpeg => &["jpg", "jpeg", "jfif"],
            WebP => &["webp"],
            Gif => &["gif"],
            Pdf => &["pdf"],
            Docx => &["docx"],
            Xlsx => &["xlsx"],
            Pptx => &["pptx"],
            Csv => &["csv"],
            Text => &["txt", "log", "md"],
        }
    }

    /// The MIME type under which it is handed out.
    pub fn mime(self) -> &'static str {
        match self {
            Png => "image/png",
            Jpeg => "image/jpeg",
            WebP => "image/webp",
            Gif => "image/gif",
            Pdf => "application/pdf",
            Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Csv => "text/csv",
            Text => "text/plain",
        }
    }

    /// Whether it is shown where it stands. All others are handed out to be saved.
    pub fn is_picture(self) -> bool {
        matches!(self, Png | Jpeg | WebP | Gif)
    }

    /// What people call it.
    fn words(self) -> &'static str {
        match self {
            Png => "a PNG picture",
            Jpeg => "a JPEG picture",
            WebP => "a WebP picture",
            Gif => "a GIF picture",
            Pdf => "a PDF document",
            Docx => "a Word document",
            Xlsx => "an Excel sheet",
            Pptx => "a PowerPoint presentation",
            Csv | Text => "a text",
        }
    }

    /// The type that the end of a name claims.
    fn claimed(name: &str) -> Option<Self> {
        let ending = ending(name)?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|one| one.endings().contains(&ending.as_str()))
    }
}

/// The end of a name behind its last full stop.
fn ending(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitFile {
    /// There is nothing in it.
    #[error("this file is empty")]
    Empty,
    /// Its bytes are something else than its name says.
    #[error("this file is named like {} but is {}: it was not sent", claimed.words(), found.map_or("something else", FileType::words))]
    Lies {
        /// What its name says.
        claimed: FileType,
        /// What it is, if that is known.
        found: Option<FileType>,
    },
    /// A browser or an office program would run what is in it.
    #[error("files that can run something, like web pages, SVG pictures and documents with macros, are not sent")]
    Active,
    /// Nothing that is sent here.
    #[error(
        "files of this type are not sent: use a picture (PNG, JPEG, WebP, GIF), PDF, Word, Excel, PowerPoint, CSV or text"
    )]
    Unknown,
}

/// Finds out what a file is from all of its bytes.
///
/// # Errors
/// [`UnfitFile`], also when the name says something else.
pub fn recognise(name: &str, bytes: &[u8]) -> Result<FileType, UnfitFile> {
    if bytes.is_empty() {
        return Err(UnfitFile::Empty);
    }
    let claimed = FileType::claimed(name);
    let found = found(name, bytes)?;
    match (claimed, found) {
        (Some(claimed), Some(found)) if fits(claimed, found) => Ok(found),
        (None, Some(found)) => Ok(found),
        (Some(claimed), found) => Err(UnfitFile::Lies { claimed, found }),
        (None, None) => Err(UnfitFile::Unknown),
    }
}

/// A picture may be named like another kind of picture: programs do that, and it is encoded anew in any case.
fn fits(claimed: FileType, found: FileType) -> bool {
    claimed == found
        || (claimed.is_picture() && found.is_picture())
        || (matches!(claimed, Csv | Text) && matches!(found, Csv | Text))
}

fn found(name: &str, bytes: &[u8]) -> Result<Option<FileType>, UnfitFile> {
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    Ok(if begins(b"\x89PNG\r\n\x1a\n") {
        Some(Png)
    } else if begins(b"\xff\xd8\xff") {
        Some(Jpeg)
    } else if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(WebP)
    } else if begins(b"GIF87a") || begins(b"GIF89a") {
        Some(Gif)
    } else if begins(b"%PDF-") {
        Some(Pdf)
    } else if begins(b"PK\x03\x04") {
        office(bytes)?
    } else if is_text(bytes) {
        if is_markup(name, bytes) {
            return Err(UnfitFile::Active);
        }
        Some(if FileType::claimed(name) == Some(Csv) { Csv } else { Text })
    } else {
        None
    })
}

/// Which office document an archive is, by the names in it; they stand there as they are.
fn office(bytes: &[u8]) -> Result<Option<FileType>, UnfitFile> {
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    if !holds(b"[Content_Types].xml") {
        return Ok(None);
    }
    if holds(b"vbaProject.bin") {
        return Err(UnfitFile::Active);
    }
    let parts: [(&[u8], FileType); 3] =
        [(b"word/document.xml", Docx), (b"xl/workbook.xml", Xlsx), (b"ppt/presentation.xml", Pptx)];
    Ok(parts.into_iter().find(|(part, _)| holds(part)).map(|(_, found)| found))
}

/// A text has no control characters but those that lay it out. Which letters its other bytes are, its reader finds out.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b'\x1b'))
}

/// What a browser would take for a page, a picture with scripts, or a script.
fn is_markup(name: &str, bytes: &[u8]) -> bool {
    const PAGES: [&str; 12] =
        ["html", "htm", "xhtml", "shtml", "svg", "xml", "xsl", "js", "mjs", "hta", "mht", "mhtml"];
    let named = ending(name).is_some_and(|end| PAGES.contains(&end.to_ascii_lowercase().as_str()));
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let tags: [&[u8]; 9] =
        [b"<!doctype", b"<html", b"<head", b"<body", b"<svg", b"<?xml", b"<script", b"<iframe", b"<!--"];
    named || tags.iter().any(|tag| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag)))
}

/// A name to keep a file under: one line without a path, with the ending of its type.
///
/// # Errors
/// [`InvalidText::TooLong`].
pub fn tidy_name(name: &str, found: FileType) -> Result<String, InvalidText> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')).collect();
    let plain = match text::line(&plain, limits::FILE_NAME_CHARS) {
        Err(InvalidText::Empty) => String::new(),
        other => other?,
    };
    let stem = plain.trim_matches(['.', ' ']);
    let stem = if stem.is_empty() { "file" } else { stem };
    match ending(stem) {
        Some(end) if found.endings().contains(&end.to_ascii_lowercase().as_str()) => Ok(stem.to_owned()),
        // A picture that became one of another kind, or was named like one.
        Some(_) if found.is_picture() && FileType::claimed(stem).is_some_and(FileType::is_picture) => {
            let bare = stem.rsplit_once('.').map_or(stem, |(bare, _)| bare);
            Ok(format!("{bare}.{}", found.name()))
        }
        _ => Ok(format!("{stem}.{}", found.name())),
    }
}

/// Who uploads a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uploader {
    /// The conversation's visitor.
    Visitor,
    /// A collaborator.
    Person(Collaborator),
}

/// Whether somebody may upload to a conversation as it stands. Visitors may as soon as they were answered once: who never
/// waits for an answer does not fill the disk.
///
/// # Errors
/// The refusal.
pub fn may_upload(state: &Conversation, by: Uploader) -> Result<(), Refusal> {
    match by {
        Uploader::Visitor if !state.exchanged => Err(Refusal::NoExchange),
        Uploader::Person(person) if !person.role.may_answer() => Err(Refusal::Forbidden),
        Uploader::Visitor | Uploader::Person(_) => Ok(()),
    }
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Its place is kept, its bytes are on the way.
    Coming,
    /// It is there, and not sent.
    Ready,
    /// It was sent in a message.
    Everyone,
    /// It was sent in a private note.
    Staff,
    /// Its message was deleted; its bytes go.
    Gone,
}

impl FileState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Coming, Self::Ready, Self::Everyone, Self::Staff, Self::Gone];

    /// The name used in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Ready => "ready",
            Self::Everyone => "everyone",
            Self::Staff => "staff",
            Self::Gone => "gone",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Who opens the address of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who shows nothing but the address: a picture in a visitor's page cannot show more.
    Address,
    /// The conversation's visitor.
    Visitor,
    /// A collaborator who may read the chatbot.
    Staff,
    /// Whoever may not read the conversation.
    Stranger,
}

/// Whether somebody who has a file's address may have the file. `private` says that the chatbot is for collaborators
/// only; `own` that the reader has uploaded it.
pub fn may_read(state: FileState, reader: Reader, own: bool, private: bool) -> bool {
    match (state, reader) {
        (FileState::Coming | FileState::Gone, _) | (_, Reader::Stranger) => false,
        (FileState::Ready, _) => own,
        (FileState::Everyone, Reader::Address) => !private,
        (FileState::Everyone, Reader::Visitor | Reader::Staff) | (FileState::Staff, Reader::Staff) => true,
        (FileState::Staff, Reader::Address | Reader::Visitor) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PersonId,
        conversation::{Command, Policy, decide},
        person::Role,
    };

    const ZIP: &[u8] = b"PK\x03\x04..[Content_Types].xml..word/document.xml..";

    #[test]
    fn bytes_say_what_a_file_is() {
        let check = |name: &str, bytes: &[u8], expect: Result<FileType, UnfitFile>| {
            assert_eq!(recognise(name, bytes), expect, "{name}");
        };
        let lies = |claimed, found| Err(UnfitFile::Lies { claimed, found });
        check("a.png", b"\x89PNG\r\n\x1a\n..", Ok(Png));
        check("without ending", b"\xff\xd8\xff\xe0..", Ok(Jpeg));
        check("a.png", b"\xff\xd8\xff\xe0..", Ok(Jpeg));
        check("a.webp", b"RIFF....WEBPVP8 ", Ok(WebP));
        check("a.gif", b"GIF89a..", Ok(Gif));
        check("a.PDF", b"%PDF-1.7\n", Ok(Pdf));
        check("a.docx", ZIP, Ok(Docx));
        check("list.csv", "Größe;Preis\n1;2\n".as_bytes(), Ok(Csv));
        check("old.csv", b"Gr\xf6\xdfe;Preis\n", Ok(Csv));
        check("main.rs", b"fn main() {}\n", Ok(Text));
        check("a.png", b"%PDF-1.7\n", lies(Png, Some(Pdf)));
        check("a.jpg", b"MZ\x90\x00\x03", lies(Jpeg, None));
        check("a.txt", b"MZ\x90\x00\x03", lies(Text, None));
        check("a.xlsx", ZIP, lies(Xlsx, Some(Docx)));
        check("a.pdf", b"hello", lies(Pdf, Some(Text)));
        check("a.exe", b"MZ\x90\x00\x03", Err(UnfitFile::Unknown));
        check("a.zip", b"PK\x03\x04..readme", Err(UnfitFile::Unknown));
        check("a.png", b"", Err(UnfitFile::Empty));
    }

    #[test]
    fn what_runs_is_not_taken_whatever_it_is_called() {
        for (name, bytes) in [
            ("page.html", &b"hello"[..]),
            ("picture.svg", b"  <svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("picture.png", b"<SVG onload=alert(1)>"),
            ("notes.txt", b"\xef\xbb\xbf\n<!DocType html><script>alert(1)</script>"),
            ("feed.xml", b"<rss/>"),
            ("sheet.docx", b"PK\x03\x04[Content_Types].xml word/document.xml word/vbaProject.bin"),
        ] {
            assert_eq!(recognise(name, bytes), Err(UnfitFile::Active), "{name}");
        }
    }

    #[test]
    fn names_are_plain_and_end_as_they_should() {
        let check = |name: &str, found: FileType, expect: &str| assert_eq!(tidy_name(name, found).unwrap(), expect);
        check("photo.JPEG", Jpeg, "photo.JPEG");
        check("C:\\fake\\path\\photo.png", Png, "photo.png");
        check("../../etc/passwd", Text, "passwd.txt");
        check("photo.webp", Jpeg, "photo.jpg");
        check("bill.pdf.exe", Pdf, "bill.pdf.exe.pdf");
        check("bill\u{202e}fdp.exe", Pdf, "billfdp.exe.pdf");
        check("  ..  ", Png, "file.png");
        check("", Csv, "file.csv");
        check("what? \"this\".txt", Text, "what this.txt");
        assert!(tidy_name(&"x".repeat(500), Png).is_err());
    }

    #[test]
    fn visitors_upload_when_they_were_answered() {
        let policy = Policy {
            escalation: true,
            hold: false,
            ai_available: true,
            announces_start: true,
            announces_end: true,
            tells_away: true,
            opens: None,
        };
        let now = crate::Millis(1);
        let by = |role| Collaborator { id: PersonId::new(uuid::Uuid::nil()), role };
        let after = |state: &Conversation, command| {
            let events = decide(state, command, &policy, now).unwrap();
            state.clone().record(&events, now).0
        };
        let new = Conversation::default();
        let asked = after(&new, Command::VisitorWrites);
        for state in [&new, &asked] {
            assert_eq!(may_upload(state, Uploader::Visitor), Err(Refusal::NoExchange));
            assert_eq!(may_upload(state, Uploader::Person(by(Role::Agent))), Ok(()));
            assert_eq!(may_upload(state, Uploader::Person(by(Role::Viewer))), Err(Refusal::Forbidden));
        }
        let answered = after(&asked, Command::PersonWrites { by: by(Role::Agent) });
        assert_eq!(may_upload(&answered, Uploader::Visitor), Ok(()));
        let ended = after(&answered, Command::EndLiveChat { by: by(Role::Agent) });
        assert_eq!(may_upload(&ended, Uploader::Visitor), Ok(()), "once is enough");
    }

    #[test]
    fn an_address_opens_what_its_reader_may_see() {
        use FileState::{Coming, Everyone, Gone, Ready, Staff as Note};
        let readers = [Reader::Address, Reader::Visitor, Reader::Staff, Reader::Stranger];
        let check = |state, own, private, expect: [bool; 4]| {
            assert_eq!(readers.map(|reader| may_read(state, reader, own, private)), expect, "{state:?}");
        };
        check(Everyone, false, false, [true, true, true, false]);
        check(Everyone, false, true, [false, true, true, false]);
        check(Note, false, false, [false, false, true, false]);
        check(Ready, false, false, [false; 4]);
        check(Ready, true, false, [true, true, true, false]);
        check(Coming, true, false, [false; 4]);
        check(Gone, true, false, [false; 4]);
    }
}
