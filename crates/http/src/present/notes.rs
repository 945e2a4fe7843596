//! Mentions and versions.

use api::notes::{MentionView, TextVersion};
use app::{Baton, alerts::visitor_name};
use domain::conversation::Event;
use ports::{
    content::Content,
    notes::{Mention, Version},
};

use super::people::person_view;

/// Length of a note's words in the list, in characters.
const EXCERPT_CHARS: usize = 200;

/// A mention that was not read yet.
pub(crate) async fn mention(baton: &Baton, mention: &Mention) -> MentionView {
    let person = match mention.note.entry.event {
        Event::NoteWritten { person } => Some(person_view(baton, person).await),
        _ => None,
    };
    let text = mention.note.content.as_ref().and_then(Content::text).unwrap_or_default();
    MentionView {
        conversation: mention.row.id.to_string(),
        visitor_name: visitor_name(&mention.row),
        seq: mention.note.entry.seq,
        person,
        text: domain::text::excerpt(text, EXCERPT_CHARS),
        at: mention.note.entry.at.0,
    }
}

/// One version of a text.
pub(crate) fn version(version: &Version) -> TextVersion {
    TextVersion { number: version.number, text: version.content.text().unwrap_or_default().to_owned() }
}
