//! The log tells the state: whatever was done, replaying it gives what is stored.

use std::collections::BTreeMap;

use domain::{
    conversation::{Command, Conversation},
    requests::Record,
};
use futures_util::future::join_all;
use ports::conversations::UnitOutcome;

use super::{
    numbers,
    world::{Engine, World},
};

/// Runs commands on a few conversations, so many at once, and replays the logs.
pub async fn the_log_replays_to_the_stored_state(engine: &dyn Engine, commands: &[(usize, Command)], at_once: usize) {
    let world = World::new(engine).await;
    let names = ["a", "b", "c"];
    for name in names {
        world.open(name).await;
    }
    let mut newest: Vec<Option<Conversation>> = vec![None; names.len()];
    for slice in commands.chunks(at_once.max(1)) {
        let run = |&(which, command): &(usize, Command)| world.try_does(names[which % 3], command, "text");
        let outcomes = join_all(slice.iter().map(run)).await;
        for (outcome, (which, _)) in outcomes.into_iter().zip(slice) {
            match outcome.unwrap() {
                UnitOutcome::Committed(committed) => newest[which % 3] = Some(committed.row.state.clone()),
                UnitOutcome::Refused(_) => {}
                other => panic!("{other:?}"),
            }
        }
        world.pass(700);
    }
    let stored = numbers::records(&world).await;
    for (name, newest) in names.into_iter().zip(newest) {
        let row = world.row(name).await;
        let log = world.log(name).await;
        let replayed = log.iter().fold(Conversation::default(), |state, logged| state.apply(&logged.entry));
        assert_eq!(replayed, row.state, "{name}");
        assert_eq!(newest.unwrap_or_default(), row.state, "{name}");
        let counted: BTreeMap<i64, Record> = stored
            .iter()
            .filter(|kept| kept.conversation == row.id)
            .map(|kept| (kept.record.opened, kept.record))
            .collect();
        assert_eq!(numbers::told(&world, name).await, counted, "{name}: what is counted follows from the log");
        assert!(log.iter().zip(1..).all(|(logged, seq)| logged.entry.seq == seq));
        let visible: Vec<i64> = log.iter().filter_map(|logged| logged.entry.visitor_seq).collect();
        assert_eq!(visible, (1..=row.state.visitor_seq).collect::<Vec<_>>());
    }
}
