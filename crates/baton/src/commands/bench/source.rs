//! Answers that a measurement drives: tokens at a steady pace. No configuration can select it.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use ports::models::{ChatModel, ChatRequest, ModelError, Part, Parts};
use tokio::time::MissedTickBehavior;

use crate::world::micros;

/// How an answer is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// A short token each time this long has passed; it never ends by itself.
    Endless(Duration),
    /// So many tokens, each of which says when it was made, and then the end.
    Stamped(Duration, usize),
}

#[async_trait]
impl ChatModel for Source {
    fn name(&self) -> &str {
        "a token source for measurements"
    }

    async fn answer(&self, _: ChatRequest) -> Result<Parts, ModelError> {
        let ticks = |every| {
            let mut ticks = tokio::time::interval(every);
            // A machine that is late makes up for it: the load stays what it is.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
            ticks
        };
        Ok(match *self {
            Self::Endless(every) => stream::unfold(ticks(every), |mut ticks| async move {
                ticks.tick().await;
                Some((Ok(Part::Text("a ".to_owned())), ticks))
            })
            .boxed(),
            Self::Stamped(every, tokens) => stream::unfold((ticks(every), tokens), |(mut ticks, left)| async move {
                let left = left.checked_sub(1)?;
                ticks.tick().await;
                Some((Ok(Part::Text(format!("{} ", micros()))), (ticks, left)))
            })
            .boxed(),
        })
    }
}
