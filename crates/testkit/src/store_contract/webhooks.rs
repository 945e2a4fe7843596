//! Webhooks and their deliveries.

use domain::{
    ConversationId, Millis,
    person::Role,
    webhooks::{DeliveryState, Endpoint, Kind, OffWhy, Topic},
};
use ports::{
    Fault,
    jobs::{Lease, NewJob, Task},
    requests::Creation,
    webhooks::{Attempt, Delivery, Noted, Webhook},
};

use super::world::{Engine, World, chatbot, id, new_person, person, scope};

fn webhook(name: &str) -> Webhook {
    let url = format!("https://{name}.example/");
    Webhook {
        id: id(&format!("webhook {name}")),
        chatbot: None,
        endpoint: Endpoint {
            kind: Kind::Slack,
            name: name.into(),
            url,
            topics: vec![Topic::MessageCreated, Topic::AiAlert],
        },
        sealed: Some(vec![1, 2, 3]),
        by: person("tom"),
        at: Millis(7),
        off: None,
        failing_since: None,
    }
}

fn delivery(name: &str, of: &str, at: i64) -> Delivery {
    Delivery {
        id: id(&format!("delivery {name}")),
        webhook: id(&format!("webhook {of}")),
        message: format!("msg_{name}"),
        topic: Topic::AiAlert,
        conversation: None,
        seq: Some(3),
        happened_at: Millis(2),
        at: Millis(at),
        state: DeliveryState::Waiting,
        tries: 0,
        last: None,
        next_at: Some(Millis(at)),
        reference: None,
    }
}

fn job(name: &str) -> NewJob {
    let task = Task::DeliverWebhook { delivery: id(&format!("delivery {name}")) };
    NewJob { id: id(&format!("job {name}")), task, run_at: Millis(1), lease: None }
}

async fn with_tom(engine: &dyn Engine) -> World {
    let world = World::new(engine).await;
    world.store.add_person(world.scope, new_person("tom", Some(Role::Admin))).await.unwrap();
    world
}

async fn with_webhook(engine: &dyn Engine) -> World {
    let world = with_tom(engine).await;
    assert_eq!(world.store.add_webhook(world.scope, webhook("crm"), 9, None).await.unwrap(), Creation::Made);
    world
}

/// What is saved comes back, for its workspace alone; there are as many as may be.
pub async fn webhooks_are_kept_for_their_workspace(engine: &dyn Engine) {
    let world = with_webhook(engine).await;
    let (store, ours, others) = (&world.store, world.scope, scope("others"));
    let mut kept = webhook("crm");
    assert_eq!(store.webhooks(ours).await.unwrap(), [kept.clone()]);
    assert!(store.webhooks(others).await.unwrap().is_empty());
    assert!(matches!(store.add_webhook(ours, webhook("b"), 1, None).await, Err(Fault::Conflict(_))));
    kept.endpoint = Endpoint {
        kind: Kind::Slack,
        name: "Other".into(),
        url: "https://b.example/".into(),
        topics: vec![Topic::AiAlert],
    };
    kept.chatbot = Some(chatbot("shop"));
    store.save_webhook(ours, kept.id, kept.endpoint.clone(), kept.chatbot).await.unwrap();
    store.seal_webhook(ours, kept.id, vec![9]).await.unwrap();
    kept.sealed = Some(vec![9]);
    assert_eq!(store.webhook(ours, kept.id).await.unwrap(), kept);
    let foreign = [
        store.webhook(others, kept.id).await.map(drop),
        store.save_webhook(others, kept.id, kept.endpoint.clone(), None).await,
        store.seal_webhook(others, kept.id, vec![1]).await,
        store.switch_webhook_on(others, kept.id).await,
        store.remove_webhook(others, kept.id).await,
    ];
    assert!(foreign.iter().all(|one| matches!(one, Err(Fault::NotFound))), "{foreign:?}");
    // Without the key that sealed it there is no secret any more.
    assert!(store.forget_sealed().await.unwrap() >= 1);
    assert_eq!(store.webhook(ours, kept.id).await.unwrap().sealed, None);
    store.remove_webhook(ours, kept.id).await.unwrap();
    assert!(store.webhooks(ours).await.unwrap().is_empty());
}

