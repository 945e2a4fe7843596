//! Which mails a machine wrote. They are filed and never answered: two machines that answer each other do not stop.

/// What the headers of a mail tell of who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signs {
    /// `Auto-Submitted` (RFC 3834).
    pub auto_submitted: Option<String>,
    /// `Precedence`.
    pub precedence: Option<String>,
    /// It has a `List-Id` or `List-Unsubscribe`.
    pub list: bool,
    /// `X-Auto-Response-Suppress`, which Exchange puts on what it writes by itself.
    pub suppress: Option<String>,
    /// `X-Autoreply`, `X-Autorespond` or `X-Autoresponder`.
    pub autoreply: bool,
    /// `Return-Path`: empty on what nobody shall answer.
    pub return_path: Option<String>,
    /// It is a report on the delivery of another mail.
    pub report: bool,
    /// It carries our own mark.
    pub ours: bool,
}

/// What a mail that a machine wrote is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// One of our own that came back.
    Loop,
    /// A report that a mail could not be delivered.
    Bounce,
    /// An answer by itself: out of office, a receipt.
    AutoReply,
    /// Sent to many.
    Bulk,
}

impl Automatic {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Loop, Self::Bounce, Self::AutoReply, Self::Bulk];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::Bounce => "bounce",
            Self::AutoReply => "auto_reply",
            Self::Bulk => "bulk",
        }
    }
}

/// What a mail is, when a machine wrote it.
pub fn automatic(signs: &Signs) -> Option<Automatic> {
    // The first word counts: `auto-replied; owner-email="..."`.
    let word = |value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
        value.split([';', ',', ' ', '\t', '(']).next().unwrap_or_default().to_owned()
    };
    let (submitted, precedence) = (word(&signs.auto_submitted), word(&signs.precedence));
    let empty_path = signs.return_path.as_deref().is_some_and(|path| matches!(path.trim(), "" | "<>"));
    if signs.ours {
        Some(Automatic::Loop)
    } else if signs.report || empty_path {
        Some(Automatic::Bounce)
    } else if signs.list || matches!(precedence.as_str(), "bulk" | "junk" | "list") {
        Some(Automatic::Bulk)
    } else if !matches!(submitted.as_str(), "" | "no")
        || precedence == "auto_reply"
        || signs.autoreply
        || !matches!(word(&signs.suppress).as_str(), "" | "none")
    {
        Some(Automatic::AutoReply)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_told_from_people() {
        let some = |text: &str| Some(text.to_owned());
        for (signs, expected) in [
            (Signs::default(), None),
            (Signs { auto_submitted: some("no"), return_path: some("<ada@example.com>"), ..Signs::default() }, None),
            (Signs { precedence: some("first-class"), suppress: some("None"), ..Signs::default() }, None),
            (Signs { auto_submitted: some("Auto-Replied (vacation)"), ..Signs::default() }, Some(Automatic::AutoReply)),
            (Signs { auto_submitted: some("auto-generated; x"), ..Signs::default() }, Some(Automatic::AutoReply)),
            (Signs { precedence: some("auto_reply"), ..Signs::default() }, Some(Automatic::AutoReply)),
            (Signs { suppress: some("DR, OOF"), ..Signs::default() }, Some(Automatic::AutoReply)),
            (Signs { autoreply: true, ..Signs::default() }, Some(Automatic::AutoReply)),
            (Signs { precedence: some("Bulk"), ..Signs::default() }, Some(Automatic::Bulk)),
            (Signs { list: true, ..Signs::default() }, Some(Automatic::Bulk)),
            (Signs { return_path: some("<>"), ..Signs::default() }, Some(Automatic::Bounce)),
            (Signs { return_path: some(""), ..Signs::default() }, Some(Automatic::Bounce)),
            (Signs { report: true, auto_submitted: some("auto-replied"), ..Signs::default() }, Some(Automatic::Bounce)),
            (Signs { ours: true, report: true, ..Signs::default() }, Some(Automatic::Loop)),
        ] {
            assert_eq!(automatic(&signs), expected, "{signs:?}");
        }
    }
}
