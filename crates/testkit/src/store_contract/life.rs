//! How chatbots come and go, the guide, questions without answer.

use domain::{
    Millis,
    chatbot::Settings,
    guide::{Guide, Step},
    person::Role,
};
use ports::{
    Fault,
    content::Content,
    conversations::{Held, LogRange, Unit, Write},
    jobs::{NewJob, Task},
    life::{Deletion, GuideFacts, NewChatbot, Unknown},
    requests::{Creation, RequestKey},
};

use super::{
    knowledge::index,
    world::{Engine, World, agent, chatbot, conversation, id, new_person, person, scope},
};

const NOW: Millis = Millis(1_000_000);

fn job(name: &str) -> NewJob {
    NewJob { id: id(name), task: Task::DeleteChatbot { chatbot: chatbot("shop") }, run_at: NOW, lease: None }
}

/// A chatbot comes with all its agents, and with a key once.
pub async fn a_chatbot_is_made_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let key = |print: &str| RequestKey {
        credential: "ada".into(),
        route: "chatbots".into(),
        key: "one".into(),
        fingerprint: print.into(),
        at: NOW,
    };
    let make = async |name: &str, print: &str| {
        let new = NewChatbot {
            id: chatbot(name),
            settings: Settings { name: name.into(), ..Settings::default() },
            agents: vec![agent(&format!("{name} one")), agent(&format!("{name} two"))],
            job: Some(job(name)),
            at: NOW,
        };
        world.store.make_chatbot(world.scope, new, Some(key(print))).await.unwrap()
    };
    assert_eq!(make("second", "x").await, Creation::Made);
    assert_eq!(make("third", "x").await, Creation::MadeBefore(chatbot("second").uuid()));
    assert_eq!(make("third", "y").await, Creation::KeyReused);
    assert_eq!(world.store.agents(world.scope, chatbot("second")).await.unwrap().len(), 2);
    assert!(matches!(world.store.chatbot(world.scope, chatbot("third")).await, Err(Fault::NotFound)));
}

/// A deleted chatbot is nowhere to be found at once, and nothing of it is left in the end; others keep everything.
pub async fn a_chatbot_is_deleted_whole(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    let other = NewChatbot {
        id: chatbot("other"),
        settings: Settings::default(),
        agents: vec![agent("other")],
        job: None,
        at: NOW,
    };
    store.make_chatbot(world.scope, other, None).await.unwrap();
    store.add_person(world.scope, new_person("ben", None)).await.unwrap();
    store.set_membership(world.scope, person("ben"), chatbot("shop"), Some(Role::Agent)).await.unwrap();
    index(&world, "faq", &[("Returns", "Send it back within thirty days")]).await;
    world.open("tea").await;
    world.open("milk").await;
    world.open_with("bread", "other").await;
    for number in 0..450 {
        world.says("tea", &format!("number {number}")).await;
    }
    world.says("milk", "hello").await;
    world.says("bread", "hello").await;
    world.takes_over("milk", "ada").await;
    let delete = async || store.delete_chatbot(world.scope, chatbot("shop"), job("delete"), NOW).await;
    assert_eq!(delete().await.unwrap(), Deletion::LiveChats(1));
    let end = domain::conversation::Command::EndLiveChat { by: super::world::owner("ada") };
    world.does("milk", end, "").await;
    assert_eq!(delete().await.unwrap(), Deletion::Begun);
    assert!(matches!(delete().await, Err(Fault::NotFound)));

    assert_eq!(store.chatbot_anywhere(chatbot("shop")).await.unwrap(), None);
    assert!(matches!(store.chatbot(world.scope, chatbot("shop")).await, Err(Fault::NotFound)));
    let left: Vec<_> = store.chatbots(world.scope, None, 10).await.unwrap().iter().map(|one| one.id).collect();
    assert_eq!(left, [chatbot("other")]);
    let nobody = store.open(world.scope, super::world::visit("late", "shop")).await;
    assert!(matches!(nobody, Err(Fault::NotFound)), "no visitor comes in any more");

    let sources = store.sources(world.scope, chatbot("shop"), None, 10).await.unwrap();
    for source in sources {
        store.delete_source(world.scope, source.id).await.unwrap();
    }
    let mut slices = 0;
    while store.delete_slice(world.scope, chatbot("shop")).await.unwrap() {
        slices += 1;
        assert!(slices < 20);
    }
    assert!(slices >= 3, "a long log goes in slices");
    for name in ["tea", "milk"] {
        assert!(matches!(store.row(world.scope, conversation(name)).await, Err(Fault::NotFound)), "{name}");
    }
    assert!(store.person(person("ben")).await.unwrap().unwrap().memberships.is_empty());
    assert!(!store.delete_slice(world.scope, chatbot("shop")).await.unwrap(), "again changes nothing");
    let range = LogRange { after: 0, before: None, visitor: false, limit: 10 };
    let kept = store.log(world.scope, conversation("bread"), range).await.unwrap();
    assert!(kept.iter().all(|logged| logged.content.is_some()) && !kept.is_empty());
    assert!(matches!(
        store.delete_chatbot(scope("others"), chatbot("other"), job("foreign"), NOW).await,
        Err(Fault::NotFound)
    ));
}

