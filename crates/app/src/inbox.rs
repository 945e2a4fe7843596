//! What collaborators read: the inbox, a conversation, the hand-over card.

use std::{borrow::Cow, sync::Arc};

use domain::{
    ChatbotId, ConversationId, Millis, PersonId,
    conversation::{Event, Standing},
    limits,
};
use ports::{
    accounts::Person,
    cards::WrittenCard,
    content::{Citation, Content},
    conversations::{Counts, InboxFilter, KnownVisitor, LogRange, Logged, ReasonText, Row, Viewpoint},
};

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result},
    turn::visitors_language,
};

/// How far back the hand-over card looks, in events.
const CARD_EVENTS: u32 = 60;
/// Words of the visitor on the card.
const CARD_WORDS: usize = 5;
/// Answers of the AI on the card.
const CARD_ANSWERS: usize = 3;

/// A model that has not written its part by then does not any more, in milliseconds.
const WRITING_MS: i64 = 60_000;

/// What a person needs to know before the first word: plain facts from the log, and what a model has written.
#[derive(Debug, Clone)]
pub struct HandoverCard {
    /// Why, in the order they came.
    pub reasons: Vec<ReasonText>,
    /// What the visitor wrote before the person came.
    pub visitor_words: Vec<String>,
    /// What the AI answered, with what it cited.
    pub tried: Vec<(String, Vec<Citation>)>,
    /// Language of the visitor: of their words, else of their browser.
    pub language: Option<String>,
    /// When a person was requested.
    pub requested_at: Option<Millis>,
    /// What came of asking a model for its part; nothing as long as none was asked.
    pub written: Option<WrittenCard>,
    /// A model is at it.
    pub writing: bool,
}

/// A conversation with what the details drawer shows.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The row.
    pub row: Arc<Row>,
    /// The card, when a person is or was wanted, or took over.
    pub card: Option<HandoverCard>,
    /// The visitor.
    pub visitor: KnownVisitor,
}

/// The number of entries of a page.
pub fn page_size(asked: Option<u32>) -> u32 {
    asked.unwrap_or(limits::PAGE.0).clamp(1, limits::PAGE.1)
}

impl Baton {
    pub(crate) fn viewpoint(staff: &Staff) -> Viewpoint {
        Viewpoint { person: staff.id(), whole_workspace: staff.sees_workspace() }
    }

    /// A page of the inbox, newest change first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn inbox(
        &self,
        staff: &Staff,
        filter: InboxFilter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Arc<Row>>> {
        let rows = self.store.rows(staff.scope(), Self::viewpoint(staff), filter, before, limit).await?;
        Ok(self.visible(staff, rows).await)
    }

