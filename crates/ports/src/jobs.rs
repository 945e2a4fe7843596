//! The outbox: what must happen outside a transaction, written inside it.

use async_trait::async_trait;
use domain::{ChatbotId, ConversationId, Millis, PersonId, SourceId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Result, Scope};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// The AI answers.
    AssistantTurn {
        /// In this conversation.
        conversation: ConversationId,
        /// This turn.
        turn: u64,
        /// This attempt.
        attempt: u32,
    },
    /// A source is cut into chunks and indexed.
    IndexSource {
        /// The source.
        source: SourceId,
    },
    /// A website is read, page by page.
    CrawlSource {
        /// The source.
        source: SourceId,
        /// Which reading it is: an earlier one is over.
        run: i64,
    },
    /// It is time to read a website again.
    CrawlDue {
        /// The source.
        source: SourceId,
        /// The time that was set: another one may have been set since.
        at: Millis,
    },
    /// What a website that was taken away has left is removed, page by page.
    RemoveWebsite {
        /// The source.
        source: SourceId,
    },
    /// The examples of a chatbot's intents are read and learned.
    LearnIntents {
        /// The chatbot.
        chatbot: ChatbotId,
    },
    /// The knowledge of a chatbot is read for its meaning, as far as it was not.
    ReadKnowledge {
        /// The chatbot.
        chatbot: ChatbotId,
    },
    /// The knowledge of a chatbot is copied to another one.
    CopyKnowledge {
        /// Whose it is.
        from: ChatbotId,
        /// Who gets it.
        to: ChatbotId,
    },
    /// What a deleted chatbot left is removed.
    DeleteChatbot {
        /// The chatbot.
        chatbot: ChatbotId,
    },
    /// What a rehearsal left is removed.
    DeleteRehearsal {
        /// The conversation.
        conversation: ConversationId,
    },
    /// The files of a deleted message are removed.
    SweepFiles {
        /// In this conversation.
        conversation: ConversationId,
    },
    /// A person's rights became less: they leave the chats that they may not answer any more.
    LeaveChats {
        /// Who.
        person: PersonId,
    },
    /// People are told of an event on their devices.
    PushAlert {
        /// In this conversation.
        conversation: ConversationId,
        /// The event's place in the log.
        seq: i64,
        /// Whether it is the turn of the devices that were not told at first.
        rest: bool,
        /// When it was first worked on: the other devices have their turn some time after that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Millis>,
        /// The devices that have it already.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<Uuid>,
    },
    /// What people were told of is over: it is taken back from their devices.
    WithdrawAlert {
        /// In this conversation.
        conversation: ConversationId,
        /// The event's place in the log.
        seq: i64,
        /// Only from the devices of this person: it was given to somebody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<PersonId>,
        /// The devices from which it was taken back already.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        told: Vec<Uuid>,
    },
    /// Webhooks are told of entries of a log: each gets a delivery of its own.
    TellWebhooks {
        /// In this conversation.
        conversation: ConversationId,
        /// The first entry, by its place in the log.
        from: i64,
        /// The last one.
        to: i64,
        /// Whether a person had the conversation before them.
        was_live: bool,
    },
    /// Webhooks are told that a visitor left an e-mail address.
    TellOfLead {
        /// In this conversation.
        conversation: ConversationId,
    },
    /// A webhook is told one thing.
    DeliverWebhook {
        /// Which delivery.
        delivery: Uuid,
    },
    /// The owner of a webhook is mailed that it was switched off.
    MailWebhookOff {
        /// Which.
        webhook: Uuid,
    },
    /// A person is mailed that somebody is wanted, when nobody has come by then.
    MailAlert {
        /// In this conversation.
        conversation: ConversationId,
        /// The request's place in the log.
        seq: i64,
        /// Who.
        person: PersonId,
    },
    /// A person is mailed what became of the requests of the day before, every morning: there is one job for each who wants
    /// it, with the person's own id.
    MailSummary {
        /// Who.
        person: PersonId,
    },
    /// A visitor is mailed what was written and not read, when their page is closed by then.
    MailVisitor {
        /// In this conversation.
        conversation: ConversationId,
        /// Place in the log of what was written.
        seq: i64,
    },
    /// A conversation is mailed to somebody, as the mail of the job's id says.
    MailTranscript {
        /// Which.
        conversation: ConversationId,
        /// The collaborator who gets it; the visitor when absent.
        person: Option<PersonId>,
    },
    /// A visitor waits for a person: the steps of the wait are taken when they are due.
    Watch {
        /// In this conversation.
        conversation: ConversationId,
        /// `seq` at which the request was made, or the live chat began.
        opened: i64,
    },
    /// Whoever was called to an event and not reached on any way is noted.
    ReckonCalls {
        /// In this conversation.
        conversation: ConversationId,
        /// The event's place in the log.
        seq: i64,
        /// Whoever wants mails had their time, too.
        mailed: bool,
    },
    /// A request is given to somebody, as long as it is open.
    Route {
        /// In this conversation.
        conversation: ConversationId,
        /// `seq` at which the request was made.
        opened: i64,
    },
    /// A model writes its part of the hand-over card.
    WriteCard {
        /// In this conversation.
        conversation: ConversationId,
        /// `seq` at which the request was made.
        opened: i64,
    },
    /// An invitation is mailed.
    MailInvitation {
        /// Which.
        invitation: Uuid,
    },
    /// Somebody forgot the password of an address; whether anybody has it is found out by the job.
    MailPasswordLink {
        /// The address.
        email: String,
    },
    /// A new address is to be confirmed.
    MailAddressLink {
        /// Whose.
        person: PersonId,
        /// The new address.
        email: String,
    },
}

