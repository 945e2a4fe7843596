//! Another workspace sees nothing and changes nothing, whatever it knows.

use domain::{Millis, SourceId, chatbot::Settings, person::Role};
use ports::{
    Fault,
    accounts::{AvatarOf, NewKey},
    conversations::{Counts, InboxFilter, LogRange},
};

use super::{
    knowledge::{index, source},
    world::{Engine, World, agent, chatbot, conversation, everything, id, person, scope, token},
};

#[expect(clippy::needless_pass_by_value, reason = "shorter where it is called")]
fn not_found<T: std::fmt::Debug>(what: &str, outcome: ports::Result<T>) {
    assert!(matches!(outcome, Err(Fault::NotFound)), "{what}: {outcome:?}");
}

/// Everything that takes a scope, with the scope of somebody else.
pub async fn another_workspace_sees_nothing(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let row = world.open("tea").await;
    world.says("tea", "secret").await;
    world.takes_over("tea", "ada").await;
    index(&world, "faq", &[("Returns", "Send it back within thirty days")]).await;
    let (store, other) = (&world.store, scope("others"));
    let faq = SourceId::new(id("faq"));

    not_found("row", store.row(other, conversation("tea")).await);
    not_found("visitor", store.visitor(other, row.visitor).await);
    for visitor in [false, true] {
        let range = LogRange { after: 0, before: None, visitor, limit: 10 };
        not_found("log", store.log(other, conversation("tea"), range).await);
    }
    assert!(store.rows(other, everything(), InboxFilter::default(), None, 10).await.unwrap().is_empty());
    let of = InboxFilter { of: Some(person("ada")), ..InboxFilter::default() };
    assert!(store.rows(other, everything(), of, None, 10).await.unwrap().is_empty());
    assert!(store.changes(other, everything(), 0, 10).await.unwrap().is_empty());
    assert_eq!(store.newest_change(other).await.unwrap(), 0);
    assert_eq!(store.counts(other, everything()).await.unwrap(), Counts::default());
    assert!(store.live_of(other, person("ada"), 10).await.unwrap().is_empty());

    not_found("workspace_name", store.workspace_name(other).await);
    assert!(store.people(other, None, 10).await.unwrap().is_empty());
    not_found("rename_person", store.rename_person(other, person("ada"), "Eve").await);
    let member = store.set_membership(other, person("ada"), chatbot("shop"), Some(Role::Owner)).await;
    not_found("set_membership", member);
    for of in [AvatarOf::Person(person("ada")), AvatarOf::Chatbot(chatbot("shop"))] {
        not_found("set_avatar", store.set_avatar(other, of, None).await);
    }
    let key = NewKey {
        id: id("key"),
        token_hash: token("key"),
        person: person("ada"),
        name: "key".into(),
        role: Role::Owner,
        chatbot: None,
        at: Millis(1),
        until: None,
    };
    not_found("add_key", store.add_key(other, key).await);

    not_found("chatbot", store.chatbot(other, chatbot("shop")).await);
    assert!(store.chatbots(other, None, 10).await.unwrap().is_empty());
    not_found("save_settings", store.save_settings(other, chatbot("shop"), 1, &Settings::default()).await);
    not_found("agents", store.agents(other, chatbot("shop")).await);
    not_found("save_agent", store.save_agent(other, chatbot("shop"), &agent("clerk")).await);
    not_found("add_agent", store.add_agent(other, chatbot("shop"), &agent("thief"), None).await);
    not_found("delete_agent", store.delete_agent(other, chatbot("shop"), agent("clerk").id).await);

    not_found("source", store.source(other, faq).await);
    not_found("delete_source", store.delete_source(other, faq).await);
    assert!(store.sources(other, chatbot("shop"), None, 10).await.unwrap().is_empty());
    assert_eq!(store.count_sources(other, chatbot("shop")).await.unwrap(), 0);
    let words = ["thirty".to_owned()];
    assert!(store.search_chunks(other, chatbot("shop"), &words, None, 10).await.unwrap().is_empty());
    assert_eq!(store.word_counts(other, chatbot("shop"), &words).await.unwrap(), (vec![0], 0));
    assert!(!store.index_source(other, faq, 1, Ok(Vec::new()), None).await.unwrap());
    let (taken, job) = source("faq", "Stolen");
    not_found("add_source", store.add_source(other, &taken, "stolen", Some(job.clone()), None).await);
    let taken = ports::sources::Source { version: 2, ..taken };
    not_found("change_source", store.change_source(other, &taken, "stolen", job).await);

    // And all of it is as it was.
    assert_eq!(world.texts("tea").await[0], "secret");
    assert_eq!(store.person(person("ada")).await.unwrap().unwrap().name, "ada");
    assert_eq!(store.source(world.scope, faq).await.unwrap().0.title, "faq");
    assert_eq!(store.search_chunks(world.scope, chatbot("shop"), &words, None, 10).await.unwrap().len(), 1);
}

/// A conversation cannot be opened with a chatbot of somebody else.
pub async fn a_foreign_chatbot_opens_no_conversation(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let new = ports::conversations::NewConversation {
        id: conversation("tea"),
        chatbot: chatbot("shop"),
        visitor: domain::VisitorId::new(id("v")),
        token_hash: token("tea"),
        facts: ports::conversations::VisitorFacts::default(),
        rehearsal: None,
        at: Millis(1),
    };
    not_found("open", world.store.open(scope("others"), new).await);
    assert_eq!(world.store.visitor_by_token(token("tea")).await.unwrap(), None);
}
