//! Passages of a source: looked at, written anew, left out, added; and tags of sources.
//!
//! A passage that was cut is known by its words, not by its number: a source is cut anew with every change. What somebody has
//! changed is made again by `domain::passages` whenever that happens (`sources.rs`).

use std::collections::HashMap;

use domain::{
    ChatbotId, SourceId,
    passages::{self, CHANGES, Change, Mark, Passage},
};
use ports::{
    Scope,
    jobs::{NewJob, Task},
    passages::{KeptChange, Listed},
};
use uuid::Uuid;

use crate::{
    Baton,
    auth::Staff,
    error::{AppError, Result, field},
    meaning::digest,
};

/// Sources that an AI agent is held to by its tags, at most: all that a chatbot may have.
const HELD_TO: u32 = 10_000;

/// What stands for the words of a passage.
pub(crate) fn mark(text: &str) -> Mark {
    digest(text)
}

/// A passage as callers name it: one that was cut by what stands for its words, one that was added (or a change that does not
/// fit any more) by the change's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageId {
    /// It was cut.
    Cut(Mark),
    /// Somebody made it.
    Made(Uuid),
}

impl PassageId {
    /// The id in a text.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for what is no id.
    pub fn read(text: &str) -> Result<Self> {
        if text.contains('-') {
            return text.parse().map(Self::Made).map_err(|_| AppError::NotFound);
        }
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(AppError::NotFound);
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| AppError::NotFound)?;
        Ok(Self::Cut(number.to_be_bytes()))
    }

    /// The id of a passage.
    pub fn of(listed: &Listed) -> Self {
        match (listed.mark, listed.change) {
            (None, Some(change)) => Self::Made(change),
            (mark, _) => Self::Cut(mark.unwrap_or_else(|| self::mark(&listed.passage.text))),
        }
    }
}

impl std::fmt::Display for PassageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cut(mark) => write!(f, "{:032x}", u128::from_be_bytes(*mark)),
            Self::Made(change) => write!(f, "{change}"),
        }
    }
}

/// What is to become of a passage.
#[derive(Debug, Clone)]
pub enum Wish {
    /// Another text.
    Text(String),
    /// Found no more, or found again.
    LeftOut(bool),
}

