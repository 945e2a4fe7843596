//! Where files are kept: a folder by default, a bucket when its address is given.

use std::path::PathBuf;

use clap::Args;
use objects::{Bucket, FileStore};
use serde::Deserialize;

use crate::config::{Data, Unusable, files_of_file};

/// Where the files of conversations are.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct FilesArgs {
    /// Where files that people send are kept: file:///absolute/folder or s3://bucket/prefix [default: DIR/files]
    #[arg(long, env = "BATON_FILES_URL", value_name = "URL")]
    files_url: Option<String>,
    /// Most bytes that they may take together, like 500MB or 20GB [default: 10GB]
    #[arg(long, env = "BATON_FILES_QUOTA", value_name = "SIZE")]
    files_quota: Option<String>,
    /// Server of the bucket, https://objects.example.com [default: Amazon's own]
    #[arg(long, env = "BATON_S3_ENDPOINT", value_name = "URL")]
    s3_endpoint: Option<String>,
    /// Region of the bucket [default: us-east-1]
    #[arg(long, env = "BATON_S3_REGION", value_name = "NAME")]
    s3_region: Option<String>,
    /// Access key of the bucket; needed with s3://
    #[arg(long, env = "BATON_S3_ACCESS_KEY", value_name = "KEY", hide_env_values = true)]
    s3_access_key: Option<String>,
    /// Secret that belongs to it; needed with s3://
    #[arg(long, env = "BATON_S3_SECRET_KEY", value_name = "SECRET", hide_env_values = true)]
    s3_secret_key: Option<String>,
}

/// Where files are, settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FilesAt {
    /// A folder.
    Folder(PathBuf),
    /// A bucket on a server for objects.
    Bucket(Bucket),
}

impl FilesAt {
    /// Opens the place.
    pub(crate) fn open(&self) -> Result<FileStore, Unusable> {
        let opened = match self {
            Self::Folder(folder) => FileStore::folder(folder),
            Self::Bucket(bucket) => FileStore::bucket(bucket),
        };
        opened.map_err(|error| Unusable(format!("--files-url: {error}")))
    }
}

impl FilesArgs {
    /// Settles where files are, and how many bytes they may take; what is not given here, `baton.toml` may say.
    pub(crate) fn settle_with_file(self, data: Data) -> anyhow::Result<Data> {
        let file = files_of_file()?;
        let all = Self {
            files_url: self.files_url.or(file.files_url),
            files_quota: self.files_quota.or(file.files_quota),
            s3_endpoint: self.s3_endpoint.or(file.s3_endpoint),
            s3_region: self.s3_region.or(file.s3_region),
            s3_access_key: self.s3_access_key.or(file.s3_access_key),
            s3_secret_key: self.s3_secret_key.or(file.s3_secret_key),
        };
        Ok(all.settle(data)?)
    }

    /// Settles where files are, and how many bytes they may take.
    pub(crate) fn settle(self, data: Data) -> Result<Data, Unusable> {
        let files_quota = self.files_quota.as_deref().map(size).transpose()?.unwrap_or(data.files_quota);
        let url = self.files_url.clone().unwrap_or_default();
        let files = match Some(url.trim()).filter(|url| !url.is_empty()) {
            None => data.files,
            Some(url) => match (url.strip_prefix("file://"), url.strip_prefix("s3://")) {
                (Some(folder), _) if folder.starts_with('/') => FilesAt::Folder(folder.into()),
                (_, Some(place)) => FilesAt::Bucket(self.bucket(place)?),
                _ => {
                    let how = "write file:///absolute/folder or s3://bucket/prefix";
                    return Err(Unusable(format!("--files-url {url}: {how}")));
                }
            },
        };
        Ok(Data { files, files_quota, ..data })
    }

    fn bucket(self, place: &str) -> Result<Bucket, Unusable> {
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let missing = |option: &str| Unusable(format!("{option} is missing: a bucket needs it"));
        if name.is_empty() {
            return Err(Unusable(format!("--files-url s3://{place}: the name of the bucket is missing")));
        }
        let access_key = self.s3_access_key.ok_or_else(|| missing("--s3-access-key"))?;
        let secret_key = self.s3_secret_key.ok_or_else(|| missing("--s3-secret-key"))?;
        if let Some(endpoint) = &self.s3_endpoint
            && !["https://", "http://"]
                .iter()
                .any(|scheme| endpoint.strip_prefix(scheme).is_some_and(|host| !host.is_empty()))
        {
            return Err(Unusable(format!(
                "--s3-endpoint {endpoint}: write an address like https://objects.example.com"
            )));
        }
        Ok(Bucket {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.s3_endpoint,
            region: self.s3_region.unwrap_or_else(|| "us-east-1".to_owned()),
            access_key: (access_key, secret_key),
        })
    }
}

/// Bytes of a size as people write it.
fn size(text: &str) -> Result<u64, Unusable> {
    let upper = text.trim().to_ascii_uppercase();
    let (number, unit) = [("TB", 40), ("GB", 30), ("MB", 20), ("KB", 10), ("B", 0), ("", 0)]
        .into_iter()
        .find_map(|(unit, power)| Some((upper.strip_suffix(unit)?.trim_end(), 1_u64 << power)))
        .unwrap_or((&upper, 1));
    let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    size.ok_or_else(|| Unusable(format!("--files-quota {text}: write a size like 500MB or 20GB")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn data() -> Data {
        Data {
            dir: "/data".into(),
            database_url: String::new(),
            secret_key_file: "/data/secret.key".into(),
            model_dir: "/data/models".into(),
            files: FilesAt::Folder("/data/files".into()),
            files_quota: 7,
            models: crate::models::Models::default(),
        }
    }

    #[test]
    fn sizes_are_what_people_write() {
        assert_eq!(size("500MB").unwrap(), 500 << 20);
        assert_eq!(size(" 20 gb").unwrap(), 20 << 30);
        assert_eq!(size("123").unwrap(), 123);
        for bad in ["", "much", "-1", "1.5GB", "99999999999TB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn files_are_in_a_folder_unless_something_else_is_named() {
        let settled = |url: Option<&str>, key: Option<&str>| {
            let key = key.map(str::to_owned);
            let files_url = url.map(str::to_owned);
            let arguments =
                FilesArgs { files_url, s3_access_key: key.clone(), s3_secret_key: key, ..FilesArgs::default() };
            arguments.settle(data()).map(|data| data.files).map_err(|error| error.0)
        };
        assert_eq!(settled(None, None), Ok(FilesAt::Folder("/data/files".into())));
        assert_eq!(settled(Some("file:///srv/files"), None), Ok(FilesAt::Folder("/srv/files".into())));
        let Ok(FilesAt::Bucket(bucket)) = settled(Some("s3://desk/some/where/"), Some("k")) else { panic!("a bucket") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("desk", "some/where"));
        assert!(settled(Some("s3://desk"), None).unwrap_err().contains("--s3-access-key is missing"));
        assert!(settled(Some("files"), None).unwrap_err().contains("file:///absolute/folder"));
    }
}
