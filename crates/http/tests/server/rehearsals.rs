//! Rehearsals: the whole hand-over happens in them, and nothing outside of them does.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use api::{
    common::Page,
    conversations::{Control, ConversationDetail, ConversationRow, InboxCounts},
    events::{VisitorEvent, VisitorEventBody},
    frames::{DeskAction, DeskClientFrame, DeskServerFrame, VisitorAction, VisitorServerFrame},
    labels::Label,
    numbers::Analytics,
    rehearsals::RehearsalGrant,
    visitor::Identified,
};
use domain::{chatbot::OutputTrigger, outside::Openings, person::Role, routing::Mode};
use hyper::Method;
use models::BuiltIn;
use serde_json::{Value, json};
use testkit::{
    fakes::{Answer, MailServer, PushService, Reply, WebServer},
    on_both_engines,
    server::{As, DeskSocket, Guest, Member, Options, PATIENCE, Place, TestServer},
};

use crate::pictures::PICTURE;

on_both_engines!(
    nothing_leaves_a_rehearsal,
    the_hand_over_goes_as_in_any_conversation,
    a_rehearsal_is_for_whoever_rehearses_alone,
    a_rehearsal_goes_with_the_next_one_and_after_a_day,
    whoever_plays_a_visitor_becomes_nobody,
);

/// Longer than every step of a wait.
const LONG: Duration = Duration::from_secs(3_600);

type Tables = BTreeMap<String, Vec<String>>;

async fn rehearse(server: &TestServer, member: &Member) -> Guest {
    let path = format!("/chatbots/{}/rehearsals", server.chatbot());
    let client = member.client.from(server.new_address());
    let grant: RehearsalGrant = client.post(&path, &json!({"language": "en"})).await.ok();
    let client = server.client().from(server.new_address()).is(As::Bearer(grant.token.clone()));
    Guest { client, token: grant.token, conversation: grant.conversation_id }
}

fn path(guest: &Guest, action: &str) -> String {
    format!("/conversations/{}/{action}", guest.conversation)
}

/// A page of the inbox; what is sent after this is heard by it.
async fn inbox(server: &TestServer, member: &Member) -> DeskSocket {
    let mut desk = server.desk(member).await;
    desk.send(&DeskClientFrame::SubscribeInbox { after: 0 }).await;
    desk.until(|frame| matches!(frame, DeskServerFrame::InboxSubscribed { .. }).then_some(())).await;
    desk
}

/// The row of a conversation when it stands so, as a page of the inbox hears it.
async fn row_when(desk: &mut DeskSocket, id: &str, wanted: Control) -> ConversationRow {
    let fits = |frame: &DeskServerFrame| match frame {
        DeskServerFrame::Inbox { row, .. } if row.id == id && row.control == wanted => Some((**row).clone()),
        _ => None,
    };
    desk.until(fits).await
}

/// The rows of everything that a rehearsal has no part in: what else a table holds of it is named here.
fn outside(tables: &Tables, of: &Guest) -> Tables {
    let own = ["conversation", "event", "participant", "conversation_label", "draft"];
    // Who is at the desk and was seen last changes with time; the rest is compared below.
    let apart = ["presence", "person", "session", "visitor", "content", "job"];
    let kept = tables.iter().filter(|(name, _)| !apart.contains(&name.as_str())).map(|(name, rows)| {
        let elsewhere = |row: &&String| !own.contains(&name.as_str()) || !row.contains(&of.conversation);
        (name.clone(), rows.iter().filter(elsewhere).cloned().collect())
    });
    kept.collect()
}

fn missing<'a>(before: &'a Tables, after: &Tables, table: &str) -> Vec<&'a String> {
    before[table].iter().filter(|row| !after[table].contains(row)).collect()
}

/// Everything that tells, calls or counts is on: a colleague with a page, a device and mails, webhooks, a channel, routing, the
/// ladder, a watched phrase.
struct Office {
    server: TestServer,
    mail: MailServer,
    receiver: WebServer,
    sofia: Member,
    ben: Member,
}

