//! What the server must be like, and what it says about itself.

use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    failure::{Failure, Outcome},
    open_error::OpenError,
    tx::{Postgres, Tx},
};

/// TLS with the certificates that this machine trusts.
pub(crate) fn encrypted() -> Outcome<MakeRustlsConnect> {
    // Fails when one was chosen before, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    match MakeRustlsConnect::with_native_certs() {
        Ok((encrypted, skipped)) => {
            for error in skipped {
                tracing::debug!(%error, "a certificate of this machine was skipped");
            }
            Ok(encrypted)
        }
        Err(_) => Err(Failure::unavailable("this machine trusts no certificates that could be read")),
    }
}

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
