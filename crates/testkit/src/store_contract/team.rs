//! Roles, invitations, links.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use domain::{
    Millis,
    person::Role,
    team::{Denied, LinkState},
};
use futures_util::future::join_all;
use ports::{
    Fault,
    accounts::{NewKey, NewPerson, NewSession},
    conversations::UnitOutcome,
    jobs::{NewJob, Task},
    requests::{Creation, RequestKey},
    team::{Accepted, DecidePerson, Guest, LinkPurpose, LinkUse, NewInvitation, NewLink, PersonFacts, PersonWrite},
};

use super::world::{Engine, World, chatbot, conversation, id, new_person, person, scope, token};

const NOW: Millis = Millis(1_000_000);

/// A session of a person that lasts.
pub fn session(name: &str, of: &str, until: i64) -> NewSession {
    NewSession {
        id: id(&format!("session {name}")),
        token_hash: token(name),
        person: person(of),
        address: "192.0.2.1".into(),
        device: Some("Firefox, Linux".into()),
        at: Millis(1_000),
        until: Millis(until),
    }
}

/// A job with an id of its own.
fn job(name: &str) -> NewJob {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let id = id(&format!("job {}", MADE.fetch_add(1, SeqCst)));
    NewJob { id, task: Task::LeaveChats { person: person(name) }, run_at: NOW, lease: None }
}

fn invitation(name: &str, to: &str, place: Option<&str>, role: Role) -> NewInvitation {
    NewInvitation {
        id: id(name),
        chatbot: place.map(chatbot),
        email: format!("{to}@example.com"),
        role,
        inviter: person("ada"),
        token_hash: token(name),
        at: NOW,
        until: NOW.plus(1_000),
    }
}

fn newcomer(name: &str) -> Guest {
    Guest::New(NewPerson { email: "another@example.com".into(), ..new_person(name, Some(Role::Owner)) })
}

async fn change(
    world: &World,
    who: &str,
    decide: impl FnOnce(&PersonFacts) -> Result<PersonWrite, Denied> + Send + 'static,
) -> ports::Result<Result<(), Denied>> {
    let decide: DecidePerson = Box::new(decide);
    world.store.change_person(world.scope, person(who), decide, job(who), NOW).await
}

/// Who has a role for a chatbot or for everything is listed, by name; who has none is not.
pub async fn collaborators_are_those_with_a_role(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for (name, role) in [("ben", None), ("cleo", None), ("dan", Some(Role::Viewer))] {
        world.store.add_person(world.scope, new_person(name, role)).await.unwrap();
    }
    world.store.set_membership(world.scope, person("cleo"), chatbot("shop"), Some(Role::Agent)).await.unwrap();
    let names = async |after, limit| {
        let page = world.store.collaborators(world.scope, chatbot("shop"), after, limit).await.unwrap();
        page.iter().map(|one| (one.name.clone(), one.role_for(chatbot("shop")))).collect::<Vec<_>>()
    };
    let all = [("ada", Role::Owner), ("cleo", Role::Agent), ("dan", Role::Viewer)];
    let all: Vec<_> = all.into_iter().map(|(name, role)| (name.to_owned(), Some(role))).collect();
    assert_eq!(names(None, 10).await, all);
    assert_eq!(names(Some(("ada".into(), person("ada"))), 1).await, all[1..2]);
    assert!(world.store.collaborators(scope("others"), chatbot("shop"), None, 10).await.unwrap().is_empty());
}

