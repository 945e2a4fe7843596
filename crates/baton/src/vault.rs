//! The key that seals secrets at rest: a file that only its owner may read.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::Context;
use ports::{
    Fault,
    world::{Entropy, Vault},
};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest},
};

use crate::{config::Unusable, world::OsEntropy};

/// Length of the key in bytes.
const KEY_LEN: usize = 32;

/// The key in its file. It is read, or made, when it is first needed.
pub(crate) struct KeyFile {
    path: PathBuf,
    key: OnceLock<[u8; KEY_LEN]>,
    /// This process has made the file.
    made: AtomicBool,
}

impl KeyFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, key: OnceLock::new(), made: AtomicBool::new(false) }
    }

    /// Reads the key; makes it where there is no file.
    pub(crate) fn ready(&self) -> anyhow::Result<[u8; KEY_LEN]> {
        if let Some(key) = self.key.get() {
            return Ok(*key);
        }
        let key = match make(&self.path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => read(&self.path)?,
            Err(error) => return Err(Unusable(format!("--secret-key-file {}: {error}", self.path.display())).into()),
            Ok(key) => {
                self.made.store(true, Ordering::Relaxed);
                key
            }
        };
        Ok(*self.key.get_or_init(|| key))
    }

    /// Looks at the file, or where there is none at the folder where it will be made, before anything else is touched.
    ///
    /// # Errors
    /// Says what is wrong with either.
    pub(crate) fn look(&self) -> anyhow::Result<()> {
        if self.path.exists() {
            return read(&self.path).map(drop);
        }
        match self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) if !folder.is_dir() => {
                let why = format!("there is no folder {}", folder.display());
                Err(Unusable(format!("--secret-key-file {}: {why}", self.path.display())).into())
            }
            _ => Ok(()),
        }
    }

    /// Takes back a file that this process has made: the secrets have another key.
    pub(crate) fn unmake(&self) {
        if self.made.swap(false, Ordering::Relaxed)
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "a key that is of no use could not be removed");
        }
    }

    /// The key of the file, which is not made where there is none.
    ///
    /// # Errors
    /// Says that there is none, or what is wrong with it.
    pub(crate) fn existing(&self) -> anyhow::Result<[u8; 32]> {
        read(&self.path)?;
        self.fingerprint()
    }

    /// What tells this key from another one, and nothing else about it.
    pub(crate) fn fingerprint(&self) -> anyhow::Result<[u8; 32]> {
        let named = [b"fingerprint of the secret key:".as_slice(), &self.ready()?].concat();
        digest(&SHA256, &named).as_ref().try_into().context("a digest has 32 bytes")
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn cipher(&self) -> ports::Result<LessSafeKey> {
        let key = self.ready().map_err(|error| Fault::broken("reading the secret key", error))?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key);
        Ok(LessSafeKey::new(key.map_err(|_| Fault::broken("using the secret key", "it has a wrong length"))?))
    }
}

/// Writes a new key into a file that must not exist.
fn make(path: &Path) -> std::io::Result<[u8; KEY_LEN]> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let key = OsEntropy.secret();
    file.write_all(&key)?;
    file.sync_all()?;
    Ok(key)
}

fn read(path: &Path) -> anyhow::Result<[u8; KEY_LEN]> {
    let wrong = |why: String| Unusable(format!("--secret-key-file {}: {why}", path.display()));
    let file = fs::File::open(path).map_err(|error| wrong(error.to_string()))?;
    let mode = file.metadata().map_err(|error| wrong(error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(wrong(format!("others may read it: chmod 600 {}", path.display())).into());
    }
    let mut key = Vec::with_capacity(KEY_LEN);
    file.take(KEY_LEN as u64 + 1).read_to_end(&mut key).map_err(|error| wrong(error.to_string()))?;
    key.try_into().map_err(|_| wrong(format!("a secret key has {KEY_LEN} bytes: this file is another one")).into())
}

impl Vault for KeyFile {
    fn seal(&self, purpose: &str, secret: &[u8]) -> ports::Result<Vec<u8>> {
        let random = OsEntropy.secret();
        let (nonce, _) = random.split_at(NONCE_LEN);
        let failed = |_| Fault::broken("sealing a secret", "the cipher refused");
        let mut sealed = secret.to_vec();
        let once = Nonce::try_assume_unique_for_key(nonce).map_err(failed)?;
        self.cipher()?.seal_in_place_append_tag(once, Aad::from(purpose), &mut sealed).map_err(failed)?;
        Ok([nonce, &sealed].concat())
    }

    fn open(&self, purpose: &str, sealed: &[u8]) -> ports::Result<Vec<u8>> {
        let failed = |_| Fault::broken("opening a secret", "it was sealed with another key or for something else");
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or_else(|| failed(ring::error::Unspecified))?;
        let once = Nonce::try_assume_unique_for_key(nonce).map_err(failed)?;
        let mut secret = sealed.to_vec();
        let length = self.cipher()?.open_in_place(once, Aad::from(purpose), &mut secret).map_err(failed)?.len();
        secret.truncate(length);
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_purpose_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("secret.key"));
        let sealed = file.seal("one", b"a secret").unwrap();
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_ne!(file.seal("one", b"a secret").unwrap(), sealed, "no two look the same");
        let again = KeyFile::new(folder.path().join("secret.key"));
        assert_eq!(again.open("one", &sealed).unwrap(), b"a secret");
        assert_eq!(again.fingerprint().unwrap(), file.fingerprint().unwrap());
        assert!(again.open("two", &sealed).is_err());
        assert!(again.open("one", &sealed[..10]).is_err());
        let other = KeyFile::new(folder.path().join("other.key"));
        assert!(other.open("one", &sealed).is_err());
        assert_ne!(other.fingerprint().unwrap(), file.fingerprint().unwrap());
    }

    #[test]
    fn the_file_is_its_owners_alone_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        KeyFile::new(path.clone()).ready().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(KeyFile::new(path.clone()).ready().unwrap_err().to_string().contains("chmod 600"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "too short").unwrap();
        assert!(KeyFile::new(path).ready().unwrap_err().to_string().contains("32 bytes"));
    }
}
