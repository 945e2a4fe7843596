//! How much a provider may send. A server that never comes to an end, or that claims a thousand million calls, costs one answer
//! and not the memory of this process.
//!
//! The library reads bytes where nobody can count them: an error to its end, a line to its end. What can be counted there is
//! how often it has taken a piece and not come to an event; a piece is what one read gives, some kilobytes on most ways.
//! What it does hand out is counted in bytes.

use std::task::Poll;

use domain::answering::Trouble;
use futures_util::{Stream, StreamExt, future::poll_fn};
use genai::chat::{self, ChatStreamEvent};
use ports::models::ModelError;
use serde_json::Value;

/// Bytes of one answer, its thinking and its calls of tools included.
const BYTES: usize = 2_000_000;
/// Pieces that are read for one event, or for the words of an error. An event is some hundred bytes as a rule.
const PIECES: u32 = 128;
/// Calls of tools that a model makes at once.
pub(crate) const CALLS: usize = 8;
/// Longest arguments of one call, in bytes.
pub(crate) const ARGUMENTS: usize = 16_000;

/// What was read of an answer so far.
#[derive(Debug, Default)]
pub(crate) struct Read {
    bytes: usize,
    /// The call that came last, and how long it was.
    call: (String, usize),
}

impl Read {
    /// One event more.
    ///
    /// # Errors
    /// It is enough.
    pub(crate) fn more(&mut self, event: &ChatStreamEvent) -> Result<(), ModelError> {
        let bytes = match event {
            ChatStreamEvent::Chunk(chunk)
            | ChatStreamEvent::ReasoningChunk(chunk)
            | ChatStreamEvent::ThoughtSignatureChunk(chunk) => chunk.content.len(),
            ChatStreamEvent::ToolCallChunk(chunk) => self.grown(&chunk.tool_call),
            ChatStreamEvent::Start | ChatStreamEvent::Heartbeat | ChatStreamEvent::End(_) => 0,
        };
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > BYTES { Err(endless()) } else { Ok(()) }
    }

    /// By how much a call has grown. Some providers' calls come whole each time, others' in pieces: both grow.
    fn grown(&mut self, call: &chat::ToolCall) -> usize {
        let arguments = &call.fn_arguments;
        let arguments = arguments.as_str().map_or_else(|| arguments.to_string().len(), str::len);
        let length = arguments + call.fn_name.len() + call.call_id.len();
        let (last, was) = std::mem::replace(&mut self.call, (call.call_id.clone(), length));
        // Whatever came, it took some bytes to say so.
        if last == call.call_id && was <= length { (length - was).max(1) } else { length }
    }
}

/// The next event of a stream.
///
/// # Errors
/// So many pieces came that it is none.
pub(crate) async fn next<S: Stream + Unpin>(stream: &mut S) -> Result<Option<S::Item>, ModelError> {
    let mut pieces = 0;
    poll_fn(|context| match stream.poll_next_unpin(context) {
        Poll::Ready(event) => Poll::Ready(Ok(event)),
        Poll::Pending if pieces >= PIECES => Poll::Ready(Err(endless())),
        Poll::Pending => {
            pieces += 1;
            Poll::Pending
        }
    })
    .await
}

fn endless() -> ModelError {
    ModelError::new(Trouble::Malformed, "it sends without end")
}

/// Calls of tools that come piece by piece, as servers that speak like OpenAI send them. The library would put them together
/// by itself, and make as many as the server says there are.
#[derive(Debug, Default)]
pub(crate) struct Pieced(Vec<chat::ToolCall>);

impl Pieced {
    /// A piece of a call. The first one of a call has its name; the others have the place of the call for an id, if they have
    /// no better one.
    ///
    /// # Errors
    /// Arguments that are too long, or too many calls.
    pub(crate) fn add(&mut self, piece: chat::ToolCall) -> Result<(), ModelError> {
        let known = self.0.iter().position(|call| call.call_id == piece.call_id).or_else(|| {
            let place = piece.call_id.strip_prefix("call_").and_then(|place| place.parse::<usize>().ok());
            let place = place.filter(|place| *place < self.0.len()).or(self.0.len().checked_sub(1));
            place.filter(|place| {
                piece.fn_name.is_empty() || self.0.get(*place).is_some_and(|call| call.fn_name.is_empty())
            })
        });
        let Some(known) = known.and_then(|known| self.0.get_mut(known)) else {
            if self.0.len() >= CALLS {
                return Err(ModelError::new(Trouble::Malformed, "it calls too many tools at once"));
            }
            self.0.push(piece);
            return Ok(());
        };
        if known.fn_name.is_empty() {
            known.fn_name.clone_from(&piece.fn_name);
        }
        let more = piece.fn_arguments.as_str().unwrap_or_default();
        if let Value::String(arguments) = &mut known.fn_arguments {
            if arguments.len() + more.len() > ARGUMENTS {
                return Err(ModelError::new(Trouble::Malformed, "the arguments of a tool are too long"));
            }
            arguments.push_str(more);
        }
        Ok(())
    }

