//! From decided events to what is written: each event gets its content, each question to the AI its job.

use std::{collections::HashSet, sync::Arc};

use domain::{
    FileId, Millis, PersonId,
    conversation::{Announcement, Answer, Command, Conversation, Event, Policy, Refusal, Rung, decide},
    files::FileState,
    handover::HandoverTexts,
    limits, text,
};
use ports::{
    content::Content,
    conversations::{Held, Row, Write},
    files::{Attached, File},
    jobs::{Lease, NewJob, Task},
    life::Unknown,
};
use uuid::Uuid;

use crate::{
    calling::Mails, calls::reckoning, directory::Profile, error::AppError, hours::opens, push::PushJobs,
    routing::routing, turn::carding, visitor_mail::mailing_visitor, waiting::watching, webhooks::telling,
};

/// What somebody says: a text, files, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Markdown.
    pub text: String,
    /// Files that were uploaded before, in the order in which they are shown.
    pub files: Vec<FileId>,
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), files: Vec::new() }
    }
}

impl Said {
    /// Checks it: what is left is not empty and not too long.
    pub(crate) fn checked(self) -> crate::Result<Self> {
        let Self { text, mut files } = self;
        if files.is_empty() {
            return Ok(Self { text: message(&text)?, files });
        }
        let mut seen = HashSet::new();
        files.retain(|file| seen.insert(*file));
        if files.len() > limits::FILES_PER_MESSAGE {
            return Err(AppError::invalid("files", format!("can be {} at most", limits::FILES_PER_MESSAGE)));
        }
        let text = crate::error::field("text", text::optional(&text, limits::MESSAGE_CHARS))?;
        Ok(Self { text, files })
    }

    /// What makes it another message than others. A text alone is what it was before there were files.
    pub(crate) fn digested(&self, kind: &str) -> Vec<String> {
        let files = self.files.iter().map(ToString::to_string);
        [kind.to_owned(), self.text.clone()].into_iter().chain(files).collect()
    }
}

/// The texts that a command brings along.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    /// Of the visitor's or the person's message, or of a note.
    pub message: Option<String>,
    /// What is sent with it, and by whom: uploaded by the same.
    pub files: (Vec<FileId>, String),
    /// The visitor's message came by mail.
    pub by_mail: bool,
    /// Of the AI's answer.
    pub answer: Option<Content>,
    /// What belongs to the reason of a request.
    pub reason: Option<Content>,
    /// The watched phrase that the AI said.
    pub phrase: Option<String>,
    /// Who is mentioned in a note.
    pub mentions: Vec<PersonId>,
    /// The question that the answer did not know.
    pub unknown: Option<Unknown>,
    /// Display name of the person who acts, for announcements.
    pub name: Option<String>,
}

/// Ids of the jobs that a command may write, and the leases of those that this process takes at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JobIds {
    /// Of the AI's turn, should the command ask the AI.
    pub turn: (Uuid, Option<Lease>),
    /// Of the one that watches over the visitor's wait, should one begin.
    pub watch: Uuid,
    /// Of the one that looks for whoever was not reached, should somebody be called.
    pub reckon: Uuid,
    /// Of the one that gives it to somebody, should a request open.
    pub route: (Uuid, Option<Lease>),
}

/// What a unit needs besides the row: fixed before it runs, so that it may run again after a lost race.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub command: Command,
    pub texts: Texts,
    pub policy: Policy,
    pub profile: Arc<Profile>,
    /// The visitor's, where it matters.
    pub language: Option<String>,
    pub now: Millis,
    pub ids: JobIds,
    /// The job that the command finishes.
    pub completes: Option<Uuid>,
    /// Where people have devices: ids of the jobs that tell them of it.
    pub pushes: Option<PushJobs>,
    /// Where there are webhooks: id of the job that has them told of it.
    pub webhooks: Option<Uuid>,
    /// Who wants to be mailed of a request.
    pub mails: Mails,
    /// Where the visitor may be mailed: id of the job that does.
    pub mail_visitor: Option<Uuid>,
    /// Where there is a model that writes: the job that has it write the card, should a request open.
    pub card: Option<(Uuid, Option<Lease>)>,
}

impl Draft {
    pub(crate) fn new(
        profile: Arc<Profile>,
        command: Command,
        texts: Texts,
        now: Millis,
        ids: JobIds,
        language: Option<String>,
    ) -> Self {
        Self {
            command,
            texts,
            policy: Policy { opens: opens(&profile, now), ..profile.policy() },
            profile,
            language,
            now,
            ids,
            completes: None,
            pushes: None,
            webhooks: None,
            mails: Mails::default(),
            mail_visitor: None,
            card: None,
        }
    }