impl Baton {
    /// Passages of a source in their order; with a search those that have its words.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn passages(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        source: SourceId,
        typed: &str,
        after: u32,
        limit: u32,
    ) -> Result<Vec<Listed>> {
        self.chatbot(staff, chatbot).await?;
        self.store.source_title(staff.scope(), chatbot, source).await?;
        // Words that stand everywhere are no terms, and narrow nothing down.
        let words = knowledge::terms::terms(&domain::text::excerpt(typed, domain::limits::SEARCH.0));
        Ok(self.store.list_passages(staff.scope(), source, &words, after, limit).await?)
    }

    /// Changes that do not fit any more, because the source has other words now.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn unfit_changes(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        source: SourceId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<KeptChange>> {
        self.chatbot(staff, chatbot).await?;
        self.store.source_title(staff.scope(), chatbot, source).await?;
        Ok(self.store.unfit_changes(staff.scope(), source, after, limit).await?)
    }

    /// Adds a passage to a source.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or the field at fault.
    pub async fn add_passage(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        source: SourceId,
        passage: Passage,
    ) -> Result<Listed> {
        self.administered(staff, chatbot).await?;
        let title = self.store.source_title(staff.scope(), chatbot, source).await?;
        let passage = passages::checked(&passage).or_else(|(at, cause)| field(at, Err(cause)))?;
        let shown = Passage { heading: passages::below(&title, &passage.heading), ..passage.clone() };
        let kept = self.kept(staff, Change::Added(passage.clone()), passage, None);
        let id = kept.id;
        self.put_change(staff, source, kept).await?;
        Ok(Listed { place: 0, passage: shown, mark: None, change: Some(id), original: None, left_out: false })
    }

    /// Writes a passage anew, or leaves it out. The source is read again by a job; the passage comes back as it will be.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or the field at fault.
    pub async fn change_passage(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        source: SourceId,
        id: PassageId,
        wish: Wish,
    ) -> Result<Listed> {
        self.administered(staff, chatbot).await?;
        let scope = staff.scope();
        let title = self.store.source_title(scope, chatbot, source).await?;
        let of = match id {
            PassageId::Cut(mark) => mark,
            PassageId::Made(change) => return self.change_added(staff, source, (change, &title), wish).await,
        };
        let (place, cut) = self.store.cut_passage(scope, source, of).await?.ok_or(AppError::NotFound)?;
        let change = match wish {
            Wish::Text(text) => Some(field("text", passages::checked_text(&text))?)
                .filter(|text| *text != cut.text)
                .map(|text| Change::Rewritten { of, text }),
            Wish::LeftOut(true) => Some(Change::LeftOut { of }),
            Wish::LeftOut(false) => None,
        };
        let as_cut =
            Listed { place, passage: cut.clone(), mark: Some(of), change: None, original: None, left_out: false };
        let Some(change) = change else {
            self.take_back(staff, source, id).await.or_else(|error| match error {
                // It is as it was cut already.
                AppError::NotFound => Ok(()),
                other => Err(other),
            })?;
            return Ok(as_cut);
        };
        let kept = self.kept(staff, change.clone(), cut.clone(), Some(place));
        let shown = match change {
            Change::Rewritten { text, .. } => Listed {
                passage: Passage { text, ..cut.clone() },
                change: Some(kept.id),
                original: Some(cut.text),
                ..as_cut
            },
            Change::LeftOut { .. } | Change::Added(_) => Listed { change: Some(kept.id), left_out: true, ..as_cut },
        };
        self.put_change(staff, source, kept).await?;
        Ok(shown)
    }

    /// Another text for a passage that was added.
    async fn change_added(
        &self,
        staff: &Staff,
        source: SourceId,
        (id, title): (Uuid, &str),
        wish: Wish,
    ) -> Result<Listed> {
        let Wish::Text(text) = wish else {
            return Err(AppError::invalid("left_out", "is for passages of the source: one that was added is deleted"));
        };
        let text = field("text", passages::checked_text(&text))?;
        let known = self.store.passage_changes(staff.scope(), source).await?;
        let known = known.into_iter().find(|kept| kept.id == id).ok_or(AppError::NotFound)?;
        let Change::Added(passage) = known.change else { return Err(AppError::NotFound) };
        let passage = Passage { text, ..passage };
        let kept = self.kept(staff, Change::Added(passage.clone()), passage.clone(), known.place);
        self.put_change(staff, source, KeptChange { id, ..kept }).await?;
        let place = known.place.unwrap_or_default();
        let passage = Passage { heading: passages::below(title, &passage.heading), ..passage };
        Ok(Listed { place, passage, mark: None, change: Some(id), original: None, left_out: false })
    }

    /// Takes a change back: the passage is as it was cut, one that was added is gone.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn restore_passage(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        source: SourceId,
        id: PassageId,
    ) -> Result<()> {
        self.administered(staff, chatbot).await?;
        self.store.source_title(staff.scope(), chatbot, source).await?;
        self.take_back(staff, source, id).await
    }

    async fn take_back(&self, staff: &Staff, source: SourceId, id: PassageId) -> Result<()> {
        let change = match id {
            PassageId::Made(change) => change,
            PassageId::Cut(of) => {
                let known = self.store.passage_changes(staff.scope(), source).await?;
                known.iter().find(|kept| kept.change.of() == Some(of)).ok_or(AppError::NotFound)?.id
            }
        };
        let (now, job) = (self.clock.now(), self.index_job(source));
        self.store.drop_change(staff.scope(), source, change, now, job).await?;
        self.turns.nudge();
        Ok(())
    }

    fn kept(&self, staff: &Staff, change: Change, cut: Passage, place: Option<u32>) -> KeptChange {
        let at = self.clock.now();
        let shown = match &change {
            Change::Rewritten { text, .. } => text.as_str(),
            Change::LeftOut { .. } | Change::Added(_) => cut.text.as_str(),
        };
        let terms = knowledge::terms::terms(&format!("{}\n{shown}", cut.heading)).join(" ");
        KeptChange { id: self.entropy.id(at), change, cut, place, terms, by: staff.id(), at }
    }

    async fn put_change(&self, staff: &Staff, source: SourceId, kept: KeptChange) -> Result<()> {
        if !self.store.put_change(staff.scope(), source, kept, CHANGES, self.index_job(source)).await? {
            let cause = format!("can be {CHANGES} in one source at most: change the text of the source instead");
            return Err(AppError::invalid("changes", cause));
        }
        self.turns.nudge();
        Ok(())
    }

    /// The job that cuts a source into chunks. There is one for each source: of changes that come together two jobs would
    /// lay out the same version at the same time.
    pub(crate) fn index_job(&self, source: SourceId) -> NewJob {
        let id = Uuid::from_bytes(digest(&format!("index the source {source}")));
        NewJob { id, task: Task::IndexSource { source }, run_at: self.clock.now(), lease: None }
    }

    /// The tags of sources that somebody may see.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn source_tags(&self, staff: &Staff, sources: &[SourceId]) -> Result<HashMap<SourceId, Vec<String>>> {
        let mut tags: HashMap<SourceId, Vec<String>> = HashMap::new();
        for (source, tag) in self.store.tags_of(staff.scope(), sources).await? {
            tags.entry(source).or_default().push(tag);
        }
        Ok(tags)
    }

    /// Gives a source these tags and no others.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`], or the field at fault.
    pub async fn set_tags(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        source: SourceId,
        tags: &[String],
    ) -> Result<Vec<String>> {
        self.administered(staff, chatbot).await?;
        self.store.source_title(staff.scope(), chatbot, source).await?;
        let tags = passages::tags(tags).map_err(|(at, cause)| match at {
            Some(at) => AppError::invalid(format!("tags.{at}"), cause),
            None => AppError::invalid("tags", format!("can be {} at most", domain::limits::SOURCE_TAGS)),
        })?;
        self.store.set_tags(staff.scope(), source, &tags).await?;
        Ok(tags)
    }

    /// The tags of a chatbot's sources with how many have them, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn tags(&self, staff: &Staff, chatbot: ChatbotId, after: &str, limit: u32) -> Result<Vec<(String, u64)>> {
        self.chatbot(staff, chatbot).await?;
        Ok(self.store.tags(staff.scope(), chatbot, after, limit).await?)
    }

    /// The only sources that an AI agent answers from: those that it names, and those with one of its tags; nothing when it
    /// is held to none.
    pub(crate) async fn held_to(
        &self,
        scope: Scope,
        chatbot: ChatbotId,
        settings: &domain::agents::AgentSettings,
    ) -> Result<Option<Vec<SourceId>>> {
        if settings.tags.is_empty() {
            return Ok(settings.sources.clone());
        }
        let mut sources = self.store.tagged(scope, chatbot, &settings.tags, HELD_TO).await?;
        sources.extend(settings.sources.iter().flatten().copied());
        Ok(Some(sources))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_passages_come_back() {
        for id in [PassageId::Cut(mark("canoes")), PassageId::Cut([0; 16]), PassageId::Made(Uuid::from_u128(7))] {
            assert_eq!(PassageId::read(&id.to_string()).unwrap(), id);
        }
        for wrong in ["", "7", "+0000000000000000000000000000001", &"g".repeat(32), "not-an-id"] {
            assert!(matches!(PassageId::read(wrong), Err(AppError::NotFound)), "{wrong}");
        }
    }
}
