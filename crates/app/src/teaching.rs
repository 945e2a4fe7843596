//! Escalations that teach: from a person's answer a question and its answer for the knowledge, which somebody looks at first.
//!
//! What is proposed follows from the log and is not stored; what somebody made of it is. Whoever may not add knowledge suggests
//! it to somebody who may.

use domain::{
    ChatbotId, ConversationId, Millis, SourceId,
    conversation::Event,
    limits,
    teaching::{By, Lesson, Said, lessons},
    text,
};
use ports::{
    content::Content,
    conversations::{LogRange, Logged},
    lessons::{Looked, Made},
    sources::SourceKind,
};
use uuid::Uuid;

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
    meaning::digest,
    sources::SourceDraft,
};

/// Entries of a log that are looked through, the newest.
const LOOKED_THROUGH: u32 = 500;

/// A lesson, and what somebody made of it.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The lesson: as it was written last, where somebody has written on it.
    pub lesson: Lesson,
    /// What was made of it, by whom and when.
    pub looked: Option<Looked>,
}

impl Baton {
    /// What the AI could learn from a conversation, without what was dismissed, in the order in which it was said.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] for viewers.
    pub async fn lessons(&self, staff: &Staff, conversation: ConversationId) -> Result<Vec<Proposed>> {
        let (row, by) = self.desk_row(staff, conversation).await?;
        if !by.role.may_answer() {
            return Err(AppError::Forbidden);
        }
        // What was said to try the hand-over out is no answer to teach.
        if !row.reaches_out() {
            return Ok(Vec::new());
        }
        let before = Some(row.state.seq + 1);
        let range = LogRange { after: 0, before, visitor: false, limit: LOOKED_THROUGH };
        let log = self.store.log(row.scope, conversation, range).await?;
        let looked = self.store.looked_at(row.scope, conversation).await?;
        let proposed = lessons(&said(&log)).into_iter().filter_map(|lesson| {
            let looked = looked.iter().find(|looked| looked.seq == lesson.seq).cloned();
            match &looked {
                Some(Looked { made: Made::Dismissed, .. }) => None,
                Some(known) => {
                    let (question, answer) = (known.question.clone(), known.answer.clone());
                    Some(Proposed { lesson: Lesson { question, answer, ..lesson }, looked })
                }
                None => Some(Proposed { lesson, looked }),
            }
        });
        Ok(proposed.collect())
    }

    /// Adds a lesson to the knowledge; or suggests it, for whoever may not add any. A lesson that was taught stays as it is.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such lesson, [`AppError::Forbidden`] for viewers, the field at fault.
    pub async fn teach(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        seq: i64,
        question: &str,
        answer: &str,
    ) -> Result<Made> {
        let proposed = self.lesson(staff, conversation, seq).await?;
        if let Some(Looked { made: made @ Made::Taught(_), .. }) = proposed.looked {
            return Ok(made);
        }
        let question = field("question", text::line(question, limits::SOURCE_TITLE_CHARS))?;
        let answer = field("answer", text::required(answer, limits::ANSWER_CHARS))?;
        let (target, by) = self.desk_target(staff, conversation).await?;
        if !by.role.may_administer() {
            self.looks_at(staff, target.chatbot, conversation, (seq, question, answer), Made::Suggested).await?;
            return Ok(Made::Suggested);
        }
        // Its id is the lesson's: whoever teaches it twice, in two tabs, or two people at once, teach it once. What the first
        // one has written stands, also where a crash came before it was noted.
        let draft = SourceDraft { kind: SourceKind::Qa, title: question, text: answer };
        let (source, text) = self.add_source_as(staff, target.chatbot, source_of(conversation, seq), draft).await?;
        let made = Made::Taught(source.id);
        self.looks_at(staff, target.chatbot, conversation, (seq, source.title, text), made.clone()).await?;
        Ok(made)
    }

    /// Takes a lesson off the list.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such lesson, [`AppError::Forbidden`] for viewers.
    pub async fn dismiss_lesson(&self, staff: &Staff, conversation: ConversationId, seq: i64) -> Result<()> {
        let Proposed { lesson, .. } = self.lesson(staff, conversation, seq).await?;
        let (target, _) = self.desk_target(staff, conversation).await?;
        let words = (seq, lesson.question, lesson.answer);
        self.looks_at(staff, target.chatbot, conversation, words, Made::Dismissed).await
    }

    /// Lessons of a chatbot that wait for somebody who may add knowledge, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn suggested_lessons(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        before: Option<(Millis, ConversationId, i64)>,
        limit: u32,
    ) -> Result<Vec<Looked>> {
        self.chatbot(staff, chatbot).await?;
        Ok(self.store.suggested(staff.scope(), chatbot, before, limit).await?)
    }

    async fn lesson(&self, staff: &Staff, conversation: ConversationId, seq: i64) -> Result<Proposed> {
        let proposed = self.lessons(staff, conversation).await?;
        proposed.into_iter().find(|one| one.lesson.seq == seq).ok_or(AppError::NotFound)
    }

    async fn looks_at(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        conversation: ConversationId,
        (seq, question, answer): (i64, String, String),
        made: Made,
    ) -> Result<()> {
        let (by, at) = (staff.id(), self.clock.now());
        let looked = Looked { chatbot, conversation, seq, question, answer, made, by, at };
        // Somebody was faster and taught it: that counts.
        self.store.keep_lesson(staff.scope(), looked).await?;
        Ok(())
    }
}

/// The id of what a lesson becomes in the knowledge.
fn source_of(conversation: ConversationId, seq: i64) -> SourceId {
    SourceId::new(Uuid::from_bytes(digest(&format!("lesson {conversation} {seq}"))))
}

/// What was said in a log, message by message.
fn said(log: &[Logged]) -> Vec<Said> {
    let wishes: Vec<String> = log
        .iter()
        .filter(|logged| matches!(logged.entry.event, Event::HumanRequested { .. } | Event::ReasonAdded { .. }))
        .filter_map(|logged| logged.content.as_ref().and_then(|content| content.of_reason().0))
        .collect();
    log.iter()
        .filter_map(|logged| {
            let text = logged.content.as_ref().and_then(Content::text)?;
            let by = match logged.entry.event {
                Event::VisitorWrote { .. } => By::Visitor { wish: wishes.iter().any(|wish| wish == text) },
                Event::AssistantWrote { .. } => By::Ai,
                Event::PersonWrote { .. } => By::Person,
                _ => return None,
            };
            Some(Said { seq: logged.entry.seq, by, text: text.to_owned() })
        })
        .collect()
}
