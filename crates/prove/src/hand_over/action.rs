//! What can happen next.

use domain::conversation::{Answer, Control, Ruling};

use super::{
    Fault, HandOver,
    parts::{Remote, Signal, Stage},
    who::{At, Client},
    world::World,
};

/// What somebody says or does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Says {
    /// A message: the visitor's asks the AI, a person's takes over.
    Message,
    /// The visitor's `Talk to a person`.
    Button,
    /// A person's `End Live Chat`.
    End,
    /// A person's `Dismiss request`.
    Dismiss,
}

/// One step of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Somebody begins a command: the gate closes if it may withdraw the AI's right to speak.
    Begin(Client, Says),
    /// The other node has closed its gate and says so.
    RemoteHolds(Client),
    /// The other node did not answer in time.
    RemoteSilent(Client),
    /// The command is decided and committed, or refused.
    Commit(Client),
    /// The node of the command learns of its commit, tells its sockets and opens its gate.
    Learn(Client),
    /// Only with [`Fault::OpensBeforeLearning`]: the gate opens already.
    OpenEarly(Client),
    /// A worker takes the awaited turn; when another had it, it raises the attempt first.
    Claim(At),
    /// A worker says a token.
    Token(At),
    /// A worker commits its answer.
    Answer(At),
    /// A worker commits a request for a person instead of an answer.
    Ask(At),
    /// A timer tells who waits for a person that one is still looked for.
    Timer(At),
    /// A lease runs out; its worker goes on.
    Expire,
    /// A node is killed and starts again: what was not committed is gone, what its hub knew too; its page connects again.
    Restart(At),
    /// A token comes over the bus. One that never comes is one that is lost.
    Arrive(u8),
    /// The hint of a commit on the other node is lost.
    LoseHint(At),
    /// A node reads the row: after a hint, or by comparing heads.
    Read(At),
    /// A socket takes the next signal of its queue.
    Deliver(At),
}

/// Lists what can happen next.
pub(super) fn possible(model: &HandOver, world: &World, out: &mut Vec<Action>) {
    if world.breach.is_some() {
        return;
    }
    for client in Client::ALL {
        commands(model, world, client, out);
    }
    for at in At::ALL {
        worker(world, at, out);
        if world.left.timers > 0 && matches!(world.row.control, Control::Requested(_)) {
            out.push(Action::Timer(at));
        }
        if world.node_behind(model, at) {
            out.push(Action::Read(at));
        }
        if world.hints[at.index()] && world.left.losses > 0 {
            out.push(Action::LoseHint(at));
        }
        let page = &world.pages[at.index()];
        let waits = match page.queue.first() {
            None => true,
            Some(Signal::Upto(_)) => false,
            Some(&Signal::Token { turn, attempt }) => world.ruling(model, at, turn, attempt) == Ruling::Hold,
        };
        if !waits {
            out.push(Action::Deliver(at));
        }
        if world.left.restarts > 0 && World::has_page(model, at) {
            out.push(Action::Restart(at));
        }
    }
    for number in 0..world.frames.len() {
        out.push(Action::Arrive(u8::try_from(number).unwrap_or(u8::MAX)));
    }
    if world.lease.is_some_and(|(turn, at)| match &world.workers[at.index()] {
        Some(work) if work.turn == turn => world.left.stalls > 0,
        _ => true,
    }) {
        out.push(Action::Expire);
    }
}

fn commands(model: &HandOver, world: &World, client: Client, out: &mut Vec<Action>) {
    match &world.clients[client.index()] {
        Stage::Idle if client == Client::Visitor => {
            if world.left.messages > 0 {
                out.push(Action::Begin(client, Says::Message));
                if matches!(world.row.control, Control::Ai) {
                    out.push(Action::Begin(client, Says::Button));
                }
            }
        }
        Stage::Idle => {
            if world.left.commands > 0 {
                out.push(Action::Begin(client, Says::Message));
                match world.row.control {
                    Control::Live(_) => out.push(Action::Begin(client, Says::End)),
                    Control::Requested(_) => out.push(Action::Begin(client, Says::Dismiss)),
                    Control::Ai | Control::Resolved => {}
                }
            }
        }
        Stage::Begun { remote: Remote::Asked, .. } => {
            out.push(Action::RemoteHolds(client));
            out.push(Action::RemoteSilent(client));
        }
        Stage::Begun { .. } => out.push(Action::Commit(client)),
        Stage::Committed { .. } if model.fault == Fault::OpensBeforeLearning => out.push(Action::OpenEarly(client)),
        Stage::Committed { .. } | Stage::Opened { .. } => out.push(Action::Learn(client)),
    }
}

fn worker(world: &World, at: At, out: &mut Vec<Action>) {
    match &world.workers[at.index()] {
        None => {
            if let Answer::Asked { turn, .. } = world.row.answer
                && world.lease.is_none_or(|(leased, _)| leased != turn)
            {
                out.push(Action::Claim(at));
            }
        }
        Some(work) => {
            if work.tokens > 0 {
                out.push(Action::Token(at));
            }
            out.push(Action::Answer(at));
            out.push(Action::Ask(at));
        }
    }
}
