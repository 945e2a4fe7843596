//! People, memberships, sessions, keys, pictures, chatbots.

use domain::{
    Millis,
    calling::{Calling, Quiet},
    chatbot::Settings,
    person::Role,
};
use futures_util::future::join_all;
use ports::{
    Fault,
    accounts::{Avatar, AvatarOf, Credentials, KeyEntry, NewKey},
    chatbots::Agent,
    jobs::{Lease, Task},
};

use super::{
    team::session,
    world::{Engine, World, agent, chatbot, founding, id, new_person, person, scope, token},
};

/// Only one of many founds the workspace, and only once.
pub async fn a_workspace_is_founded_once(engine: &dyn Engine) {
    let world = World::empty(engine).await;
    assert!(!world.store.any_person().await.unwrap());
    assert!(matches!(world.store.sole_workspace().await, Err(Fault::NotFound)));
    let rival = |name: &str| {
        let mut founding = founding();
        founding.workspace = domain::WorkspaceId::new(id(name));
        founding.owner = new_person(name, Some(Role::Owner));
        founding.chatbot = chatbot(name);
        founding.agent.id = domain::AgentId::new(id(name));
        world.store.found(founding)
    };
    let outcomes = join_all(["a", "b", "c", "d"].map(rival)).await;
    let won: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(outcomes.iter().filter(|outcome| matches!(outcome, Err(Fault::Conflict(_)))).count() == 3);
    assert!(matches!(rival("e").await, Err(Fault::Conflict(_))));
    assert_eq!(world.store.sole_workspace().await.unwrap(), won[0].workspace());
    assert_eq!(world.store.people(*won[0], None, 10).await.unwrap().len(), 1);
    assert_eq!(world.store.chatbots(*won[0], None, 10).await.unwrap().len(), 1);
    assert_eq!(world.store.workspace_name(*won[0]).await.unwrap(), "Acme");
}

/// An address belongs to one person.
pub async fn an_address_is_taken_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    assert!(world.store.any_person().await.unwrap());
    world.store.add_person(world.scope, new_person("ben", None)).await.unwrap();
    let mut twin = new_person("twin", None);
    twin.email = "ben@example.com".into();
    assert!(matches!(world.store.add_person(world.scope, twin).await, Err(Fault::Conflict(_))));
    let credentials = world.store.credentials("ben@example.com").await.unwrap();
    assert_eq!(credentials, Some(Credentials { person: person("ben"), password_hash: "hash of ben".into() }));
    assert_eq!(world.store.credentials("nobody@example.com").await.unwrap(), None);
}

/// Pages of people by name, with what they may do.
pub async fn people_come_by_name_with_their_roles(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["dan", "ben", "cleo"] {
        world.store.add_person(world.scope, new_person(name, None)).await.unwrap();
    }
    let member = async |role| world.store.set_membership(world.scope, person("cleo"), chatbot("shop"), role).await;
    member(Some(Role::Viewer)).await.unwrap();
    member(Some(Role::Agent)).await.unwrap();
    world.store.rename_person(world.scope, person("dan"), "Abe").await.unwrap();
    let first = world.store.people(world.scope, None, 2).await.unwrap();
    let names: Vec<&str> = first.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Abe", "ada"]);
    let after = Some((first[1].name.clone(), first[1].id));
    let second = world.store.people(world.scope, after, 9).await.unwrap();
    assert_eq!(second.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["ben", "cleo"]);
    assert_eq!(second[1].memberships, [(chatbot("shop"), Role::Agent)]);
    assert_eq!(second[1].role_for(chatbot("shop")), Some(Role::Agent));
    assert_eq!(world.store.person(person("cleo")).await.unwrap().as_ref(), Some(&second[1]));
    member(None).await.unwrap();
    assert!(world.store.person(person("cleo")).await.unwrap().unwrap().memberships.is_empty());
    assert_eq!(world.store.person(person("nobody")).await.unwrap(), None);
}