/// What is decided about a person is written with its job, or not at all.
pub async fn a_person_is_changed_as_decided(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.store.add_person(world.scope, new_person("ben", None)).await.unwrap();
    world.store.start_session(session("laptop", "ben", 9_000_000)).await.unwrap();
    let key = NewKey {
        id: id("key"),
        token_hash: token("key"),
        person: person("ben"),
        name: "key".into(),
        role: Role::Agent,
        chatbot: None,
        at: NOW,
        until: None,
    };
    world.store.add_key(world.scope, key).await.unwrap();
    let here = Some((chatbot("shop"), Some(Role::Agent)));
    change(&world, "ben", move |_| Ok(PersonWrite { membership: here, ..PersonWrite::default() }))
        .await
        .unwrap()
        .unwrap();
    let ben = async || world.store.person(person("ben")).await.unwrap().unwrap();
    assert_eq!(ben().await.memberships, [(chatbot("shop"), Role::Agent)]);
    let lease = ports::jobs::Lease { worker: id("worker"), until: NOW };
    let jobs = world.store.claim(lease, NOW, 10).await.unwrap();
    assert_eq!(jobs.iter().map(|job| &job.task).collect::<Vec<_>>(), [&job("ben").task]);
    world.store.complete(jobs[0].id, id("worker")).await.unwrap();

    let denied = change(&world, "ben", |facts| {
        assert_eq!(facts.person.membership(chatbot("shop")), Some(Role::Agent));
        Err(Denied::AboveYours)
    });
    assert_eq!(denied.await.unwrap(), Err(Denied::AboveYours));

    change(&world, "ben", |_| Ok(PersonWrite { active: Some(false), signs_out: true, ..PersonWrite::default() }))
        .await
        .unwrap()
        .unwrap();
    let away = ben().await;
    assert!(!away.active && away.role_for(chatbot("shop")).is_none());
    assert_eq!(away.memberships, [(chatbot("shop"), Role::Agent)], "kept for the day they come back");
    assert_eq!(world.store.session(token("laptop"), NOW).await.unwrap(), None);
    assert_eq!(world.store.key(token("key"), NOW).await.unwrap(), None);
    // However a session came to be: nobody is signed in as somebody who is deactivated.
    world.store.start_session(session("late", "ben", 9_000_000)).await.unwrap();
    assert_eq!(world.store.session(token("late"), NOW).await.unwrap(), None);

    change(&world, "ben", |_| Ok(PersonWrite { active: Some(true), no_memberships: true, ..PersonWrite::default() }))
        .await
        .unwrap()
        .unwrap();
    assert!(ben().await.active && ben().await.memberships.is_empty());
    let decide: DecidePerson = Box::new(|_| Ok(PersonWrite::default()));
    let foreign = world.store.change_person(scope("others"), person("ben"), decide, job("ben"), NOW).await;
    assert!(matches!(foreign, Err(Fault::NotFound)));
}

/// Two owners who demote each other at the same moment: one of them stays.
pub async fn one_owner_is_left(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.store.add_person(world.scope, new_person("ben", Some(Role::Owner))).await.unwrap();
    let demote = |who: &'static str| {
        change(&world, who, |facts| {
            if facts.last_owner {
                return Err(Denied::LastOwner);
            }
            Ok(PersonWrite { role: Some(Some(Role::Viewer)), ..PersonWrite::default() })
        })
    };
    let outcomes = join_all([demote("ada"), demote("ben")]).await;
    let done = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Ok(())))).count();
    assert_eq!(done, 1, "{outcomes:?}");
}

/// A link opens one invitation, which is accepted once, by its address, in time.
pub async fn an_invitation_is_accepted_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    let invite = async |new| store.invite(world.scope, new, Some(job("mail")), None).await.unwrap();
    assert_eq!(invite(invitation("first", "ben", Some("shop"), Role::Agent)).await, Creation::Made);
    let shown = store.invitation_by_link(token("first")).await.unwrap().unwrap();
    assert_eq!((shown.email.as_str(), shown.role, shown.state(NOW)), ("ben@example.com", Role::Agent, LinkState::Open));
    assert_eq!(store.count_invitations(world.scope, NOW).await.unwrap(), 1);
    assert_eq!(store.accept(token("forged"), newcomer("ben"), NOW).await.unwrap(), Accepted::Unknown);

    // A second way to the same invitation.
    let link =
        NewLink { token_hash: token("mailed"), purpose: LinkPurpose::Invitation(id("first")), at: NOW, until: NOW };
    store.add_link(world.scope, link).await.unwrap();
    let both = [token("first"), token("mailed")].map(|hash| store.accept(hash, newcomer("ben"), NOW));
    let both = join_all(both).await;
    let done = both.iter().filter(|outcome| matches!(outcome, Ok(Accepted::Done(_)))).count();
    assert_eq!(done, 1, "{both:?}");
    let ben = store.person(person("ben")).await.unwrap().unwrap();
    assert_eq!((ben.email.as_str(), ben.role), ("ben@example.com", None), "address and role are the invitation's");
    assert_eq!(ben.memberships, [(chatbot("shop"), Role::Agent)]);
    assert_eq!(store.accept(token("first"), newcomer("x"), NOW).await.unwrap(), Accepted::Over(LinkState::Used));

    // Somebody with an account: only as themselves, and nothing is taken away.
    invite(invitation("second", "ben", Some("shop"), Role::Viewer)).await;
    assert_eq!(store.accept(token("second"), newcomer("ben"), NOW).await.unwrap(), Accepted::AddressTaken);
    let as_ada = store.accept(token("second"), Guest::Known(person("ada")), NOW).await.unwrap();
    assert_eq!(as_ada, Accepted::ForAnother);
    let as_ben = store.accept(token("second"), Guest::Known(person("ben")), NOW).await.unwrap();
    assert_eq!(as_ben, Accepted::Done(person("ben")));
    assert_eq!(store.person(person("ben")).await.unwrap().unwrap().membership(chatbot("shop")), Some(Role::Agent));

    // For the whole workspace.
    invite(invitation("third", "ben", None, Role::Admin)).await;
    store.accept(token("third"), Guest::Known(person("ben")), NOW).await.unwrap();
    assert_eq!(store.person(person("ben")).await.unwrap().unwrap().role, Some(Role::Admin));
}