/// Switched off once, with the jobs that tell of it; switched on, earlier failures do not count.
pub async fn a_webhook_is_switched_off_once(engine: &dyn Engine) {
    let world = with_webhook(engine).await;
    let (store, ours, crm) = (&world.store, world.scope, id("webhook crm"));
    store.add_deliveries(ours, vec![(delivery("a", "crm", 10), None)], 9).await.unwrap();
    let tried = Attempt { at: Millis(20), took: 5, status: None, answer: "no".into() };
    let noted = |at| Noted {
        delivery: id("delivery a"),
        attempt: Some(Attempt { at: Millis(at), ..tried.clone() }),
        state: DeliveryState::Waiting,
        next_at: Some(Millis(at + 1)),
        reference: None,
    };
    assert_eq!(store.note_attempt(ours, noted(20)).await.unwrap(), Some(Millis(20)));
    assert_eq!(store.note_attempt(ours, noted(30)).await.unwrap(), Some(Millis(20)), "since the first one");
    let off = |job| store.switch_webhook_off(ours, crm, OffWhy::Gone, Millis(40), vec![job]);
    assert!(!store.switch_webhook_off(scope("others"), crm, OffWhy::Gone, Millis(40), Vec::new()).await.unwrap());
    assert!(off(job("first")).await.unwrap());
    assert!(!off(job("second")).await.unwrap());
    let lease = Lease { worker: id("worker"), until: Millis(1_000) };
    let jobs = store.claim(lease, Millis(50), 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [id("job first")]);
    assert_eq!(store.webhook(ours, crm).await.unwrap().off, Some((OffWhy::Gone, Millis(40))));
    store.switch_webhook_on(ours, crm).await.unwrap();
    let now = store.webhook(ours, crm).await.unwrap();
    assert_eq!((now.off, now.failing_since), (None, None));
}

/// One that is there already gets no second job; its end is noted; one that worked ends what failed.
pub async fn a_delivery_is_put_in_line_once(engine: &dyn Engine) {
    let world = with_webhook(engine).await;
    let (store, ours) = (&world.store, world.scope);
    let all = || vec![(delivery("a", "crm", 10), Some(job("a"))), (delivery("gone", "nobody", 10), Some(job("gone")))];
    store.add_deliveries(ours, all(), 9).await.unwrap();
    store.add_deliveries(ours, vec![(delivery("a", "crm", 99), Some(job("again")))], 9).await.unwrap();
    let lease = Lease { worker: id("worker"), until: Millis(1_000) };
    let jobs = store.claim(lease, Millis(50), 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [id("job a")]);
    let (of, found) = store.delivery(ours, id("delivery a")).await.unwrap();
    assert_eq!((of, found), (webhook("crm"), delivery("a", "crm", 10)));
    assert!(matches!(store.delivery(scope("others"), id("delivery a")).await, Err(Fault::NotFound)));
    let attempt = Attempt { at: Millis(20), took: 5, status: Some(500), answer: "no".into() };
    let noted = Noted {
        delivery: id("delivery a"),
        attempt: Some(attempt.clone()),
        state: DeliveryState::Waiting,
        next_at: Some(Millis(70)),
        reference: None,
    };
    assert!(matches!(store.note_attempt(scope("others"), noted.clone()).await, Err(Fault::NotFound)));
    store.note_attempt(ours, noted.clone()).await.unwrap();
    let dropped = Noted { attempt: None, state: DeliveryState::Dropped, next_at: None, ..noted.clone() };
    assert_eq!(store.note_attempt(ours, dropped).await.unwrap(), None);
    let (_, found) = store.delivery(ours, id("delivery a")).await.unwrap();
    assert_eq!((found.state, found.tries, found.last, found.next_at), (DeliveryState::Dropped, 1, Some(attempt), None));
    let worked = Attempt { at: Millis(80), took: 1, status: Some(204), answer: String::new() };
    let noted = Noted { attempt: Some(worked.clone()), state: DeliveryState::Delivered, next_at: None, ..noted };
    assert_eq!(store.note_attempt(ours, noted).await.unwrap(), None);
    let (of, found) = store.delivery(ours, id("delivery a")).await.unwrap();
    assert_eq!((of.failing_since, found.tries, found.last), (None, 2, Some(worked)));
}

