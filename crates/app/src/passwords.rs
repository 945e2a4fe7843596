//! Forgotten passwords and new addresses: links that were mailed.

use std::sync::Arc;

use domain::{limits, team::LinkState, text};
use ports::{
    accounts::Person,
    jobs::{NewJob, Task},
    team::LinkUse,
};

use crate::{
    Baton,
    auth::{Browser, Staff, digest},
    error::{AppError, Result, field},
    limiter::Door,
};

/// What comes of changing one's own address.
#[derive(Debug, Clone)]
pub enum AddressChange {
    /// It is changed.
    Done(Arc<Person>),
    /// A mail is on its way to the new address; the old one counts until its link is opened.
    MailSent,
}

impl Baton {
    /// Somebody forgot their password. Whether anybody has the address is found out by the job, so that neither the
    /// answer nor its time tells.
    ///
    /// # Errors
    /// [`AppError::MailOff`], [`AppError::RateLimited`], or the field at fault.
    pub async fn forgot_password(&self, email: &str, browser: &Browser) -> Result<()> {
        self.limiter.door(Door::Mail, browser.address)?;
        if !self.sends_mail() {
            return Err(AppError::MailOff);
        }
        let email = field("email", text::email(email))?;
        let scope = self.operator_scope().await?;
        self.store.add_job(scope, self.mail_job(Task::MailPasswordLink { email })).await?;
        self.turns.nudge();
        Ok(())
    }

    /// Whether a link for a password or an address can be used.
    ///
    /// # Errors
    /// [`AppError::LinkUnknown`], [`AppError::Link`], [`AppError::RateLimited`].
    pub async fn open_link(&self, secret: &str, browser: &Browser) -> Result<()> {
        self.limiter.door(Door::Link, browser.address)?;
        match self.store.link_state(digest(secret), self.clock.now()).await? {
            Some(LinkState::Open) => Ok(()),
            Some(over) => Err(AppError::Link(over)),
            None => Err(AppError::LinkUnknown),
        }
    }

    /// Sets a new password by a link; all sessions of the person end.
    ///
    /// # Errors
    /// As [`Baton::open_link`], or the field at fault.
    pub async fn use_password_link(&self, secret: &str, password: &str, browser: &Browser) -> Result<()> {
        field("password", text::password(password))?;
        // Before the password is hashed: that costs, and a made-up link shall not.
        self.open_link(secret, browser).await?;
        let hash = self.passwords.hash(password).await?;
        self.used(self.store.use_password_link(digest(secret), &hash, self.clock.now()).await?).await
    }

    /// Confirms a new address by its link.
    ///
    /// # Errors
    /// As [`Baton::open_link`], or [`AppError::AddressTaken`].
    pub async fn use_address_link(&self, secret: &str, browser: &Browser) -> Result<()> {
        self.open_link(secret, browser).await?;
        self.used(self.store.use_address_link(digest(secret), self.clock.now()).await?).await
    }

    async fn used(&self, outcome: LinkUse) -> Result<()> {
        match outcome {
            LinkUse::Done(scope, person) => {
                self.rights_changed(scope, person).await;
                Ok(())
            }
            LinkUse::Unknown => Err(AppError::LinkUnknown),
            LinkUse::Over(state) => Err(AppError::Link(state)),
            LinkUse::AddressTaken => Err(AppError::AddressTaken),
        }
    }

    /// Changes one's own address: at once, or, where mail leaves the server, when the new one has confirmed it.
    ///
    /// # Errors
    /// [`AppError::WrongCredentials`] for a wrong password, [`AppError::AddressTaken`], or the field at fault.
    pub async fn change_my_address(
        &self,
        staff: &Staff,
        password: &str,
        email: &str,
        browser: &Browser,
    ) -> Result<AddressChange> {
        self.limiter.door(Door::Mail, browser.address)?;
        let email = field("email", text::email(email))?;
        let known = self.store.credentials(&staff.person.email).await?.ok_or(AppError::NotFound)?;
        let fits = password.len() <= limits::PASSWORD_MAX_BYTES;
        if !fits || !self.passwords.verify(password, Some(&known.password_hash)).await? {
            return Err(AppError::WrongCredentials);
        }
        if self.sends_mail() {
            let task = Task::MailAddressLink { person: staff.id(), email };
            self.store.add_job(staff.scope(), self.mail_job(task)).await?;
            self.turns.nudge();
            return Ok(AddressChange::MailSent);
        }
        match self.store.set_address(staff.scope(), staff.id(), &email, self.clock.now()).await {
            Err(ports::Fault::Conflict(_)) => return Err(AppError::AddressTaken),
            set => set?,
        }
        self.rights_changed(staff.scope(), staff.id()).await;
        Ok(AddressChange::Done(self.directory.person(staff.id()).await?))
    }

    fn mail_job(&self, task: Task) -> NewJob {
        let now = self.clock.now();
        NewJob { id: self.entropy.id(now), task, run_at: now, lease: None }
    }
}