/// An invitation ends by time, by being taken back, by a newer one, or when whoever made it may not make it any more.
pub async fn an_invitation_ends(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    let invite = async |new| store.invite(world.scope, new, None, None).await.unwrap();
    let accept = async |name: &str, now| store.accept(token(name), newcomer("ben"), now).await.unwrap();
    invite(invitation("late", "ben", Some("shop"), Role::Agent)).await;
    assert_eq!(accept("late", NOW.plus(1_000)).await, Accepted::Over(LinkState::Expired));
    invite(invitation("newer", "ben", Some("shop"), Role::Agent)).await;
    assert_eq!(accept("late", NOW).await, Accepted::Over(LinkState::Revoked), "the newer one took its place");
    // Another place is another invitation.
    invite(invitation("all", "ben", None, Role::Agent)).await;
    let open = async || store.invitations(world.scope, chatbot("shop"), None, 10, NOW).await.unwrap().len();
    assert_eq!(open().await, 2);
    store.revoke_invitation(world.scope, id("newer"), NOW).await.unwrap();
    assert_eq!(accept("newer", NOW).await, Accepted::Over(LinkState::Revoked));
    assert_eq!(open().await, 1);
    // Ada is no owner any more: what she offered is void.
    store.add_person(world.scope, new_person("cleo", Some(Role::Owner))).await.unwrap();
    let viewer = PersonWrite { role: Some(Some(Role::Viewer)), ..PersonWrite::default() };
    change(&world, "ada", move |_| Ok(viewer)).await.unwrap().unwrap();
    assert_eq!(accept("all", NOW).await, Accepted::Over(LinkState::Revoked));
    assert_eq!(store.person(person("ben")).await.unwrap(), None);
    let foreign = invitation("foreign", "ben", Some("nowhere"), Role::Agent);
    assert!(matches!(store.invite(world.scope, foreign, None, None).await, Err(Fault::NotFound)));
    assert!(matches!(store.invitation(scope("others"), id("all")).await, Err(Fault::NotFound)));
}

/// With a key an invitation is made once; the pages go from the newest down.
pub async fn invitations_are_made_once_and_come_in_pages(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let key = |fingerprint: &str| RequestKey {
        credential: "ada".into(),
        route: "invitations".into(),
        key: "one".into(),
        fingerprint: fingerprint.into(),
        at: NOW,
    };
    let invite = async |name: &str, print: &str| {
        let new = invitation(name, name, Some("shop"), Role::Agent);
        world.store.invite(world.scope, new, None, Some(key(print))).await.unwrap()
    };
    assert_eq!(invite("a", "x").await, Creation::Made);
    assert_eq!(invite("b", "x").await, Creation::MadeBefore(id("a")));
    assert_eq!(invite("c", "y").await, Creation::KeyReused);
    for (name, at) in [("d", 1), ("e", 2), ("f", 3)] {
        let new = NewInvitation { at: NOW.plus(at), ..invitation(name, name, None, Role::Viewer) };
        world.store.invite(world.scope, new, None, None).await.unwrap();
    }
    let first = world.store.invitations(world.scope, chatbot("shop"), None, 3, NOW).await.unwrap();
    let last = first.last().map(|one| (one.created_at, one.id));
    let rest = world.store.invitations(world.scope, chatbot("shop"), last, 3, NOW).await.unwrap();
    let mails: Vec<_> = first.iter().chain(&rest).map(|one| one.email.as_str()).collect();
    assert_eq!(mails, ["f@example.com", "e@example.com", "d@example.com", "a@example.com"]);
}

