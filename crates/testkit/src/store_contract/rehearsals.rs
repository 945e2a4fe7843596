//! Rehearsals: found by whoever rehearses, by nobody else, and gone without a trace.

use domain::{
    Millis,
    conversation::{Actor, Command, Event, Reason},
    find::Query,
    labels::LabelColor,
    person::Role,
    routing::Mode,
};
use ports::{
    Fault,
    content::Content,
    conversations::{Counts, Held, InboxFilter, LogRange, NewConversation, NewRehearsal, Unit, VisitorFacts, Write},
    jobs::{Lease, NewJob, Task},
    labels::Label,
    life::Unknown,
    routing::{Found, RouteClaim},
    search::Narrowed,
};

use super::{
    numbers,
    world::{
        Engine, World, chatbot, committed, conversation, everything, id, new_person, owner, person, scope, token, visit,
    },
};

const NOW: Millis = Millis(1_000_000);

fn delete(name: &str) -> NewJob {
    let task = Task::DeleteRehearsal { conversation: conversation(name) };
    NewJob { id: id(&format!("delete {name}")), task, run_at: NOW.plus(86_400_000), lease: None }
}

/// A rehearsal of "ada" with the chatbot "shop".
async fn rehearses(world: &World, name: &str) {
    let facts =
        VisitorFacts { name: Some("Grace".into()), email: Some("grace@example.com".into()), ..VisitorFacts::default() };
    let rehearsal = NewRehearsal { of: person("ada"), delete: delete(name) };
    let new = NewConversation { facts, rehearsal: Some(rehearsal), ..visit(name, "shop") };
    let row = world.store.open(world.scope, new).await.unwrap();
    assert_eq!(row.rehearsal_of, Some(person("ada")));
}

/// A job of every kind that tells somebody.
fn telling(name: &str) -> Vec<NewJob> {
    let conversation = conversation(name);
    let tasks = [
        Task::PushAlert { conversation, seq: 1, rest: false, since: None, told: Vec::new() },
        Task::WithdrawAlert { conversation, seq: 1, of: None, told: Vec::new() },
        Task::TellWebhooks { conversation, from: 1, to: 1, was_live: false },
        Task::TellOfLead { conversation },
        Task::MailAlert { conversation, seq: 1, person: person("ben") },
        Task::Watch { conversation, opened: 1 },
        Task::ReckonCalls { conversation, seq: 1, mailed: false },
        Task::Route { conversation, opened: 1 },
    ];
    let job =
        |(number, task): (usize, Task)| NewJob { id: id(&format!("{name} {number}")), task, run_at: NOW, lease: None };
    tasks.into_iter().enumerate().map(job).collect()
}

/// What is written with all that a unit can write, and what the store says it has written.
async fn does_all(world: &World, name: &str, command: Command, text: &'static str) -> Vec<&'static str> {
    let turn = Task::AssistantTurn { conversation: conversation(name), turn: 1, attempt: 1 };
    let turn = NewJob { id: id(&format!("{name} turn {text}")), task: turn, run_at: NOW, lease: None };
    let jobs: Vec<NewJob> = telling(name).into_iter().chain([turn]).collect();
    let unknown = Unknown { id: id(text), terms: text.to_lowercase(), question: text.to_owned() };
    let decide = move |held: Held<'_>| {
        let events = domain::conversation::decide(&held.row.state, command, &super::world::POLICY, NOW)?;
        let written = |event: Event| (event, event.is_text().then(|| Content::Text { text: text.to_owned() }));
        let events = events.into_iter().map(written).collect();
        let (mentions, unknown) = (vec![person("ben")], Some(unknown.clone()));
        Ok(Write { jobs: jobs.clone(), mentions, unknown, ..Write::of(NOW, events) })
    };
    let unit = Unit {
        scope: world.scope,
        conversation: conversation(name),
        once: None,
        of: None,
        files: Vec::new(),
        decide: Box::new(decide),
    };
    let written = committed(world.store.execute(unit).await.unwrap());
    assert_eq!(written.requests, [], "nothing is counted");
    written.jobs.iter().map(|job| job.task.kind()).collect()
}

