//! Documents that become knowledge: which ones are read, and why one is not.

/// A kind of document that cannot be looked at as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// PDF.
    Pdf,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// Values in rows, parted by commas, semicolons or tabs.
    Csv,
    /// A web page.
    Html,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Docx, Self::Xlsx, Self::Csv, Self::Html];

    /// The name used in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of a file, by the ending of its name.
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "htm" | "xhtml" => Some(Self::Html),
            "tsv" => Some(Self::Csv),
            ending => Self::named(ending),
        }
    }
}

/// Why a document is not read. The words are for whoever brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not what it claims to be, or has a fault that nobody reads past.
    #[error("The file is damaged, or it is not what its name says. Open it, save it anew and upload that.")]
    Broken,
    /// It opens with a password only.
    #[error("The file is protected with a password. Save a copy without one and upload that.")]
    Encrypted,
    /// Too many pages, cells or characters, or it unpacks to more than may be.
    #[error("There is too much in the file. Split it and upload the parts.")]
    TooLarge,
    /// It takes too long.
    #[error("The file takes too long to read. Save it anew in a simpler form, or split it, and upload that.")]
    TooSlow,
    /// There is no text in it.
    #[error(
        "There is no text in the file. A scanned document has pictures of text only: run a text recognition over it first."
    )]
    Empty,
    /// The upload broke off.
    #[error("The upload broke off. Upload the file again.")]
    Lost,
    /// Nothing came of it, however often it was tried.
    #[error("It could not be read: the server stopped each time.")]
    GivenUp,
}

impl Unreadable {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Broken, Self::Encrypted, Self::TooLarge, Self::TooSlow, Self::Empty, Self::Lost, Self::GivenUp];

    /// The stable code for the outside.
    pub fn code(self) -> &'static str {
        match self {
            Self::Broken => "document_broken",
            Self::Encrypted => "document_encrypted",
            Self::TooLarge => "document_too_large",
            Self::TooSlow => "document_too_slow",
            Self::Empty => "document_empty",
            Self::Lost => "document_lost",
            Self::GivenUp => "document_given_up",
        }
    }

    /// The one of that code.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_tells_the_kind() {
        for (name, expect) in [
            ("Terms 2026.PDF", Some(DocumentKind::Pdf)),
            ("a.b.docx", Some(DocumentKind::Docx)),
            ("prices.xlsx", Some(DocumentKind::Xlsx)),
            ("prices.tsv", Some(DocumentKind::Csv)),
            ("index.htm", Some(DocumentKind::Html)),
            ("notes.txt", None),
            ("old.doc", None),
            ("pdf", None),
            ("", None),
        ] {
            assert_eq!(DocumentKind::of_file(name), expect, "{name}");
        }
    }

    #[test]
    fn names_and_codes_come_back() {
        assert!(DocumentKind::ALL.into_iter().all(|kind| DocumentKind::named(kind.name()) == Some(kind)));
        assert!(Unreadable::ALL.into_iter().all(|why| Unreadable::coded(why.code()) == Some(why)));
    }
}
