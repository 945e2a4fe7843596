//! The inbox over a socket: following it, and telling rows that changed.

use api::frames::DeskServerFrame as Frame;
use ports::conversations::Row;

use super::{super::wire::Gone, Session};
use crate::present;

/// Rows sent to a desk that comes back; one that missed more fetches its list anew.
const INBOX_CATCH_UP: u32 = 200;

impl Session {
    pub(super) async fn tell_inbox(&mut self) -> Result<(), Gone> {
        let Some((rows, counts_changed)) = self.inbox.take() else { return self.wire.send(&Frame::Resync {}).await };
        if counts_changed {
            match self.server.baton.counts(&self.staff).await {
                Ok(counts) => self.counts = counts,
                Err(error) => self.fail(&error).await?,
            }
        }
        for row in rows {
            self.inbox_row(&row).await?;
        }
        Ok(())
    }

    pub(super) async fn inbox_row(&mut self, row: &Row) -> Result<(), Gone> {
        let Some(role) = self.staff.role_for(row.chatbot) else { return Ok(()) };
        // An empty conversation is nobody's business yet.
        if row.state.seq == 0 {
            return Ok(());
        }
        let row = Box::new(present::row(&self.server.baton, row, role).await);
        self.wire.send(&Frame::Inbox { row, counts: present::counts(self.counts) }).await
    }

    pub(super) async fn subscribe_inbox(&mut self, after: i64) -> Result<(), Gone> {
        self.server.baton.hub().follow_inbox(&self.mailbox, self.staff.scope());
        self.follows_inbox = true;
        let change = self.server.baton.newest_change(&self.staff).await;
        let counts = self.server.baton.counts(&self.staff).await;
        let (change, counts) = match (change, counts) {
            (Ok(change), Ok(counts)) => (change, counts),
            (Err(error), _) | (_, Err(error)) => return self.fail(&error).await,
        };
        self.counts = counts;
        self.server.baton.hub().inbox_begins_at(self.staff.scope(), change);
        self.wire.send(&Frame::InboxSubscribed { change, counts: present::counts(counts) }).await?;
        if after <= 0 {
            return Ok(());
        }
        match self.server.baton.inbox_changes(&self.staff, after, INBOX_CATCH_UP).await {
            Ok(rows) if rows.len() >= INBOX_CATCH_UP as usize => self.wire.send(&Frame::Resync {}).await,
            Ok(rows) => {
                for row in rows {
                    self.inbox_row(&row).await?;
                }
                Ok(())
            }
            Err(error) => self.fail(&error).await,
        }
    }
}