/// A link sets a password once, in time, and signs everybody out.
pub async fn a_password_link_works_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    store.start_session(session("desk", "ada", 9_000_000)).await.unwrap();
    let link = |name: &str, purpose| NewLink { token_hash: token(name), purpose, at: NOW, until: NOW.plus(1_000) };
    let ask = |name: &str| {
        let purpose = LinkPurpose::NewPassword(person("ada"));
        store.add_password_link(world.scope, link(name, purpose), NOW.plus(-1), 2)
    };
    assert!(ask("one").await.unwrap());
    // Several at once: no more than were wanted.
    let more = join_all(["two", "two more", "and more"].map(ask)).await;
    assert_eq!(more.iter().filter(|made| matches!(made, Ok(true))).count(), 1, "{more:?}");
    let two = ["two", "two more", "and more"].into_iter().zip(&more).find(|(_, made)| matches!(made, Ok(true)));
    let two = two.unwrap().0;
    let set = async |name: &str, now| store.use_password_link(token(name), "a new hash", now).await.unwrap();
    assert_eq!(set("forged", NOW).await, LinkUse::Unknown);
    assert_eq!(set("one", NOW.plus(1_000)).await, LinkUse::Over(LinkState::Expired));
    assert_eq!(store.link_state(token("one"), NOW).await.unwrap(), Some(LinkState::Open));
    assert_eq!(set("one", NOW).await, LinkUse::Done(world.scope, person("ada")));
    assert_eq!(store.session(token("desk"), NOW).await.unwrap(), None);
    assert_eq!(store.credentials("ada@example.com").await.unwrap().unwrap().password_hash, "a new hash");
    for name in ["one", two] {
        assert_eq!(set(name, NOW).await, LinkUse::Over(LinkState::Used), "{name}");
    }
    // A link is good for what it was made for.
    let purpose = LinkPurpose::NewAddress(person("ada"), "new@example.com".into());
    store.add_link(world.scope, link("address", purpose)).await.unwrap();
    assert_eq!(set("address", NOW).await, LinkUse::Unknown);
    assert_eq!(store.use_address_link(token(two), NOW).await.unwrap(), LinkUse::Unknown);
    assert_eq!(store.use_address_link(token("address"), NOW).await.unwrap(), LinkUse::Done(world.scope, person("ada")));
    assert!(store.credentials("ada@example.com").await.unwrap().is_none());
    store.add_person(world.scope, new_person("ben", None)).await.unwrap();
    let taken = store.set_address(world.scope, person("ben"), "new@example.com", NOW).await;
    assert!(matches!(taken, Err(Fault::Conflict(_))));
    let nobody = store.set_address(world.scope, person("nobody"), "x@example.com", NOW).await;
    assert!(matches!(nobody, Err(Fault::NotFound)));
}

/// What somebody has to leave: their live chats and what is assigned to them.
pub async fn the_chats_of_a_person_come_by_id(engine: &dyn Engine) {
    let world = World::new(engine).await;
    for name in ["tea", "milk", "rice", "salt"] {
        world.open(name).await;
        world.says(name, "Hello").await;
    }
    world.takes_over("tea", "ada").await;
    world.takes_over("milk", "ada").await;
    let assign = domain::conversation::Command::Assign { by: super::world::owner("ada"), to: Some(person("ada")) };
    for name in ["milk", "rice"] {
        let outcome = world.try_does(name, assign, "").await.unwrap();
        assert!(matches!(outcome, UnitOutcome::Committed(_)));
    }
    let mut expected = ["tea", "milk", "rice"].map(conversation);
    expected.sort_by_key(ToString::to_string);
    let chats = async |after, limit| {
        let found = world.store.chats_of(world.scope, person("ada"), after, limit).await.unwrap();
        found
            .into_iter()
            .map(|(id, bot)| {
                assert_eq!(bot, chatbot("shop"));
                id
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(chats(None, 10).await, expected);
    assert_eq!(chats(Some(expected[0]), 1).await, expected[1..2]);
    assert!(world.store.chats_of(scope("others"), person("ada"), None, 9).await.unwrap().is_empty());
}

/// Sessions are listed for their person, who ends one of them or all.
pub async fn sessions_are_listed_and_ended(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let store = &world.store;
    store.add_person(world.scope, new_person("ben", Some(Role::Agent))).await.unwrap();
    for (name, of, until) in
        [("desk", "ada", 9_000), ("phone", "ada", 9_000), ("old", "ada", 1_500), ("bens", "ben", 9_000)]
    {
        store.start_session(session(name, of, until)).await.unwrap();
    }
    store.touch_session(token("phone"), "192.0.2.9", Millis(2_000)).await.unwrap();
    assert_eq!(store.person(person("ada")).await.unwrap().unwrap().seen_at, Some(Millis(2_000)));
    let list = async |after, limit| store.sessions(person("ada"), after, limit, Millis(2_000)).await.unwrap();
    let all = list(None, 10).await;
    assert_eq!(all.iter().map(|one| one.token_hash).collect::<Vec<_>>(), [token("phone"), token("desk")]);
    assert_eq!(all[0].address.as_deref(), Some("192.0.2.9"));
    assert_eq!((all[1].address.as_deref(), all[1].device.as_deref()), (Some("192.0.2.1"), Some("Firefox, Linux")));
    assert_eq!(list(Some((all[0].seen_at, all[0].id)), 1).await, all[1..]);
    let not_mine = store.end_session_of(person("ada"), id("session bens")).await;
    assert!(matches!(not_mine, Err(Fault::NotFound)));
    store.end_session_of(person("ada"), all[1].id).await.unwrap();
    assert_eq!(list(None, 10).await.len(), 1);
    store.end_sessions(person("ada")).await.unwrap();
    assert!(list(None, 10).await.is_empty());
    assert!(store.session(token("bens"), Millis(2_000)).await.unwrap().is_some());
}
