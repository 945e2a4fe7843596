//! A visitor rates a live chat that is over.

use domain::{
    ConversationId, PersonId,
    conversation::{Command, Event},
    rating::{COMMENT_CHARS, Ended, Score},
    text,
};
use ports::conversations::{KnownVisitor, LogRange, Logged};

use crate::{
    Baton,
    act::{Acted, Target, once},
    compose::Texts,
    error::{AppError, Result, field},
    visitor::{AUTHOR, target},
};

/// Entries of a live chat that are looked through for the person who was there, from its end backwards.
const LOOKED_THROUGH: u32 = 500;

impl Baton {
    /// What the visitor thinks of a live chat that is over, by the number under which they see its end. Under the caller's own
    /// id it is done once; a later one replaces it.
    ///
    /// # Errors
    /// `nothing_to_rate`, the field at fault, [`AppError::RateLimited`], [`AppError::ClientIdReused`].
    pub async fn rate(
        &self,
        visitor: &KnownVisitor,
        conversation: ConversationId,
        client_id: Option<&str>,
        of: i64,
        score: u8,
        comment: &str,
    ) -> Result<Acted> {
        let target = target(visitor, conversation)?;
        let score = field("score", Score::try_from(score))?;
        let comment = field("comment", text::optional(comment, COMMENT_CHARS))?;
        let what = ["rate", &of.to_string(), &score.get().to_string(), &comment].map(str::to_owned);
        let once = client_id.map(|id| once(AUTHOR, id, &what)).transpose()?;
        let profile = self.directory.profile(visitor.chatbot).await?;
        self.limiter.message(visitor.visitor, &profile.chatbot.settings.message_limit)?;
        let ended = self.ended(target, of).await?;
        let texts = Texts { message: Some(comment).filter(|comment| !comment.is_empty()), ..Texts::default() };
        self.act(target, Command::Rate { ended, score }, texts, once).await
    }

    /// The live chat that ended where the visitor sees the entry `of`, and who was there last.
    async fn ended(&self, target: Target, of: i64) -> Result<Option<(Ended, PersonId)>> {
        if of < 1 {
            return Err(AppError::invalid("of", "is the number of an event"));
        }
        let range = LogRange { after: of - 1, before: None, visitor: true, limit: 1 };
        let log = self.store.log(target.scope, target.conversation, range).await?;
        let at = log.iter().find(|logged| logged.entry.visitor_seq == Some(of));
        let Some(ended) = at.and_then(|logged| Ended::of(&logged.entry)) else { return Ok(None) };
        let range = LogRange { after: 0, before: Some(ended.seq), visitor: false, limit: LOOKED_THROUGH };
        let before = self.store.log(target.scope, target.conversation, range).await?;
        Ok(last_person(&before).map(|person| (ended, person)))
    }
}

/// Who wrote last, or took over last, in the chat that ends here.
fn last_person(log: &[Logged]) -> Option<PersonId> {
    log.iter().rev().map(|logged| &logged.entry).take_while(|entry| Ended::of(entry).is_none()).find_map(|entry| {
        match entry.event {
            Event::PersonWrote { person } | Event::TakenOver { person } => Some(person),
            _ => None,
        }
    })
}
