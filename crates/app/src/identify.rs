//! Websites say who a visitor is, and may prove it: then the same person's chat opens on every device.

use std::net::IpAddr;

use domain::{
    ChatbotId, ConversationId, Millis,
    embed::Place,
    identity::{Identity, signed_text},
    text,
};
use hmac::{Hmac, KeyInit, Mac};
use ports::{
    conversations::{KnownVisitor, VisitorFacts},
    jobs::{NewJob, Task},
};
use sha2::Sha256;

use crate::{
    Baton,
    auth::{Staff, digest},
    directory::Profile,
    error::{AppError, Result, field},
    limiter::Door,
    visitor::{VisitorGrant, own},
};

/// What a signing secret begins with, so that people and scanners recognise it.
const SECRET_PREFIX: &str = "bs_";

/// What a website says of a visitor.
#[derive(Debug, Clone, Default)]
pub struct Introduction {
    /// Who it is.
    pub identity: Identity,
    /// Its proof, if it gave one.
    pub proof: Option<Proof>,
}

/// A website's signature of an id.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Until when it counts, in Unix seconds.
    pub expires: i64,
    /// HMAC-SHA256 as hexadecimal digits.
    pub signature: String,
}

/// What came of an introduction.
#[derive(Debug, Clone)]
pub struct Identified {
    /// The id was proved.
    pub verified: bool,
    /// The chat of the person, when it is another one than the caller's.
    pub grant: Option<VisitorGrant>,
}

/// An introduction after it was checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checked {
    identity: Identity,
    /// The id, when it was proved.
    proved: Option<String>,
}

fn purpose(chatbot: ChatbotId) -> String {
    format!("signing secret of {chatbot}")
}

impl Checked {
    pub(crate) fn proved(&self) -> Option<&str> {
        self.proved.as_deref()
    }

    /// What is known of the visitor after this. An unproved word changes nothing about a person who was proved, and an
    /// address that the visitor left stays until another one is named.
    pub(crate) fn added_to(self, facts: VisitorFacts) -> VisitorFacts {
        let verified = self.proved.is_some();
        if facts.verified && !verified {
            return facts;
        }
        let Identity { id, name, email, attributes } = self.identity;
        VisitorFacts {
            name: name.or(facts.name),
            email: email.or(facts.email),
            external_id: id.or(facts.external_id),
            attributes: if attributes.is_empty() { facts.attributes } else { attributes },
            verified,
            ..facts
        }
    }
}

