//! Every event once, in order, none missing: whatever happens to the connection.

use std::{collections::HashSet, time::Duration};

use api::{
    conversations::{CommandResult, ConversationRow},
    events::{StaffEventBody, VisitorEventBody},
    frames::{DeskClientFrame, DeskServerFrame, VisitorClientFrame, VisitorServerFrame},
    visitor::VisitorCommandResult,
};
use domain::person::Role;
use serde_json::json;
use testkit::{
    fakes::SeededEntropy,
    on_both_engines,
    server::{DeskSocket, Guest, Member, Place, TestServer, VisitorSocket},
};
use tokio::sync::watch;

const SEEDS: [u64; 4] = [1, 2, 3, 4];
const STEPS: usize = 60;

on_both_engines!(
    whoever_loses_the_connection_misses_nothing_and_sees_nothing_twice,
    the_same_client_id_is_the_same_message_through_every_door,
    a_refusal_is_not_remembered,
);

/// Numbers as they came; each may only be the one after the last.
#[derive(Default)]
struct Seen(i64);

impl Seen {
    fn take(&mut self, number: i64, who: &str, seed: u64) {
        assert_eq!(number, self.0 + 1, "{who} with seed {seed}");
        self.0 = number;
    }
}

async fn whoever_loses_the_connection_misses_nothing_and_sees_nothing_twice(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    for seed in SEEDS {
        let guest = server.guest().await;
        let (done, end) = watch::channel(None);
        let (visitor, staff, ()) = tokio::join!(
            visitor_reads(&server, &guest, seed, end.clone()),
            desk_reads(&server, &sofia, &guest, seed, end),
            everybody_writes(&server, &sofia, &guest, seed, done),
        );
        assert_eq!(visitor, server.visitor_log(&guest).await.last().unwrap().visitor_seq, "seed {seed}");
        assert_eq!(staff, server.log(&guest.conversation).await.last().unwrap().seq, "seed {seed}");
    }
    server.stop().await;
}

/// Messages of both sides, answers of the AI, ends and requests, one after the other without a pause.
async fn everybody_writes(
    server: &TestServer,
    sofia: &Member,
    guest: &Guest,
    seed: u64,
    done: watch::Sender<Option<(i64, i64)>>,
) {
    let chance = SeededEntropy::new(seed);
    let id = &guest.conversation;
    for step in 0..STEPS {
        let message = json!({"client_id": format!("step-{step}"), "text": format!("Step {step}")});
        let answer = match chance.below(10) {
            0..4 => guest.client.post(&format!("/conversations/{id}/messages"), &message).await,
            4..7 => sofia.client.post(&format!("/conversations/{id}/messages"), &message).await,
            7 => sofia.client.post_nothing(&format!("/conversations/{id}/end-live-chat")).await,
            8 => guest.client.post_nothing(&format!("/conversations/{id}/request-human")).await,
            _ => sofia.client.post_nothing(&format!("/conversations/{id}/dismiss-request")).await,
        };
        assert!(answer.status.is_success() || answer.status == 409, "{}", answer.text());
    }
    // A person's message is the end: no AI answers behind it.
    let message = json!({"client_id": "last", "text": "The end"});
    let _: CommandResult = sofia.client.post(&format!("/conversations/{id}/messages"), &message).await.ok();
    let (log, visitor) = (server.log(id).await, server.visitor_log(guest).await);
    done.send(Some((visitor.last().unwrap().visitor_seq, log.last().unwrap().seq))).unwrap();
}

async fn visitor_reads(server: &TestServer, guest: &Guest, seed: u64, end: watch::Receiver<Option<(i64, i64)>>) -> i64 {
    let chance = SeededEntropy::new(seed ^ 0xface);
    let mut seen = Seen::default();
    loop {
        let mut page = VisitorSocket::open(server.address, &guest.token).await;
        let after = seen.0;
        page.send(&VisitorClientFrame::Subscribe { conversation: guest.conversation.clone(), after }).await;
        for _ in 0..chance.below(12) {
            match page.next_within(Duration::from_millis(300)).await {
                Some(VisitorServerFrame::Event { event, .. }) => seen.take(event.visitor_seq, "the visitor", seed),
                Some(VisitorServerFrame::Problem { problem }) => panic!("{problem:?}"),
                Some(_) => {}
                None => break,
            }
        }
        let end = *end.borrow();
        page.drop_connection();
        if end.is_some_and(|(last, _)| last == seen.0) {
            return seen.0;
        }
    }
}