impl Task {
    /// The name of its kind in the database.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AssistantTurn { .. } => "assistant_turn",
            Self::IndexSource { .. } => "index_source",
            Self::CrawlSource { .. } => "crawl_source",
            Self::CrawlDue { .. } => "crawl_due",
            Self::RemoveWebsite { .. } => "remove_website",
            Self::LearnIntents { .. } => "learn_intents",
            Self::ReadKnowledge { .. } => "read_knowledge",
            Self::CopyKnowledge { .. } => "copy_knowledge",
            Self::DeleteChatbot { .. } => "delete_chatbot",
            Self::DeleteRehearsal { .. } => "delete_rehearsal",
            Self::SweepFiles { .. } => "sweep_files",
            Self::LeaveChats { .. } => "leave_chats",
            Self::PushAlert { .. } => "push_alert",
            Self::WithdrawAlert { .. } => "withdraw_alert",
            Self::TellWebhooks { .. } => "tell_webhooks",
            Self::TellOfLead { .. } => "tell_of_lead",
            Self::DeliverWebhook { .. } => "deliver_webhook",
            Self::MailWebhookOff { .. } => "mail_webhook_off",
            Self::MailAlert { .. } => "mail_alert",
            Self::MailSummary { .. } => "mail_summary",
            Self::MailVisitor { .. } => "mail_visitor",
            Self::MailTranscript { .. } => "mail_transcript",
            Self::Watch { .. } => "watch",
            Self::ReckonCalls { .. } => "reckon_calls",
            Self::Route { .. } => "route",
            Self::WriteCard { .. } => "write_card",
            Self::MailInvitation { .. } => "mail_invitation",
            Self::MailPasswordLink { .. } => "mail_password_link",
            Self::MailAddressLink { .. } => "mail_address_link",
        }
    }

    /// Whether it tells or calls somebody of what happens in a conversation, or takes what was said there elsewhere. Such a job
    /// is not kept for a rehearsal; a new kind of job has to say here what it is.
    pub fn reaches_out(&self) -> bool {
        match self {
            Self::PushAlert { .. }
            | Self::WithdrawAlert { .. }
            | Self::TellWebhooks { .. }
            | Self::TellOfLead { .. }
            | Self::DeliverWebhook { .. }
            | Self::MailWebhookOff { .. }
            | Self::MailAlert { .. }
            | Self::MailSummary { .. }
            | Self::MailVisitor { .. }
            | Self::MailTranscript { .. }
            // The steps of a wait call people.
            | Self::Watch { .. }
            | Self::ReckonCalls { .. }
            | Self::Route { .. }
            | Self::MailInvitation { .. }
            | Self::MailPasswordLink { .. }
            | Self::MailAddressLink { .. } => true,
            Self::AssistantTurn { .. }
            | Self::IndexSource { .. }
            | Self::CrawlSource { .. }
            | Self::CrawlDue { .. }
            | Self::RemoveWebsite { .. }
            | Self::LearnIntents { .. }
            | Self::ReadKnowledge { .. }
            | Self::CopyKnowledge { .. }
            | Self::DeleteChatbot { .. }
            | Self::DeleteRehearsal { .. }
            | Self::SweepFiles { .. }
            | Self::LeaveChats { .. }
            // It tells nobody: whoever rehearses sees the card as it will be.
            | Self::WriteCard { .. } => false,
        }
    }
}