impl Office {
    async fn opens(place: &Place) -> Self {
        let (mail, receiver) = (MailServer::start().await, WebServer::start().await);
        receiver.always(Answer::of(200, "text/plain", "ok"));
        let mut options = Options {
            mail: Some(mail.clone()),
            openings: Openings::read(["127.0.0.1"]).unwrap(),
            model: Some(Arc::new(BuiltIn)),
            ..Options::on(place)
        };
        let escalation = &mut options.settings.escalation;
        escalation.routing.mode = Mode::RoundRobin;
        escalation.output_triggers =
            vec![OutputTrigger { phrase: "the".into(), by_meaning: false, also_request: false }];
        let server = TestServer::start(options).await;
        let sofia = server.add("Sofia", Role::Agent).await;
        let ben = server.add("Ben", Role::Agent).await;
        for (member, browser) in [(&sofia, "hers"), (&ben, "his")] {
            member.client.post("/push-subscriptions", &PushService::browser(browser)).await.ok::<Value>();
            let wants = json!({"browser": true, "push": true, "email": true});
            member.client.put("/me/calling", &wants).await.ok::<Value>();
        }
        let owner = server.owner().client;
        let events = [
            "conversation.created",
            "message.created",
            "human.requested",
            "human.taken_over",
            "live_chat.ended",
            "lead.captured",
            "conversation.rated",
        ];
        let hook = json!({"name": "CRM", "url": receiver.url("/hook"), "events": events});
        owner.post("/webhooks", &hook).await.ok::<Value>();
        let channel = json!({"kind": "slack", "name": "Team", "url": receiver.url("/slack"),
            "chatbot_id": server.chatbot().to_string()});
        owner.post("/webhooks", &channel).await.ok::<Value>();
        Self { server, mail, receiver, sofia, ben }
    }
}

async fn nothing_leaves_a_rehearsal(place: Place) {
    let Office { server, mail, receiver, sofia, ben } = Office::opens(&place).await;
    let label: Label = sofia.client.post("/labels", &json!({"name": "VIP", "color": "teal"})).await.ok();
    let mut colleague = inbox(&server, &ben).await;
    server.settled().await;
    let before = place.rows().await;

    let guest = rehearse(&server, &sofia).await;
    let id = guest.conversation.clone();
    let mut desk = inbox(&server, &sofia).await;
    desk.follow(&id, 0).await;
    let mut page = server.page(&guest).await;
    // A question that the AI does not know, a wish for a person, and all that somebody at the desk can do about it.
    page.says(&id, "Do you sell submarines?").await.unwrap();
    server.settled().await;
    // It may have called a person by itself.
    let _ = page.does(&id, VisitorAction::RequestHuman).await;
    row_when(&mut desk, &id, Control::Requested).await;
    desk.send(&DeskClientFrame::Viewing { conversation: id.clone(), on: true }).await;
    let me = Some(sofia.id.to_string());
    desk.does(&id, DeskAction::Assign { to: me }).await.unwrap();
    sofia.client.put(&format!("/conversations/{id}/labels/{}", label.id), &json!({})).await.ok::<Value>();
    sofia.client.put(&path(&guest, "draft"), &json!({"text": "Dear"})).await.ok::<Value>();
    let note = json!({"text": "Look at this", "mentions": [ben.id.to_string()]});
    assert_eq!(sofia.client.post(&path(&guest, "notes"), &note).await.said(), (422, "invalid".into()));
    sofia.client.post(&path(&guest, "notes"), &json!({"text": "For myself"})).await.ok::<Value>();
    for action in ["assign", "transfer"] {
        let to = json!({"to": ben.id.to_string()});
        assert_eq!(sofia.client.post(&path(&guest, action), &to).await.said(), (422, "invalid".into()), "{action}");
    }
    server.clock.advance(LONG);
    desk.does(&id, DeskAction::DismissRequest {}).await.unwrap();
    page.does(&id, VisitorAction::RequestHuman).await.unwrap();
    desk.says(&id, "Here I am").await.unwrap();
    page.says(&id, "Thank you").await.unwrap();
    server.clock.advance(LONG);
    let left = guest.client.post(&path(&guest, "email"), &json!({"email": "ada@example.com"})).await;
    assert_eq!(left.status, 200);
    for (who, to) in
        [(&guest.client, json!({})), (&sofia.client, json!({"to": "visitor"})), (&sofia.client, json!({"to": "me"}))]
    {
        assert_eq!(who.post(&path(&guest, "transcript-mail"), &to).await.said(), (422, "invalid".into()), "{to}");
    }
    desk.does(&id, DeskAction::EndLiveChat {}).await.unwrap();
    let ended = |event: &VisitorEvent| matches!(event.body, VisitorEventBody::LiveChatEnded {});
    let of = server.visitor_log(&guest).await.iter().find(|event| ended(event)).unwrap().visitor_seq;
    guest.client.post(&path(&guest, "rating"), &json!({"of": of, "score": 5})).await.ok::<Value>();
    desk.does(&id, DeskAction::Resolve {}).await.unwrap();
    assert_eq!(sofia.client.get(&path(&guest, "lessons")).await.ok::<Page<Value>>().items.len(), 0);
    server.clock.advance(LONG);
    server.settled().await;

    let after = place.rows().await;
    assert_eq!(outside(&after, &guest), outside(&before, &guest));
    for table in ["visitor", "content", "job"] {
        assert_eq!(missing(&before, &after, table), Vec::<&String>::new(), "{table}");
    }
    assert_eq!(after["visitor"].len(), before["visitor"].len() + 1, "who plays one");
    let new_jobs: Vec<_> = after["job"].iter().filter(|row| !before["job"].contains(row)).collect();
    assert!(new_jobs.len() == 1 && new_jobs[0].contains("delete_rehearsal"), "{new_jobs:?}");
    assert_eq!((mail.count(), receiver.requests().len()), (0, 0));
    assert!(server.push.told(0).await.is_empty());
    for member in [&sofia, &ben, &server.owner()] {
        let rows: Page<ConversationRow> = member.client.get("/conversations").await.ok();
        assert!(rows.items.is_empty(), "{}", member.name);
        let counts: InboxCounts = member.client.get("/inbox/counts").await.ok();
        assert_eq!(counts, InboxCounts { waiting: 0, live: 0, mine: 0 }, "{}", member.name);
        let found: Page<Value> = member.client.get("/search?q=submarines").await.ok();
        assert!(found.items.is_empty(), "{}", member.name);
        let numbers: Analytics = member.client.get(&format!("/chatbots/{}/analytics", server.chatbot())).await.ok();
        let counted =
            [numbers.requests.requests, numbers.conversations.conversations, numbers.unasked, numbers.ratings.ratings];
        assert_eq!(counted, [0; 4], "{}", member.name);
    }

    // The next thing that the colleague's page hears is a real visitor.
    let real = server.guest().await;
    server.page(&real).await.says(&real.conversation, "Hello").await.unwrap();
    let heard = colleague
        .until(|frame| match frame {
            DeskServerFrame::Inbox { row, .. } => Some(row.id.clone()),
            DeskServerFrame::Alert(alert) => Some(alert.title.clone()),
            _ => None,
        })
        .await;
    assert_eq!(heard, real.conversation);
    drop((colleague, desk, page));
    server.stop().await;
}