async fn desk_reads(
    server: &TestServer,
    sofia: &Member,
    guest: &Guest,
    seed: u64,
    end: watch::Receiver<Option<(i64, i64)>>,
) -> i64 {
    let chance = SeededEntropy::new(seed ^ 0xbeef);
    let mut seen = Seen::default();
    loop {
        let mut desk = server.desk(sofia).await;
        let after = seen.0;
        desk.send(&DeskClientFrame::Subscribe { conversation: guest.conversation.clone(), after }).await;
        for _ in 0..chance.below(12) {
            match desk.next_within(Duration::from_millis(300)).await {
                Some(DeskServerFrame::Event { event, .. }) => seen.take(event.seq, "the collaborator", seed),
                Some(DeskServerFrame::Problem { problem }) => panic!("{problem:?}"),
                Some(_) => {}
                None => break,
            }
        }
        let end = *end.borrow();
        desk.drop_connection();
        if end.is_some_and(|(_, last)| last == seen.0) {
            return seen.0;
        }
    }
}

async fn the_same_client_id_is_the_same_message_through_every_door(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let path = format!("/conversations/{id}/messages");
    let message = |client_id: &str, text: &str| json!({"client_id": client_id, "text": text});

    let mut desk = server.desk_at(&sofia, id).await;
    let mut page = server.page(&guest).await;
    // The visitor: over the socket, then by REST, then over the socket again.
    let first = page.says_as(id, "one", "Hello").await.unwrap();
    let again: VisitorCommandResult = guest.client.post(&path, &message("one", "Hello")).await.ok();
    assert_eq!(again.events.last().map(|event| event.visitor_seq), first);
    assert_eq!(page.says_as(id, "one", "Hello").await.unwrap(), first);
    assert_eq!(page.says_as(id, "one", "Goodbye").await.unwrap_err().code, "client_id_reused");
    assert_eq!(guest.client.post(&path, &message("one", "Goodbye")).await.said(), (409, "client_id_reused".into()));

    // A collaborator: the takeover comes with the message, also the second time it is asked for.
    let first: CommandResult = sofia.client.post(&path, &message("one", "I am here")).await.ok();
    let kinds = |result: &CommandResult| {
        result.events.iter().map(|e| serde_json::to_value(e).unwrap()["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&first), ["taken_over", "announcement", "human_message"]);
    let again: CommandResult = sofia.client.post(&path, &message("one", "I am here")).await.ok();
    assert_eq!(kinds(&again), kinds(&first));
    assert_eq!(desk.says_as(id, "one", "I am here").await.unwrap(), first.events.last().map(|event| event.seq));
    assert_eq!(desk.says_as(id, "one", "I am not").await.unwrap_err().code, "client_id_reused");

    // The same at the same time, through both doors.
    let twice = message("two", "Twice");
    let (by_rest, by_socket) = tokio::join!(sofia.client.post(&path, &twice), desk.says_as(id, "two", "Twice"));
    let by_rest: CommandResult = by_rest.ok();
    assert_eq!(by_rest.events.last().map(|event| event.seq), by_socket.unwrap());

    let mut written: Vec<String> = Vec::new();
    for event in server.log(id).await {
        if let StaffEventBody::VisitorMessage { text, .. } | StaffEventBody::HumanMessage { text, .. } = event.body {
            written.push(text);
        }
    }
    assert_eq!(written, ["Hello", "I am here", "Twice"]);
    // The visitor learns their own ids and nobody else's.
    let ids: HashSet<String> =
        server.visitor_log(&guest).await.into_iter().filter_map(|event| event.client_id).collect();
    assert_eq!(ids, HashSet::from(["one".to_owned()]));
    server.stop().await;
}

async fn a_refusal_is_not_remembered(place: Place) {
    let server = TestServer::on(&place).await;
    let (sofia, omar) = (server.add("Sofia", Role::Agent).await, server.add("Omar", Role::Agent).await);
    let guest = server.guest().await;
    let id = &guest.conversation;
    server.page(&guest).await.says(id, "Hello").await.unwrap();
    let mut omars = server.desk_at(&omar, id).await;
    let mut sofias = server.desk_at(&sofia, id).await;
    sofias.says(id, "I am here").await.unwrap();
    assert_eq!(omars.says_as(id, "draft", "So am I").await.unwrap_err().code, "held_by");
    sofias.does(id, api::frames::DeskAction::EndLiveChat {}).await.unwrap();
    // The text that was kept, sent again: also with another wording, for nothing was stored under its id.
    omars.says_as(id, "draft", "So am I, now").await.unwrap();
    let log = server.log(id).await;
    assert!(matches!(&log.last().unwrap().body, StaffEventBody::HumanMessage { text, .. } if text == "So am I, now"));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_told_to_start_over_and_then_has_everything() {
    const DESKS: usize = 4;
    const EACH: usize = 500;
    let server = TestServer::on(&Place::sqlite()).await;
    let guest = server.guest().await;
    let id = &guest.conversation;
    let sofia = server.add("Sofia", Role::Agent).await;
    let mut slow = VisitorSocket::narrow(server.address, &guest.token).await;
    slow.send(&VisitorClientFrame::Subscribe { conversation: id.clone(), after: 0 }).await;
    slow.until(|frame| matches!(frame, VisitorServerFrame::Subscribed { .. }).then_some(())).await;

    let mut desks: Vec<DeskSocket> = Vec::new();
    for _ in 0..DESKS {
        desks.push(server.desk(&sofia).await);
    }
    let long = "x".repeat(7_900);
    let writes = desks.iter_mut().enumerate().map(|(number, desk)| {
        let long = &long;
        async move {
            for part in 0..EACH {
                let client_id = format!("{number}-{part}");
                let text = format!("{client_id} {long}");
                desk.send(&DeskClientFrame::Send { conversation: id.clone(), client_id, text, files: Vec::new() })
                    .await;
            }
            desk.acked(&format!("{number}-{}", EACH - 1)).await.unwrap();
        }
    });
    futures_util::future::join_all(writes).await;

    let mut seen = Seen::default();
    let mut started_over = 0;
    let last = i64::try_from(DESKS * EACH).unwrap() + 2;
    while seen.0 < last {
        match slow.next().await {
            VisitorServerFrame::Event { event, .. } => {
                if let VisitorEventBody::HumanMessage { text, .. } = &event.body {
                    assert!(text.ends_with(&long));
                }
                seen.take(event.visitor_seq, "the slow visitor", 0);
            }
            VisitorServerFrame::Resync {} => {
                started_over += 1;
                let after = seen.0;
                slow.send(&VisitorClientFrame::Subscribe { conversation: id.clone(), after }).await;
            }
            _ => {}
        }
    }
    assert!(started_over > 0, "the mailbox has a bound");
    server.stop().await;
}

/// Heartbeats come by the real clock: everything that hangs on one is in this test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heartbeat_carries_the_heads_and_shows_out_who_may_not_stay() {
    let server = TestServer::on(&Place::sqlite()).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let (guest, other) = (server.guest().await, server.other_workspace().await);
    let id = &guest.conversation;
    let mut desk = server.desk_at(&sofia, id).await;
    let signed_in = server.sign_in("Sofia").await;
    let mut expiring = DeskSocket::open(server.address, signed_in.caller(), Some(&server.public_url)).await.unwrap();
    let mut inside = server.page(&other.guest).await;
    let chatbot = format!("/chatbots/{}", other.chatbot);
    assert_eq!(other.owner.client.patch(&chatbot, &json!({"visibility": "private"})).await.status, 200);
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    desk.says(id, "Hello, this is Sofia").await.unwrap();
    server.clock.advance(Duration::from_secs(31 * 24 * 3_600));

    let head = page.until(|frame| match frame {
        VisitorServerFrame::Heartbeat { head } => Some(*head),
        _ => None,
    });
    let heads = desk.until(|frame| match frame {
        DeskServerFrame::Heartbeat { heads, change } => Some((heads.clone(), *change)),
        _ => None,
    });
    let (head, (heads, change)) = tokio::join!(head, heads);
    assert_eq!(Some(head), server.visitor_log(&guest).await.last().map(|event| event.visitor_seq));
    let row: ConversationRow = sofia.client.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(heads.get(id), Some(&row.head));
    assert_eq!(change, row.change);

    // The session has ended in the meantime, and the other chatbot has become private.
    let over = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    assert_eq!(expiring.until(over).await, "unauthenticated");
    expiring.closed().await;
    let shown_out = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    assert_eq!(inside.until(shown_out).await, "sign_in_required");
    inside.closed().await;
    server.stop().await;
}