    /// The calls, with arguments that were read.
    pub(crate) fn whole(self) -> Vec<chat::ToolCall> {
        let read = |call: chat::ToolCall| {
            let text = call.fn_arguments.as_str().unwrap_or_default();
            let fn_arguments = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
            chat::ToolCall { fn_arguments, ..call }
        };
        self.0.into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn piece(id: &str, name: &str, arguments: &str) -> chat::ToolCall {
        chat::ToolCall {
            call_id: id.into(),
            fn_name: name.into(),
            fn_arguments: Value::String(arguments.into()),
            thought_signatures: None,
        }
    }

    fn put_together(pieces: &[(&str, &str, &str)]) -> Result<Vec<(String, String, Value)>, Trouble> {
        let mut calls = Pieced::default();
        for (id, name, arguments) in pieces {
            calls.add(piece(id, name, arguments)).map_err(|error| error.trouble)?;
        }
        Ok(calls.whole().into_iter().map(|call| (call.call_id, call.fn_name, call.fn_arguments)).collect())
    }

    #[test]
    fn pieces_find_their_call() {
        let check = |pieces: &[(&str, &str, &str)], expected: &[(&str, &str, Value)]| {
            let expected = expected.iter().map(|(id, name, it)| ((*id).to_owned(), (*name).to_owned(), it.clone()));
            assert_eq!(put_together(pieces), Ok(expected.collect()), "{pieces:?}");
        };
        let one = json!({"n": 1});
        check(&[("a", "order", "{\"n\""), ("call_0", "", ": 1}")], &[("a", "order", one.clone())]);
        check(&[("call_0", "order", "{\"n\""), ("call_0", "", ": 1}")], &[("call_0", "order", one.clone())]);
        // In turn, each with its own id or with its place.
        let both = [("a", "order", one.clone()), ("b", "parcel", json!({}))];
        check(&[("a", "order", ""), ("b", "parcel", ""), ("call_0", "", "{\"n\": 1}"), ("call_1", "", "{}")], &both);
        check(&[("a", "order", ""), ("b", "parcel", ""), ("a", "", "{\"n\": 1}"), ("b", "", "{}")], &both);
        // The name may come behind the id.
        check(&[("a", "", ""), ("call_0", "order", "{\"n\": 1}")], &[("a", "order", one.clone())]);
        // Without a place that there is, the last one is meant.
        check(&[("a", "order", "{\"n\""), ("call_7", "", ": 1}")], &[("a", "order", one)]);
        check(&[("a", "order", "{\"n")], &[("a", "order", json!("{\"n"))]);
    }

    #[test]
    fn a_place_far_away_is_no_place() {
        let calls = put_together(&[("call_4000000000", "order", "{}")]).unwrap();
        assert_eq!(calls.len(), 1);
        let many: Vec<String> = (0..=CALLS).map(|number| format!("id-{number}")).collect();
        let many: Vec<(&str, &str, &str)> = many.iter().map(|id| (id.as_str(), "order", "{}")).collect();
        assert_eq!(put_together(&many), Err(Trouble::Malformed));
    }

    #[test]
    fn arguments_and_answers_have_an_end() {
        let long = "x".repeat(ARGUMENTS);
        assert_eq!(put_together(&[("a", "order", ""), ("a", "", &long), ("a", "", "x")]), Err(Trouble::Malformed));
        let said = |bytes: usize| ChatStreamEvent::Chunk(chat::StreamChunk { content: "x".repeat(bytes) });
        let mut read = Read::default();
        assert!(read.more(&said(BYTES)).is_ok() && read.more(&said(1)).is_err());
    }

    /// A call that comes whole with each piece of it is as long as it is, and not as long as all of them together.
    #[test]
    fn a_call_counts_once() {
        let mut read = Read::default();
        for length in 0..ARGUMENTS {
            let tool_call = piece("a", "order", &"x".repeat(length));
            read.more(&ChatStreamEvent::ToolCallChunk(chat::ToolChunk { tool_call })).unwrap();
        }
        assert!(read.bytes < 2 * ARGUMENTS, "{}", read.bytes);
    }
}
