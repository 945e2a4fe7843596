//! A schedule as data: made from a seed, kept in a file, made shorter.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fakes::SeededEntropy;

/// A bug that is planted on purpose: a simulator that finds nothing in a broken system shows nothing in a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bug {
    /// None.
    None,
    /// Tokens pass whatever the gate says.
    GateOff,
    /// An answer is accepted whatever attempt made it.
    AttemptUnchecked,
    /// A hint that was lost is never made up for: no comparison of heads.
    NoHeads,
}

/// One thing that happens. Numbers choose among what there is at that moment; what there is none of does not happen, so
/// that a plan stays a plan whatever is left out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The visitor writes, on a node.
    Ask(u8),
    /// The visitor's `Talk to a person`, on a node.
    Button(u8),
    /// A person writes, on a node.
    Write(u8, u8),
    /// A person ends the live chat.
    End(u8, u8),
    /// A person dismisses the request.
    Dismiss(u8, u8),
    /// Somebody who got no answer sends the same again, on another node.
    Again(u8, u8),
    /// The database does what was asked longest ago, or something else that waits.
    Do(u8),
    /// The database does the next few things that one node asked for, in one go.
    DoTogether(u8, u8),
    /// The database refuses: nothing of it is done.
    Refuse(u8),
    /// The database does it, and nobody hears that it did.
    DoUnheard(u8),
    /// The next message, or another one, comes over the bus.
    Carry(u8),
    /// A message on the bus is lost.
    Lose(u8),
    /// Every message on the bus is lost.
    Cut,
    /// A page takes what it is told next.
    Tell(u8),
    /// The model says a word.
    Say(u8),
    /// The model ends its answer.
    Finish(u8),
    /// The model breaks off.
    Break(u8),
    /// Time passes.
    Wait(u8),
    /// The wall clock of a node jumps.
    Jump(u8, i8),
    /// A node dies and starts again.
    Kill(u8),
    /// A node stands still: nothing of it goes on until it is thawed.
    Freeze(u8),
    /// It goes on.
    Thaw(u8),
    /// A page loses its connection and comes back on a node.
    Reconnect(u8, u8),
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it was made from.
    pub seed: u64,
    /// How many nodes there are.
    pub nodes: u8,
    /// What is broken on purpose.
    pub bug: Bug,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Of a seed: the same seed gives the same plan.
    pub fn of(seed: u64, bug: Bug) -> Self {
        let random = SeededEntropy::new(seed ^ 0x5eed_5eed);
        let byte = || u8::try_from(random.below(256)).unwrap_or_default();
        let nodes = 1 + u8::try_from(random.below(3)).unwrap_or_default();
        let (mut steps, length) = match random.below(4) {
            0 => (stalled_worker(byte()), 20 + random.below(30)),
            1 => (lost_hints(byte(), byte()), random.below(20)),
            // A visitor who has asked: without that nothing happens that matters.
            _ => (vec![Step::Ask(byte())], 30 + random.below(60)),
        };
        for _ in 0..length {
            let (kind, one, two) = (random.below(200), byte(), byte());
            steps.push(step(kind, one, two));
        }
        Self { seed, nodes, bug, steps }
    }

    /// Reads one from its file.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Keeps it in a file, and says where.
    pub fn write(&self) -> PathBuf {
        let folder = std::env::temp_dir().join("baton-plans");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{}-{:?}.json", self.seed, self.bug).to_lowercase());
        std::fs::write(&path, serde_json::to_string_pretty(self).unwrap()).unwrap();
        path
    }

    /// The shortest plan found that still fails, by leaving out more and more of it.
    pub fn shrunk(&self, fails: impl Fn(&Self) -> bool) -> Self {
        let mut best = self.clone();
        let mut size = best.steps.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < best.steps.len() {
                let mut shorter = best.clone();
                let end = (at + size).min(shorter.steps.len());
                shorter.steps.drain(at..end);
                if fails(&shorter) {
                    best = shorter;
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
        best
    }
}

/// Something that happens, some things more often than others.
fn step(kind: u64, one: u8, two: u8) -> Step {
    match kind {
        0..=69 => Step::Do(if one < 160 { 0 } else { two }),
        70..=74 => Step::DoTogether(one, two),
        75..=76 => Step::Refuse(one),
        77..=78 => Step::DoUnheard(one),
        79..=103 => Step::Carry(if one < 200 { 0 } else { two }),
        104..=107 => Step::Lose(one),
        108 => Step::Cut,
        109..=129 => Step::Tell(one),
        130..=151 => Step::Say(one),
        152..=156 => Step::Finish(one),
        157 => Step::Break(one),
        158..=163 => Step::Wait(one),
        164..=165 => Step::Jump(one, i8::from_ne_bytes([two])),
        166 => Step::Kill(one),
        167 => Step::Freeze(one),
        168..=169 => Step::Thaw(one),
        170..=171 => Step::Reconnect(one, two),
        172..=178 => Step::Ask(one),
        179..=180 => Step::Button(one),
        181..=190 => Step::Write(one, two),
        191..=194 => Step::End(one, two),
        195..=196 => Step::Dismiss(one, two),
        _ => Step::Again(one, two),
    }
}

/// An answer is being written on a node that stands still until its lease is over and somebody else has begun again.
fn stalled_worker(node: u8) -> Vec<Step> {
    let mut steps = vec![Step::Ask(node)];
    steps.extend([Step::Do(0); 18]);
    steps.extend([Step::Say(0), Step::Freeze(node), Step::Wait(9)]);
    steps.extend([Step::Do(0); 18]);
    steps.extend([Step::Thaw(node), Step::Finish(0), Step::Do(0), Step::Do(1), Step::Do(0)]);
    steps
}

/// Everybody has everything; then somebody writes, and nobody is told.
fn lost_hints(node: u8, other: u8) -> Vec<Step> {
    let mut steps = vec![Step::Ask(node)];
    steps.extend([Step::Do(0), Step::Carry(0)].repeat(15));
    steps.extend([Step::Finish(0), Step::Do(0), Step::Do(0), Step::Write(other, 0), Step::Wait(2)]);
    steps.extend([Step::Do(0), Step::Cut].repeat(6));
    steps
}