/// Whatever is done in a rehearsal, no list, count, search or job outside of it changes; the conversation itself is whole.
pub async fn nothing_outside_of_a_rehearsal_changes(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    store.add_person(world.scope, new_person("ben", Some(Role::Agent))).await.unwrap();
    world.open("tea").await;
    world.says("tea", "hello from a real visitor").await;
    let label = Label { id: domain::LabelId::new(id("vip")), name: "VIP".into(), color: LabelColor::ALL[0] };
    store.add_label(world.scope, &label, NOW, None).await.unwrap();

    let seen = async || {
        let rows = async |filter: InboxFilter| {
            let rows = store.rows(world.scope, everything(), filter, None, 50).await.unwrap();
            rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let all = rows(InboxFilter::default()).await;
        for filter in [
            InboxFilter { chatbot: Some(chatbot("shop")), ..InboxFilter::default() },
            InboxFilter { of: Some(person("ada")), ..InboxFilter::default() },
            InboxFilter { label: Some(label.id), ..InboxFilter::default() },
        ] {
            assert!(rows(filter).await.iter().all(|row| *row == conversation("tea")), "{filter:?}");
        }
        let changes = store.changes(world.scope, everything(), 0, 50).await.unwrap();
        assert!(changes.iter().all(|row| row.id == conversation("tea")));
        let query = Query::read("hello").unwrap();
        let texts = store.find_texts(world.scope, everything(), &query, Narrowed::default(), None, 50).await.unwrap();
        let grace = Query::read("grace").unwrap();
        let named =
            store.find_visitors(world.scope, everything(), &grace, Narrowed::default(), None, 50).await.unwrap();
        let found = store.find_rows(world.scope, everything(), Narrowed::default(), None, 50).await.unwrap();
        let tea = store.row(world.scope, conversation("tea")).await.unwrap();
        let past =
            store.past_chats(world.scope, everything(), &tea, Some("grace@example.com"), None, 50).await.unwrap();
        let unanswered = store.unanswered(world.scope, chatbot("shop"), None, 50).await.unwrap();
        let mentions = store.mentions(world.scope, person("ben"), None, 50).await.unwrap();
        let counts = store.counts(world.scope, everything()).await.unwrap();
        let begun = store.conversations_begun(world.scope, numbers::ever("shop")).await.unwrap();
        let records = numbers::records(&world).await;
        assert!(records.is_empty(), "nobody real has asked for a person");
        let lists =
            [texts.items.len(), named.items.len(), found.items.len(), past.len(), unanswered.len(), mentions.len()];
        (all, lists, counts, begun, store.live_of(world.scope, person("ada"), 50).await.unwrap())
    };
    let before = seen().await;
    assert_eq!((before.1, before.2), ([1, 0, 1, 0, 0, 0], Counts::default()));

    rehearses(&world, "play").await;
    assert_eq!(seen().await, before);
    let kept = does_all(&world, "play", Command::VisitorWrites, "hello from a rehearsal").await;
    assert_eq!(kept, ["assistant_turn"], "the AI answers, and nobody is told");
    let ask = Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button };
    does_all(&world, "play", ask, "hello, a person please").await;
    does_all(&world, "play", Command::Assign { by: owner("ada"), to: Some(person("ada")) }, "hello mine").await;
    store.set_label(world.scope, conversation("play"), label.id, true).await.unwrap();
    assert_eq!(seen().await, before, "while a person is wanted");
    does_all(&world, "play", Command::PersonWrites { by: owner("ada") }, "hello, here I am").await;
    assert_eq!(seen().await, before, "while it is live");
    let lead = NewJob {
        id: id("lead"),
        task: Task::TellOfLead { conversation: conversation("play") },
        run_at: NOW,
        lease: None,
    };
    let row = store.row(world.scope, conversation("play")).await.unwrap();
    let change = |facts: VisitorFacts| VisitorFacts { name: Some("Grace hello".into()), ..facts };
    store.change_facts(world.scope, row.visitor, Box::new(change), vec![lead]).await.unwrap();
    assert_eq!(seen().await, before, "with another name");

    // A live chat of a rehearsal takes nobody's place, and keeps no chatbot from being deleted.
    world.open("milk").await;
    world.does("milk", ask, "Of course").await;
    let claim = RouteClaim {
        conversation: conversation("milk"),
        opened: 1,
        job: id("milk"),
        people: vec![person("ada")],
        pool: Vec::new(),
        before: None,
        mode: Mode::RoundRobin,
        limit: 1,
    };
    assert_eq!(store.claim_route(world.scope, claim, NOW).await.unwrap(), Found::Place(person("ada")));

    // Of all jobs those are left that stay inside.
    let lease = Lease { worker: id("worker"), until: NOW.plus(1_000) };
    let due = store.claim(lease, NOW.plus(90_000_000), 50).await.unwrap();
    let mut kinds: Vec<&str> = due.iter().map(|job| job.task.kind()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["assistant_turn", "assistant_turn", "assistant_turn", "assistant_turn", "delete_rehearsal"]);

    // And the conversation is a conversation.
    let row = store.row(world.scope, conversation("play")).await.unwrap();
    assert_eq!((row.rehearsal_of, row.state.participants()), (Some(person("ada")), &[person("ada")][..]));
    assert_eq!(world.texts("play").await[0], "hello from a rehearsal");
    let known = store.visitor_by_token(token("play")).await.unwrap().unwrap();
    assert_eq!((known.rehearsal_of, known.conversation), (Some(person("ada")), conversation("play")));
    assert_eq!(store.rehearsals(world.scope, person("ada"), chatbot("shop"), 9).await.unwrap(), [conversation("play")]);
    assert!(store.rehearsals(world.scope, person("ben"), chatbot("shop"), 9).await.unwrap().is_empty());
    assert!(store.rehearsals(scope("others"), person("ada"), chatbot("shop"), 9).await.unwrap().is_empty());
}

/// A rehearsal is removed with its visitor, in slices; nothing else is ever removed that way.
pub async fn a_rehearsal_is_removed_whole(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    world.open("tea").await;
    world.says("tea", "hello").await;
    rehearses(&world, "play").await;
    for number in 0..250 {
        world.says("play", &format!("number {number}")).await;
    }
    world.takes_over("play", "ada").await;
    let remove = async |whose, name: &str| store.delete_rehearsal(whose, conversation(name)).await.unwrap();
    assert!(!remove(world.scope, "tea").await, "no rehearsal");
    assert!(!remove(scope("others"), "play").await, "not theirs");
    assert!(!remove(world.scope, "nothing").await);
    assert_eq!(world.texts("tea").await, ["hello"]);
    let mut slices = 0;
    while remove(world.scope, "play").await {
        slices += 1;
        assert!(slices < 100);
    }
    assert!(slices > 1, "a long one goes in slices");
    assert!(matches!(store.row(world.scope, conversation("play")).await, Err(Fault::NotFound)));
    assert_eq!(store.visitor_by_token(token("play")).await.unwrap(), None);
    let range = LogRange { after: 0, before: None, visitor: false, limit: 10 };
    assert!(matches!(store.log(world.scope, conversation("play"), range).await, Err(Fault::NotFound)));
    assert!(store.rehearsals(world.scope, person("ada"), chatbot("shop"), 9).await.unwrap().is_empty());
    assert_eq!(world.texts("tea").await, ["hello"]);
}
