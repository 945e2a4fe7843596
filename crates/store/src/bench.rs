//! The floor that `baton bench` measures against.

use domain::{
    ConversationId, Millis,
    conversation::{Asks, Event},
};
use ports::{
    Scope,
    content::Content,
    conversations::{Held, Once, Unit, Write},
};

/// The very statements of a visitor's message in a live chat, without a rule: for `Conversations::execute`.
pub fn bare_message(scope: Scope, conversation: ConversationId, client_id: String, text: String, now: Millis) -> Unit {
    let once = Once { author: "visitor".into(), fingerprint: client_id.clone(), client_id };
    let decide = move |_: Held<'_>| {
        let content = Content::Text { text: text.clone() };
        let events = vec![(Event::VisitorWrote { asks: Asks::Nobody }, Some(content))];
        Ok(Write::of(now, events))
    };
    Unit { scope, conversation, once: Some(once), of: None, files: Vec::new(), decide: Box::new(decide) }
}
