//! A workspace in a database of its own, visitors and collaborators who never stop, and what must hold in the end.

use std::time::{Duration, Instant};

use api::visitor::VisitorGrant;
use serde_json::{Value, json};
use testkit::server::{As, Client, Servers, Side, Steady};

use crate::program::{Folder, Serving, run};

/// Live chats: a visitor and a collaborator each.
const LIVE: usize = 3;
/// Visitors whom the AI answers.
const ALONE: usize = 2;
/// How often each of them says something.
const EVERY: Duration = Duration::from_millis(20);
/// How often those do whom the AI answers.
const SELDOM: Duration = Duration::from_millis(1_000);

/// How long it may take until everybody has everything: a lease runs out after 15 s, and is tried again later and later.
const SETTLED_IN: Duration = Duration::from_secs(90);

/// Where the data is.
pub(crate) struct Ground {
    pub(crate) folder: Folder,
    /// What names the database, if it is not in the folder.
    database: Vec<String>,
    /// The owner's key.
    pub(crate) owner: As,
    chats: Vec<Chat>,
}

/// A conversation.
struct Chat {
    conversation: String,
    token: String,
    live: bool,
}

/// The people at work.
pub(crate) struct Load<'ground> {
    ground: &'ground Ground,
    chats: Vec<(&'ground Chat, Steady, Option<Steady>)>,
}

impl Ground {
    /// Makes the workspace and its visitors. Without an address in an SQLite file.
    pub(crate) async fn new(database_url: Option<&str>) -> Self {
        let folder = Folder::new();
        let database: Vec<String> =
            database_url.map(|url| vec!["--database-url".to_owned(), url.to_owned()]).unwrap_or_default();
        let command = |arguments: &[&str], input: &str| {
            let database: Vec<&str> = database.iter().map(String::as_str).collect();
            let ran = run(&folder, &[arguments, &database].concat(), input);
            assert_eq!(ran.code, 0, "{}", ran.err);
            ran.out.trim().to_owned()
        };
        let owner = ["user", "add", "--email", "olga@example.com", "--name", "Olga", "--role", "owner"];
        command(&owner, "a password of Olga\n");
        let key = command(&["key", "create", "--email", "olga@example.com", "--name", "chaos"], "");
        let owner = As::Bearer(key);
        let mut ground = Self { folder, database, owner, chats: Vec::new() };
        let serving = ground.serve(&[], &[]).await;
        let client = serving.client().is(ground.owner.clone());
        let chatbots = client.get("/chatbots").await.value();
        let chatbot = chatbots["items"][0]["id"].as_str().unwrap();
        // They ask what nobody knows, again and again: nobody is to be called for that.
        let limit = json!({"message_limit": {"messages": 1_000, "seconds": 1, "text": "Slowly."},
            "escalation": {"after_no_answers": 0, "when_upset": false}});
        let patched = client.patch(&format!("/chatbots/{chatbot}"), &limit).await;
        assert!(patched.status.is_success(), "{}", patched.text());
        for number in 0..LIVE + ALONE {
            let grant: VisitorGrant = serving.client().post("/visitors", &json!({"chatbot_id": chatbot})).await.ok();
            let (conversation, live) = (grant.conversation_id, number < LIVE);
            if live {
                let taken = client.post_nothing(&format!("/conversations/{conversation}/take-over")).await;
                assert!(taken.status.is_success(), "{}", taken.text());
            }
            ground.chats.push(Chat { conversation, token: grant.token, live });
        }
        serving.stop().await;
        ground
    }

    /// A server on it.
    pub(crate) async fn serve(&self, more: &[&str], variables: &[(&str, &str)]) -> Serving {
        let arguments: Vec<&str> = self.database.iter().map(String::as_str).chain(more.iter().copied()).collect();
        Serving::start_with(&self.folder, &arguments, variables).await
    }

    /// A server that has a way of its own to the database.
    pub(crate) async fn serve_over(&self, database_url: &str, more: &[&str]) -> Serving {
        Serving::start_with(&self.folder, &[&["--database-url", database_url], more].concat(), &[]).await
    }

    /// How many texts of people are stored.
    pub(crate) async fn texts(&self, client: &Client) -> usize {
        let client = client.is(self.owner.clone());
        let mut texts = 0;
        for chat in &self.chats {
            let log = log(&client, &chat.conversation).await;
            let said = |event: &&Value| event["kind"] == "visitor_message" || event["kind"] == "human_message";
            texts += log.iter().filter(said).count();
        }
        texts
    }