async fn the_hand_over_goes_as_in_any_conversation(place: Place) {
    let server = TestServer::on(&place).await;
    server.model.always(Reply::Says("The AI answers.".into()));
    let sofia = server.add("Sofia", Role::Agent).await;
    let mut desk = inbox(&server, &sofia).await;
    let guest = rehearse(&server, &sofia).await;
    let id = &guest.conversation;
    let row = desk.follow(id, 0).await;
    assert!(row.rehearsal && row.control == Control::Ai);
    let mut page = server.page(&guest).await;
    page.says(id, "Hello").await.unwrap();
    let said = |text: &'static str| {
        move |frame: &VisitorServerFrame| match frame {
            VisitorServerFrame::Event { event, .. } => {
                serde_json::to_string(event).unwrap().contains(text).then_some(())
            }
            _ => None,
        }
    };
    page.until(said("The AI answers.")).await;
    page.does(id, VisitorAction::RequestHuman).await.unwrap();
    // The row comes to whoever rehearses, over the conversation and not over the inbox.
    assert!(row_when(&mut desk, id, Control::Requested).await.request.is_some());
    desk.does(id, DeskAction::DismissRequest {}).await.unwrap();
    row_when(&mut desk, id, Control::Ai).await;
    desk.says(id, "Sofia is here").await.unwrap();
    page.until(said("Sofia is here")).await;
    let live = row_when(&mut desk, id, Control::Live).await;
    assert_eq!(live.live.unwrap().participants[0].name, "Sofia");
    let asked = server.model.asked();
    page.says(id, "Are you there?").await.unwrap();
    server.settled().await;
    assert_eq!(server.model.asked(), asked, "the AI is silent");
    desk.does(id, DeskAction::EndLiveChat {}).await.unwrap();
    row_when(&mut desk, id, Control::Ai).await;
    page.says(id, "And now?").await.unwrap();
    server.settled().await;
    assert_eq!(server.model.asked(), asked + 1, "the AI answers again");
    server.stop().await;
}

