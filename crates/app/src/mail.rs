//! Mail: jobs of the outbox that make a link when they run, so that no secret waits in the database.
//!
//! Each try makes a link of its own and all of them are good until one is used; the mail keeps its `Message-ID`.

use std::{sync::Arc, time::Duration};

use domain::{
    PersonId,
    team::{self, LinkState},
};
use ports::{
    Fault, Scope,
    jobs::Job,
    mail::{Mail, Mailer},
    team::{LinkPurpose, NewLink},
};
use uuid::Uuid;

use crate::{Baton, auth::digest, error::Result, visitor_mail::Replies};

/// Longest time that handing over a mail may take.
const SEND: Duration = Duration::from_secs(60);
/// So many links for a new password are mailed to one person in an hour, however often somebody asks.
const RESETS: u64 = 3;
/// What the secrets in mailed links begin with.
const PREFIX: &str = "bl_";

/// How mail leaves this server.
pub struct Outgoing {
    /// Who takes it.
    pub mailer: Arc<dyn Mailer>,
    /// Public address of the desk, without a trailing slash, for the links.
    pub public_url: String,
    /// How visitors' answers come back, if they do.
    pub replies: Option<Replies>,
}

impl Baton {
    /// Mail leaves through here from now on. Once, at the start.
    pub fn send_mail_through(&self, outgoing: Outgoing) {
        // A second one would be a defect of the start-up; the first one stays.
        let _ = self.outgoing.set(outgoing);
    }

    /// Whether mail leaves this server.
    pub fn sends_mail(&self) -> bool {
        self.outgoing.get().is_some()
    }

    pub(crate) async fn mail_invitation(&self, job: &Job, id: Uuid) -> Result<()> {
        let now = self.clock.now();
        let invitation = match self.store.invitation(job.scope, id).await {
            Err(Fault::NotFound) => return Ok(()),
            found => found?,
        };
        if invitation.state(now) != LinkState::Open {
            return Ok(());
        }
        let inviter = self.directory.person(invitation.inviter).await?;
        let place = match invitation.chatbot {
            Some(chatbot) => self.directory.profile(chatbot).await?.chatbot.settings.name.clone(),
            None => self.store.workspace_name(job.scope).await?,
        };
        let secret = self.secret(PREFIX);
        let purpose = LinkPurpose::Invitation(id);
        self.linked(job.scope, &secret, purpose, invitation.ends_at.since(now)).await?;
        let subject = format!("{} invites you to {place}", inviter.name);
        let words = format!(
            "{} invites you to answer visitors of {place}, as {}.\n\nOpen this link to accept. It works once, for 7 days:",
            inviter.name,
            invitation.role.name(),
        );
        self.deliver(job, invitation.email, subject, &words, "join", &secret).await
    }

    pub(crate) async fn mail_password_link(&self, job: &Job, email: &str) -> Result<()> {
        let Some(known) = self.store.credentials(email).await? else { return Ok(()) };
        let Some(person) = self.store.person(known.person).await?.filter(|person| person.active) else {
            return Ok(());
        };
        let (secret, at) = (self.secret(PREFIX), self.clock.now());
        let purpose = LinkPurpose::NewPassword(person.id);
        let link = NewLink { token_hash: digest(&secret), purpose, at, until: at.plus(team::RESET_MS) };
        if !self.store.add_password_link(person.scope, link, at.plus(-team::RESET_MS), RESETS).await? {
            return Ok(());
        }
        let words = format!(
            "Hello {},\n\nsomebody asked for a new password for your account. If it was you, open this link within an hour:",
            person.name
        );
        self.deliver(job, person.email, "A new password".into(), &words, "new-password", &secret).await
    }

    pub(crate) async fn mail_address_link(&self, job: &Job, person: PersonId, email: &str) -> Result<()> {
        let Some(known) = self.store.person(person).await?.filter(|known| known.active) else { return Ok(()) };
        let secret = self.secret(PREFIX);
        let purpose = LinkPurpose::NewAddress(person, email.to_owned());
        self.linked(job.scope, &secret, purpose, team::ADDRESS_MS).await?;
        let words =
            format!("Hello {},\n\nopen this link within a day to sign in with {email} from now on:", known.name);
        self.deliver(job, email.to_owned(), "Confirm your new address".into(), &words, "new-address", &secret).await
    }

    async fn linked(&self, scope: Scope, secret: &str, purpose: LinkPurpose, lasts: i64) -> Result<()> {
        let at = self.clock.now();
        let link = NewLink { token_hash: digest(secret), purpose, at, until: at.plus(lasts) };
        Ok(self.store.add_link(scope, link).await?)
    }

    /// Sends a mail that leads to a page of the desk.
    pub(crate) async fn mail_page(&self, id: Uuid, to: String, subject: String, words: &str, page: &str) -> Result<()> {
        let Some(outgoing) = self.outgoing.get() else {
            // It was started again without a mail server: the desk shows it too.
            return Ok(());
        };
        let text = format!("{words}\n\n{}/{page}\n", outgoing.public_url);
        self.hand_mail_over(outgoing, Mail { id, to, subject, text, thread: None }).await
    }

    /// Sends a mail with a link. The secret stands behind the `#`: browsers send it to no server.
    async fn deliver(
        &self,
        job: &Job,
        to: String,
        subject: String,
        words: &str,
        page: &str,
        secret: &str,
    ) -> Result<()> {
        let Some(outgoing) = self.outgoing.get() else {
            let cause = "this server was started without --smtp-url";
            return Err(Fault::unavailable("the mail server", cause).into());
        };
        let text = format!(
            "{words}\n\n{}/{page}#{secret}\n\nIf you did not expect this mail, you can leave it: nothing happens.\n",
            outgoing.public_url
        );
        self.hand_mail_over(outgoing, Mail { id: job.id, to, subject, text, thread: None }).await
    }

    pub(crate) async fn hand_mail_over(&self, outgoing: &Outgoing, mail: Mail) -> Result<()> {
        let sending = outgoing.mailer.send(mail);
        tokio::select! {
            biased;
            sent = sending => Ok(sent?),
            () = self.clock.sleep(SEND) => Err(Fault::unavailable("the mail server", "it does not answer").into()),
        }
    }
}
