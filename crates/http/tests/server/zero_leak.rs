//! Zero leak: from the moment when a person is there, nothing automatic is said.
//!
//! The model says a token every few milliseconds and never stops by itself. People take over through every door there
//! is. The same body runs with the gate switched off and must then find leaks: a test that cannot fail shows nothing.

use std::time::Duration;

use api::{
    events::{StaffEvent, StaffEventBody, VisitorEventBody},
    frames::{DeskAction, DeskServerFrame, VisitorServerFrame},
};
use app::live::GateMode;
use domain::person::Role;
use futures_util::future::join_all;
use serde_json::json;
use testkit::{
    fakes::Reply,
    on_both_engines,
    server::{DeskSocket, EventStream, Guest, Member, Options, Place, TestServer, VisitorSocket},
};

const CONVERSATIONS: usize = 50;
const TOKEN_EVERY: Duration = Duration::from_millis(5);

on_both_engines!(nothing_automatic_follows_a_takeover_on_any_socket_nor_in_the_log);

async fn nothing_automatic_follows_a_takeover_on_any_socket_nor_in_the_log(place: Place) {
    let server = TestServer::on(&place).await;
    let found = take_over_while_the_ai_streams(&server).await;
    assert_eq!(found, Leaks::default());
    assert!(server.watch.handed() > CONVERSATIONS as u64 * 3, "the AI was streaming on every socket");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_gate_switched_off_the_same_test_finds_leaks() {
    let server = TestServer::start(Options { gate: GateMode::Off, ..Options::on(&Place::sqlite()) }).await;
    let found = take_over_while_the_ai_streams(&server).await;
    server.stop().await;
    assert!(
        found.sent > 0,
        "a gate that is switched off lets nothing through: this test would not notice a broken one"
    );
    assert_eq!(found.stored, 0, "the log needs no gate");
}

/// What was found after takeovers.
#[derive(Debug, Default, PartialEq, Eq)]
struct Leaks {
    /// Automatic frames that a socket received after the event.
    seen: usize,
    /// Tokens that the server handed to a socket after the commit.
    sent: usize,
    /// Automatic texts in the log after the event.
    stored: usize,
}

/// The doors through which a person comes.
#[derive(Debug, Clone, Copy)]
enum Door {
    Message,
    MessageByKey,
    TakeOver,
    TakeOverByKey,
    Resolve,
    ResolveByKey,
}

const DOORS: [Door; 6] =
    [Door::Message, Door::MessageByKey, Door::TakeOver, Door::TakeOverByKey, Door::Resolve, Door::ResolveByKey];

/// A conversation with everybody who watches it.
struct Scene {
    guest: Guest,
    page: VisitorSocket,
    stream: EventStream,
    writer: DeskSocket,
    watcher: DeskSocket,
    door: Door,
}

async fn take_over_while_the_ai_streams(server: &TestServer) -> Leaks {
    server.model.always(Reply::Endless(TOKEN_EVERY));
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    let scenes = (0..CONVERSATIONS).map(|number| Scene::set(server, &sofia, &omar, DOORS[number % DOORS.len()]));
    let mut scenes = join_all(scenes).await;
    join_all(scenes.iter_mut().map(Scene::streams)).await;
    // Whether a token is late is not left to chance: one is held back until its conversation was taken over. The person
    // comes by a key there, so that no socket of theirs has to be heard meanwhile.
    let held = scenes.iter().find(|scene| matches!(scene.door, Door::MessageByKey)).expect("each door is there");
    server.watch.hold_next(held.guest.conversation.parse().unwrap()).await;
    join_all(scenes.iter_mut().map(|scene| scene.enter(&sofia))).await;
    for call in server.model.calls() {
        call.dropped().await;
    }
    let seen: usize = join_all(scenes.into_iter().map(|scene| scene.ends(&sofia))).await.into_iter().sum();
    let mut stored = 0;
    for row in inbox(server).await {
        stored += automatic_after_takeover(&server.log(&row).await);
    }
    Leaks { seen, sent: server.watch.leaks().len(), stored }
}

impl Scene {
    async fn set(server: &TestServer, sofia: &Member, omar: &Member, door: Door) -> Self {
        let guest = server.guest().await;
        let page = server.page(&guest).await;
        let stream = server.stream(&guest, None).await;
        let writer = server.desk_at(sofia, &guest.conversation).await;
        let watcher = server.desk_at(omar, &guest.conversation).await;
        Self { guest, page, stream, writer, watcher, door }
    }

    /// The visitor asks; comes back when the answer is being written on every socket.
    async fn streams(&mut self) {
        self.page.says(&self.guest.conversation, "How do I return something?").await.unwrap();
        self.page.until(|frame| matches!(frame, VisitorServerFrame::Tokens(t) if t.offset > 0).then_some(())).await;
        self.stream.until(|frame| matches!(frame, VisitorServerFrame::Tokens(_)).then_some(())).await;
        for desk in [&mut self.writer, &mut self.watcher] {
            desk.until(|frame| matches!(frame, DeskServerFrame::Tokens(_)).then_some(())).await;
        }
    }

    /// A person comes in.
    async fn enter(&mut self, sofia: &Member) {
        let id = &self.guest.conversation;
        match self.door {
            Door::Message => drop(self.writer.says(id, "Hello, this is Sofia.").await.unwrap()),
            Door::TakeOver => drop(self.writer.does(id, DeskAction::TakeOver {}).await.unwrap()),
            Door::Resolve => drop(self.writer.does(id, DeskAction::Resolve {}).await.unwrap()),
            Door::MessageByKey => {
                let message = json!({"client_id": "first", "text": "Hello, this is Sofia."});
                let _: api::conversations::CommandResult =
                    sofia.client.post(&format!("/conversations/{id}/messages"), &message).await.ok();
            }
            Door::TakeOverByKey | Door::ResolveByKey => {
                let action = if matches!(self.door, Door::TakeOverByKey) { "take-over" } else { "resolve" };
                let _: api::conversations::CommandResult =
                    sofia.client.post_nothing(&format!("/conversations/{id}/{action}")).await.ok();
            }
        }
    }

    /// Something that comes behind everything that was on its way, so that nobody has to wait for nothing.
    async fn ends(mut self, sofia: &Member) -> usize {
        let id = self.guest.conversation.clone();
        if matches!(self.door, Door::Resolve | Door::ResolveByKey) {
            self.writer.does(&id, DeskAction::Reopen {}).await.unwrap();
        } else {
            self.page.says(&id, "Oh, hello!").await.unwrap();
            self.writer.says(&id, "What can I do for you?").await.unwrap();
        }
        let last = |event: &StaffEventBody| match event {
            StaffEventBody::Reopened { .. } => true,
            StaffEventBody::HumanMessage { person, text, .. } => person.name == sofia.name && text.starts_with("What"),
            _ => false,
        };
        for desk in [&mut self.writer, &mut self.watcher] {
            if !desk.seen.iter().any(|frame| matches!(frame, DeskServerFrame::Event { event, .. } if last(&event.body)))
            {
                desk.until(|f| matches!(f, DeskServerFrame::Event { event, .. } if last(&event.body)).then_some(()))
                    .await;
            }
        }
        let is_last = |frame: &VisitorServerFrame| match frame {
            VisitorServerFrame::Event { event, .. } => match &event.body {
                VisitorEventBody::Reopened {} => Some(()),
                VisitorEventBody::HumanMessage { text, .. } if text.starts_with("What") => Some(()),
                _ => None,
            },
            _ => None,
        };
        self.page.until(is_last).await;
        self.stream.until(is_last).await;
        leaks_at_the_page(&self.page.seen)
            + leaks_at_the_page(&self.stream.seen)
            + leaks_at_the_desk(&self.writer.seen)
            + leaks_at_the_desk(&self.watcher.seen)
    }
}

fn leaks_at_the_page(frames: &[VisitorServerFrame]) -> usize {
    let came = frames.iter().position(|frame| match frame {
        VisitorServerFrame::Event { event, .. } => {
            matches!(event.body, VisitorEventBody::TakenOver { .. } | VisitorEventBody::Resolved {})
        }
        _ => false,
    });
    let automatic = |frame: &&VisitorServerFrame| match frame {
        VisitorServerFrame::Tokens(_) => true,
        VisitorServerFrame::Event { event, .. } => matches!(event.body, VisitorEventBody::AssistantMessage { .. }),
        _ => false,
    };
    frames[came.expect("the takeover was seen")..].iter().filter(automatic).count()
}

fn leaks_at_the_desk(frames: &[DeskServerFrame]) -> usize {
    let came = frames.iter().position(|frame| match frame {
        DeskServerFrame::Event { event, .. } => withdraws(&event.body),
        _ => false,
    });
    let automatic = |frame: &&DeskServerFrame| match frame {
        DeskServerFrame::Tokens(_) => true,
        DeskServerFrame::Event { event, .. } => matches!(event.body, StaffEventBody::AssistantMessage { .. }),
        _ => false,
    };
    frames[came.expect("the takeover was seen")..].iter().filter(automatic).count()
}

fn withdraws(event: &StaffEventBody) -> bool {
    matches!(event, StaffEventBody::TakenOver { .. } | StaffEventBody::Resolved { .. })
}

fn automatic_after_takeover(log: &[StaffEvent]) -> usize {
    let came = log.iter().position(|event| withdraws(&event.body)).expect("a person came");
    log[came..].iter().filter(|event| matches!(event.body, StaffEventBody::AssistantMessage { .. })).count()
}

async fn inbox(server: &TestServer) -> Vec<String> {
    let page: api::common::Page<api::conversations::ConversationRow> =
        server.owner().client.get("/conversations?limit=200").await.ok();
    page.items.into_iter().map(|row| row.id).collect()
}
