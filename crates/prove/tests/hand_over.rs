//! The bounded form of the proof, for every change; `make prove` searches deeper.

use prove::hand_over::{Bounds, Fault, HandOver, Nodes, PROMISES};
use stateright::{Checker, HasDiscoveries, Model};

fn bounds(nodes: Nodes) -> Bounds {
    match nodes {
        Nodes::One => Bounds::ONE_NODE,
        Nodes::Two => Bounds::TWO_NODES,
    }
}

#[test]
fn on_one_node_every_order_of_events_keeps_the_promises() {
    let model = HandOver { nodes: Nodes::One, hold: false, bounds: Bounds::ONE_NODE, fault: Fault::None };
    model.checker().threads(2).spawn_dfs().join().assert_properties();
}

#[test]
fn on_two_nodes_with_losses_too() {
    let model = HandOver { nodes: Nodes::Two, hold: false, bounds: Bounds::TWO_NODES, fault: Fault::None };
    let checked = model.checker().threads(2).spawn_dfs().join();
    for promise in PROMISES {
        checked.assert_no_discovery(promise);
    }
}

/// A check that finds nothing in a broken system shows nothing in a whole one.
#[test]
fn planted_bugs_are_found() {
    for (fault, nodes, promise) in [
        (Fault::GateOff, Nodes::One, "no AI text is seen after a takeover"),
        (Fault::CommitsWithGateOpen, Nodes::One, "no token is sent after the commit of its own node"),
        (Fault::OpensBeforeLearning, Nodes::One, "no token is sent after the commit of its own node"),
        (Fault::AttemptUnchecked, Nodes::One, "a turn is answered once, by the attempt that was asked"),
        (Fault::NoHeads, Nodes::Two, "every client comes to show the log"),
    ] {
        let model = HandOver { nodes, hold: false, bounds: bounds(nodes), fault };
        let checker = model.checker().finish_when(HasDiscoveries::AnyOf([promise].into()));
        let found = checker.spawn_bfs().join().discovery(promise);
        assert!(found.is_some(), "{fault:?} was not found by \"{promise}\"");
    }
}