/// The newest first, page by page; old ones are swept, and with a webhook all of its own go.
pub async fn deliveries_come_in_pages_and_go_by_age(engine: &dyn Engine) {
    let world = with_webhook(engine).await;
    let (store, ours, crm) = (&world.store, world.scope, id("webhook crm"));
    store.add_webhook(ours, webhook("other"), 9, None).await.unwrap();
    for (name, of, at) in [("a", "crm", 10), ("b", "crm", 20), ("c", "crm", 20), ("d", "crm", 30), ("x", "other", 15)] {
        store.add_deliveries(ours, vec![(delivery(name, of, at), None)], 99).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = store.deliveries(ours, crm, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.at, last.id));
        seen.extend(page.into_iter().map(|one| (one.at.0, one.message)));
    }
    let times: Vec<_> = seen.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [30, 20, 20, 10]);
    let mut names: Vec<_> = seen.into_iter().map(|(_, message)| message).collect();
    names.sort();
    assert_eq!(names, ["msg_a", "msg_b", "msg_c", "msg_d"]);
    assert!(store.deliveries(scope("others"), crm, None, 9).await.unwrap().is_empty());
    assert_eq!(store.sweep_deliveries(Millis(20), 1).await.unwrap(), 1);
    assert_eq!(store.sweep_deliveries(Millis(20), 9).await.unwrap(), 1);
    assert_eq!(store.sweep_deliveries(Millis(20), 9).await.unwrap(), 0);
    // Of very many the newest are kept: sooner or later it is looked.
    for number in 0..200 {
        let name = format!("many {number}");
        store.add_deliveries(ours, vec![(delivery(&name, "crm", 100 + number), None)], 5).await.unwrap();
    }
    let left = store.deliveries(ours, crm, None, 200).await.unwrap();
    assert!(left.len() < 150 && left[0].at == Millis(299), "{}", left.len());
    store.remove_webhook(ours, crm).await.unwrap();
    assert!(matches!(store.delivery(ours, left[0].id).await, Err(Fault::NotFound)));
}

/// What the receiver knows a message by is found by what it was about, and stays.
pub async fn what_a_receiver_knows_a_message_by_is_found(engine: &dyn Engine) {
    let world = with_webhook(engine).await;
    let (store, ours, crm) = (&world.store, world.scope, id("webhook crm"));
    let about = ConversationId::new(id("tea"));
    let told = |name: &str, at| Delivery { conversation: Some(about), ..delivery(name, "crm", at) };
    store.add_deliveries(ours, vec![(told("a", 10), None), (told("b", 20), None)], 9).await.unwrap();
    let known = |scope, of, topic| store.reference(scope, of, about, topic);
    assert_eq!(known(ours, crm, Topic::AiAlert).await.unwrap(), None);
    let attempt = Attempt { at: Millis(20), took: 5, status: Some(200), answer: String::new() };
    for (name, reference) in [("a", Some("one")), ("b", Some("two")), ("b", None)] {
        let noted = Noted {
            delivery: id(&format!("delivery {name}")),
            attempt: Some(attempt.clone()),
            state: DeliveryState::Delivered,
            next_at: None,
            reference: reference.map(str::to_owned),
        };
        store.note_attempt(ours, noted).await.unwrap();
    }
    assert_eq!(known(ours, crm, Topic::AiAlert).await.unwrap().as_deref(), Some("two"));
    for (scope, of, topic) in [
        (scope("others"), crm, Topic::AiAlert),
        (ours, id("webhook other"), Topic::AiAlert),
        (ours, crm, Topic::HumanRequested),
    ] {
        assert_eq!(known(scope, of, topic).await.unwrap(), None);
    }
}