    /// Everybody comes and begins to talk.
    pub(crate) fn load(&self, servers: &Servers) -> Load<'_> {
        let start = |number: usize, side: Side, chat: &Chat, name: &str| {
            let every = if chat.live { EVERY } else { SELDOM };
            Steady::start(servers, number, side, &chat.conversation, &format!("{name} {number}"), every)
        };
        let chats = self.chats.iter().enumerate().map(|(number, chat)| {
            let page = start(number, Side::Page(chat.token.clone()), chat, "visitor");
            let desk = chat.live.then(|| start(number + 1, Side::Desk(self.owner.clone()), chat, "person"));
            (chat, page, desk)
        });
        Load { ground: self, chats: chats.collect() }
    }
}

impl Load<'_> {
    /// One of the clients.
    pub(crate) fn anybody(&self, number: u64) -> &Steady {
        let all: Vec<&Steady> = self.everybody().collect();
        all[usize::try_from(number).unwrap() % all.len()]
    }

    /// All clients.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = &Steady> {
        self.chats.iter().flat_map(|(_, page, desk)| [Some(page), desk.as_ref()]).flatten()
    }

    /// How many texts were acknowledged.
    pub(crate) fn acked(&self) -> usize {
        self.everybody().map(Steady::acked).sum()
    }

    /// Why commands were refused for now.
    pub(crate) fn refused(&self) -> Vec<String> {
        self.everybody().flat_map(|one| one.seen().refused).collect()
    }

    /// Nothing was seen so far that nobody should see.
    pub(crate) fn assert_right(&self) {
        for one in self.everybody() {
            let seen = one.seen();
            assert!(seen.wrong.is_empty(), "{:?}", seen.wrong);
        }
    }

    /// Everybody who was in the middle of something goes on.
    pub(crate) async fn goes_on(&self) {
        for one in self.everybody() {
            one.has_acked(one.acked() + 1).await;
        }
    }

    /// Everybody falls silent; then what was acknowledged is stored once and shown once, in order, to everybody.
    pub(crate) async fn ends_well(self, client: &Client) -> usize {
        for one in self.everybody() {
            one.falls_silent().await;
        }
        let client = client.is(self.ground.owner.clone());
        let mut acked = 0;
        for (chat, page, desk) in &self.chats {
            let log = settled_log(&client, &chat.conversation, |log| {
                let visible = || log.iter().filter(|event| event["visitor_seq"].is_i64());
                shown(visible()) == page.seen().shown
                    && desk.as_ref().is_none_or(|desk| shown(log.iter()) == desk.seen().shown)
            });
            let log = log.await;
            let said = |kind: &str| -> Vec<&str> {
                log.iter().filter(|event| event["kind"] == kind).map(|event| event["text"].as_str().unwrap()).collect()
            };
            let seen = page.seen();
            assert_eq!(said("visitor_message"), seen.acked, "acknowledged is stored, once and in order");
            acked += seen.acked.len();
            if let Some(desk) = desk {
                let seen = desk.seen();
                assert_eq!(said("human_message"), seen.acked, "acknowledged is stored, once and in order");
                acked += seen.acked.len();
            }
        }
        self.assert_right();
        acked
    }
}

fn shown<'log>(events: impl Iterator<Item = &'log Value>) -> Vec<(String, String)> {
    let field = |event: &Value, field: &str| event[field].as_str().unwrap_or_default().to_owned();
    events.map(|event| (field(event, "kind"), field(event, "text"))).collect()
}

/// The whole log, once the AI owes no answer in it any more and everybody shows it, once and in order.
async fn settled_log(client: &Client, conversation: &str, everybody_shows: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    #[expect(clippy::disallowed_methods, reason = "how long the test waits")]
    let begun = Instant::now();
    loop {
        looks.tick().await;
        let log = log(client, conversation).await;
        let last = |kinds: &[&str]| log.iter().rposition(|event| kinds.iter().any(|kind| event["kind"] == *kind));
        let live = last(&["taken_over"]).is_some();
        // The last word is the AI's, or it has called a person.
        let answered = last(&["assistant_message", "human_requested", "reason_added"]) > last(&["visitor_message"]);
        if (live || answered) && everybody_shows(&log) {
            return log;
        }
        assert!(
            begun.elapsed() < SETTLED_IN,
            "answered {answered}, and the log ends with {:?}",
            &log[log.len().saturating_sub(6)..]
        );
    }
}

async fn log(client: &Client, conversation: &str) -> Vec<Value> {
    let mut log: Vec<Value> = Vec::new();
    loop {
        let after = log.last().map_or(0, |event| event["seq"].as_i64().unwrap());
        let page = client.get(&format!("/conversations/{conversation}/events?after={after}&limit=200")).await.value();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        if items.is_empty() {
            return log;
        }
        log.extend(items.iter().cloned());
    }
}
