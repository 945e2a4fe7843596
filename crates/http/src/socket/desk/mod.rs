//! A collaborator's socket: the session and its loop. What it hears is in [`hear`], what it tells in [`tell`], and the
//! inbox in [`inbox`].

mod hear;
mod inbox;
mod tell;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use api::frames::{DeskClientFrame as Said, DeskServerFrame as Frame};
use app::{
    AppError,
    act::Target,
    auth::{Staff, Via},
    live::{InboxChanges, Mailbox, OpenPage},
};
use axum::extract::ws::WebSocket;
use domain::{ConversationId, person::Collaborator};
use ports::conversations::Counts;

use super::{
    HEARTBEAT, HELLO_IN, NONSENSE, Open,
    wire::{Gone, Incoming, Wire},
};
use crate::{problem::problem, server::Server};

/// Changed rows are told together, at most so often.
const INBOX_EVERY: Duration = Duration::from_millis(50);

/// So often it is looked whether the person is still signed in: the command line ends sessions without telling the server.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Serves a collaborator's socket until it closes.
pub(super) async fn serve(server: Arc<Server>, socket: WebSocket, staff: Staff) {
    let _open = Open::new(&server, "desk");
    let mut wire = Wire::new(socket);
    let greeted = tokio::time::timeout(HELLO_IN, wire.receive::<Said>());
    let Some(greeted) = server.stopping.run_until_cancelled(greeted).await else {
        return wire.close(1012, "restarting").await;
    };
    match greeted {
        Ok(Ok(Incoming::Frame(Said::Hello {}))) => {
            let mailbox = server.baton.hub().connect();
            // A program with a key follows the inbox too: it is nobody's presence unless it says so.
            let away = matches!(staff.via, Via::Key { .. });
            let page = server.baton.hub().open_page(&mailbox, &staff, away);
            let session = Session {
                inbox: mailbox.inbox(),
                server,
                staff,
                mailbox,
                page,
                wire,
                followed: HashMap::new(),
                follows_inbox: false,
                counts: Counts::default(),
                nonsense: 0,
            };
            // Boxed: the state of a session is large, and most of the time it waits.
            Box::pin(session.run()).await;
        }
        Ok(Err(gone)) => wire.end(gone).await,
        Ok(Ok(_)) | Err(_) => wire.close(1008, "no hello").await,
    }
}

/// A conversation that the client follows.
struct Followed {
    target: Target,
    by: Collaborator,
    /// Last `seq` that the client was sent.
    cursor: i64,
    typing: bool,
    /// When the others were told that it is looked at; nothing while it is not.
    told_viewing: Option<Instant>,
    /// How far the visitor has read, as the client was told.
    told_read: i64,
}

struct Session {
    server: Arc<Server>,
    staff: Staff,
    mailbox: Mailbox,
    page: OpenPage,
    inbox: Arc<InboxChanges>,
    wire: Wire,
    followed: HashMap<ConversationId, Followed>,
    follows_inbox: bool,
    counts: Counts,
    nonsense: u32,
}

impl Session {
    async fn run(mut self) {
        let server = Arc::clone(&self.server);
        let inbox = Arc::clone(&self.inbox);
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        heartbeat.reset();
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        looks.reset();
        let mut inbox_tick = tokio::time::interval(INBOX_EVERY);
        inbox_tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut inbox_waits = false;
        let heartbeat_ms = u64::try_from(HEARTBEAT.as_millis()).unwrap_or(u64::MAX);
        if self.wire.send(&Frame::Welcome { heartbeat_ms }).await.is_err() {
            return;
        }
        let ended = loop {
            let step = tokio::select! {
                biased;
                () = server.stopping.cancelled() => break Some((1012, "restarting")),
                signal = self.mailbox.next() => Box::pin(self.tell(signal)).await,
                incoming = self.wire.receive() => match incoming {
                    Ok(incoming) => Box::pin(self.hear(incoming)).await,
                    Err(gone) => Err(gone),
                },
                () = inbox.changed(), if self.follows_inbox && !inbox_waits => {
                    inbox_waits = true;
                    Ok(())
                }
                _ = inbox_tick.tick(), if inbox_waits => {
                    inbox_waits = false;
                    Box::pin(self.tell_inbox()).await
                }
                _ = heartbeat.tick() => Box::pin(self.heartbeat()).await,
                _ = looks.tick() => Box::pin(self.recheck()).await,
            };
            if let Err(gone) = step {
                break gone.goodbye;
            }
            if self.nonsense > NONSENSE {
                break Some((1008, "these are no frames"));
            }
        };
        let hub = server.baton.hub();
        for (&id, followed) in &self.followed {
            if followed.told_viewing.is_some() {
                hub.viewing(&self.mailbox, id, self.staff.id(), false);
            }
            hub.unfollow(&self.mailbox, id);
        }
        hub.unfollow_inbox(&self.mailbox, self.staff.scope());
        if let Some((code, reason)) = ended {
            self.wire.close(code, reason).await;
        }
    }

    /// Signals were lost: the client subscribes to everything again.
    async fn resync(&mut self) -> Result<(), Gone> {
        for (id, _) in self.followed.drain() {
            self.server.baton.hub().unfollow(&self.mailbox, id);
        }
        self.wire.send(&Frame::Resync {}).await
    }

    /// Rights may have changed, or the session may be over.
    async fn recheck(&mut self) -> Result<(), Gone> {
        match self.server.baton.recheck(&self.staff).await {
            Ok(staff) => {
                let changed = staff.rights_differ(&self.staff);
                self.staff = staff;
                // Other rows, other buttons: the client starts over with what it may see now.
                if changed { self.resync().await } else { Ok(()) }
            }
            Err(error @ (AppError::Unauthenticated | AppError::Deactivated)) => {
                self.fail(&error).await?;
                Err(Gone::REFUSED)
            }
            // The database is away for a moment: nobody loses their place for that.
            Err(_) => Ok(()),
        }
    }

    async fn heartbeat(&mut self) -> Result<(), Gone> {
        self.recheck().await?;
        let ids: Vec<ConversationId> = self.followed.keys().copied().collect();
        let heads = self.server.baton.heads(&ids).await;
        let change = self.server.baton.newest_change(&self.staff).await;
        match (heads, change) {
            (Ok(heads), Ok(change)) => {
                let heads = heads.into_iter().map(|(id, seq)| (id.to_string(), seq)).collect();
                self.wire.send(&Frame::Heartbeat { heads, change }).await
            }
            (Err(error), _) | (_, Err(error)) => self.fail(&error).await,
        }
    }

    async fn fail(&mut self, error: &AppError) -> Result<(), Gone> {
        self.wire.send(&Frame::Problem { problem: problem(error) }).await
    }

    fn unfollow(&mut self, id: ConversationId) {
        if let Some(followed) = self.followed.remove(&id) {
            if followed.told_viewing.is_some() {
                self.server.baton.hub().viewing(&self.mailbox, id, self.staff.id(), false);
            }
            self.server.baton.hub().unfollow(&self.mailbox, id);
        }
    }
}
