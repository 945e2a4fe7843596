//! One's own sessions: on which devices one is signed in, and ending them.

use domain::Millis;
use ports::accounts::Session;
use uuid::Uuid;

use crate::{
    Baton,
    auth::{Staff, Via},
    error::Result,
};

impl Baton {
    /// A page of one's own sessions, the one used last first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn my_sessions(&self, staff: &Staff, after: Option<(Millis, Uuid)>, limit: u32) -> Result<Vec<Session>> {
        Ok(self.store.sessions(staff.id(), after, limit, self.clock.now()).await?)
    }

    /// Ends one of one's own sessions, also the present one.
    ///
    /// # Errors
    /// [`crate::AppError::NotFound`].
    pub async fn end_my_session(&self, staff: &Staff, id: Uuid) -> Result<()> {
        self.store.end_session_of(staff.id(), id).await?;
        self.hub.recheck(staff.scope());
        Ok(())
    }

    /// `Sign out everywhere`: ends all of one's own sessions. API keys stay.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn sign_out_everywhere(&self, staff: &Staff) -> Result<()> {
        self.store.end_sessions(staff.id()).await?;
        self.hub.recheck(staff.scope());
        Ok(())
    }
}

impl Staff {
    /// Whether a session is the one that is asking.
    pub fn is_present(&self, session: &Session) -> bool {
        matches!(self.via, Via::Session { token_hash } if token_hash == session.token_hash)
    }
}
