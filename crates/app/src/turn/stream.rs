//! An answer on its way: tokens as they come, grouped, to the room; the whole text to the commit.

use std::{pin::pin, sync::Arc, time::Duration};

use domain::{Millis, answering::Trouble, limits::ANSWER_OF_AI_CHARS, text::printable};
use futures_util::StreamExt;
use ports::{
    bus::Message,
    content::Citation,
    models::{ModelError, Part, Parts, ToolCall, Usage},
};

use crate::{Baton, live::Room};

/// Tokens are grouped within this time; the first ones are not held back.
const GROUP: Duration = Duration::from_millis(40);
/// A model that says nothing for so long is given up: before its first word, and between two.
pub(super) const STALL: Duration = Duration::from_secs(20);
/// A model may think for so long, before its first word and between two.
const THINKING: Duration = Duration::from_secs(60);
/// The answer of one model may take so long altogether.
pub(super) const WHOLE_MS: i64 = 120_000;
/// Calls of tools that are listened to at once.
const CALLS: usize = 8;

/// An answer, as far as it has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Streamed {
    pub(super) text: String,
    pub(super) citations: Vec<Citation>,
    pub(super) offers_person: bool,
    /// The model said that it does not know.
    pub(super) unknown: bool,
    /// Something of it was shown.
    pub(super) shown: bool,
    /// What it took, every call together.
    pub(super) usage: Usage,
    /// What the model waits for.
    pub(super) calls: Vec<ToolCall>,
    /// It called a person, and why.
    pub(super) requests: Option<String>,
}

/// Whom an answer is shown to while it is written.
#[derive(Clone, Copy)]
pub(super) struct Audience<'turn> {
    pub(super) room: &'turn Arc<Room>,
    pub(super) turn: u64,
    pub(super) attempt: u32,
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

    /// Lets those hear a text who are there to hear it.
    pub(super) fn say_to(&self, audience: Audience<'_>, text: &str) {
        self.say(audience.room, audience.turn, audience.attempt, text.to_owned());
    }

    /// Streams what a model says behind what there is of the answer, and shows it to those who are there to hear.
    pub(super) async fn stream(
        &self,
        audience: Option<Audience<'_>>,
        until: Millis,
        mut parts: Parts,
        answer: &mut Streamed,
    ) -> Result<(), ModelError> {
        let mut waiting = String::new();
        let mut chars = answer.text.chars().count();
        let left = Duration::from_millis(until.since(self.clock.now()).max(0).unsigned_abs());
        let mut group = pin!(self.clock.sleep(GROUP));
        let mut heard = self.clock.instant();
        let mut spoke = heard;
        let mut stall = pin!(self.clock.sleep(STALL));
        let mut whole = pin!(self.clock.sleep(left));
        let hear = |text: &str| audience.into_iter().for_each(|audience| self.say_to(audience, text));
        loop {
            tokio::select! {
                biased;
                () = &mut whole => return Err(late("the answer took too long")),
                () = &mut group, if !waiting.is_empty() => hear(&std::mem::take(&mut waiting)),
                part = parts.next() => {
                    heard = self.clock.instant();
                    if !matches!(part, Some(Ok(Part::Thinks))) {
                        spoke = heard;
                    } else if heard.saturating_duration_since(spoke) > THINKING {
                        return Err(late("it thinks and does not speak"));
                    }
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
                            if audience.is_some() && !std::mem::replace(&mut answer.shown, true) {
                                hear(&text);
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
                        Some(Ok(Part::Thinks)) => {}
                        Some(Ok(Part::Calls(call))) if answer.calls.len() < CALLS => answer.calls.push(call),
                        Some(Ok(Part::Calls(_))) => {}
                        Some(Ok(Part::Used(usage))) => answer.usage = answer.usage.and(usage),
                    }
                }
                // It is set anew when it ends, not at each word: a timer for each token costs more than the token does.
                () = &mut stall => match STALL.checked_sub(self.clock.instant().saturating_duration_since(heard)) {
                    None | Some(Duration::ZERO) => return Err(late("no word from the model")),
                    Some(left) => stall.set(self.clock.sleep(left)),
                },
            }
        }
        // More may follow behind a tool. At the end it is not needed: the committed message has it all.
        if !answer.calls.is_empty() {
            hear(&waiting);
        }
        Ok(())
    }
}

pub(super) fn late(what: &str) -> ModelError {
    ModelError::new(Trouble::TimedOut, what)
}

/// Keeps an answer within its limit; `chars` counts what was let through.
fn cut(text: String, chars: &mut usize) -> String {
    let room = ANSWER_OF_AI_CHARS.saturating_sub(*chars);
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
