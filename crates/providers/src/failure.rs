//! What went wrong, in words that hold no key.

use std::time::Duration;

use domain::answering::Trouble;
use genai::{Error, webc};
use ports::{
    models::{ApiKey, ModelError},
    outside::NoReply,
};
use serde_json::Value;

/// Longest part of a provider's own words, in characters.
const WORDS: usize = 160;

/// The guard let no call through, or nobody answered.
pub(crate) fn no_reply(reply: &NoReply) -> ModelError {
    let trouble = match reply {
        NoReply::Shut(_) => Trouble::NotAllowed,
        NoReply::TimedOut => Trouble::TimedOut,
        NoReply::Unreachable(_) | NoReply::Insecure(_) => Trouble::Unreachable,
        NoReply::TooLong(_) | NoReply::Redirects => Trouble::Malformed,
    };
    ModelError::new(trouble, reply.to_string())
}

/// What an error of the library means.
pub(crate) fn model_error(error: Error, key: Option<&ApiKey>) -> ModelError {
    match error {
        Error::HttpError { status, body, headers, .. } => {
            let failed = of_status(status.as_u16(), &body, key);
            let wanted = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
            let seconds = wanted("retry-after").map(Duration::from_secs);
            ModelError { retry_after: wanted("retry-after-ms").map(Duration::from_millis).or(seconds), ..failed }
        }
        Error::WebModelCall { webc_error: webc::Error::ResponseFailedStatus { status, body, .. }, .. } => {
            of_status(status.as_u16(), &body, key)
        }
        Error::WebStream { error, .. } => match error.downcast::<Error>() {
            Ok(inner) => model_error(*inner, key),
            Err(other) => no_reply(&outside::no_reply(other.as_ref())),
        },
        Error::ChatResponse { body, .. } => in_stream(&body, key),
        Error::StreamParse { .. } | Error::JsonValueExt(_) | Error::SerdeJson(_) => {
            ModelError::new(Trouble::Malformed, "what came is not in the provider's format")
        }
        // Nothing was called: the request itself could not be made. Its words may quote the request.
        _ => ModelError::new(Trouble::Malformed, "the request could not be made for this provider"),
    }
}

fn of_status(status: u16, body: &str, key: Option<&ApiKey>) -> ModelError {
    let trouble = if (300..400).contains(&status) { Trouble::Rejected } else { Trouble::of_status(status) };
    let words = serde_json::from_str(body).ok().and_then(|body| words_of(&body, key));
    // What is said about a key quotes it, in whole or in part.
    let words = words.filter(|_| trouble != Trouble::WrongKey);
    ModelError::new(
        trouble,
        words.map_or_else(|| format!("status {status}"), |words| format!("status {status}: {words}")),
    )
}

/// The provider says in the middle of a stream that it goes no further.
fn in_stream(error: &Value, key: Option<&ApiKey>) -> ModelError {
    let kind =
        ["type", "code", "status"].iter().filter_map(|name| error.get(name)?.as_str()).collect::<Vec<_>>().join(" ");
    let trouble = match kind.to_lowercase() {
        kind if kind.contains("rate_limit") || kind.contains("exhausted") || kind.contains("overloaded") => {
            Trouble::Busy
        }
        kind if kind.contains("auth") || kind.contains("permission") => Trouble::WrongKey,
        kind if kind.contains("filter") || kind.contains("refus") || kind.contains("safety") => Trouble::Refused,
        _ => Trouble::Broken,
    };
    let words = words_of(error, key).filter(|_| trouble != Trouble::WrongKey);
    ModelError::new(trouble, words.unwrap_or_else(|| "the provider reports an error".to_owned()))
}

/// The provider's own words about an error, short, in one line and without the key.
fn words_of(body: &Value, key: Option<&ApiKey>) -> Option<String> {
    let body = body.as_array().and_then(|list| list.first()).unwrap_or(body);
    let error = body.get("error").unwrap_or(body);
    let words = error.as_str().or_else(|| error.get("message")?.as_str())?;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = match key {
        Some(ApiKey(key)) if !key.is_empty() => words.replace(key.as_str(), "…"),
        _ => words,
    };
    Some(words.chars().filter(|c| !c.is_control()).take(WORDS).collect())
}
