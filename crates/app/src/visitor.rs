//! What a visitor does: comes, writes, asks for a person, goes on with the assistant, ends the live chat.

use std::net::IpAddr;

use domain::{
    ChatbotId, ConversationId, VisitorId,
    conversation::{Actor, Command, Reason},
    embed::Place,
    text,
};
use ports::conversations::{KnownVisitor, NewConversation, NewRehearsal, ReadMark, VisitorFacts};

use crate::{
    Baton,
    act::{Acted, Target, once},
    auth::{Staff, digest},
    compose::{Said, Texts},
    directory::Profile,
    error::{AppError, Result},
    identify::Introduction,
    limiter::Door,
};

/// Under this name a visitor's `client_id`s are remembered, and their files.
pub(crate) const AUTHOR: &str = "visitor";
/// Longest fact about a visitor's browser, in characters.
const FACT_CHARS: usize = 300;

/// What a visitor can do besides writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitorAction {
    /// `Talk to a person`.
    RequestHuman,
    /// `Continue with the assistant`.
    CancelRequest,
    /// `End chat`.
    EndLiveChat,
}

impl VisitorAction {
    fn name(self) -> &'static str {
        match self {
            Self::RequestHuman => "request_human",
            Self::CancelRequest => "cancel_request",
            Self::EndLiveChat => "end_live_chat",
        }
    }
}

/// A new visitor: what the page keeps.
#[derive(Debug, Clone)]
pub struct VisitorGrant {
    /// The secret. Shown once.
    pub token: String,
    /// The first conversation.
    pub conversation: ConversationId,
}

/// A fact about a visitor's browser, as long as it may be; nothing when there is nothing in it.
pub(crate) fn short(fact: Option<String>) -> Option<String> {
    fact.map(|fact| text::excerpt(&fact, FACT_CHARS)).filter(|fact| !fact.is_empty())
}

/// A token opens that visitor's own conversation; an id opens nothing.
pub(crate) fn own(visitor: &KnownVisitor, conversation: ConversationId) -> Result<()> {
    if conversation == visitor.conversation { Ok(()) } else { Err(AppError::NotFound) }
}

pub(crate) fn target(visitor: &KnownVisitor, conversation: ConversationId) -> Result<Target> {
    own(visitor, conversation)?;
    Ok(Target { scope: visitor.scope, conversation, chatbot: visitor.chatbot })
}

impl Baton {
    /// Makes a visitor with an empty conversation; or, for a person whom the website has proved to be somebody who was
    /// here, gives a token for their chat. A private chatbot lets collaborators in only.
    ///
    /// # Errors
    /// What [`Self::identify`] refuses;
    /// [`AppError::NotFound`], [`AppError::SignInRequired`], [`AppError::EmbedOnly`], [`AppError::OriginNotAllowed`],
    /// [`AppError::RateLimited`].
    pub async fn welcome(
        &self,
        chatbot: ChatbotId,
        facts: VisitorFacts,
        staff: Option<&Staff>,
        introduction: Introduction,
        address: IpAddr,
        place: &Place,
    ) -> Result<VisitorGrant> {
        self.limiter.door(Door::NewVisitor, address)?;
        let collaborator = staff.map(Staff::id);
        self.may_visit(chatbot, collaborator, place).await?;
        let profile = self.directory.profile(chatbot).await?;
        let facts = VisitorFacts {
            name: short(facts.name),
            language: short(facts.language),
            page: short(facts.page),
            referrer: short(facts.referrer),
            device: short(facts.device),
            collaborator,
            ..VisitorFacts::default()
        };
        let checked = self.checked(&profile, introduction)?;
        if let Some(grant) = self.known_again(&profile, &checked).await? {
            return Ok(grant);
        }
        let proved = checked.proved().map(str::to_owned);
        self.open_chat(&profile, checked.added_to(facts), proved.as_deref()).await
    }

    /// Makes a visitor with an empty conversation. `proved` is the website's id of the person.
    pub(crate) async fn open_chat(
        &self,
        profile: &Profile,
        facts: VisitorFacts,
        proved: Option<&str>,
    ) -> Result<VisitorGrant> {
        let (grant, visitor) = self.open_chat_as(profile, facts, |_| None).await?;
        if let Some(id) = proved {
            // Another device of the same person may have been faster: then this chat stays one of this device alone.
            self.store.bind_identity(profile.chatbot.scope, visitor, id, self.clock.now()).await?;
        }
        Ok(grant)
    }