/// A session ends by itself, by signing out, or with the password.
pub async fn sessions_end(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let start = async |name: &str, until| {
        world.store.start_session(session(name, "ada", until)).await.unwrap();
    };
    let who =
        async |name: &str, now| world.store.session(token(name), Millis(now)).await.unwrap().map(|known| known.person);
    start("short", 2_000).await;
    start("phone", 9_000).await;
    start("desk", 9_000).await;
    assert_eq!(who("short", 1_999).await, Some(person("ada")));
    assert_eq!(who("short", 2_000).await, None);
    assert_eq!(who("nobody", 1_000).await, None);
    world.store.set_password(person("ada"), "another hash", Some(token("desk"))).await.unwrap();
    assert_eq!(who("phone", 1_500).await, None);
    assert_eq!(who("desk", 1_500).await, Some(person("ada")));
    assert_eq!(world.store.credentials("ada@example.com").await.unwrap().unwrap().password_hash, "another hash");
    world.store.end_session(token("desk")).await.unwrap();
    assert_eq!(who("desk", 1_500).await, None);
    assert!(matches!(world.store.set_password(person("nobody"), "x", None).await, Err(Fault::NotFound)));
}

/// A key is known by its hash until it ends.
pub async fn keys_are_found_until_they_end(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let key = |name: &str, bot: Option<&str>, until: Option<i64>| NewKey {
        id: id(name),
        token_hash: token(name),
        person: person("ada"),
        name: name.into(),
        role: Role::Agent,
        chatbot: bot.map(chatbot),
        at: Millis(1_000),
        until: until.map(Millis),
    };
    world.store.add_key(world.scope, key("ever", None, None)).await.unwrap();
    world.store.add_key(world.scope, key("brief", Some("shop"), Some(2_000))).await.unwrap();
    let found = world.store.key(token("ever"), Millis(1 << 50)).await.unwrap().unwrap();
    assert_eq!((found.id, found.person, found.role, found.chatbot), (id("ever"), person("ada"), Role::Agent, None));
    assert_eq!(world.store.key(token("brief"), Millis(1_999)).await.unwrap().unwrap().chatbot, Some(chatbot("shop")));
    assert_eq!(world.store.key(token("brief"), Millis(2_000)).await.unwrap(), None);
    let elsewhere = world.store.add_key(world.scope, key("odd", Some("nowhere"), None)).await;
    assert!(matches!(elsewhere, Err(Fault::NotFound)));
    // Whoever keeps them sees each, page by page, and takes back one.
    let all = world.store.keys(world.scope, None, 10).await.unwrap();
    let told = |entry: &KeyEntry| (entry.id, entry.until, entry.chatbot, entry.role, entry.at);
    assert_eq!(all.len(), 2);
    for key in [
        (id("ever"), None, None, Role::Agent, Millis(1_000)),
        (id("brief"), Some(Millis(2_000)), Some(chatbot("shop")), Role::Agent, Millis(1_000)),
    ] {
        assert!(all.iter().any(|entry| told(entry) == key), "{key:?}");
    }
    let first = world.store.keys(world.scope, None, 1).await.unwrap();
    let second = world.store.keys(world.scope, Some(first[0].id), 1).await.unwrap();
    assert_eq!([first, second].concat(), all);
    world.store.end_key(world.scope, id("ever")).await.unwrap();
    assert_eq!(world.store.key(token("ever"), Millis(1_000)).await.unwrap(), None);
    assert!(matches!(world.store.end_key(world.scope, id("ever")).await, Err(Fault::NotFound)));
    assert_eq!(world.store.keys(world.scope, None, 10).await.unwrap().len(), 1);
}

