//! Mail that is fetched from a mailbox, by one node at a time.

use std::{sync::Arc, time::Duration};

use domain::{
    Millis,
    mail::trials::{TRIES, Trials},
};
use ports::{
    Fault,
    mail::{Fetched, Mailbox, OpenMailbox},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Baton,
    error::{AppError, Result},
};

/// How often the mailbox is looked at. Whoever wants it sooner lets mail come by the hook.
const EVERY: Duration = Duration::from_secs(30);
/// A node that fetches keeps the duty so long; when it is gone another one takes over after that. Longer than the longest
/// call: the duty is taken again between two mails.
const DUTY_MS: i64 = 120_000;
/// Its name.
const DUTY: &str = "fetch_mail";
/// So often in one look the mailbox is opened again after a mail that could not be read: servers limit sign-ins.
const OPENED_AGAIN: u32 = 5;
/// A mail that cannot be taken because something else is not there is tried again after so long, in milliseconds.
const NOT_NOW_MS: i64 = 60_000;

/// What a node knows of the mailbox that it fetches from.
#[derive(Default)]
struct Fetching {
    open: Option<Box<dyn OpenMailbox>>,
    trials: Trials,
}

impl Fetching {
    async fn opened(&mut self, mailbox: &dyn Mailbox) -> Result<&mut Box<dyn OpenMailbox>> {
        Ok(match &mut self.open {
            Some(open) => open,
            open => open.insert(mailbox.open().await?),
        })
    }
}

impl Baton {
    /// Fetches mail until told to stop.
    pub async fn fetch_mail(self: Arc<Self>, mailbox: Arc<dyn Mailbox>, stop: CancellationToken) {
        let me = self.entropy.id(self.clock.now());
        let mut fetching = Fetching::default();
        loop {
            let look = async {
                match self.look_for_mail(&*mailbox, &mut fetching, me).await {
                    Ok(count) if count > 0 => tracing::debug!(count, "mail was fetched"),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "mail cannot be fetched");
                        metrics::counter!("baton_mailbox_failures_total").increment(1);
                        fetching.open = None;
                    }
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = look => {}
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.clock.sleep(EVERY) => {}
            }
        }
        if let Some(open) = fetching.open {
            open.close().await;
        }
    }

    async fn has_duty(&self, me: Uuid) -> Result<bool> {
        let now = self.clock.now();
        Ok(self.store.take_duty(DUTY, me, now.plus(DUTY_MS), now).await?)
    }

    /// Takes what is new, each mail by itself: one that cannot be taken stays where it is, and holds up no other.
    async fn look_for_mail(&self, mailbox: &dyn Mailbox, fetching: &mut Fetching, me: Uuid) -> Result<usize> {
        if !self.has_duty(me).await? {
            // Another node fetches.
            fetching.open = None;
            return Ok(0);
        }
        let wanted = fetching.trials.wanted();
        let unseen = fetching.opened(mailbox).await?.unseen(wanted).await?;
        let (mut taken, mut opened_again) = (0, 0);
        for uid in fetching.trials.due(&unseen, self.clock.now()) {
            if !self.has_duty(me).await? {
                break;
            }
            fetching.trials.begins(uid, self.clock.now());
            let tried = match fetching.opened(mailbox).await {
                Ok(open) => self.take_mail(&mut **open, uid).await,
                Err(error) => {
                    // Of the mail nothing is known.
                    fetching.trials.spares(uid, self.clock.now());
                    return Err(error);
                }
            };
            let failed = !matches!(tried, Ok(true));
            match tried {
                Ok(true) => taken += 1,
                Ok(false) => tracing::warn!(uid, "a mail is not given by its mailbox"),
                Err(Trouble::Here { error, again }) => {
                    tracing::warn!(uid, error = &error as &dyn std::error::Error, "a mail is left for later");
                    if let Some(again) = again {
                        fetching.trials.spares(uid, again);
                    }
                }
                Err(Trouble::Mailbox(fault)) => {
                    tracing::warn!(uid, error = &fault as &dyn std::error::Error, "a mail cannot be fetched");
                    metrics::counter!("baton_mailbox_failures_total").increment(1);
                    // The mail, or the whole mailbox? That it opens again tells.
                    fetching.open = None;
                    if let Err(error) = fetching.opened(mailbox).await {
                        fetching.trials.spares(uid, self.clock.now());
                        return Err(error);
                    }
                    opened_again += 1;
                }
            }
            if failed && fetching.trials.is_hopeless(uid) {
                tracing::error!(
                    uid,
                    tries = TRIES,
                    "a mail is set aside: it is flagged in the mailbox, and stays unseen"
                );
                metrics::counter!("baton_visitor_mails_total", "way" => "in", "outcome" => "set_aside").increment(1);
                fetching.opened(mailbox).await?.set_aside(uid).await?;
            }
            if opened_again >= OPENED_AGAIN {
                break;
            }
        }
        Ok(taken)
    }

    /// Takes one mail and marks it as seen. False when the mailbox does not give it.
    async fn take_mail(&self, open: &mut dyn OpenMailbox, uid: u32) -> std::result::Result<bool, Trouble> {
        let received = match open.fetch(uid).await.map_err(Trouble::Mailbox)? {
            Fetched::Mail(raw) => self.receive_mail(raw, &[]).await.map(drop),
            Fetched::TooLarge => {
                metrics::counter!("baton_visitor_mails_total", "way" => "in", "outcome" => "too_large").increment(1);
                Ok(())
            }
            Fetched::Gone => return Ok(false),
        };
        match received {
            // Nothing will ever make it smaller.
            Ok(()) | Err(AppError::TooLarge { .. }) => {}
            Err(error) => return Err(self.trouble(error)),
        }
        open.seen(uid).await.map_err(Trouble::Mailbox)?;
        Ok(true)
    }

    fn trouble(&self, error: AppError) -> Trouble {
        let again = match &error {
            AppError::RateLimited { retry_after, .. } => {
                Some(i64::try_from(*retry_after).unwrap_or(i64::MAX).saturating_mul(1_000))
            }
            AppError::Fault(Fault::Unavailable { .. }) => Some(NOT_NOW_MS),
            _ => None,
        };
        Trouble::Here { error, again: again.map(|pause| self.clock.now().plus(pause)) }
    }
}

/// Why a mail was not taken.
enum Trouble {
    /// The mailbox failed at it.
    Mailbox(Fault),
    /// It is not taken here.
    Here {
        /// Why.
        error: AppError,
        /// When it is worth another try, where it is not the mail's fault.
        again: Option<Millis>,
    },
}
