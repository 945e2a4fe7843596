//! A store with a workspace in it, and short names for what tests do.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use domain::{
    ChatbotId, ConversationId, Millis, PersonId, VisitorId, WorkspaceId,
    chatbot::Settings,
    conversation::{self, Command, Event, Policy},
    person::{Collaborator, Role},
};
use parking_lot::Mutex;
use ports::{
    Result, Scope, Store,
    accounts::{Founding, NewPerson},
    chatbots::{Agent, AgentKind, AgentSettings},
    content::Content,
    conversations::{
        CommitListener, Committed, Held, LogRange, Logged, NewConversation, Once, Row, Unit, UnitOutcome, Viewpoint,
        VisitorFacts, Write,
    },
    jobs::NewJob,
    world::Clock,
};
use uuid::Uuid;

/// What the contract needs to know of an engine.
#[async_trait]
pub trait Engine: Send + Sync {
    /// Opens the test's database; again for another process on the same one.
    async fn open(&self, listener: Arc<dyn CommitListener>, clock: Arc<dyn Clock>) -> Arc<dyn Store>;

    /// Closes whatever was opened.
    async fn close(&self);
}

/// The id of a name: the same name is always the same id.
pub fn id(name: &str) -> Uuid {
    // FNV-1a in 128 bits.
    let fold = |hash: u128, byte: u8| (hash ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
    Uuid::from_u128(name.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, fold))
}

/// Time that a test sets.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock that shows this time until it is told another one.
    pub fn at(milliseconds: i64) -> Self {
        Self(AtomicI64::new(milliseconds))
    }
}

