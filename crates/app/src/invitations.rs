//! Invitations: made by an admin, shown to whoever has the link, accepted once.

use std::sync::Arc;

use domain::{
    ChatbotId, Millis, PersonId, limits,
    person::Role,
    team::{self, LinkState},
    text,
};
use ports::{
    accounts::{NewPerson, Person},
    jobs::{NewJob, Task},
    requests::Creation,
    team::{Accepted, Guest, Invitation, NewInvitation},
};
use uuid::Uuid;

use crate::{
    Baton,
    auth::{Browser, SignedIn, Staff, Via, digest},
    error::{AppError, Result, field},
    limiter::Door,
};

/// What the secret in a link to an invitation begins with.
const PREFIX: &str = "bi_";

/// Whom to invite, and to what.
#[derive(Debug, Clone)]
pub struct InvitationDraft {
    /// The address.
    pub email: String,
    /// The role that is offered.
    pub role: Role,
    /// For the whole workspace, not only for the chatbot at hand.
    pub everywhere: bool,
}

/// What whoever opens a link sees.
#[derive(Debug, Clone)]
pub struct InvitationShown {
    /// The invitation.
    pub invitation: Invitation,
    /// Who invites.
    pub inviter: Arc<Person>,
    /// Name of the workspace.
    pub workspace: String,
    /// Name of the chatbot, when it is for one.
    pub chatbot: Option<String>,
    /// Somebody with this address has an account: they sign in instead of making one.
    pub has_account: bool,
}

impl Baton {
    /// Invites somebody to a chatbot, or to the whole workspace. The secret for the link is given once; a repeated call
    /// gets the invitation without it.
    ///
    /// # Errors
    /// [`AppError::Denied`] for a role above one's own, [`AppError::Exists`] when that person is here already, or the
    /// field at fault.
    pub async fn invite(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        draft: InvitationDraft,
        key: Option<&str>,
    ) -> Result<(Invitation, Option<String>)> {
        self.chatbot(staff, chatbot).await?;
        let InvitationDraft { email, role, everywhere } = draft;
        let own = if everywhere { staff.workspace_role() } else { staff.role_for(chatbot) };
        team::may_give(own, role)?;
        let email = field("email", text::email(&email))?;
        let (scope, now) = (staff.scope(), self.clock.now());
        let place = (!everywhere).then_some(chatbot);
        self.is_not_here(staff, place, &email).await?;
        if self.store.count_invitations(scope, now).await? >= limits::OPEN_INVITATIONS {
            let most = format!("must be at most {} at the same time: revoke some first", limits::OPEN_INVITATIONS);
            return Err(AppError::invalid("invitations", most));
        }
        let body = [email.as_str(), role.name(), if everywhere { "workspace" } else { "chatbot" }];
        let key = key.map(|key| staff.request_key(format!("chatbots/{chatbot}/invitations"), key, &body, now));
        let (secret, id) = (self.secret(PREFIX), self.entropy.id(now));
        let new = NewInvitation {
            id,
            chatbot: place,
            email,
            role,
            inviter: staff.id(),
            token_hash: digest(&secret),
            at: now,
            until: now.plus(team::INVITATION_MS),
        };
        let mail = || NewJob {
            id: self.entropy.id(now),
            task: Task::MailInvitation { invitation: id },
            run_at: now,
            lease: None,
        };
        let job = self.sends_mail().then(mail);
        match self.store.invite(scope, new, job, key.transpose()?).await? {
            Creation::Made => {
                self.turns.nudge();
                Ok((self.store.invitation(scope, id).await?, Some(secret)))
            }
            Creation::MadeBefore(before) => Ok((self.store.invitation(scope, before).await?, None)),
            Creation::KeyReused => Err(AppError::KeyReused),
        }
    }

    /// Whoever has a role in a place already is not invited to it: the role is changed instead.
    async fn is_not_here(&self, staff: &Staff, place: Option<ChatbotId>, email: &str) -> Result<()> {
        let Some(known) = self.store.credentials(email).await? else { return Ok(()) };
        let person = self.store.person(known.person).await?;
        let here = person.filter(|person| person.scope == staff.scope()).is_some_and(|person| match place {
            Some(chatbot) => person.role.is_some() || person.membership(chatbot).is_some(),
            None => person.role.is_some(),
        });
        if here { Err(AppError::Exists("a collaborator with this address")) } else { Ok(()) }
    }

