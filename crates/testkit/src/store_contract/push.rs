//! Devices that people are told on by push, and the server's key at push services.

use domain::{Millis, person::Role, push::Subscription};
use ports::{
    Fault,
    jobs::{NewJob, Task},
    push::Device,
    team::{DecidePerson, PersonWrite},
};

use super::{
    team::session,
    world::{Engine, World, id, new_person, person, scope, token},
};

/// A device that was used last at this time.
pub fn device(name: &str, of: &str, used_at: i64) -> Device {
    let subscription = Subscription {
        endpoint: format!("https://push.example.com/{name}"),
        key: vec![4; domain::push::KEY_BYTES],
        auth: vec![9; domain::push::AUTH_BYTES],
    };
    Device {
        id: id(&format!("device {name}")),
        person: person(of),
        subscription,
        name: Some("Firefox, Linux".into()),
        at: Millis(1),
        used_at: Millis(used_at),
    }
}

async fn with_two(engine: &dyn Engine) -> World {
    let world = World::new(engine).await;
    let tom = new_person("tom", Some(Role::Agent));
    world.store.add_person(world.scope, tom).await.unwrap();
    world
}

/// Devices of everybody in the workspace, the last used first; an address is one browser, whoever uses it.
pub async fn a_device_is_one_browser_and_the_last_used_comes_first(engine: &dyn Engine) {
    let world = with_two(engine).await;
    let store = &world.store;
    for one in [device("phone", "ada", 10), device("laptop", "ada", 30), device("desk", "tom", 20)] {
        assert_eq!(store.keep_device(world.scope, one.clone(), None, 20).await.unwrap(), one.id);
    }
    let names = |devices: Vec<Device>| devices.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let found = store.devices(world.scope, 10).await.unwrap();
    assert_eq!(found[0], device("laptop", "ada", 30));
    assert_eq!(names(found), [id("device laptop"), id("device desk"), id("device phone")]);
    assert_eq!(store.devices(world.scope, 1).await.unwrap().len(), 1);
    // Tom signs in on Ada's phone: the browser is his now, and keeps its id.
    let taken = Device { id: id("another"), ..device("phone", "tom", 40) };
    assert_eq!(store.keep_device(world.scope, taken, None, 20).await.unwrap(), id("device phone"));
    assert_eq!(store.devices(world.scope, 10).await.unwrap()[0].person, person("tom"));
    // Where there are too many, the one that was not used for longest gives way, and nobody else's.
    store.keep_device(world.scope, device("tablet", "tom", 50), None, 2).await.unwrap();
    let left = names(store.devices(world.scope, 10).await.unwrap());
    assert_eq!(left, [id("device tablet"), id("device phone"), id("device laptop")]);
}

/// Who forgets a device says whose; who is deactivated is told of nothing.
pub async fn devices_are_forgotten_by_their_person_alone(engine: &dyn Engine) {
    let world = with_two(engine).await;
    let store = &world.store;
    store.keep_device(world.scope, device("phone", "ada", 10), None, 20).await.unwrap();
    store.keep_device(world.scope, device("desk", "tom", 20), None, 20).await.unwrap();
    for (scope, whose) in
        [(world.scope, Some(person("tom"))), (scope("others"), Some(person("ada"))), (scope("others"), None)]
    {
        let foreign = store.forget_device(scope, whose, id("device phone")).await;
        assert!(matches!(foreign, Err(Fault::NotFound)));
    }
    assert!(store.devices(scope("others"), 10).await.unwrap().is_empty());
    store.forget_device(world.scope, Some(person("ada")), id("device phone")).await.unwrap();
    let gone = store.forget_device(world.scope, None, id("device phone")).await;
    assert!(matches!(gone, Err(Fault::NotFound)));
    let off: DecidePerson = Box::new(|_| Ok(PersonWrite { active: Some(false), ..PersonWrite::default() }));
    let leaves = Task::LeaveChats { person: person("tom") };
    let job = NewJob { id: id("tom leaves"), task: leaves, run_at: Millis(5), lease: None };
    store.change_person(world.scope, person("tom"), off, job, Millis(5)).await.unwrap().unwrap();
    assert!(store.devices(world.scope, 10).await.unwrap().is_empty());
}

/// Whoever signs out on a device is not told there any more.
pub async fn a_device_goes_with_its_session(engine: &dyn Engine) {
    let world = with_two(engine).await;
    let store = &world.store;
    for name in ["phone", "laptop"] {
        store.start_session(session(name, "ada", 1_000_000)).await.unwrap();
        store.keep_device(world.scope, device(name, "ada", 10), Some(token(name)), 20).await.unwrap();
    }
    store.end_session(token("phone")).await.unwrap();
    let left = store.devices(world.scope, 10).await.unwrap();
    assert_eq!(left.iter().map(|one| one.id).collect::<Vec<_>>(), [id("device laptop")]);
    store.end_sessions(person("ada")).await.unwrap();
    assert!(store.devices(world.scope, 10).await.unwrap().is_empty());
}

/// Of two nodes that make a key at once, both end with the same.
pub async fn the_first_push_key_stays(engine: &dyn Engine) {
    let world = with_two(engine).await;
    let store = &world.store;
    assert_eq!(store.push_key().await.unwrap(), None);
    assert_eq!(store.claim_push_key(vec![1]).await.unwrap(), [1]);
    assert_eq!(store.claim_push_key(vec![2]).await.unwrap(), [1]);
    assert_eq!(store.push_key().await.unwrap(), Some(vec![1]));
}