impl Baton {
    /// Makes a new secret for a chatbot's website to sign with, and returns it: it is shown this once. Signatures of the
    /// one before stop working.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn make_signing_secret(&self, staff: &Staff, chatbot: ChatbotId) -> Result<(String, Millis)> {
        self.administered(staff, chatbot).await?;
        let secret = self.secret(SECRET_PREFIX);
        let now = self.clock.now();
        let sealed = self.vault.seal(&purpose(chatbot), secret.as_bytes())?;
        self.store.set_signing_secret(staff.scope(), chatbot, sealed, now).await?;
        self.directory.forget_chatbot(chatbot).await;
        Ok((secret, now))
    }

    /// A website says who its visitor is. `current` is the visitor that the page has already.
    ///
    /// # Errors
    /// The field at fault, [`AppError::WrongSignature`], [`AppError::SignatureExpired`], [`AppError::NoSigningSecret`];
    /// why the chatbot is not open to the caller.
    pub async fn identify(
        &self,
        chatbot: ChatbotId,
        introduction: Introduction,
        current: Option<KnownVisitor>,
        address: IpAddr,
        place: &Place,
    ) -> Result<Identified> {
        self.limiter.door(Door::NewVisitor, address)?;
        // A token of another chatbot says nothing here.
        let current = current.filter(|visitor| visitor.chatbot == chatbot);
        self.may_visit(chatbot, current.as_ref().and_then(|visitor| visitor.facts.collaborator), place).await?;
        let profile = self.directory.profile(chatbot).await?;
        let checked = self.checked(&profile, introduction)?;
        if current.as_ref().is_some_and(|visitor| visitor.rehearsal_of.is_some()) {
            // Whoever plays a visitor becomes nobody's chat by it, and gets nobody's.
            return Ok(Identified { verified: false, grant: None });
        }
        let Some(id) = checked.proved().map(str::to_owned) else {
            if let Some(visitor) = current {
                self.note(&visitor, checked).await?;
            }
            return Ok(Identified { verified: false, grant: None });
        };
        let scope = profile.chatbot.scope;
        if let Some(visitor) = current {
            let now = self.clock.now();
            if visitor.facts.verified && visitor.facts.external_id.as_deref() == Some(id.as_str()) {
                self.note(&visitor, checked).await?;
                return Ok(Identified { verified: true, grant: None });
            }
            // Nobody was proved to be behind this chat yet, and this person has none: it becomes theirs, and theirs
            // alone. Whoever knew its token before could be somebody else at this computer.
            if !visitor.facts.verified && self.store.bind_identity(scope, visitor.visitor, &id, now).await? {
                self.note(&visitor, checked).await?;
                let token = self.visitor_token();
                self.store.replace_tokens(scope, visitor.visitor, digest(&token)).await?;
                let grant = VisitorGrant { token, conversation: visitor.conversation };
                return Ok(Identified { verified: true, grant: Some(grant) });
            }
            // Somebody else is at this device now: their chat, or a new one.
            let facts = VisitorFacts {
                language: visitor.facts.language,
                page: visitor.facts.page,
                device: visitor.facts.device,
                ..VisitorFacts::default()
            };
            let grant = match self.known_again(&profile, &checked).await? {
                Some(grant) => grant,
                None => self.open_chat(&profile, checked.added_to(facts), Some(&id)).await?,
            };
            return Ok(Identified { verified: true, grant: Some(grant) });
        }
        Ok(Identified { verified: true, grant: self.known_again(&profile, &checked).await? })
    }

    /// The visitor leaves an e-mail address.
    ///
    /// # Errors
    /// The field at fault, [`AppError::NotFound`] for somebody else's conversation, [`AppError::RateLimited`].
    pub async fn leave_email(&self, visitor: &KnownVisitor, conversation: ConversationId, email: &str) -> Result<()> {
        own(visitor, conversation)?;
        let profile = self.directory.profile(visitor.chatbot).await?;
        self.limiter.message(visitor.visitor, &profile.chatbot.settings.message_limit)?;
        let email = field("email", text::email(email))?;
        let is_news = visitor.facts.email.as_ref() != Some(&email);
        let job = if is_news { self.webhook_job(visitor.scope).await? } else { None };
        let task = Task::TellOfLead { conversation };
        let told = job.map(|id| NewJob { id, task, run_at: self.clock.now(), lease: None });
        // What a person wrote before, and what an address that was wrong refused, goes to this one.
        let mailed = if is_news { self.mailing_to_new_address(visitor, &profile).await? } else { None };
        let change = move |facts| VisitorFacts { email: Some(email), ..facts };
        let jobs = told.into_iter().chain(mailed).collect();
        self.store.change_facts(visitor.scope, visitor.visitor, Box::new(change), jobs).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Checks what a website says, and its proof.
    pub(crate) fn checked(&self, profile: &Profile, introduction: Introduction) -> Result<Checked> {
        let identity = introduction.identity.validated().map_err(|(at, cause)| AppError::invalid(at, cause))?;
        let proved = match introduction.proof {
            None => None,
            Some(proof) => {
                let id = identity.id.clone().ok_or_else(|| AppError::invalid("identity.id", "is what is signed"))?;
                self.verify(profile, &id, &proof)?;
                Some(id)
            }
        };
        Ok(Checked { identity, proved })
    }

    fn verify(&self, profile: &Profile, id: &str, proof: &Proof) -> Result<()> {
        let chatbot = profile.chatbot.id;
        let secret = profile.signing.as_ref().ok_or(AppError::NoSigningSecret)?;
        let key = self.vault.open(&purpose(chatbot), &secret.sealed)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| AppError::WrongSignature)?;
        mac.update(signed_text(chatbot, proof.expires, id).as_bytes());
        let signature = hex(&proof.signature).ok_or(AppError::WrongSignature)?;
        mac.verify_slice(&signature).map_err(|_| AppError::WrongSignature)?;
        if proof.expires.saturating_mul(1_000) < self.clock.now().0 {
            return Err(AppError::SignatureExpired);
        }
        Ok(())
    }

    /// A token for the chat that a proved person has already, with what is known now.
    pub(crate) async fn known_again(&self, profile: &Profile, checked: &Checked) -> Result<Option<VisitorGrant>> {
        let Some(id) = checked.proved() else { return Ok(None) };
        let scope = profile.chatbot.scope;
        let Some(known) = self.store.identified(scope, profile.chatbot.id, id).await? else { return Ok(None) };
        let token = self.visitor_token();
        self.store.add_token(scope, known.visitor, digest(&token), self.clock.now()).await?;
        self.note(&known, checked.clone()).await?;
        Ok(Some(VisitorGrant { token, conversation: known.conversation }))
    }

    async fn note(&self, visitor: &KnownVisitor, checked: Checked) -> Result<()> {
        let change = move |facts| checked.added_to(facts);
        self.store.change_facts(visitor.scope, visitor.visitor, Box::new(change), Vec::new()).await?;
        Ok(())
    }
}

/// Bytes of hexadecimal digits.
fn hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
