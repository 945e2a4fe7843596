//! Who is calling. The only place that grants a scope.

use std::{net::IpAddr, sync::Arc};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    ChatbotId, Millis, PersonId,
    embed::Place,
    person::{Collaborator, Role},
};
use ports::{
    Scope,
    accounts::{KeyEntry, NewKey, NewSession, Person},
    conversations::KnownVisitor,
    requests::RequestKey,
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    Baton,
    act::{fingerprint, own_id},
    error::{AppError, Result},
    limiter::Door,
};

/// How long a sign-in lasts.
const SESSION_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// How often it is noted that a session is used, at most: 5 minutes.
const SEEN_MS: i64 = 5 * 60 * 1_000;
/// Longest description of a browser, in characters.
const DEVICE_CHARS: usize = 80;
/// What an API key begins with, so that people and scanners recognise it.
const KEY_PREFIX: &str = "bk_";
/// What a visitor's token begins with.
const VISITOR_PREFIX: &str = "bv_";

/// What an API key may do, and for how long.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyTerms {
    /// Its role; nothing means the person's.
    pub role: Option<Role>,
    /// Only for this chatbot.
    pub chatbot: Option<ChatbotId>,
    /// It ends after so many days; nothing means that it does not end by itself.
    pub days: Option<u32>,
}

/// A signed-in collaborator.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The person.
    pub person: Arc<Person>,
    /// How they came in.
    pub via: Via,
}

/// How a collaborator came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By the session of a browser.
    Session {
        /// SHA-256 of the cookie's secret.
        token_hash: [u8; 32],
    },
    /// By an API key, which may do less than the person.
    Key {
        /// Its id.
        id: Uuid,
        /// SHA-256 of the key.
        token_hash: [u8; 32],
        /// Its role.
        role: Role,
        /// Only for this chatbot.
        chatbot: Option<ChatbotId>,
    },
}

impl Staff {
    /// The workspace.
    pub fn scope(&self) -> Scope {
        self.person.scope
    }

    /// The person's id.
    pub fn id(&self) -> PersonId {
        self.person.id
    }

    /// The role that counts for a chatbot: the person's, no more than the key's.
    pub fn role_for(&self, chatbot: ChatbotId) -> Option<Role> {
        let own = self.person.role_for(chatbot)?;
        match self.via {
            Via::Session { .. } => Some(own),
            Via::Key { chatbot: Some(only), .. } if only != chatbot => None,
            Via::Key { role, .. } => Some(own.min(role)),
        }
    }

    /// Whether the person may do something else than before.
    pub fn rights_differ(&self, before: &Self) -> bool {
        self.person.role != before.person.role || self.person.memberships != before.person.memberships
    }

    /// Who acts on a conversation of a chatbot. Whoever has no role there does not learn that it exists.
    pub(crate) fn collaborator(&self, chatbot: ChatbotId) -> Result<Collaborator> {
        let role = self.role_for(chatbot).ok_or(AppError::NotFound)?;
        Ok(Collaborator { id: self.id(), role })
    }

    /// Whether they may answer visitors of any chatbot: who may, may have tools of their own for it.
    pub(crate) fn may_answer_anywhere(&self) -> bool {
        let anywhere = self.person.role.into_iter().chain(self.person.memberships.iter().map(|(_, role)| *role)).max();
        let capped = match self.via {
            Via::Session { .. } => anywhere,
            Via::Key { role, .. } => anywhere.map(|own| own.min(role)),
        };
        capped.is_some_and(Role::may_answer)
    }

    /// Only admins and owners of the whole workspace change what is everybody's.
    pub(crate) fn administers_workspace(&self) -> Result<()> {
        let capped = match self.via {
            Via::Session { .. } => self.person.role,
            Via::Key { chatbot: Some(_), .. } => None,
            Via::Key { role, .. } => self.person.role.map(|own| own.min(role)),
        };
        if capped.is_some_and(Role::may_administer) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// Whose an `Idempotency-Key` is: two keys of one person, or a key and a browser, do not meet.
    pub(crate) fn credential(&self) -> String {
        match self.via {
            Via::Session { .. } => format!("person:{}", self.id()),
            Via::Key { id, .. } => format!("key:{id}"),
        }
    }

    /// A call that is to make something once.
    ///
    /// `route` says what is made and where; `body` all that makes it what it is.
    pub(crate) fn request_key(&self, route: String, key: &str, body: &[&str], at: Millis) -> Result<RequestKey> {
        own_id("Idempotency-Key", key)?;
        let fingerprint = fingerprint(body);
        Ok(RequestKey { credential: self.credential(), route, key: key.to_owned(), fingerprint, at })
    }

    /// Whether all chatbots of the workspace are theirs to see.
    pub(crate) fn sees_workspace(&self) -> bool {
        self.person.role.is_some() && !matches!(self.via, Via::Key { chatbot: Some(_), .. })
    }
}

/// The browser that is about to be signed in, or that opens a link.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Where it calls from.
    pub address: IpAddr,
    /// Browser and system in words, if they are known.
    pub device: Option<String>,
}

