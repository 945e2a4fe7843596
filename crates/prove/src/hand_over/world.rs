//! Everything that there is, and what each step does to it.

use domain::{
    Millis,
    conversation::{
        Actor, Answer, AssistantOutcome, Command, Conversation, Entry, Event, GateState, Policy, Reason, Ruling, decide,
    },
};

use super::{
    Bounds, Fault, HandOver, Nodes,
    action::{Action, Says},
    parts::{Page, Remote, Signal, Stage, Work},
    who::{At, Client},
};
use crate::audit::{Audit, Breach};

/// Situations that a search must have met to mean anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Met {
    /// A takeover while the AI was asked.
    pub cut_off: bool,
    /// A worker whose attempt was over was refused.
    pub refused: bool,
    /// A person was told that a colleague has the chat.
    pub held_by: bool,
    /// The AI answered after a live chat.
    pub answered_again: bool,
}

/// Everything that there is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The database.
    pub(super) row: Conversation,
    /// What is known of its log.
    audit: Audit,
    gates: [GateState; 2],
    pub(super) pages: [Page; 2],
    pub(super) clients: [Stage; 3],
    pub(super) workers: [Option<Work>; 2],
    /// The turn that is leased, and to whose worker.
    pub(super) lease: Option<(u64, At)>,
    /// The newest turn and attempt that some worker has begun.
    pub(super) begun: Option<(u64, u32)>,
    /// Tokens on the bus, on their way from B to the visitor's page on A.
    pub(super) frames: Vec<(u64, u32)>,
    /// A hint of a commit on the other node is on its way to this one.
    pub(super) hints: [bool; 2],
    /// Tokens of turns before this one must not be handed to sockets of this node any more.
    sealed: [u64; 2],
    /// What may still happen.
    pub(super) left: Left,
    /// What went wrong; the search ends there.
    pub breach: Option<Breach>,
    /// What was met in the newest step.
    pub met: Met,
}

/// What may still happen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Left {
    pub(super) messages: u8,
    pub(super) commands: u8,
    pub(super) stalls: u8,
    pub(super) restarts: u8,
    pub(super) losses: u8,
    pub(super) timers: u8,
}

/// Time stands still: what depends on it (leases, time limits) happens as steps of its own.
const NOW: Millis = Millis(0);

impl World {
    pub(super) fn new(model: &HandOver) -> Self {
        let Bounds { messages, commands, stalls, restarts, losses, timers, .. } = model.bounds;
        Self {
            row: Conversation::default(),
            audit: Audit::default(),
            gates: Default::default(),
            pages: Default::default(),
            clients: [Stage::Idle, Stage::Idle, Stage::Idle],
            workers: [None, None],
            lease: None,
            begun: None,
            frames: Vec::new(),
            hints: [false, false],
            sealed: [0, 0],
            left: Left { messages, commands, stalls, restarts, losses, timers },
            breach: None,
            met: Met::default(),
        }
    }

    /// Where something of `at` runs.
    pub(super) fn node(model: &HandOver, at: At) -> At {
        match model.nodes {
            Nodes::One => At::A,
            Nodes::Two => at,
        }
    }

    fn home(model: &HandOver, client: Client) -> At {
        let at = if client == Client::Second { At::B } else { At::A };
        Self::node(model, at)
    }

    pub(super) fn has_page(model: &HandOver, at: At) -> bool {
        Self::node(model, at) == at
    }

    /// Whether a node can find out that there is more than its sockets were told of.
    pub(super) fn node_behind(&self, model: &HandOver, at: At) -> bool {
        let behind = self.pages[at.index()].told < self.row.visitor_seq;
        // Whoever has just committed here will tell by themselves.
        let told_soon = |client: &Client| {
            let stage = &self.clients[client.index()];
            Self::home(model, *client) == at && matches!(stage, Stage::Committed { .. } | Stage::Opened { .. })
        };
        let unseen = behind && model.fault != Fault::NoHeads && !Client::ALL.iter().any(told_soon);
        Self::has_page(model, at) && (self.hints[at.index()] || unseen)
    }

    /// Every page shows everything.
    pub(super) fn converged(&self) -> bool {
        let visitor = self.pages[0].shown == self.row.visitor_seq;
        visitor && self.pages.iter().all(|page| page.told == page.shown)
    }

    pub(super) fn ruling(&self, model: &HandOver, at: At, turn: u64, attempt: u32) -> Ruling {
        if model.fault == Fault::GateOff { Ruling::Pass } else { self.gates[at.index()].rule(turn, attempt) }
    }