/// The guide is computed from what is there.
pub async fn the_guide_tells_what_is_there(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let facts = async || world.store.guide(world.scope, chatbot("shop")).await.unwrap();
    assert_eq!(facts().await, GuideFacts { guide: Guide::default(), knowledge: false, chat: false });
    index(&world, "faq", &[("Returns", "Send it back within thirty days")]).await;
    world.open("tea").await;
    assert!(!facts().await.chat, "an empty conversation is no chat");
    world.says("tea", "hello").await;
    let noted = Guide::default().with(Step::Shared);
    world.store.save_guide(world.scope, chatbot("shop"), noted).await.unwrap();
    assert_eq!(facts().await, GuideFacts { guide: noted, knowledge: true, chat: true });
    let foreign = world.store.save_guide(scope("others"), chatbot("shop"), noted).await;
    assert!(matches!(foreign, Err(Fault::NotFound)));
}

/// A question that an answer did not know is noted with that answer; the same terms again are one entry.
pub async fn unanswered_questions_are_noted_with_the_answer(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["tea", "milk"] {
        world.open(name).await;
    }
    let note = async |name: &str, terms: &str, question: &str, at: i64, refuse: bool| {
        let unknown = Unknown { id: id(&format!("{question}{at}")), terms: terms.into(), question: question.into() };
        let decide = move |_: Held<'_>| {
            if refuse {
                return Err(domain::conversation::Refusal::Stale);
            }
            let content = Some(Content::Text { text: "I do not know.".into() });
            let event = domain::conversation::Event::NoteWritten { person: person("ada") };
            let unknown = Some(unknown.clone());
            Ok(Write { unknown, ..Write::of(Millis(at), vec![(event, content)]) })
        };
        let unit = Unit {
            scope: world.scope,
            conversation: conversation(name),
            once: None,
            of: None,
            files: Vec::new(),
            decide: Box::new(decide),
        };
        world.store.execute(unit).await.unwrap();
    };
    note("tea", "bell ring", "Do bells ring?", 10, false).await;
    note("tea", "lamp", "Lamps?", 20, false).await;
    note("milk", "bell ring", "Does a bell ring?", 30, false).await;
    note("milk", "refused", "Never", 40, true).await;
    let list = async |before, limit| world.store.unanswered(world.scope, chatbot("shop"), before, limit).await.unwrap();
    let all = list(None, 10).await;
    let seen: Vec<_> = all.iter().map(|one| (one.question.as_str(), one.times, one.conversation)).collect();
    assert_eq!(seen, [("Does a bell ring?", 2, conversation("milk")), ("Lamps?", 1, conversation("tea"))]);
    assert_eq!(list(Some((all[0].asked_at, all[0].id)), 10).await, all[1..]);
    world.store.dismiss_unanswered(scope("others"), chatbot("shop"), all[0].id).await.unwrap();
    assert_eq!(list(None, 10).await.len(), 2, "another workspace dismisses nothing");
    world.store.dismiss_unanswered(world.scope, chatbot("shop"), all[0].id).await.unwrap();
    assert_eq!(list(None, 10).await, all[1..]);
}
