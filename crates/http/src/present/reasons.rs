//! Why a person is wanted, and what an answer rests on.

use api::events;
use domain::conversation::Reason;
use ports::{
    content::{Citation, Content, Made},
    conversations::ReasonText,
};

pub(super) fn reason(text: &ReasonText) -> events::Reason {
    let ReasonText { reason, words, matched, name } = text.clone();
    let words = words.unwrap_or_default();
    match reason {
        Reason::VisitorAsked => events::Reason::VisitorAsked { words, matched },
        Reason::Button => events::Reason::Button,
        Reason::Intent => {
            events::Reason::Intent { name: name.unwrap_or_default(), words, matched: matched.unwrap_or_default() }
        }
        Reason::AiOutput => events::Reason::AiOutput { phrase: name.unwrap_or_default() },
        Reason::NoAnswer => events::Reason::NoAnswer { times: number(name) },
        Reason::Frustration => events::Reason::Frustration,
        Reason::Rule => events::Reason::Rule { name: name.unwrap_or_default() },
        Reason::TurnLimit => events::Reason::TurnLimit { turns: number(name) },
        Reason::AiFailed => events::Reason::AiFailed { model: name, trouble: matched },
        Reason::AiPromised => events::Reason::AiPromised,
        Reason::AiAsked => events::Reason::AiAsked { why: name.unwrap_or_default() },
        Reason::Api => events::Reason::Api,
        Reason::Released => events::Reason::Released,
    }
}

/// A reason that counts keeps its count by its name.
fn number(name: Option<String>) -> u32 {
    name.and_then(|name| name.parse().ok()).unwrap_or_default()
}

pub(super) fn logged_reason(kind: Reason, content: Option<&Content>) -> events::Reason {
    let (words, matched, name) = content.map(Content::of_reason).unwrap_or_default();
    reason(&ReasonText { reason: kind, words, matched, name })
}

pub(super) fn citations(citations: &[Citation]) -> Vec<events::Citation> {
    let wire = |c: &Citation| events::Citation {
        number: c.number,
        title: c.title.clone(),
        heading: c.heading.clone(),
        page: c.page,
        url: c.url.clone(),
        passage: c.passage.clone(),
    };
    citations.iter().map(wire).collect()
}

pub(super) fn made(made: &Made) -> events::Made {
    let tried = made.tried.iter().map(|tried| events::Tried {
        model: tried.model.clone(),
        trouble: tried.trouble.code().to_owned(),
        detail: tried.detail.clone(),
    });
    events::Made {
        model: made.model.clone(),
        input_tokens: made.input,
        output_tokens: made.output,
        cost: made.cost,
        called: made.called.clone(),
        tried: tried.collect(),
    }
}
