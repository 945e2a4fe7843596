//! Mail that is fetched from a mailbox, by one node at a time.

use std::{sync::Arc, time::Duration};

use ports::mail::{Fetched, Mailbox, OpenMailbox};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Baton,
    error::{AppError, Result},
};

/// How often the mailbox is looked at. Whoever wants it sooner lets mail come by the hook.
const EVERY: Duration = Duration::from_secs(30);
/// A node that fetches keeps the duty so long; when it is gone another one takes over after that. Longer than the longest
/// look: [`MAILS`] mails at the time limit of one call each would be more, but then the duty is taken again between two.
const DUTY_MS: i64 = 120_000;
/// Its name.
const DUTY: &str = "fetch_mail";
/// Mails that are taken in one look.
const MAILS: usize = 50;

impl Baton {
    /// Fetches mail until told to stop.
    pub async fn fetch_mail(self: Arc<Self>, mailbox: Arc<dyn Mailbox>, stop: CancellationToken) {
        let me = self.entropy.id(self.clock.now());
        let mut open: Option<Box<dyn OpenMailbox>> = None;
        loop {
            let look = async {
                match self.look_for_mail(&*mailbox, &mut open, me).await {
                    Ok(count) if count > 0 => tracing::debug!(count, "mail was fetched"),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "mail cannot be fetched");
                        metrics::counter!("baton_mailbox_failures_total").increment(1);
                        open = None;
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
        if let Some(open) = open {
            open.close().await;
        }
    }

    async fn has_duty(&self, me: Uuid) -> Result<bool> {
        let now = self.clock.now();
        Ok(self.store.take_duty(DUTY, me, now.plus(DUTY_MS), now).await?)
    }

    /// Takes what is new, each mail by itself: one that cannot be taken stays where it is, and holds up no other.
    async fn look_for_mail(
        &self,
        mailbox: &dyn Mailbox,
        open: &mut Option<Box<dyn OpenMailbox>>,
        me: Uuid,
    ) -> Result<usize> {
        if !self.has_duty(me).await? {
            // Another node fetches.
            *open = None;
            return Ok(0);
        }
        let session = match open {
            Some(session) => session,
            None => open.insert(mailbox.open().await?),
        };
        let mut taken = 0;
        for uid in session.unseen(MAILS).await? {
            if !self.has_duty(me).await? {
                break;
            }
            let received = match session.fetch(uid).await? {
                Fetched::Mail(raw) => self.receive_mail(raw, &[]).await.map(drop),
                Fetched::TooLarge => {
                    metrics::counter!("baton_visitor_mails_total", "way" => "in", "outcome" => "too_large")
                        .increment(1);
                    Ok(())
                }
                Fetched::Gone => Ok(()),
            };
            match received {
                // Nothing will ever make it smaller.
                Ok(()) | Err(AppError::TooLarge { .. }) => {
                    session.seen(uid).await?;
                    taken += 1;
                }
                Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "a mail is left for later"),
            }
        }
        Ok(taken)
    }
}
