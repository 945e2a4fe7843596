//! What the AI can learn, between the rules and the wire.

use api::lessons::{LessonState, LessonView, Taught};
use app::{Baton, teaching::Proposed};
use domain::ConversationId;
use ports::lessons::{Looked, Made};

use super::people::person_view;

/// A lesson of a conversation.
pub(crate) async fn proposed(baton: &Baton, conversation: ConversationId, proposed: &Proposed) -> LessonView {
    let lesson = &proposed.lesson;
    let known = match &proposed.looked {
        Some(known) => Some(looked(baton, known).await),
        None => None,
    };
    LessonView {
        conversation_id: conversation.to_string(),
        seq: lesson.seq,
        question: lesson.question.clone(),
        answer: lesson.answer.clone(),
        personal: lesson.personal,
        state: known.as_ref().map_or(LessonState::Proposed, |known| known.state),
        by: known.as_ref().and_then(|known| known.by.clone()),
        source_id: known.and_then(|known| known.source_id),
    }
}

/// A lesson that somebody has looked at.
pub(crate) async fn looked(baton: &Baton, looked: &Looked) -> LessonView {
    let Taught { state, source_id } = taught(&looked.made);
    LessonView {
        conversation_id: looked.conversation.to_string(),
        seq: looked.seq,
        question: looked.question.clone(),
        answer: looked.answer.clone(),
        personal: false,
        state,
        by: Some(person_view(baton, looked.by).await),
        source_id,
    }
}

/// What has become of a lesson.
pub(crate) fn taught(made: &Made) -> Taught {
    match made {
        Made::Taught(source) => Taught { state: LessonState::Taught, source_id: Some(source.to_string()) },
        Made::Suggested => Taught { state: LessonState::Suggested, source_id: None },
        Made::Dismissed => Taught { state: LessonState::Proposed, source_id: None },
    }
}
