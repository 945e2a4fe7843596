//! How fast messages are written: `cargo run --release -p store --example write_path -- URL [callers] [seconds]`.
//!
//! The very statements of a visitor's message in a live chat, through the writer, without a rule or a socket.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement at the command line, with a clock and a workspace of its own"
)]

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use domain::{AgentId, ChatbotId, ConversationId, Millis, PersonId, VisitorId, WorkspaceId, chatbot::Settings};
use ports::{
    Scope,
    accounts::{Accounts, Founding, NewPerson},
    chatbots::{Agent, AgentKind, AgentSettings},
    conversations::{CommitListener, Committed, Conversations, NewConversation, Row, UnitOutcome, VisitorFacts},
    world::Clock,
};
use store::{Database, bare_message};
use uuid::Uuid;

struct Nobody;

impl CommitListener for Nobody {
    fn committed(&self, _: &Committed) {}
    fn row_changed(&self, _: &Arc<Row>) {}
}

struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn instant(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

fn founding() -> Founding {
    let agent = Agent {
        id: AgentId::new(Uuid::now_v7()),
        kind: AgentKind::UserFacing,
        name: "Agent".into(),
        description: String::new(),
        prompt: String::new(),
        enabled: true,
        settings: AgentSettings::default(),
    };
    let owner = NewPerson {
        id: PersonId::new(Uuid::now_v7()),
        email: "owner@example.com".into(),
        name: "Owner".into(),
        password_hash: String::new(),
        role: None,
        at: RealClock.now(),
    };
    Founding {
        workspace: WorkspaceId::new(Uuid::now_v7()),
        workspace_name: "Measured".into(),
        owner,
        chatbot: ChatbotId::new(Uuid::now_v7()),
        settings: Settings::default(),
        agent,
    }
}

async fn open(database: &Database, scope: Scope, chatbot: ChatbotId) -> ConversationId {
    let id = ConversationId::new(Uuid::now_v7());
    let mut token_hash = [0; 32];
    token_hash[..16].copy_from_slice(Uuid::now_v7().as_bytes());
    let visitor = VisitorId::new(Uuid::now_v7());
    let facts = VisitorFacts::default();
    database
        .open(scope, NewConversation { id, chatbot, visitor, token_hash, facts, rehearsal: None, at: RealClock.now() })
        .await
        .unwrap();
    id
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap();
    let callers: usize = arguments.next().map_or(16, |text| text.parse().unwrap());
    let seconds: u64 = arguments.next().map_or(5, |text| text.parse().unwrap());
    let database = Database::open(&url, Arc::new(Nobody), Arc::new(RealClock)).await.unwrap();
    let founding = founding();
    let chatbot = founding.chatbot;
    let scope = database.found(founding).await.unwrap();
    let end = Instant::now() + Duration::from_secs(seconds);
    let took: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (database, took) = (database.clone(), took.clone());
        tasks.push(tokio::spawn(async move {
            let conversation = open(&database, scope, chatbot).await;
            let mut mine = Vec::new();
            let text = "x".repeat(200);
            while Instant::now() < end {
                let from = Instant::now();
                let unit = bare_message(scope, conversation, Uuid::now_v7().to_string(), text.clone(), RealClock.now());
                let outcome = database.execute(unit).await.unwrap();
                assert!(matches!(outcome, UnitOutcome::Committed(_)));
                mine.push(from.elapsed());
            }
            took.lock().unwrap().extend(mine);
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let elapsed = began.elapsed().as_secs_f64();
    let mut took = std::mem::take(&mut *took.lock().unwrap());
    took.sort_unstable();
    let at = |share: usize| took[took.len() * share / 1_000].as_secs_f64() * 1_000.0;
    let rate = f64::from(u32::try_from(took.len()).unwrap()) / elapsed;
    println!("{callers} callers: {rate:.0} messages/s, p50 {:.2} ms, p99 {:.2} ms", at(500), at(990));
    database.close().await;
}