impl Clock for SetClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(SeqCst))
    }

    #[expect(clippy::disallowed_methods, reason = "the clock itself")]
    fn instant(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// What a listener was told, in order.
#[derive(Debug, Default)]
pub struct Told {
    /// Conversation and the newest `seq` of each commit.
    pub commits: Mutex<Vec<(ConversationId, i64)>>,
    /// Rows that changed without an event.
    pub rows: Mutex<Vec<Arc<Row>>>,
}

impl CommitListener for Told {
    fn committed(&self, unit: &Committed) {
        let last = unit.entries.last().map_or(0, |logged| logged.entry.seq);
        self.commits.lock().push((unit.row.id, last));
    }

    fn row_changed(&self, row: &Arc<Row>) {
        self.rows.lock().push(row.clone());
    }
}

/// A store with the workspace "acme", its owner "ada" and the chatbot "shop".
pub struct World {
    /// The store.
    pub store: Arc<dyn Store>,
    /// What its listener was told.
    pub told: Arc<Told>,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// The workspace.
    pub scope: Scope,
}

/// Escalation on, an AI there, both announcements.
pub const POLICY: Policy = Policy {
    escalation: true,
    hold: false,
    ai_available: true,
    announces_start: true,
    announces_end: true,
    tells_away: true,
    opens: None,
};

/// The scope of a workspace by name.
#[expect(clippy::disallowed_methods, reason = "tests")]
pub fn scope(name: &str) -> Scope {
    Scope::granted(WorkspaceId::new(id(name)))
}

/// A person to be made.
pub fn new_person(name: &str, role: Option<Role>) -> NewPerson {
    NewPerson {
        id: person(name),
        email: format!("{name}@example.com"),
        name: name.to_owned(),
        password_hash: format!("hash of {name}"),
        role,
        at: Millis(1_000),
    }
}

/// An agent of a chatbot.
pub fn agent(name: &str) -> Agent {
    Agent {
        id: domain::AgentId::new(id(name)),
        kind: AgentKind::UserFacing,
        name: name.to_owned(),
        description: "Knows the shop".to_owned(),
        prompt: "Be kind.".to_owned(),
        enabled: true,
        settings: AgentSettings::default(),
    }
}

/// The founding of "acme" by "ada".
pub fn founding() -> Founding {
    Founding {
        workspace: WorkspaceId::new(id("acme")),
        workspace_name: "Acme".to_owned(),
        owner: new_person("ada", Some(Role::Owner)),
        chatbot: chatbot("shop"),
        settings: Settings::default(),
        agent: agent("clerk"),
    }
}

/// The id of a person.
pub fn person(name: &str) -> PersonId {
    PersonId::new(id(&format!("person {name}")))
}

/// The id of a chatbot.
pub fn chatbot(name: &str) -> ChatbotId {
    ChatbotId::new(id(&format!("chatbot {name}")))
}

/// The id of a conversation.
pub fn conversation(name: &str) -> ConversationId {
    ConversationId::new(id(&format!("conversation {name}")))
}

/// The hash of a token.
pub fn token(name: &str) -> [u8; 32] {
    let half = *id(name).as_bytes();
    let mut token = [0; 32];
    token[..16].copy_from_slice(&half);
    token[16..].copy_from_slice(&half);
    token
}

/// Somebody who may do everything.
pub fn owner(name: &str) -> Collaborator {
    Collaborator { id: person(name), role: Role::Owner }
}

/// Whoever sees everything, as "ada".
pub fn everything() -> Viewpoint {
    Viewpoint { person: person("ada"), whole_workspace: true }
}

/// A command's id.
pub fn once(client_id: &str, fingerprint: &str) -> Option<Once> {
    Some(Once { author: "visitor".into(), client_id: client_id.into(), fingerprint: fingerprint.into() })
}

/// A visitor who comes to a chatbot, with an empty conversation.
pub fn visit(name: &str, chatbot_name: &str) -> NewConversation {
    NewConversation {
        id: conversation(name),
        chatbot: chatbot(chatbot_name),
        visitor: VisitorId::new(id(&format!("visitor {name}"))),
        token_hash: token(name),
        facts: VisitorFacts { name: Some(format!("Visitor {name}")), ..VisitorFacts::default() },
        rehearsal: None,
        at: Millis(1_000_000),
    }
}

impl World {
    /// Opens a new database and founds the workspace.
    pub async fn new(engine: &dyn Engine) -> Self {
        let world = Self::empty(engine).await;
        world.store.found(founding()).await.unwrap();
        world
    }

    /// Opens the database as another process would.
    pub async fn empty(engine: &dyn Engine) -> Self {
        let told = Arc::new(Told::default());
        let clock = Arc::new(SetClock::at(1_000_000));
        let store = engine.open(told.clone(), clock.clone()).await;
        Self { store, told, clock, scope: scope("acme") }
    }

    /// Lets time pass.
    pub fn pass(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, SeqCst);
    }

    /// Opens a conversation of a visitor with the chatbot "shop".
    pub async fn open(&self, name: &str) -> Arc<Row> {
        self.open_with(name, "shop").await
    }

    /// Opens a conversation with a chatbot.
    pub async fn open_with(&self, name: &str, chatbot_name: &str) -> Arc<Row> {
        self.store.open(self.scope, visit(name, chatbot_name)).await.unwrap()
    }

    /// A unit for a command; every text that follows from it is `text`.
    pub fn unit(&self, name: &str, command: Command, text: &str, once: Option<Once>) -> Unit {
        self.unit_with(name, command, text, once, Vec::new())
    }

    /// The same with jobs.
    pub fn unit_with(&self, name: &str, command: Command, text: &str, once: Option<Once>, jobs: Vec<NewJob>) -> Unit {
        let (now, text) = (self.clock.now(), text.to_owned());
        let decide = move |held: Held<'_>| {
            let events = conversation::decide(&held.row.state, command, &POLICY, now)?;
            let with_text = |event: Event| {
                let has_text = event.is_text() || matches!(event, Event::NoteWritten { .. });
                (event, has_text.then(|| Content::Text { text: text.clone() }))
            };
            let events = events.into_iter().map(with_text).collect();
            Ok(Write { jobs: jobs.clone(), ..Write::of(now, events) })
        };
        Unit {
            scope: self.scope,
            conversation: conversation(name),
            once,
            of: None,
            files: Vec::new(),
            decide: Box::new(decide),
        }
    }

    /// Runs a command.
    pub async fn try_does(&self, name: &str, command: Command, text: &str) -> Result<UnitOutcome> {
        self.store.execute(self.unit(name, command, text, None)).await
    }

    /// Runs a command that is accepted.
    pub async fn does(&self, name: &str, command: Command, text: &str) -> Committed {
        committed(self.try_does(name, command, text).await.unwrap())
    }

    /// The visitor says something.
    pub async fn says(&self, name: &str, text: &str) -> Committed {
        self.does(name, Command::VisitorWrites, text).await
    }

    /// A collaborator takes over.
    pub async fn takes_over(&self, name: &str, who: &str) -> Committed {
        self.does(name, Command::TakeOver { by: owner(who) }, "Hello, I am here").await
    }

    /// The whole log as a collaborator sees it.
    pub async fn log(&self, name: &str) -> Vec<Logged> {
        let range = LogRange { after: 0, before: None, visitor: false, limit: 10_000 };
        self.store.log(self.scope, conversation(name), range).await.unwrap()
    }

    /// The row as stored.
    pub async fn row(&self, name: &str) -> Arc<Row> {
        self.store.row(self.scope, conversation(name)).await.unwrap()
    }

    /// The texts of a log, in order.
    pub async fn texts(&self, name: &str) -> Vec<String> {
        texts(&self.log(name).await)
    }
}

/// The texts among entries.
pub fn texts(entries: &[Logged]) -> Vec<String> {
    let text = |logged: &Logged| logged.content.as_ref().and_then(Content::text).map(str::to_owned);
    entries.iter().filter_map(text).collect()
}

/// What was committed.
pub fn committed(outcome: UnitOutcome) -> Committed {
    match outcome {
        UnitOutcome::Committed(committed) => committed,
        other => panic!("not committed: {other:?}"),
    }
}
