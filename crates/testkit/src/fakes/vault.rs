//! A vault that hides nothing, so that a test sees what was put in.

use ports::{Fault, Result, world::Vault};

/// Writes the purpose before the secret; opens under the same purpose only.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenVault;

impl Vault for OpenVault {
    fn seal(&self, purpose: &str, secret: &[u8]) -> Result<Vec<u8>> {
        Ok([purpose.as_bytes(), b"|", secret].concat())
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let secret = sealed.strip_prefix(purpose.as_bytes()).and_then(|rest| rest.strip_prefix(b"|"));
        secret.map(<[u8]>::to_vec).ok_or_else(|| Fault::broken("opening a secret", "sealed for something else"))
    }
}