/// A new picture takes the place of the old one.
pub async fn pictures_are_replaced(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let set = async |of, name: Option<&str>| {
        let picture = |name: &str| Avatar { id: id(name), mime: "image/webp".into(), bytes: vec![0, 1, 2, 255] };
        world.store.set_avatar(world.scope, of, name.map(picture)).await.unwrap();
    };
    let ada = AvatarOf::Person(person("ada"));
    set(ada, Some("one")).await;
    set(ada, Some("two")).await;
    assert_eq!(world.store.avatar(id("one")).await.unwrap(), None);
    assert_eq!(world.store.avatar(id("two")).await.unwrap().unwrap().bytes, [0, 1, 2, 255]);
    assert_eq!(world.store.person(person("ada")).await.unwrap().unwrap().avatar, Some(id("two")));
    set(AvatarOf::Chatbot(chatbot("shop")), Some("three")).await;
    assert_eq!(world.store.chatbot(world.scope, chatbot("shop")).await.unwrap().avatar, Some(id("three")));
    set(ada, None).await;
    assert_eq!(world.store.avatar(id("two")).await.unwrap(), None);
    assert_eq!(world.store.person(person("ada")).await.unwrap().unwrap().avatar, None);
}

/// Settings are saved from the version that they were made from; agents raise it too.
pub async fn settings_are_not_overwritten_unseen(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let shop = world.store.chatbot(world.scope, chatbot("shop")).await.unwrap();
    assert_eq!(world.store.chatbot_anywhere(chatbot("shop")).await.unwrap().as_ref(), Some(&shop));
    let save = async |version, name: &str| {
        let settings = Settings { name: name.into(), ..Settings::default() };
        world.store.save_settings(world.scope, chatbot("shop"), version, &settings).await
    };
    save(shop.version, "Shop").await.unwrap();
    assert!(matches!(save(shop.version, "Other").await, Err(Fault::Conflict(_))));
    let saved = world.store.chatbot(world.scope, chatbot("shop")).await.unwrap();
    assert_eq!((saved.settings.name.as_str(), saved.version), ("Shop", shop.version + 1));
    let changed = Agent { enabled: false, name: "Clerk".into(), ..agent("clerk") };
    world.store.save_agent(world.scope, chatbot("shop"), &changed).await.unwrap();
    world.store.save_agent(world.scope, chatbot("shop"), &agent("second")).await.unwrap();
    assert_eq!(world.store.chatbot(world.scope, chatbot("shop")).await.unwrap().version, shop.version + 3);
    let mut agents = world.store.agents(world.scope, chatbot("shop")).await.unwrap();
    agents.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(agents, [changed, agent("second")]);
}

/// Pages of chatbots by id.
pub async fn chatbots_come_by_id(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["a", "b", "c"] {
        let clerk = agent(&format!("agent of {name}"));
        world.store.add_chatbot(world.scope, chatbot(name), &Settings::default(), &clerk, Millis(1)).await.unwrap();
    }
    let again = world.store.add_chatbot(world.scope, chatbot("a"), &Settings::default(), &agent("x"), Millis(1)).await;
    assert!(matches!(again, Err(Fault::Conflict(_))));
    let first = world.store.chatbots(world.scope, None, 3).await.unwrap();
    let rest = world.store.chatbots(world.scope, Some(first[2].id), 3).await.unwrap();
    assert_eq!((first.len(), rest.len()), (3, 1));
    let ids: Vec<_> = first.iter().chain(&rest).map(|chatbot| chatbot.id).collect();
    assert!(ids.is_sorted());
}

/// How somebody wants to be called is theirs.
pub async fn how_people_want_to_be_called_is_kept(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ours) = (&world.store, world.scope);
    for name in ["tom", "eve"] {
        store.add_person(ours, new_person(name, Some(Role::Agent))).await.unwrap();
    }
    let known = async |name: &str| store.person(person(name)).await.unwrap().unwrap().calling;
    assert_eq!(known("tom").await, Calling::default());
    let quiet = Quiet { time_zone: "Europe/Berlin".into(), from: 1_320, to: 420, days: [true; 7] };
    let calling = Calling { email: true, quiet: Some(quiet), undisturbed_until: Some(Millis(9)), ..Calling::default() };
    store.set_calling(ours, person("tom"), calling.clone(), None).await.unwrap();
    let foreign = store.set_calling(scope("others"), person("eve"), calling.clone(), Some(Millis(5))).await;
    assert!(matches!(foreign, Err(Fault::NotFound)));
    assert_eq!((known("tom").await, known("eve").await), (calling.clone(), Calling::default()));
}