    /// The same for nobody in particular; `rehearsal` says what makes the conversation one, if it is to be one.
    pub(crate) async fn open_chat_as(
        &self,
        profile: &Profile,
        facts: VisitorFacts,
        rehearsal: impl FnOnce(ConversationId) -> Option<NewRehearsal>,
    ) -> Result<(VisitorGrant, VisitorId)> {
        let token = self.visitor_token();
        let now = self.clock.now();
        let conversation = ConversationId::new(self.entropy.id(now));
        let visitor = VisitorId::new(self.entropy.id(now));
        let (chatbot, scope) = (profile.chatbot.id, profile.chatbot.scope);
        let token_hash = digest(&token);
        let rehearsal = rehearsal(conversation);
        let new = NewConversation { id: conversation, chatbot, visitor, token_hash, facts, rehearsal, at: now };
        self.store.open(scope, new).await?;
        Ok((VisitorGrant { token, conversation }, visitor))
    }

    /// A message of the visitor: one transaction holds it and the question to the AI.
    ///
    /// # Errors
    /// The field at fault, [`AppError::RateLimited`] with the chatbot's own text, [`AppError::ClientIdReused`].
    pub async fn receive_message(
        &self,
        visitor: &KnownVisitor,
        conversation: ConversationId,
        client_id: &str,
        said: impl Into<Said>,
    ) -> Result<Acted> {
        let target = target(visitor, conversation)?;
        let said = said.into().checked()?;
        let once = once(AUTHOR, client_id, &said.digested("message"))?;
        let profile = self.directory.profile(visitor.chatbot).await?;
        self.limiter.message(visitor.visitor, &profile.chatbot.settings.message_limit)?;
        let texts = Texts { message: Some(said.text), files: (said.files, AUTHOR.to_owned()), ..Texts::default() };
        self.act(target, Command::VisitorWrites, texts, Some(once)).await
    }

    /// A message of the visitor that came by mail. How many may come is limited where mail comes in.
    pub(crate) async fn receive_mailed(&self, visitor: &KnownVisitor, key: &str, said: Said) -> Result<Acted> {
        let target = target(visitor, visitor.conversation)?;
        let said = said.checked()?;
        let once = once(AUTHOR, &format!("mail-{key}"), &said.digested("mail"))?;
        let files = (said.files, AUTHOR.to_owned());
        let texts = Texts { message: Some(said.text), files, by_mail: true, ..Texts::default() };
        self.act(target, Command::VisitorWrites, texts, Some(once)).await
    }

    /// Something else that the visitor does. Under the caller's own id it is done once.
    ///
    /// # Errors
    /// A refusal, [`AppError::ClientIdReused`], or a fault of the database.
    pub async fn visitor_acts(
        &self,
        visitor: &KnownVisitor,
        conversation: ConversationId,
        client_id: Option<&str>,
        action: VisitorAction,
    ) -> Result<Acted> {
        let target = target(visitor, conversation)?;
        let once = client_id.map(|id| once(AUTHOR, id, &[action.name()])).transpose()?;
        let profile = self.directory.profile(visitor.chatbot).await?;
        self.limiter.message(visitor.visitor, &profile.chatbot.settings.message_limit)?;
        let (command, texts) = match action {
            VisitorAction::RequestHuman => {
                (Command::RequestHuman { by: Actor::Visitor, reason: Reason::Button }, Texts::default())
            }
            VisitorAction::CancelRequest => (Command::CancelRequest, Texts::default()),
            VisitorAction::EndLiveChat => (Command::VisitorEndsLiveChat, self.end_texts(target).await?),
        };
        let acted = self.act(target, command, texts, once).await?;
        tracing::debug!(%conversation, action = action.name(), "visitor acted");
        Ok(acted)
    }

    /// The end announcement names the person who was there.
    async fn end_texts(&self, target: Target) -> Result<Texts> {
        let row = self.store.row(target.scope, target.conversation).await?;
        let name = match row.state.participants().first() {
            Some(&person) => self.directory.person(person).await.ok().map(|person| person.name.clone()),
            None => None,
        };
        Ok(Texts { name, ..Texts::default() })
    }

    /// The visitor has seen everything up to here.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody else's conversation.
    pub async fn visitor_read(
        &self,
        visitor: &KnownVisitor,
        conversation: ConversationId,
        visitor_seq: i64,
    ) -> Result<()> {
        let target = target(visitor, conversation)?;
        Ok(self.store.mark_read(target.scope, conversation, ReadMark::Visitor(visitor_seq)).await?)
    }
}