async fn a_rehearsal_is_for_whoever_rehearses_alone(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let ben = server.add("Ben", Role::Agent).await;
    let viewer = server.add("Vera", Role::Viewer).await;
    let begin = format!("/chatbots/{}/rehearsals", server.chatbot());
    assert_eq!(viewer.client.post(&begin, &json!({})).await.said(), (403, "forbidden".into()));
    let guest = rehearse(&server, &sofia).await;
    let id = &guest.conversation;
    server.page(&guest).await.says(id, "Hello").await.unwrap();
    assert_eq!(sofia.client.get(&format!("/conversations/{id}")).await.ok::<ConversationDetail>().row.id, *id);
    for other in [&ben, &viewer, &server.owner()] {
        let not_there = (404, "not_found".to_owned());
        for what in ["", "/events", "/calls", "/past", "/transcript", "/draft"] {
            let answer = other.client.get(&format!("/conversations/{id}{what}")).await;
            assert_eq!(answer.said(), not_there, "{} {what}", other.name);
        }
        let words = json!({"text": "Me too", "client_id": "one"});
        assert_eq!(other.client.post(&path(&guest, "messages"), &words).await.said(), not_there, "{}", other.name);
        assert_eq!(other.client.post_nothing(&path(&guest, "take-over")).await.said(), not_there, "{}", other.name);
        let mut desk = server.desk(other).await;
        desk.send(&DeskClientFrame::Subscribe { conversation: id.clone(), after: 0 }).await;
        let refused = |frame: &DeskServerFrame| match frame {
            DeskServerFrame::Problem { problem } => Some(problem.code.clone()),
            DeskServerFrame::Subscribed { .. } => Some("let in".to_owned()),
            _ => None,
        };
        assert_eq!(desk.until(refused).await, "not_found", "{}", other.name);
    }
    server.stop().await;
}

async fn a_rehearsal_goes_with_the_next_one_and_after_a_day(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    server.settled().await;
    let before = place.rows().await;
    let first = rehearse(&server, &sofia).await;
    let mut page = server.page(&first).await;
    page.says(&first.conversation, "Hello").await.unwrap();
    let file = format!("{}?name=a.png", path(&first, "files"));
    let file: Value = sofia.client.bytes(Method::POST, &file, "image/png", PICTURE).await.ok();
    let words = json!({"text": "Look", "client_id": "one", "files": [file["id"]]});
    sofia.client.post(&path(&first, "messages"), &words).await.ok::<Value>();
    sofia.client.put(&path(&first, "draft"), &json!({"text": "Dear"})).await.ok::<Value>();
    server.settled().await;

    let second = rehearse(&server, &sofia).await;
    let over = |frame: &VisitorServerFrame| match frame {
        VisitorServerFrame::Problem { problem } => Some(problem.code.clone()),
        _ => None,
    };
    assert_eq!(page.until(over).await, "not_found", "the first one is over");
    assert_eq!(first.client.get("/visitors/me").await.said(), (401, "unauthenticated".into()));
    assert_eq!(sofia.client.get(&format!("/conversations/{}", first.conversation)).await.status, 404);
    let now = place.rows().await;
    for (table, rows) in &now {
        // What is there is the second one's; a file counts for nothing more, and its jobs wait for their day.
        if !["presence", "job", "visitor", "conversation"].contains(&table.as_str()) {
            let left: Vec<_> = rows.iter().filter(|row| !before[table].contains(row)).collect();
            assert!(left.is_empty() || table == "file_usage", "{table}: {left:?}");
        }
    }
    assert_eq!((now["visitor"].len(), now["conversation"].len()), (1, 1));
    let file = file["url"].as_str().unwrap().rsplit_once('/').unwrap().1;
    assert_eq!(sofia.client.get(&format!("/files/{file}")).await.status, 404);

    let mut page = server.page(&second).await;
    page.says(&second.conversation, "Hello").await.unwrap();
    server.settled().await;
    server.clock.advance(Duration::from_secs(24 * 3_600 + 1));
    assert_eq!(page.until(over).await, "not_found", "a day is over");
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let jobs_are_done = async {
        while !place.rows().await["job"].is_empty() {
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, jobs_are_done).await.expect("jobs are left over");
    let last = place.rows().await;
    for table in ["conversation", "visitor", "event", "content", "participant", "draft", "file", "job"] {
        assert_eq!(last[table], before[table], "{table}");
    }
    server.stop().await;
}

async fn whoever_plays_a_visitor_becomes_nobody(place: Place) {
    let server = TestServer::on(&place).await;
    let sofia = server.add("Sofia", Role::Agent).await;
    let guest = rehearse(&server, &sofia).await;
    let identity = json!({"id": "ada", "name": "Ada", "email": "ada@example.com"});
    let body = json!({"chatbot_id": server.chatbot().to_string(), "identity": identity});
    let identified: Identified = guest.client.post("/visitors/identify", &body).await.ok();
    assert!(!identified.verified && identified.grant.is_none());
    let detail: ConversationDetail = sofia.client.get(&format!("/conversations/{}", guest.conversation)).await.ok();
    assert_eq!((detail.visitor.external_id, detail.visitor.email), (None, None));
    assert!(detail.row.rehearsal);
    server.stop().await;
}