    pub(super) fn step(&mut self, model: &HandOver, action: Action) {
        self.met = Met::default();
        match action {
            Action::Begin(client, says) => self.begin(model, client, says),
            Action::RemoteHolds(client) => {
                let remote = Self::home(model, client).other();
                self.gates[remote.index()].hold();
                self.remote(client, Remote::Holds);
            }
            Action::RemoteSilent(client) => self.remote(client, Remote::Silent),
            Action::Commit(client) => self.commit_of(model, client),
            Action::Learn(client) => self.learn_of(model, client),
            Action::OpenEarly(client) => {
                let stage = std::mem::replace(&mut self.clients[client.index()], Stage::Idle);
                if let Stage::Committed { row, holds, remote } = stage {
                    self.release(model, client, holds, remote);
                    self.clients[client.index()] = Stage::Opened { row };
                }
            }
            Action::Claim(at) => self.claim(model, at),
            Action::Token(at) => self.token(model, at),
            Action::Answer(at) => {
                self.settle(model, at, AssistantOutcome::Answered { alerts: false, requests: None });
            }
            Action::Ask(at) => self.settle(model, at, AssistantOutcome::Requests(Reason::VisitorAsked)),
            Action::Timer(at) => self.timer(model, at),
            Action::Expire => {
                if let Some((turn, at)) = self.lease.take()
                    && self.workers[at.index()].as_ref().is_some_and(|work| work.turn == turn)
                {
                    self.left.stalls -= 1;
                }
            }
            Action::Restart(at) => self.restart(model, at),
            Action::Arrive(number) => {
                let (turn, attempt) = self.frames.remove(usize::from(number));
                self.pages[0].queue.push(Signal::Token { turn, attempt });
            }
            Action::LoseHint(at) => {
                self.left.losses -= 1;
                self.hints[at.index()] = false;
            }
            Action::Read(at) => {
                self.hints[at.index()] = false;
                let row = self.row.clone();
                self.hear(model, at, &row);
            }
            Action::Deliver(at) => self.deliver(model, at),
        }
    }

    fn begin(&mut self, model: &HandOver, client: Client, says: Says) {
        let withdraws = match (client, says) {
            (Client::Visitor, Says::Message) | (_, Says::End | Says::Dismiss) => false,
            (_, Says::Message | Says::Button) => true,
        };
        let holds = withdraws && model.fault != Fault::CommitsWithGateOpen;
        if holds {
            self.gates[Self::home(model, client).index()].hold();
        }
        let remote = if holds && model.nodes == Nodes::Two { Remote::Asked } else { Remote::NotNeeded };
        self.clients[client.index()] = Stage::Begun { says, holds, remote };
        if client == Client::Visitor {
            self.left.messages -= 1;
        } else {
            self.left.commands -= 1;
        }
    }

    fn remote(&mut self, client: Client, answer: Remote) {
        if let Stage::Begun { remote, .. } = &mut self.clients[client.index()] {
            *remote = answer;
        }
    }

    fn remote_lost(&mut self, client: Client) {
        match &mut self.clients[client.index()] {
            Stage::Begun { remote, .. } | Stage::Committed { remote, .. } if *remote == Remote::Holds => {
                *remote = Remote::Silent;
            }
            _ => {}
        }
    }

