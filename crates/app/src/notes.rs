//! Private notes and their mentions; another text in the place of one's own, or none.

use domain::{
    ConversationId, PersonId,
    conversation::{Command, Refusal, Written, decide},
    limits,
};
use ports::{
    content::Content,
    conversations::{Held, Logged, Unit, Write},
    jobs::{NewJob, Task},
    notes::{Mention, Version},
};

use crate::{
    Baton,
    act::{Acted, Target, once},
    auth::Staff,
    compose::{Said, Texts, message},
    error::{AppError, Result},
    waiting::watching,
};

impl Baton {
    /// Writes a private note. Whoever is mentioned finds it among what they have not read, and is told at once.
    ///
    /// # Errors
    /// `forbidden` for viewers, the field at fault: also when somebody is mentioned who may not read here.
    pub async fn write_note(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        client_id: &str,
        said: impl Into<Said>,
        mentions: Vec<PersonId>,
    ) -> Result<Acted> {
        let said = said.into();
        let (row, by) = self.desk_row(staff, conversation).await?;
        let target = Target::of(&row);
        let said = said.checked()?;
        let mut mentions = mentions;
        mentions.sort_unstable();
        mentions.dedup();
        if mentions.len() > limits::MENTIONS {
            return Err(AppError::invalid("mentions", format!("can be {} people at most", limits::MENTIONS)));
        }
        for &person in &mentions {
            let known = self.directory.person(person).await.ok();
            let reads = known.is_some_and(|it| it.scope == target.scope && it.role_for(target.chatbot).is_some());
            if !reads || !row.opens_to(person) {
                return Err(AppError::invalid("mentions", "names somebody who may not read this chatbot"));
            }
        }
        let names: Vec<String> = mentions.iter().map(ToString::to_string).collect();
        let mut digested = said.digested("note");
        digested.insert(2, names.join(" "));
        let author = staff.id().to_string();
        let once = once(&author, client_id, &digested)?;
        let texts = Texts { message: Some(said.text), files: (said.files, author), mentions, ..Texts::default() };
        self.act(target, Command::WriteNote { by }, texts, Some(once)).await
    }

    /// Puts another text in the place of one's own message or note. The earlier one is kept for staff. Under the
    /// caller's own id it is done once.
    ///
    /// # Errors
    /// `not_author`, `deleted`, `no_text`, `forbidden` for viewers, the field at fault, [`AppError::ClientIdReused`].
    pub async fn edit_text(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        client_id: Option<&str>,
        seq: i64,
        body: &str,
    ) -> Result<Acted> {
        let body = message(body)?;
        self.revise(staff, conversation, client_id, seq, Some(body)).await
    }

    /// Empties one's own message or note, or as an admin that of a colleague or of the AI. Under the caller's own id it
    /// is done once.
    ///
    /// # Errors
    /// `not_author`, `deleted`, `no_text`, `forbidden` for viewers, [`AppError::ClientIdReused`].
    pub async fn delete_text(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        client_id: Option<&str>,
        seq: i64,
    ) -> Result<Acted> {
        self.revise(staff, conversation, client_id, seq, None).await
    }

    async fn revise(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        client_id: Option<&str>,
        seq: i64,
        body: Option<String>,
    ) -> Result<Acted> {
        let what = match &body {
            Some(text) => ["edit_text", &seq.to_string(), text].map(str::to_owned),
            None => ["delete_text", &seq.to_string(), ""].map(str::to_owned),
        };
        let once = client_id.map(|id| once(&staff.id().to_string(), id, &what)).transpose()?;
        let (target, by) = self.desk_target(staff, conversation).await?;
        let profile = self.directory.profile(target.chatbot).await?;
        let policy = profile.policy();
        let now = self.clock.now();
        let watch = self.entropy.id(now);
        let task = Task::SweepFiles { conversation };
        let sweep = NewJob { id: self.entropy.id(now), task, run_at: now, lease: None };
        let decides = move |held: Held<'_>| {
            let of = held.of.and_then(|logged| {
                let deleted = matches!(logged.content, None | Some(Content::Emptied));
                Written::of(&logged.entry, deleted)
            });
            let command = match body {
                Some(_) => Command::EditText { by, of },
                None => Command::DeleteText { by, of },
            };
            let events = decide(&held.row.state, command, &policy, now)?;
            let content = match (&body, held.of.and_then(|logged| logged.content.as_ref())) {
                // Nothing to do: nobody has to be told.
                (Some(body), Some(old)) if old.text() == Some(body) => return Ok(Write::of(now, Vec::new())),
                (Some(body), Some(old)) => old.with_text(body.clone()),
                (Some(_), None) => return Err(Refusal::NoText),
                (None, _) => Content::Emptied,
            };
            let (after, _) = held.row.state.clone().record(&events, now);
            let events = events.into_iter().map(|event| (event, None)).collect();
            let had_files = held.of.and_then(|logged| logged.content.as_ref()).is_some_and(|it| !it.files().is_empty());
            let sweeps = body.is_none() && had_files;
            // It wakes a conversation that was quiet for long, like everything that is written there.
            let watch = watching(watch, held.row, &after, &profile, now);
            let jobs = sweeps.then(|| sweep.clone()).into_iter().chain(watch).collect();
            Ok(Write { revision: Some(content), jobs, ..Write::of(now, events) })
        };
        let scope = target.scope;
        let unit = Unit { scope, conversation, once, of: Some(seq), files: Vec::new(), decide: Box::new(decides) };
        let outcome = self.store.execute(unit).await?;
        self.turns.nudge();
        self.acted(outcome).await
    }

    /// Every version of a text, oldest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an entry without a text, and for a conversation that this person may not see.
    pub async fn versions(&self, staff: &Staff, conversation: ConversationId, seq: i64) -> Result<Vec<Version>> {
        self.conversation(staff, conversation).await?;
        let versions = self.store.versions(staff.scope(), conversation, seq).await?;
        if versions.iter().any(|version| version.content.text().is_some()) {
            Ok(versions)
        } else {
            Err(AppError::NotFound)
        }
    }

    /// Notes that mention this person and that they have not read, newest first; and where the next page begins.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn mentions(
        &self,
        staff: &Staff,
        before: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<Mention>, Option<i64>)> {
        let mut mentions = self.store.mentions(staff.scope(), staff.id(), before, limit).await?;
        let next = mentions.last().filter(|_| mentions.len() == limit as usize).map(|last| last.change);
        mentions.retain(|mention| staff.role_for(mention.row.chatbot).is_some());
        Ok((mentions, next))
    }

    /// The person has read a conversation up to here: mentions in it are done with.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a conversation that this person may not see.
    pub async fn read_mentions(&self, staff: &Staff, conversation: ConversationId, seq: i64) -> Result<()> {
        self.conversation(staff, conversation).await?;
        Ok(self.store.read_mentions(staff.scope(), staff.id(), conversation, seq).await?)
    }
}

/// Whether a note mentions this person.
pub(crate) fn is_mentioned(logged: &Logged, person: PersonId) -> bool {
    matches!(&logged.content, Some(Content::Note { mentions, .. }) if mentions.contains(&person))
}
