//! An answer on its way: tokens as they come, grouped, to the room; the whole text to the commit.

use std::{pin::pin, sync::Arc, time::Duration};

use domain::{limits::ANSWER_OF_AI_CHARS, text::printable};
use futures_util::StreamExt;
use ports::{
    bus::Message,
    content::Citation,
    models::{ModelError, Part, Parts},
};

use crate::{Baton, live::Room};

/// Tokens are grouped within this time; the first ones are not held back.
const GROUP: Duration = Duration::from_millis(40);
/// A model that says nothing for so long is given up.
pub(super) const STALL: Duration = Duration::from_secs(30);
/// An answer may take so long altogether.
const WHOLE: Duration = Duration::from_secs(180);

/// A whole answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Streamed {
    pub(super) text: String,
    pub(super) citations: Vec<Citation>,
    pub(super) offers_person: bool,
    /// The model said that it does not know.
    pub(super) unknown: bool,
}

impl Baton {
    /// Adds text to the running answer, here and on the other nodes.
    pub(super) fn say(&self, room: &Arc<Room>, turn: u64, attempt: u32, text: String) {
        self.keep_fresh(room.conversation);
        if let Some(offset) = room.append(turn, attempt, &text) {
            let conversation = room.conversation;
            self.hub.tell_nodes(|| Message::Tokens { conversation, turn, attempt, offset, text });
        }
    }

    /// Streams an answer to the room and gives it back whole.
    pub(super) async fn stream(
        &self,
        room: &Arc<Room>,
        turn: u64,
        attempt: u32,
        mut parts: Parts,
    ) -> Result<Streamed, ModelError> {
        let mut answer = Streamed::default();
        let mut waiting = String::new();
        let mut first = true;
        let mut chars = 0;
        let mut group = pin!(self.clock.sleep(GROUP));
        let mut stall = pin!(self.clock.sleep(STALL));
        let mut whole = pin!(self.clock.sleep(WHOLE));
        loop {
            tokio::select! {
                biased;
                () = &mut whole => return Err(ModelError::Unavailable("the answer took too long".into())),
                () = &mut group, if !waiting.is_empty() => {
                    self.say(room, turn, attempt, std::mem::take(&mut waiting));
                }
                part = parts.next() => {
                    stall.set(self.clock.sleep(STALL));
                    match part {
                        None => break,
                        Some(Err(error)) => return Err(error),
                        Some(Ok(Part::Text(text))) => {
                            // A model may say anything.
                            let text = cut(printable(&text), &mut chars);
                            if text.is_empty() {
                                continue;
                            }
                            answer.text.push_str(&text);
                            if std::mem::take(&mut first) {
                                self.say(room, turn, attempt, text);
                            } else {
                                if waiting.is_empty() {
                                    group.set(self.clock.sleep(GROUP));
                                }
                                waiting.push_str(&text);
                            }
                            if chars >= ANSWER_OF_AI_CHARS {
                                break;
                            }
                        }
                        Some(Ok(Part::Citations(citations))) => answer.citations = citations,
                        Some(Ok(Part::OffersPerson)) => answer.offers_person = true,
                        Some(Ok(Part::Unknown)) => answer.unknown = true,
                    }
                }
                () = &mut stall => return Err(ModelError::Unavailable("no word from the model".into())),
            }
        }
        // The rest is not streamed: the committed message, which has it all, comes right behind.
        if answer.text.trim().is_empty() {
            return Err(ModelError::Unusable("an empty answer".into()));
        }
        Ok(answer)
    }
}

/// Keeps an answer within its limit; `chars` counts what was let through.
fn cut(text: String, chars: &mut usize) -> String {
    let room = ANSWER_OF_AI_CHARS - *chars;
    match text.char_indices().nth(room) {
        Some((at, _)) => {
            *chars = ANSWER_OF_AI_CHARS;
            format!("{}…", &text[..at])
        }
        None => {
            *chars += text.chars().count();
            text
        }
    }
}
