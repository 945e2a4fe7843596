//! A visitor's socket.

use std::sync::Arc;

use api::frames::{self, VisitorClientFrame as Said, VisitorServerFrame as Frame};
use app::{
    AppError,
    act::Acted,
    live::{Seat, Typist},
    visitor::VisitorAction,
};
use axum::extract::ws::WebSocket;
use domain::{ConversationId, embed::Place};
use ports::conversations::KnownVisitor;

use super::{
    HEARTBEAT, HELLO_IN, NONSENSE, Open,
    follow::Follower,
    wire::{Gone, Incoming, Wire},
};
use crate::{
    endpoints::files,
    problem::{Failure, problem},
    server::Server,
};

/// Greets a visitor's socket, then serves it until it closes in a task of its own: what opening and greeting needed is
/// given back, and a visitor who only waits costs little.
pub(super) async fn serve(server: Arc<Server>, socket: WebSocket, place: Place) {
    let open = Open::new(&server, "visitor");
    let mut wire = Wire::new(socket);
    let greeted = tokio::time::timeout(HELLO_IN, hello(&server, &place, &mut wire));
    let Some(greeted) = server.stopping.run_until_cancelled(greeted).await else {
        return wire.close(1012, "restarting").await;
    };
    match greeted {
        Ok(Ok(visitor)) => {
            let Some(seat) = server.baton.hub().seat(visitor.visitor) else {
                let text = "this chat is open in too many places: close some of them".to_owned();
                let error = AppError::RateLimited { text, retry_after: 60 };
                if wire.send(&Frame::Problem { problem: problem(&error) }).await.is_ok() {
                    wire.close(1013, "too many connections").await;
                }
                return;
            };
            let follow = Follower::new(server, visitor, place, wire);
            let session = Session { follow, typing: false, nonsense: 0, _seat: seat, _open: open };
            tokio::spawn(session.run());
        }
        Ok(Err(gone)) => wire.end(gone).await,
        Err(_) => wire.close(1008, "no hello").await,
    }
}

async fn hello(server: &Server, place: &Place, wire: &mut Wire) -> Result<KnownVisitor, Gone> {
    let error = match wire.receive::<Said>().await? {
        Incoming::Frame(Said::Hello { token }) => match server.baton.visitor_by_token(&token, place).await {
            Ok(visitor) => return Ok(visitor),
            Err(error) => problem(&error),
        },
        Incoming::Frame(_) | Incoming::Nonsense(_) => problem(&AppError::Unauthenticated),
    };
    wire.send(&Frame::Problem { problem: error }).await?;
    Err(Gone::REFUSED)
}

struct Session {
    follow: Follower<Wire>,
    typing: bool,
    nonsense: u32,
    _seat: Seat,
    _open: Open,
}

impl Session {
    /// Each step is boxed: what it needs is given back when it is done.
    async fn run(mut self) {
        let server = Arc::clone(&self.follow.server);
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        heartbeat.reset();
        if Box::pin(self.follow.welcome()).await.is_err() {
            return;
        }
        let ended = loop {
            let step = tokio::select! {
                biased;
                () = server.stopping.cancelled() => break Some((1012, "restarting")),
                signal = self.follow.mailbox.next() => Box::pin(self.follow.tell(signal)).await,
                incoming = self.follow.out.receive() => match incoming {
                    Ok(incoming) => Box::pin(self.hear(incoming)).await,
                    Err(gone) => Err(gone),
                },
                _ = heartbeat.tick() => Box::pin(self.follow.heartbeat()).await,
            };
            if let Err(gone) = step {
                break gone.goodbye;
            }
            if self.nonsense > NONSENSE {
                break Some((1008, "these are no frames"));
            }
        };
        self.follow.unfollow();
        if let Some((code, reason)) = ended {
            Box::pin(self.follow.out.close(code, reason)).await;
        }
    }

    // What the client says.

    async fn hear(&mut self, incoming: Incoming<Said>) -> Result<(), Gone> {
        let frame = match incoming {
            Incoming::Frame(frame) => frame,
            Incoming::Nonsense(why) => {
                self.nonsense += 1;
                let failure = Failure::of_call(axum::http::StatusCode::BAD_REQUEST, "malformed", &why);
                return self.follow.out.send(&Frame::Problem { problem: *failure.0 }).await;
            }
        };
        match frame {
            Said::Hello { .. } => Ok(()),
            Said::Subscribe { conversation, after } => match self.own(&conversation) {
                Ok(_) => self.follow.subscribe(after).await,
                Err(error) => self.follow.fail(&error).await,
            },
            Said::Send { conversation, client_id, text, files } => {
                let result = self.write(&conversation, &client_id, text, &files).await;
                self.typing = false;
                self.answer(client_id, result).await
            }
            Said::Command { conversation, client_id, action } => {
                let action = match action {
                    frames::VisitorAction::RequestHuman => VisitorAction::RequestHuman,
                    frames::VisitorAction::CancelRequest => VisitorAction::CancelRequest,
                    frames::VisitorAction::EndLiveChat => VisitorAction::EndLiveChat,
                };
                let result = match self.may_write(&conversation).await {
                    Ok(id) => {
                        let (baton, visitor) = (&self.follow.server.baton, &self.follow.visitor);
                        baton.visitor_acts(visitor, id, Some(&client_id), action).await
                    }
                    Err(error) => Err(error),
                };
                self.answer(client_id, result).await
            }
            Said::Typing { conversation, on } => {
                if let Ok(id) = self.own(&conversation)
                    && self.typing != on
                {
                    self.typing = on;
                    self.follow.server.baton.hub().typing(&self.follow.mailbox, id, Typist::Visitor, on);
                }
                Ok(())
            }
            Said::Read { conversation, visitor_seq } => {
                let marked = match self.own(&conversation) {
                    Ok(id) => self.follow.server.baton.visitor_read(&self.follow.visitor, id, visitor_seq).await,
                    Err(error) => Err(error),
                };
                match marked {
                    Ok(()) => Ok(()),
                    Err(error) => self.follow.fail(&error).await,
                }
            }
            Said::TextSoFar { conversation } => match self.own(&conversation) {
                Ok(_) => self.follow.text_so_far().await,
                Err(error) => self.follow.fail(&error).await,
            },
        }
    }

    async fn write(
        &mut self,
        conversation: &str,
        client_id: &str,
        text: String,
        files: &[String],
    ) -> Result<Acted, AppError> {
        let id = self.may_write(conversation).await?;
        let said = app::Said { text, files: files::ids(files)? };
        self.follow.server.baton.receive_message(&self.follow.visitor, id, client_id, said).await
    }

    fn own(&self, conversation: &str) -> Result<ConversationId, AppError> {
        let id = conversation.parse().map_err(|_| AppError::NotFound)?;
        if id == self.follow.id() { Ok(id) } else { Err(AppError::NotFound) }
    }

    async fn may_write(&mut self, conversation: &str) -> Result<ConversationId, AppError> {
        let id = self.own(conversation)?;
        self.follow.server.baton.still_welcome(&self.follow.visitor, &self.follow.place).await?;
        Ok(id)
    }

    async fn answer(&mut self, client_id: String, result: Result<Acted, AppError>) -> Result<(), Gone> {
        let frame = match result {
            Ok(acted) => Frame::Ack { client_id, visitor_seq: acted.visitor_seq() },
            Err(error) => Frame::Refused { client_id, problem: problem(&error) },
        };
        self.follow.out.send(&frame).await
    }
}
