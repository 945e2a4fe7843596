//! A workspace with a past: conversations in all states, with as many messages in each as people write.

use anyhow::bail;
use app::auth::KeyTerms;
use domain::{
    ConversationId,
    conversation::{Actor, Event, Reason},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use ports::{
    Scope,
    content::Content,
    conversations::{Held, Unit, UnitOutcome, Write},
    world::Clock,
};

use super::prepare::{self, AT_A_TIME};
use crate::{config::Data, node::Node, world::SystemClock};

/// Messages of each conversation.
const MESSAGES: usize = 4;
/// Conversations filled between two looks at how far it is.
const STRIDE: usize = 10_000;
/// One conversation of so many waits for a person ...
const WAITING: usize = 1_000;
/// ... and of so many is resolved: the past is long, the present is short.
const NOT_RESOLVED: usize = 10;
/// A word that one message in a thousand holds, and one that every tenth does.
pub(super) const RARE: (&str, usize) = ("lighthouse", 1_000);
pub(super) const COMMON: (&str, usize) = ("delivery", 10);

/// Fills an empty database; gives the key of its owner.
pub(super) async fn fill(data: &Data, conversations: usize) -> anyhow::Result<String> {
    let node = Node::open(data).await?;
    let (scope, person, chatbot) = prepare::found(&node).await?;
    let person = node.baton.directory().person(person).await?;
    let key = node.baton.create_key(&person, "bench", KeyTerms::default()).await?;
    let made = prepare::open(&node, chatbot, conversations).await?;
    for (stride, pairs) in made.chunks(STRIDE).enumerate() {
        let node = &node;
        stream::iter(pairs.iter().enumerate())
            .map(|(number, pair)| past(node, scope, pair.conversation, stride * STRIDE + number))
            .buffer_unordered(AT_A_TIME)
            .try_collect::<()>()
            .await?;
        tracing::info!(filled = stride * STRIDE + pairs.len(), of = conversations, "filling a database");
    }
    node.database.close().await;
    Ok(key)
}

async fn past(node: &Node, scope: Scope, conversation: ConversationId, number: usize) -> anyhow::Result<()> {
    for message in 0..MESSAGES {
        let text = text(number * MESSAGES + message);
        let id = format!("past/{message}");
        written(node, store::bare_message(scope, conversation, id, text, SystemClock.now())).await?;
    }
    let event = if number.is_multiple_of(WAITING) {
        Event::HumanRequested { reason: Reason::Button, hold: false, settles: None, opens: None }
    } else if !number.is_multiple_of(NOT_RESOLVED) {
        Event::Resolved { by: Actor::System }
    } else {
        return Ok(());
    };
    let decide = move |_: Held<'_>| {
        let events = vec![(event, None::<Content>)];
        Ok(Write::of(SystemClock.now(), events))
    };
    written(node, Unit { scope, conversation, once: None, of: None, files: Vec::new(), decide: Box::new(decide) }).await
}

async fn written(node: &Node, unit: Unit) -> anyhow::Result<()> {
    match node.baton.store().execute(unit).await? {
        UnitOutcome::Committed(_) => Ok(()),
        other => bail!("an entry was not written: {other:?}"),
    }
}

/// About twenty words, none of them the rare or the common one but where it is due.
fn text(number: usize) -> String {
    const WORDS: [&str; 16] = [
        "order", "parcel", "account", "colour", "size", "voucher", "shop", "repair", "lamp", "chain", "brake",
        "saddle", "wheel", "return", "price", "stock",
    ];
    let mut random = number as u64;
    let mut words: Vec<&str> = Vec::with_capacity(20);
    for _ in 0..18 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = usize::try_from(random >> 60).unwrap_or_default();
        words.push(WORDS[place]);
    }
    for (word, every) in [RARE, COMMON] {
        if number.is_multiple_of(every) {
            words.push(word);
        }
    }
    words.join(" ")
}