    /// Rows that changed after a cursor.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn inbox_changes(&self, staff: &Staff, after: i64, limit: u32) -> Result<Vec<Arc<Row>>> {
        let rows = self.store.changes(staff.scope(), Self::viewpoint(staff), after, limit).await?;
        Ok(self.visible(staff, rows).await)
    }

    /// The rows of chatbots that this person may see, and that are not being deleted.
    pub(crate) async fn visible(&self, staff: &Staff, rows: Vec<Arc<Row>>) -> Vec<Arc<Row>> {
        let mut visible = Vec::with_capacity(rows.len());
        for row in rows {
            if staff.role_for(row.chatbot).is_some() && self.directory.profile(row.chatbot).await.is_ok() {
                visible.push(row);
            }
        }
        visible
    }

    /// The newest change of the workspace.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn newest_change(&self, staff: &Staff) -> Result<i64> {
        Ok(self.store.newest_change(staff.scope()).await?)
    }

    /// How many conversations wait, are live, are mine.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn counts(&self, staff: &Staff) -> Result<Counts> {
        Ok(self.store.counts(staff.scope(), Self::viewpoint(staff)).await?)
    }

    /// One row, if this person may see it. Somebody else's rehearsal is nothing to them.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn conversation(&self, staff: &Staff, id: ConversationId) -> Result<Arc<Row>> {
        let row = self.store.row(staff.scope(), id).await?;
        staff.collaborator(row.chatbot)?;
        if !row.opens_to(staff.id()) {
            return Err(AppError::NotFound);
        }
        self.directory.profile(row.chatbot).await?;
        Ok(row)
    }

    /// The row of a visitor's own conversation.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn own_conversation(&self, visitor: &KnownVisitor) -> Result<Arc<Row>> {
        Ok(self.store.row(visitor.scope, visitor.conversation).await?)
    }

    /// A part of a log, for a collaborator.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`].
    pub async fn log(&self, staff: &Staff, id: ConversationId, range: LogRange) -> Result<Vec<Logged>> {
        self.conversation(staff, id).await?;
        Ok(self.store.log(staff.scope(), id, range).await?)
    }

    /// A part of a visitor's own log.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn own_log(&self, visitor: &KnownVisitor, range: LogRange) -> Result<Vec<Logged>> {
        let range = LogRange { visitor: true, ..range };
        Ok(self.store.log(visitor.scope, visitor.conversation, range).await?)
    }

    /// The newest `seq` of each conversation, from the primary database.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn heads(&self, conversations: &[ConversationId]) -> Result<Vec<(ConversationId, i64)>> {
        let heads = self.store.heads(conversations).await?;
        Ok(heads.into_iter().map(|(id, seq, _)| (id, seq)).collect())
    }

    /// Everything that the details drawer shows.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`].
    pub async fn detail(&self, staff: &Staff, id: ConversationId) -> Result<Detail> {
        let row = self.conversation(staff, id).await?;
        let visitor = self.store.visitor(staff.scope(), row.visitor).await?;
        let wanted = row.summary.requested_at.is_some() || row.state.standing() == Standing::Live;
        let card = if wanted { Some(self.card(&row, &visitor).await?) } else { None };
        Ok(Detail { row, card, visitor })
    }

    async fn card(&self, row: &Row, visitor: &KnownVisitor) -> Result<HandoverCard> {
        // What was said before the person came, however long they have been talking since.
        let came = Some(row.summary.taken_over).filter(|&seq| seq > 0);
        let before = came.unwrap_or(row.state.seq + 1);
        let range = LogRange { after: 0, before: Some(before), visitor: false, limit: CARD_EVENTS };
        let log = self.store.log(row.scope, row.id, range).await?;
        let written = match row.summary.requested_at {
            Some(since) => self.store.card(row.scope, row.id, since).await?,
            None => None,
        };
        let recently = |since| self.clock.now().since(since) < WRITING_MS;
        let awaited = written.is_none() && row.state.standing() == Standing::Requested;
        let writing = awaited && row.summary.requested_at.is_some_and(recently) && {
            let profile = self.directory.profile(row.chatbot).await?;
            self.writes_cards(&profile)
        };
        Ok(HandoverCard { written, writing, ..card_from(row, &log, visitor.facts.language.as_deref()) })
    }

    /// Collaborators who may answer for a chatbot (with `readers`, those who may read it; without a chatbot all), by name;
    /// and where the next page begins.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn colleagues(
        &self,
        staff: &Staff,
        chatbot: Option<ChatbotId>,
        readers: bool,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<(Vec<Person>, Option<(String, PersonId)>)> {
        let mut people = self.store.people(staff.scope(), after, limit).await?;
        let full = people.len() == limit as usize;
        let next = people.last().filter(|_| full).map(|last| (last.name.clone(), last.id));
        people.retain(|person| match chatbot {
            Some(chatbot) => person.role_for(chatbot).is_some_and(|role| readers || role.may_answer()),
            None => person.active,
        });
        Ok((people, next))
    }
}

/// The card of what was said before the newest person came.
fn card_from(row: &Row, log: &[Logged], browser: Option<&str>) -> HandoverCard {
    let mut visitor_words = Vec::new();
    let mut tried = Vec::new();
    for logged in log.iter().rev() {
        match (&logged.entry.event, &logged.content) {
            (Event::VisitorWrote { .. }, Some(content)) if visitor_words.len() < CARD_WORDS => {
                visitor_words.extend(content.in_a_line().map(Cow::into_owned));
            }
            (Event::AssistantWrote { .. }, Some(Content::Answer { text, citations, .. }))
                if tried.len() < CARD_ANSWERS =>
            {
                tried.push((text.clone(), citations.clone()));
            }
            _ => {}
        }
    }
    let language = visitors_language(visitor_words.iter().map(String::as_str), browser);
    visitor_words.reverse();
    tried.reverse();
    HandoverCard {
        reasons: row.summary.reasons.clone(),
        visitor_words,
        tried,
        language,
        requested_at: row.summary.requested_at,
        written: None,
        writing: false,
    }
}