    fn commit_of(&mut self, model: &HandOver, client: Client) {
        let Stage::Begun { says, holds, remote } = self.clients[client.index()] else { return };
        let by = client.person();
        let command = match (client, says) {
            (Client::Visitor, Says::Button) => Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button },
            (Client::Visitor, _) => Command::VisitorWrites,
            (_, Says::End) => Command::EndLiveChat { by },
            (_, Says::Dismiss) => Command::DismissRequest { by },
            (_, Says::Message | Says::Button) => Command::PersonWrites { by },
        };
        let Some(entries) = self.commit(model, command) else {
            self.met.held_by |= matches!(command, Command::PersonWrites { .. });
            self.release(model, client, holds, remote);
            self.clients[client.index()] = Stage::Idle;
            return;
        };
        if entries.iter().any(|entry| matches!(entry.event, Event::TakenOver { .. })) {
            let home = Self::home(model, client);
            self.sealed[home.index()] = self.row.turn;
            if remote == Remote::Holds {
                self.sealed[home.other().index()] = self.row.turn;
            }
        }
        self.clients[client.index()] = Stage::Committed { row: self.row.clone(), holds, remote };
    }

    fn learn_of(&mut self, model: &HandOver, client: Client) {
        let home = Self::home(model, client);
        match std::mem::replace(&mut self.clients[client.index()], Stage::Idle) {
            Stage::Committed { row, holds, remote } => {
                self.hear(model, home, &row);
                self.hint(model, home);
                if remote == Remote::Holds {
                    // The gate of the other node opens with what was committed.
                    self.gates[home.other().index()].learn(&row);
                }
                self.release(model, client, holds, remote);
            }
            Stage::Opened { row } => {
                self.hear(model, home, &row);
                self.hint(model, home);
            }
            other => self.clients[client.index()] = other,
        }
    }

    /// Opens the gates again. A node that was started anew holds nothing.
    fn release(&mut self, model: &HandOver, client: Client, holds: bool, remote: Remote) {
        let home = Self::home(model, client);
        if holds {
            self.gates[home.index()].release();
        }
        if remote == Remote::Holds {
            self.gates[home.other().index()].release();
        }
    }

    /// Decides and commits. Nothing when it is refused.
    pub(super) fn commit(&mut self, model: &HandOver, command: Command) -> Option<Vec<Entry>> {
        let policy = Policy {
            escalation: true,
            hold: model.hold,
            ai_available: true,
            announces_start: true,
            announces_end: true,
            tells_away: true,
            opens: None,
        };
        let before = self.row.clone();
        let events = decide(&before, command, &policy, NOW).ok()?;
        let (after, entries) = before.clone().record(&events, NOW);
        let asked = matches!(before.answer, Answer::Asked { .. });
        self.met.cut_off |= asked && entries.iter().any(|entry| matches!(entry.event, Event::TakenOver { .. }));
        let answered_again = self.audit.answered_again();
        self.breach = self.audit.commit(&after, &entries).or(self.breach);
        self.met.answered_again |= !answered_again && self.audit.answered_again();
        self.row = after;
        Some(entries)
    }

    /// A node learns of a row, then tells its sockets.
    pub(super) fn hear(&mut self, model: &HandOver, at: At, row: &Conversation) {
        self.gates[at.index()].learn(row);
        let page = &mut self.pages[at.index()];
        if Self::has_page(model, at) && row.visitor_seq > page.told {
            page.told = row.visitor_seq;
            page.queue.push(Signal::Upto(row.visitor_seq));
        }
    }

    /// Sends a hint of a commit to the other node.
    pub(super) fn hint(&mut self, model: &HandOver, from: At) {
        if model.nodes == Nodes::Two {
            self.hints[from.other().index()] = true;
        }
    }

    fn restart(&mut self, model: &HandOver, at: At) {
        self.left.restarts -= 1;
        self.gates[at.index()] = GateState::default();
        let page = &mut self.pages[at.index()];
        page.queue.clear();
        page.told = page.shown;
        for client in Client::ALL {
            if Self::home(model, client) != at {
                // A gate that another node had closed here is not closed any more.
                self.remote_lost(client);
                continue;
            }
            let stage = std::mem::replace(&mut self.clients[client.index()], Stage::Idle);
            if let Stage::Begun { remote: Remote::Holds, .. } | Stage::Committed { remote: Remote::Holds, .. } = stage {
                // The other node lets go by itself after a while; by then it has read the row.
                let other = at.other();
                self.gates[other.index()].learn(&self.row);
                self.gates[other.index()].release();
            }
        }
        for place in At::ALL {
            if Self::node(model, place) == at {
                self.workers[place.index()] = None;
            }
        }
        self.hints[at.index()] = false;
        // What is handed to a socket from now on is a matter of what is read from now on.
        self.sealed[at.index()] = 0;
    }

    fn deliver(&mut self, model: &HandOver, at: At) {
        match self.pages[at.index()].queue.remove(0) {
            Signal::Upto(number) => {
                let page = &mut self.pages[at.index()];
                if number <= page.shown {
                    self.breach = Some(Breach::Disorder);
                }
                page.shown = number;
                page.turn = self.audit.turn_at(number);
            }
            Signal::Token { turn, attempt } => {
                if self.ruling(model, at, turn, attempt) == Ruling::Pass {
                    if turn < self.pages[at.index()].turn {
                        self.breach = Some(Breach::SeenLeak);
                    } else if turn < self.sealed[at.index()] {
                        self.breach = Some(Breach::SentLeak);
                    }
                }
            }
        }
    }
}