    /// Open invitations that concern a chatbot, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    pub async fn invitations(
        &self,
        staff: &Staff,
        chatbot: ChatbotId,
        before: Option<(Millis, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Invitation>> {
        self.administered(staff, chatbot).await?;
        Ok(self.store.invitations(staff.scope(), chatbot, before, limit, self.clock.now()).await?)
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Denied`] when one could not have made it, [`AppError::Link`] when it was used.
    pub async fn revoke_invitation(&self, staff: &Staff, chatbot: ChatbotId, id: Uuid) -> Result<()> {
        self.chatbot(staff, chatbot).await?;
        let (scope, now) = (staff.scope(), self.clock.now());
        let invitation = self.store.invitation(scope, id).await?;
        let own = match invitation.chatbot {
            Some(other) if other != chatbot => return Err(AppError::NotFound),
            Some(chatbot) => staff.role_for(chatbot),
            None => staff.workspace_role(),
        };
        team::may_give(own, invitation.role)?;
        if invitation.used {
            return Err(AppError::Link(LinkState::Used));
        }
        Ok(self.store.revoke_invitation(scope, id, now).await?)
    }

    /// What an invitation offers. Looking at it changes nothing.
    ///
    /// # Errors
    /// [`AppError::LinkUnknown`], [`AppError::Link`], [`AppError::RateLimited`].
    pub async fn open_invitation(&self, secret: &str, browser: &Browser) -> Result<InvitationShown> {
        self.limiter.door(Door::Link, browser.address)?;
        let invitation = self.invitation_of(secret).await?;
        let inviter = self.directory.person(invitation.inviter).await?;
        let chatbot = match invitation.chatbot {
            Some(id) => Some(self.directory.profile(id).await?.chatbot.settings.name.clone()),
            None => None,
        };
        let workspace = self.store.workspace_name(invitation.scope).await?;
        let has_account = self.store.credentials(&invitation.email).await?.is_some();
        Ok(InvitationShown { invitation, inviter, workspace, chatbot, has_account })
    }

    async fn invitation_of(&self, secret: &str) -> Result<Invitation> {
        let found = self.store.invitation_by_link(digest(secret)).await?.ok_or(AppError::LinkUnknown)?;
        match found.state(self.clock.now()) {
            LinkState::Open => Ok(found),
            over => Err(AppError::Link(over)),
        }
    }

    /// Accepts an invitation as somebody new, and signs them in.
    ///
    /// # Errors
    /// [`AppError::LinkUnknown`], [`AppError::Link`], [`AppError::AddressTaken`], or the field at fault.
    pub async fn join(&self, secret: &str, name: &str, password: &str, browser: &Browser) -> Result<SignedIn> {
        self.limiter.door(Door::Link, browser.address)?;
        let name = field("name", text::line(name, limits::NAME_CHARS))?;
        field("password", text::password(password))?;
        // Before the password is hashed: that costs, and a made-up link shall not.
        let invitation = self.invitation_of(secret).await?;
        let now = self.clock.now();
        let new = NewPerson {
            id: PersonId::new(self.entropy.id(now)),
            email: invitation.email,
            name,
            password_hash: self.passwords.hash(password).await?,
            role: None,
            at: now,
        };
        let person = self.accepted(secret, Guest::New(new)).await?;
        self.start_session(person, browser).await
    }

    /// Accepts an invitation as somebody who is signed in.
    ///
    /// # Errors
    /// [`AppError::LinkUnknown`], [`AppError::Link`], [`AppError::LinkForAnother`]; [`AppError::Forbidden`] with an API
    /// key, which has a role of its own.
    pub async fn join_as(&self, staff: &Staff, secret: &str) -> Result<()> {
        if !matches!(staff.via, Via::Session { .. }) {
            return Err(AppError::Forbidden);
        }
        self.accepted(secret, Guest::Known(staff.id())).await.map(drop)
    }

    async fn accepted(&self, secret: &str, guest: Guest) -> Result<PersonId> {
        let hash = digest(secret);
        let person = match self.store.accept(hash, guest, self.clock.now()).await? {
            Accepted::Done(person) => person,
            Accepted::Unknown => return Err(AppError::LinkUnknown),
            Accepted::Over(state) => return Err(AppError::Link(state)),
            Accepted::ForAnother => return Err(AppError::LinkForAnother),
            Accepted::AddressTaken => return Err(AppError::AddressTaken),
        };
        if let Some(known) = self.store.person(person).await? {
            self.rights_changed(known.scope, person).await;
        }
        Ok(person)
    }
}
