//! What the server must be like, and what it says about itself.

use crate::{
    failure::Outcome,
    open_error::OpenError,
    tx::{Postgres, Tx},
};

/// Settings that keep acknowledged messages safe.
const DURABLE: [&str; 4] = ["fsync", "synchronous_commit", "full_page_writes", "server_encoding"];

/// Refuses a server that would lose what it acknowledged, or mangle it.
pub(crate) async fn expect_durable(tx: &mut Tx) -> Result<(), OpenError> {
    let Tx::Postgres(postgres) = tx else { return Ok(()) };
    for name in DURABLE {
        let found = postgres.setting(name).await?;
        let wanted = if name == "server_encoding" { "UTF8" } else { "on" };
        let good = if name == "server_encoding" { found == "UTF8" } else { found != "off" };
        if !good {
            return Err(OpenError::Setting { name, wanted, found });
        }
    }
    Ok(())
}

/// Engine, version, settings and damage.
pub(crate) type Known = (&'static str, String, Vec<(&'static str, String)>, Vec<String>);

pub(crate) async fn facts(postgres: &mut Postgres) -> Outcome<Known> {
    let version = postgres.setting("server_version").await?;
    let mut settings = Vec::new();
    for name in DURABLE {
        settings.push((name, postgres.setting(name).await?));
    }
    Ok(("PostgreSQL", version, settings, Vec::new()))
}
