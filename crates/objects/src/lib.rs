//! The bytes of files behind [`ports::files::Objects`]: in a folder, or on a server for objects that speaks like S3.

use std::{io, path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path as Key, prefix::PrefixStore,
};
use ports::{
    Fault, Result,
    files::{Objects, Parts},
};

// Its features decide how connections are encrypted; it is called through `object_store` alone.
use reqwest as _;

/// Longest time of one call to a server for objects.
const CALL: Duration = Duration::from_secs(30);
/// Longest time until a connection is there.
const CONNECT: Duration = Duration::from_secs(5);
/// How often a call is tried again, and for how long.
const RETRIES: (usize, Duration) = (3, Duration::from_secs(20));

/// The place cannot be used; the text says why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

/// A bucket on a server that speaks like S3.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What the keys of all objects begin with; may be empty.
    pub prefix: String,
    /// Address of the server; absent for Amazon's own.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: String,
    /// The two halves of the credentials.
    pub access_key: (String, String),
}

/// Where the bytes of files are.
#[derive(Debug, Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
}

impl FileStore {
    /// In a folder, which is made when it is not there.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn folder(path: &Path) -> std::result::Result<Self, Unusable> {
        std::fs::create_dir_all(path).map_err(|error| Unusable(format!("{}: {error}", path.display())))?;
        let folder = LocalFileSystem::new_with_prefix(path).map_err(|error| Unusable(error.to_string()))?;
        Ok(Self { store: Arc::new(folder.with_fsync(true)) })
    }

    /// In a bucket. Nothing is called yet.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn bucket(bucket: &Bucket) -> std::result::Result<Self, Unusable> {
        // Whoever came first has chosen the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = ClientOptions::new().with_timeout(CALL).with_connect_timeout(CONNECT).with_allow_http(true);
        let retry = RetryConfig { backoff: BackoffConfig::default(), max_retries: RETRIES.0, retry_timeout: RETRIES.1 };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.access_key.0)
            .with_secret_access_key(&bucket.access_key.1)
            // Not every server that speaks like S3 removes many at once, and here it is one.
            .with_disable_bulk_delete(true)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &bucket.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let built = builder.build().map_err(|error| Unusable(error.to_string()))?;
        if bucket.prefix.is_empty() {
            return Ok(Self { store: Arc::new(built) });
        }
        Ok(Self { store: Arc::new(PrefixStore::new(built, bucket.prefix.as_str())) })
    }
}

fn unavailable(error: Error) -> Fault {
    Fault::unavailable("the store for files", error)
}

fn key(text: &str) -> Result<Key> {
    Key::parse(text).map_err(|error| Fault::broken("naming an object", error))
}

#[async_trait]
impl Objects for FileStore {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.store.put(&key(name)?, PutPayload::from(bytes)).await.map(drop).map_err(unavailable)
    }

    async fn get(&self, name: &str) -> Result<Option<Parts>> {
        match self.store.get(&key(name)?).await {
            Ok(found) => {
                let parts = found.into_stream().map_ok(|part| part.to_vec()).map_err(io::Error::other);
                Ok(Some(Box::pin(parts)))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn delete(&self, name: &str) -> Result<()> {
        match self.store.delete(&key(name)?).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(unavailable(error)),
        }
    }
}
