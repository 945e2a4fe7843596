//! What a node hears from the others.

use std::{sync::Arc, time::Duration};

use domain::{ConversationId, WorkspaceId};
use ports::bus::{Heard, Message};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Nodes;
use crate::{
    Baton,
    live::{Fits, Signal, Typist},
};

/// How often a node says that it is there.
const ALIVE: Duration = Duration::from_secs(1);
/// Characters of a text that is sent in one message: every bus takes that much.
const CHUNK: usize = 1_500;

impl Baton {
    /// Listens to the other nodes until told to stop; returns at once where there are none.
    pub async fn hear_nodes(self: Arc<Self>, stop: CancellationToken) {
        let Some(nodes) = self.nodes.clone() else { return };
        nodes.tell(Message::Alive { new: true });
        let listening = async {
            loop {
                match nodes.bus.hear().await {
                    Heard::Message { from, message } => self.hear(&nodes, from, message).await,
                    Heard::Gap => {
                        nodes.tell(Message::Alive { new: true });
                        nodes.to_compare.notify_one();
                    }
                }
            }
        };
        let saying = async {
            loop {
                self.clock.sleep(ALIVE).await;
                nodes.tell(Message::Alive { new: false });
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = listening => {}
            () = saying => {}
            () = self.fetch_what_is_behind(&nodes) => {}
            () = self.keep_streams_fresh(&nodes) => {}
        }
        nodes.tell(Message::Leaves {});
    }

    async fn hear(&self, nodes: &Arc<Nodes>, from: Uuid, message: Message) {
        nodes.others.lock().insert(from, self.clock.instant());
        match message {
            Message::Alive { new } => {
                if new {
                    nodes.tell(Message::Alive { new: false });
                }
            }
            Message::Leaves {} => nodes.left(from),
            Message::Changed { workspace, conversation, first, head } => {
                if let Some(room) = self.hub.existing_room(conversation) {
                    room.learn_of(head);
                }
                self.hint(nodes, workspace, conversation, first);
            }
            Message::Row { workspace, conversation } => self.hint(nodes, workspace, conversation, i64::MAX),
            Message::Tokens { conversation, turn, attempt, offset, text } => {
                self.tokens(nodes, conversation, (turn, attempt), offset, &text);
            }
            Message::TokensDropped { conversation, turn } => {
                self.hub.tell_room(conversation, &Signal::TokensDropped { conversation, turn }, None);
            }
            Message::TextSoFar { conversation } => self.send_text_so_far(nodes, conversation),
            Message::Typing { conversation, person, on } => {
                let who = person.map_or(Typist::Visitor, |(id, name)| Typist::Person { id, name });
                self.hub.tell_room(conversation, &Signal::Typing { conversation, who, on }, None);
            }
            Message::Viewing { conversation, person, on } => {
                self.hub.tell_room(conversation, &Signal::Viewing { conversation, who: person, on }, None);
            }
            Message::Hold { conversation, hold } => {
                // Also where nobody follows it yet: whoever comes meanwhile finds the gate closed.
                let closed = self.hub.room(conversation).close();
                nodes.closed.lock().insert(hold, (closed, self.clock.instant()));
                nodes.to_read.notify_one();
                nodes.tell(Message::Held { hold });
            }
            Message::Held { hold } => {
                let closing = nodes.closing.lock().get(&hold).cloned();
                if let Some(closing) = closing {
                    closing.answered(from);
                }
            }
            Message::Release { hold } => {
                if let Some((closed, _)) = nodes.closed.lock().remove(&hold) {
                    nodes.opening.lock().push(closed);
                    nodes.to_read.notify_one();
                }
            }
            Message::IsVisitorHere { visitor, question } => {
                nodes.tell(Message::VisitorIs { question, here: self.hub.is_here(visitor) });
            }
            Message::VisitorIs { question, here } => nodes.heard_of_visitor(from, question, here),
            Message::Jobs {} => self.turns.nudge(),
            Message::Forget(kept) => self.directory.forget_here(kept).await,
            Message::Recheck { workspace } => self.hub.recheck_here(workspace),
            Message::RecheckFollowers {} => self.hub.recheck_followers_here(),
            Message::StartOver { workspace } => self.hub.desks.tell(workspace, &Signal::StartOver),
        }
    }

    /// Something was added to a conversation: whoever follows it here, or its inbox, is told after a look at it.
    fn hint(&self, nodes: &Nodes, workspace: WorkspaceId, conversation: ConversationId, first: i64) {
        if self.hub.existing_room(conversation).is_some() || self.hub.desks.any(workspace) {
            nodes.behind(conversation, first);
        }
    }

    fn tokens(&self, nodes: &Nodes, conversation: ConversationId, of: (u64, u32), offset: u64, text: &str) {
        let Some(room) = self.hub.existing_room(conversation) else { return };
        // Before they are told: whoever holds them waits for the reading that this makes.
        self.keep_fresh(conversation);
        if room.append_remote(of.0, of.1, offset, text) == Fits::Gap {
            nodes.tell(Message::TextSoFar { conversation });
        }
    }

    /// Sends the text so far, if the answer is written here.
    fn send_text_so_far(&self, nodes: &Nodes, conversation: ConversationId) {
        let Some(room) = self.hub.existing_room(conversation) else { return };
        let Some(group) = room.text_so_far().filter(|group| !group.remote) else { return };
        let chars: Vec<char> = group.text.chars().collect();
        let mut offset = 0;
        for chunk in chars.chunks(CHUNK) {
            let text: String = chunk.iter().collect();
            let length: u64 = chunk.iter().map(|c| c.len_utf16() as u64).sum();
            nodes.tell(Message::Tokens { conversation, turn: group.turn, attempt: group.attempt, offset, text });
            offset += length;
        }
    }
}

impl Nodes {
    /// A node has left: nobody waits for it.
    fn left(&self, node: Uuid) {
        self.others.lock().remove(&node);
        for closing in self.closing.lock().values() {
            closing.answered(node);
        }
        self.asks_no_more(node);
    }
}