/// A new session: what the browser gets.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The secret for the cookie. Shown once.
    pub secret: String,
    /// Who.
    pub staff: Staff,
}

/// The digest under which a secret is stored.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The token that a page of this session must show with every change (the cookie alone proves nothing: any page can make
/// a browser send it). Derived, so that it needs no storage and ends with the session.
pub fn csrf_token(session_secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&format!("csrf:{session_secret}")))
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

impl Baton {
    pub(crate) fn secret(&self, prefix: &str) -> String {
        format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(self.entropy.secret()))
    }

    /// A new token for a visitor.
    pub(crate) fn visitor_token(&self) -> String {
        self.secret(VISITOR_PREFIX)
    }

    /// Signs a collaborator in.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for an unknown address and a wrong password alike, [`AppError::RateLimited`];
    /// [`AppError::Deactivated`] only for whoever knows the password.
    pub async fn sign_in(&self, email: &str, password: &str, browser: &Browser) -> Result<SignedIn> {
        self.limiter.door(Door::SignIn, browser.address)?;
        let credentials = match domain::text::email(email) {
            Ok(email) => self.store.credentials(&email).await?,
            Err(_) => None,
        };
        let hash = credentials.as_ref().map(|known| known.password_hash.as_str());
        let right =
            password.len() <= domain::limits::PASSWORD_MAX_BYTES && self.passwords.verify(password, hash).await?;
        match credentials.filter(|_| right) {
            Some(known) => self.start_session(known.person, browser).await,
            None => Err(AppError::WrongCredentials),
        }
    }

    pub(crate) async fn start_session(&self, person: PersonId, browser: &Browser) -> Result<SignedIn> {
        let person = self.store.person(person).await?.ok_or(AppError::NotFound)?;
        if !person.active {
            return Err(AppError::Deactivated);
        }
        let secret = self.secret("");
        let now = self.clock.now();
        let token_hash = digest(&secret);
        let session = NewSession {
            id: self.entropy.id(now),
            token_hash,
            person: person.id,
            address: browser.address.to_string(),
            device: browser.device.as_deref().map(|device| domain::text::excerpt(device, DEVICE_CHARS)),
            at: now,
            until: now.plus(SESSION_MS),
        };
        self.store.start_session(session).await?;
        let person = Arc::new(person);
        Ok(SignedIn { secret, staff: Staff { person, via: Via::Session { token_hash } } })
    }

    /// Ends a browser's session.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn sign_out(&self, staff: &Staff) -> Result<()> {
        if let Via::Session { token_hash } = staff.via {
            self.store.end_session(token_hash).await?;
            self.hub.recheck(staff.scope());
        }
        Ok(())
    }

    /// The collaborator of a session's cookie.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`].
    pub async fn staff_by_session(&self, secret: &str, address: IpAddr) -> Result<Staff> {
        let (token_hash, now) = (digest(secret), self.clock.now());
        let known = self.store.session(token_hash, now).await?.ok_or(AppError::Unauthenticated)?;
        if now.since(known.seen_at) >= SEEN_MS
            && let Err(fault) = self.store.touch_session(token_hash, &address.to_string(), now).await
        {
            // Nobody is kept out because it could not be noted that they were here.
            tracing::warn!(error = &fault as &dyn std::error::Error, "a session could not be marked as used");
        }
        Ok(Staff { person: self.directory.person(known.person).await?, via: Via::Session { token_hash } })
    }

    /// Whether a collaborator is still signed in, with today's rights.
    ///
    /// # Errors
    /// [`AppError::Deactivated`], [`AppError::Unauthenticated`].
    pub async fn recheck(&self, staff: &Staff) -> Result<Staff> {
        let now = self.clock.now();
        let known = match staff.via {
            Via::Session { token_hash } => self.store.session(token_hash, now).await?.is_some(),
            Via::Key { token_hash, .. } => self.store.key(token_hash, now).await?.is_some(),
        };
        match self.directory.person(staff.id()).await {
            Ok(person) if !person.active => Err(AppError::Deactivated),
            Ok(person) if known => Ok(Staff { person, via: staff.via }),
            Ok(_) | Err(AppError::NotFound) => Err(AppError::Unauthenticated),
            Err(error) => Err(error),
        }
    }

    /// The collaborator of an API key.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`].
    pub async fn staff_by_key(&self, key: &str) -> Result<Staff> {
        let token_hash = digest(key);
        let known = self.store.key(token_hash, self.clock.now()).await?.ok_or(AppError::Unauthenticated)?;
        let person = self.directory.person(known.person).await.map_err(|_| AppError::Unauthenticated)?;
        Ok(Staff { person, via: Via::Key { id: known.id, token_hash, role: known.role, chatbot: known.chatbot } })
    }

    /// The visitor of a token, who calls from here.
    ///
    /// # Errors
    /// [`AppError::Unauthenticated`], and why the chatbot is not open to them, as [`Self::may_visit`] says.
    pub async fn visitor_by_token(&self, token: &str, place: &Place) -> Result<KnownVisitor> {
        let known = self.store.visitor_by_token(digest(token)).await?.ok_or(AppError::Unauthenticated)?;
        self.may_visit(known.chatbot, known.facts.collaborator, place).await?;
        Ok(known)
    }

    /// Whether a chatbot is open to somebody who calls from here. A token that was made by a collaborator is theirs.
    ///
    /// # Errors
    /// [`AppError::SignInRequired`], [`AppError::EmbedOnly`], [`AppError::OriginNotAllowed`].
    pub(crate) async fn may_visit(
        &self,
        chatbot: ChatbotId,
        collaborator: Option<PersonId>,
        place: &Place,
    ) -> Result<()> {
        let profile = self.directory.profile(chatbot).await?;
        let person = match collaborator {
            Some(id) => self.directory.person(id).await.ok(),
            None => None,
        };
        let member =
            person.is_some_and(|person| person.scope == profile.chatbot.scope && person.role_for(chatbot).is_some());
        Ok(profile.chatbot.settings.admits(place, member)?)
    }

    /// Whether a visitor who is inside may still be: the settings may have changed.
    ///
    /// # Errors
    /// As [`Self::may_visit`]; [`AppError::NotFound`] when it was a rehearsal that is over.
    pub async fn still_welcome(&self, visitor: &KnownVisitor, place: &Place) -> Result<()> {
        if visitor.rehearsal_of.is_some() {
            self.store.row(visitor.scope, visitor.conversation).await?;
        }
        self.may_visit(visitor.chatbot, visitor.facts.collaborator, place).await
    }

    /// Whether an `Authorization: Bearer` value is an API key; otherwise it is a visitor's token.
    pub fn is_api_key(bearer: &str) -> bool {
        bearer.starts_with(KEY_PREFIX)
    }

    /// Makes an API key for a person and returns it: it is shown this once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when the role is above the person's.
    pub async fn create_key(&self, person: &Person, name: &str, terms: KeyTerms) -> Result<String> {
        let KeyTerms { role, chatbot, days } = terms;
        let own = match chatbot {
            Some(chatbot) => person.role_for(chatbot),
            None => person.role.or_else(|| person.memberships.iter().map(|(_, role)| *role).max()),
        };
        let own = own.ok_or(AppError::Forbidden)?;
        let role = role.unwrap_or(own);
        if role > own {
            return Err(AppError::Forbidden);
        }
        let name = crate::error::field("name", domain::text::line(name, domain::limits::NAME_CHARS))?;
        let key = self.secret(KEY_PREFIX);
        let now = self.clock.now();
        let id: Uuid = self.entropy.id(now);
        let until = days.map(|days| now.plus(i64::from(days) * DAY_MS));
        let stored = NewKey { id, token_hash: digest(&key), person: person.id, name, role, chatbot, at: now, until };
        self.store.add_key(person.scope, stored).await?;
        Ok(key)
    }

    /// A page of the workspace's API keys in the order in which they were made, also of those that have ended.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn api_keys(&self, scope: Scope, after: Option<Uuid>, limit: u32) -> Result<Vec<KeyEntry>> {
        Ok(self.store.keys(scope, after, limit).await?)
    }

    /// Revokes an API key. Sockets that were opened with it close at their next heartbeat, and may not write before.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn end_api_key(&self, scope: Scope, id: Uuid) -> Result<()> {
        self.store.end_key(scope, id).await?;
        self.hub.recheck(scope);
        Ok(())
    }

    /// The scope of the only workspace, for the operator who sits at the server.
    ///
    /// # Errors
    /// [`AppError::NotFound`] while there is none.
    pub async fn operator_scope(&self) -> Result<Scope> {
        let workspace = self.store.sole_workspace().await?;
        #[expect(clippy::disallowed_methods, reason = "whoever may run the server's commands may touch its workspace")]
        Ok(Scope::granted(workspace))
    }

    /// Counts a call from an address.
    ///
    /// # Errors
    /// [`AppError::RateLimited`].
    pub fn count(&self, door: Door, address: IpAddr) -> Result<()> {
        self.limiter.door(door, address)
    }
}