/// Who wants mails is found for the chatbot that they answer for: whoever may not answer takes no place.
pub async fn who_is_mailed_may_answer(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ours) = (&world.store, world.scope);
    let clerk = agent("agent of another");
    store.add_chatbot(ours, chatbot("another"), &Settings::default(), &clerk, Millis(1)).await.unwrap();
    let mailed = async |of: &str| store.mailed(ours, chatbot(of), 9).await.unwrap();
    let founder = mailed("shop").await;
    let wants = Calling { email: true, ..Calling::default() };
    for (name, role, member) in [
        ("viewer", Some(Role::Viewer), None),
        ("agent", Some(Role::Agent), None),
        ("member", None, Some(Role::Agent)),
        ("promoted", Some(Role::Viewer), Some(Role::Admin)),
        ("reader", None, Some(Role::Viewer)),
        ("nobody", None, None),
    ] {
        store.add_person(ours, new_person(name, role)).await.unwrap();
        if let Some(role) = member {
            store.set_membership(ours, person(name), chatbot("another"), Some(role)).await.unwrap();
        }
        store.set_calling(ours, person(name), wants.clone(), None).await.unwrap();
    }
    let sorted = |names: &[&str]| {
        let mut people: Vec<_> = names.iter().map(|name| person(name)).collect();
        people.sort();
        people
    };
    assert!(founder.is_empty(), "nobody is mailed who has not asked for it");
    assert_eq!(mailed("another").await, sorted(&["agent", "member", "promoted"]));
    assert_eq!(mailed("shop").await, sorted(&["agent"]));
    assert_eq!(store.mailed(ours, chatbot("another"), 2).await.unwrap().len(), 2);
    assert!(store.mailed(scope("others"), chatbot("another"), 9).await.unwrap().is_empty());
    store.set_calling(ours, person("member"), Calling::default(), None).await.unwrap();
    assert_eq!(mailed("another").await, sorted(&["agent", "promoted"]));
}

/// Who wants a mail every morning has one job, however often they say so, and none once they do not.
pub async fn a_summary_has_one_job(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, ada) = (&world.store, person("ada"));
    let wants = async |at: Option<i64>| {
        let calling = Calling { summary: at.is_some(), ..Calling::default() };
        store.set_calling(world.scope, ada, calling, at.map(Millis)).await.unwrap();
    };
    let lease = |until| Lease { worker: id("worker"), until: Millis(until) };
    wants(Some(100)).await;
    wants(Some(200)).await;
    assert!(store.claim(lease(150), Millis(99), 9).await.unwrap().is_empty());
    let [job] = &store.claim(lease(150), Millis(100), 9).await.unwrap()[..] else {
        panic!("one job, at its first time")
    };
    assert_eq!((job.id, &job.task, job.scope), (ada.uuid(), &Task::MailSummary { person: ada }, world.scope));
    // Turned off while it is worked on it is gone, and turned on again it is another one: the old worker ends nothing.
    wants(None).await;
    wants(Some(300)).await;
    store.complete(job.id, id("worker")).await.unwrap();
    store.fail(job.id, id("worker"), "later", Some(Millis(900)), Millis(100)).await.unwrap();
    assert_eq!(store.claim(lease(400), Millis(300), 9).await.unwrap().len(), 1);
    // One that was given up begins anew.
    store.fail(job.id, id("worker"), "broken", None, Millis(300)).await.unwrap();
    wants(Some(500)).await;
    assert!(store.dead(9).await.unwrap().is_empty());
    assert_eq!(store.claim(lease(600), Millis(500), 9).await.unwrap().len(), 1);
    wants(None).await;
    assert!(store.claim(lease(9_999), Millis(9_000), 9).await.unwrap().is_empty());
}