    /// Decides on what is held and says what to write.
    pub(crate) fn decide(&self, held: Held<'_>) -> Result<Write, Refusal> {
        let row = held.row;
        let files = self.attached(held.files)?;
        let events = decide(&row.state, self.command, &self.policy, self.now)?;
        let (after, _) = row.state.clone().record(&events, self.now);
        let telling = self.webhooks.and_then(|id| telling(id, row, &events, self.now));
        let events: Vec<_> = events.into_iter().map(|event| (event, self.content(&event, &files))).collect();
        let mails = self.mails.of(row, &events, self.now);
        let to_visitor = self.mail_visitor.and_then(|id| mailing_visitor(id, row, &events, self.now));
        let pushes = self.pushes.map(|jobs| jobs.of(row.id, &row.state, &after, &events, self.now));
        let escalation = &self.profile.chatbot.settings.escalation;
        Ok(Write {
            jobs: self
                .job_for(row, &after)
                .into_iter()
                .chain(pushes.into_iter().flatten())
                .chain(telling)
                .chain(mails)
                .chain(to_visitor)
                .chain(reckoning(self.ids.reckon, row, &events, self.now))
                .chain(watching(self.ids.watch, row, &after, &self.profile, self.now))
                .chain(routing(self.ids.route, row, &after, &escalation.routing, self.now))
                .chain(self.card.and_then(|job| carding(job, row, &after, self.now)))
                .collect(),
            completes: self.completes,
            mentions: self.texts.mentions.clone(),
            unknown: self.texts.unknown.clone(),
            sends: (!files.is_empty()).then(|| self.shown_to()),
            ..Write::of(self.now, events)
        })
    }

    /// The files that go with it: all of them there, and uploaded by whoever sends them.
    fn attached(&self, held: &[File]) -> Result<Vec<Attached>, Refusal> {
        let (ids, uploader) = &self.texts.files;
        let theirs = |file: &File| file.state == FileState::Ready && file.uploader == *uploader;
        if held.len() != ids.len() || !held.iter().all(theirs) {
            return Err(Refusal::NoFile);
        }
        Ok(held.iter().map(|file| file.attached.clone()).collect())
    }

    fn shown_to(&self) -> FileState {
        match self.command {
            Command::WriteNote { .. } => FileState::Staff,
            _ => FileState::Everyone,
        }
    }

    fn content(&self, event: &Event, files: &[Attached]) -> Option<Content> {
        let written = |text: &str| Content::Text { text: text.to_owned() };
        match event {
            Event::VisitorWrote { .. } if self.texts.by_mail => {
                self.texts.message.clone().map(|text| Content::Mailed { text, files: files.to_vec() })
            }
            Event::VisitorWrote { .. } | Event::PersonWrote { .. } if !files.is_empty() => {
                self.texts.message.clone().map(|text| Content::Files { text, files: files.to_vec() })
            }
            Event::VisitorWrote { .. } | Event::PersonWrote { .. } => self.texts.message.as_deref().map(written),
            Event::Rated { .. } => self.texts.message.as_deref().map(written),
            Event::NoteWritten { .. } => {
                let mentions = self.texts.mentions.clone();
                self.texts.message.clone().map(|text| Content::Note { text, mentions, files: files.to_vec() })
            }
            Event::AssistantWrote { .. } => self.texts.answer.clone(),
            Event::HumanRequested { .. } | Event::ReasonAdded { .. } => self.texts.reason.clone(),
            Event::RequestAcknowledged => {
                let said = self.said();
                let away = self.policy.opens.is_some() && !said.away_text.is_empty();
                Some(written(if away { said.away_text } else { said.requested_message }))
            }
            Event::Climbed { rung } => match rung {
                Rung::FirstText => Some(written(self.said().first_text)),
                Rung::SecondText => Some(written(self.said().second_text)),
                Rung::Nobody => Some(written(self.said().nobody_text)),
                _ => None,
            },
            Event::Announced { which: Announcement::Start } => {
                Some(written(&self.named(self.said().start_announcement)))
            }
            Event::Announced { which: Announcement::End } => Some(written(&self.named(self.said().end_announcement))),
            Event::AiAlerted => self.texts.phrase.clone().map(|phrase| Content::Phrase { phrase }),
            _ => None,
        }
    }

    /// What the hand-over says in the visitor's language.
    fn said(&self) -> HandoverTexts<'_> {
        self.profile.chatbot.settings.escalation.texts_for(self.language.as_deref())
    }

    /// Announcements speak of the person by name.
    fn named(&self, announcement: &str) -> String {
        announcement.replace("{name}", self.texts.name.as_deref().unwrap_or("Your colleague"))
    }

    /// A turn that was not asked before gets a job; a retry keeps the one it has.
    fn job_for(&self, row: &Row, after: &Conversation) -> Option<NewJob> {
        let Answer::Asked { turn, attempt, .. } = after.answer else { return None };
        if turn == row.state.turn {
            return None;
        }
        let task = Task::AssistantTurn { conversation: row.id, turn, attempt };
        let (id, lease) = self.ids.turn;
        Some(NewJob { id, task, run_at: self.now, lease })
    }
}

/// Checks the text of a message.
pub(crate) fn message(text: &str) -> crate::Result<String> {
    crate::error::field("text", text::required(text, domain::limits::MESSAGE_CHARS))
}
