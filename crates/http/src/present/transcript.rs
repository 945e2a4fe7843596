//! A conversation as a text that people read.

use std::fmt::Write;

use api::conversations::ConversationRow;
use app::Baton;
use domain::{Millis, conversation::Event};
use ports::{content::Content, conversations::Logged};
use time::OffsetDateTime;

use super::people::person_view;

/// What was said, each with when and by whom; dividers stand between. What was deleted is told of, not shown.
pub(crate) async fn transcript(baton: &Baton, conversation: &ConversationRow, log: &[Logged]) -> String {
    let mut text = format!(
        "Conversation with {}\n{}\nBegun {}\n\n",
        conversation.visitor_name,
        conversation.chatbot_name,
        moment(Millis(conversation.created_at)),
    );
    for logged in log {
        let who = match logged.entry.event {
            Event::VisitorWrote { .. } => conversation.visitor_name.clone(),
            event if event.is_automatic_text() => {
                format!("{} (AI)", conversation.chatbot_name)
            }
            Event::PersonWrote { person } => person_view(baton, person).await.name,
            Event::NoteWritten { person } => format!("{} (private note)", person_view(baton, person).await.name),
            Event::Announced { .. } => {
                let words = logged.content.as_ref().and_then(Content::text).unwrap_or_default();
                // Writing into a text cannot fail.
                let _ = writeln!(text, "--- {words} ---\n");
                continue;
            }
            _ => continue,
        };
        let words = logged.content.as_ref().and_then(Content::with_names).unwrap_or("(deleted)".into());
        let _ = writeln!(text, "[{}] {who}:\n{words}\n", moment(logged.entry.at));
    }
    text
}

/// A moment by the clock of the whole world.
pub(super) fn moment(at: Millis) -> String {
    match OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)) {
        Ok(at) => {
            let month = u8::from(at.month());
            format!("{:04}-{month:02}-{:02} {:02}:{:02} UTC", at.year(), at.day(), at.hour(), at.minute())
        }
        Err(_) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_out() {
        assert_eq!(moment(Millis(1_786_365_720_999)), "2026-08-10 12:42 UTC");
        assert_eq!(moment(Millis(i64::MAX)), "?");
    }
}