/// A job for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub task: Task,
    /// Not before.
    pub run_at: Millis,
    /// The worker that takes it at once, without claiming it.
    pub lease: Option<Lease>,
}

/// The right to work on a job, for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The process that has it.
    pub worker: Uuid,
    /// Until when.
    pub until: Millis,
}

/// A job that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// The workspace it works for.
    pub scope: Scope,
    /// What is to be done.
    pub task: Task,
    /// How often it was tried, this time included.
    pub tries: u32,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Its id.
    pub id: Uuid,
    /// What was to be done.
    pub task: Task,
    /// How often it was tried.
    pub tries: u32,
    /// Why it was given up.
    pub error: String,
    /// When.
    pub at: Millis,
}

/// The outbox.
#[async_trait]
pub trait Jobs {
    /// Stores a job that belongs to nothing else.
    async fn add_job(&self, scope: Scope, job: NewJob) -> Result<()>;

    /// Stores a job of which there is one, by its id. One that waits is due anew; one that is worked on is done once more: see
    /// [`Jobs::complete_unless_asked`].
    async fn add_again(&self, scope: Scope, job: NewJob) -> Result<()>;

    /// Stores a job of which there is one, by its id, unless it is there. One that was given up begins anew.
    async fn ensure_job(&self, scope: Scope, job: NewJob) -> Result<()>;

    /// Takes jobs that are due and that nobody holds, the oldest first, at most `limit`.
    async fn claim(&self, lease: Lease, now: Millis, limit: u32) -> Result<Vec<Job>>;

    /// Holds on to jobs, each with the name that it was taken under, in one commit. For each of them in order: false when
    /// somebody else has it or it is gone.
    async fn renew(&self, held: &[(Uuid, Uuid)], until: Millis) -> Result<Vec<bool>>;

    /// Done. Nothing happens when the job is held by another worker.
    async fn complete(&self, job: Uuid, worker: Uuid) -> Result<()>;

    /// Done, unless it was added again since it was taken: then it is due at once, and the answer is false.
    async fn complete_unless_asked(&self, job: Uuid, worker: Uuid) -> Result<bool>;

    /// Failed: to be tried again at `again`, or given up when absent. A job that was added again since it was taken is due as
    /// it was added, and not given up.
    async fn fail(&self, job: Uuid, worker: Uuid, error: &str, again: Option<Millis>, now: Millis) -> Result<()>;

    /// Put off until `at`, as another task: a job that has done a part of its work remembers which. Nothing happens when the
    /// job is held by another worker.
    async fn go_on(&self, job: Uuid, worker: Uuid, task: &Task, why: &str, at: Millis) -> Result<()>;

    /// Jobs of [`Task::Route`] of a workspace that wait for a later time are due now, the oldest first, at most `limit`.
    /// Returns how many there were.
    async fn hurry_routes(&self, scope: Scope, now: Millis, limit: u32) -> Result<u64>;

    /// Jobs that were given up, the newest first.
    async fn dead(&self, limit: u32) -> Result<Vec<DeadJob>>;

    /// Ends every lease, for a database that only one process uses: whoever held one is gone. Returns whether this
    /// database is of that kind.
    async fn void_leases(&self) -> Result<bool>;
}
