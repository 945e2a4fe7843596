//! Whatever is asked of conversations, in whatever order and however many at once: replaying the log gives the state
//! that is stored, on both engines.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod engines;

use domain::{
    conversation::{Actor, AssistantOutcome, Command, Reason},
    person::{Collaborator, Role},
};
use engines::{OnPostgres, OnSqlite};
use proptest::prelude::*;
use testkit::store_contract::{
    replay::the_log_replays_to_the_stored_state,
    world::{Engine, person},
};

fn collaborator() -> impl Strategy<Value = Collaborator> {
    let names = prop::sample::select(vec!["ada", "ben", "cleo"]);
    let roles = prop::sample::select(Role::ALL.to_vec());
    (names, roles).prop_map(|(name, role)| Collaborator { id: person(name), role })
}

fn outcome() -> impl Strategy<Value = AssistantOutcome> {
    let reason = || prop::sample::select(Reason::ALL.to_vec());
    prop_oneof![
        (any::<bool>(), prop::option::of(reason()))
            .prop_map(|(alerts, requests)| AssistantOutcome::Answered { alerts, requests }),
        reason().prop_map(AssistantOutcome::Requests),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let by = collaborator;
    let reason = prop::sample::select(Reason::ALL.to_vec());
    prop_oneof![
        6 => Just(Command::VisitorWrites),
        2 => reason.prop_map(|reason| Command::RequestHuman { by: Actor::Visitor, reason }),
        4 => by().prop_map(|by| Command::PersonWrites { by }),
        2 => by().prop_map(|by| Command::TakeOver { by }),
        1 => by().prop_map(|by| Command::Join { by }),
        1 => (by(), by()).prop_map(|(by, from)| Command::TakeOverFrom { by, from: from.id }),
        1 => (by(), by()).prop_map(|(by, to)| Command::Transfer { by, to: to.id }),
        1 => (by(), prop::option::of(by())).prop_map(|(by, to)| Command::Assign { by, to: to.map(|to| to.id) }),
        1 => by().prop_map(|by| Command::Leave { by }),
        2 => by().prop_map(|by| Command::EndLiveChat { by }),
        1 => Just(Command::VisitorEndsLiveChat),
        1 => by().prop_map(|by| Command::DismissRequest { by }),
        1 => Just(Command::CancelRequest),
        1 => (1_i64..20).prop_map(|began| Command::Release { began }),
        1 => by().prop_map(|by| Command::RemovePerson { person: by.id }),
        1 => by().prop_map(|by| Command::Resolve { by }),
        1 => by().prop_map(|by| Command::Reopen { by }),
        1 => by().prop_map(|by| Command::WriteNote { by }),
        1 => by().prop_map(|by| Command::UndoDismiss { by }),
        5 => (1_u64..8, 1_u32..3, outcome())
            .prop_map(|(turn, attempt, outcome)| Command::AssistantSettles { turn, attempt, outcome }),
        2 => (1_u64..8, 1_u32..3).prop_map(|(turn, attempt)| Command::RetryTurn { turn, attempt }),
    ]
}

fn run(engine: impl Future<Output = impl Engine>, commands: &[(usize, Command)], at_once: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = engine.await;
        the_log_replays_to_the_stored_state(&engine, commands, at_once).await;
        engine.close().await;
    });
}

fn plan() -> impl Strategy<Value = (Vec<(usize, Command)>, usize)> {
    (prop::collection::vec((0_usize..3, command()), 1..60), 1_usize..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_sqlite((commands, at_once) in plan()) {
        run(async { OnSqlite::new() }, &commands, at_once);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_postgres((commands, at_once) in plan()) {
        run(OnPostgres::new(), &commands, at_once);
    }
}
