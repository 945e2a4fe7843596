//! Settings: from the command line, else the environment, else `baton.toml`, else a default.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, CommandFactory};
use domain::{limits::FILES_QUOTA, mail::ReplyAddress};
use mailbox::Imap;
use notify::Smtp;
use serde::Deserialize;

use crate::{
    files::{FilesArgs, FilesAt},
    models::{ModelArgs, Models},
};

/// A setting cannot be used; the text names it and says what to do.
#[derive(Debug)]
pub(crate) struct Unusable(pub(crate) String);

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unusable {}

/// Where the data is.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DataArgs {
    /// Folder for everything that Baton keeps [default: ./data]
    #[arg(long, env = "BATON_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// sqlite:///absolute/path or postgres://user:password@host/database [default: DIR/baton.db]
    #[arg(long, env = "BATON_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// File with the key that seals secrets; made at the first start [default: DIR/secret.key]
    #[arg(long, env = "BATON_SECRET_KEY_FILE", value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// Folder with the local embedding models [default: ./models, else DIR/models]
    #[arg(long, env = "BATON_MODEL_DIR", value_name = "DIR")]
    model_dir: Option<PathBuf>,
}

/// How the server is reached.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "BATON_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Address that browsers use, https://desk.example.com [default: http://ADDRESS]
    #[arg(long, env = "BATON_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed
    #[arg(long, env = "BATON_TRUSTED_PROXIES", value_name = "IP", value_delimiter = ',')]
    trusted_proxies: Vec<IpAddr>,
    /// Mail server for invitations, forgotten passwords and replies to visitors, smtps://user:password@mail.example.com [default: no mail]
    #[arg(long, env = "BATON_SMTP_URL", value_name = "URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// Sender of mail, "Baton <desk@example.com>"; needed with --smtp-url
    #[arg(long, env = "BATON_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Visitors' answers to mails come back to reply+TOKEN@example.com; needs a way for mail to come in [default: none do]
    #[arg(long, env = "BATON_REPLY_ADDRESS", value_name = "ADDRESS")]
    reply_address: Option<String>,
    /// What a mail server shows that hands mail over to POST /api/v2/inbound-mail, 16 characters or more
    #[arg(long, env = "BATON_INBOUND_MAIL_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    inbound_mail_token: Option<String>,
    /// Mailbox that mail is fetched from, imaps://user:password@mail.example.com/INBOX; what is fetched is marked as seen
    #[arg(long, env = "BATON_IMAP_URL", value_name = "URL", hide_env_values = true)]
    imap_url: Option<String>,
    /// Other nodes serve the same PostgreSQL database: they hear of each other through it
    #[arg(long, env = "BATON_MANY_NODES")]
    many_nodes: bool,
    /// Other nodes serve the same PostgreSQL database: they hear of each other over this server, nats://host:4222
    #[arg(long, env = "BATON_NATS_URL", value_name = "URL", hide_env_values = true)]
    nats_url: Option<String>,
    /// Jobs (AI turns, mails, indexing) that this node runs at once; 0 leaves them to other nodes [default: 2048]
    #[arg(long, env = "BATON_JOBS", value_name = "N")]
    jobs: Option<usize>,
    /// How logs are written on stderr: text or json [default: text]
    #[arg(long, env = "BATON_LOG_FORMAT", value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// For eyes.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// `baton.toml`: the same names as on the command line.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    data_dir: Option<PathBuf>,
    database_url: Option<String>,
    secret_key_file: Option<PathBuf>,
    model_dir: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    trusted_proxies: Vec<IpAddr>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    reply_address: Option<String>,
    inbound_mail_token: Option<String>,
    imap_url: Option<String>,
    many_nodes: bool,
    nats_url: Option<String>,
    jobs: Option<usize>,
    log_format: Option<LogFormat>,
    #[serde(flatten)]
    files: FilesArgs,
    #[serde(flatten)]
    models: ModelArgs,
}

/// Where the data is, settled.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// The database.
    pub(crate) database_url: String,
    /// The file with the key that seals secrets.
    pub(crate) secret_key_file: PathBuf,
    /// The folder with the local models, whether there are any or not.
    pub(crate) model_dir: PathBuf,
    /// Where the files are that people send.
    pub(crate) files: FilesAt,
    /// Bytes that those may take.
    pub(crate) files_quota: u64,
    /// What the operator has said of language models.
    pub(crate) models: Models,
}

/// How the server is reached, settled.
pub(crate) struct Serve {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Public address without a trailing slash, if one was set.
    pub(crate) public_url: Option<String>,
    /// Proxies that are believed.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// The mail server, if there is one.
    pub(crate) smtp: Option<Smtp>,
    /// How answers to mails come back.
    pub(crate) incoming: Incoming,
    /// Whether other nodes serve the same database, and how they hear of each other.
    pub(crate) others: Others,
    /// Most jobs that run here at once.
    pub(crate) jobs: usize,
    /// How logs are written.
    pub(crate) log_format: LogFormat,
}

/// How answers to mails come back.
#[derive(Default)]
pub(crate) struct Incoming {
    /// What reply addresses are made of, if they come back at all.
    pub(crate) address: Option<ReplyAddress>,
    /// What a mail server shows that hands mail over.
    pub(crate) token: Option<String>,
    /// Where mail is fetched from.
    pub(crate) mailbox: Option<Imap>,
}

/// Other nodes on the same database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Others {
    /// There are none.
    None,
    /// They hear of each other through PostgreSQL.
    ThroughPostgres,
    /// They hear of each other over NATS.
    ThroughNats(String),
}

/// Shortest token of a mail server, in characters.
const TOKEN_CHARS: usize = 16;
/// Where the server listens when nothing says otherwise.
pub(crate) const LISTEN: &str = "127.0.0.1:8080";

impl DataArgs {
    /// Like [`Self::settle`], for commands that look at what is there: a mistyped folder must not become a new, empty
    /// database that looks like a lost one.
    pub(crate) fn existing(self) -> anyhow::Result<Data> {
        let data = self.settled()?;
        match data.database_url.strip_prefix("sqlite://") {
            Some(path) if !Path::new(path).exists() => {
                Err(Unusable(format!("there is no database at {path}: look at --data-dir")).into())
            }
            _ => Ok(data),
        }
    }

    /// Settles where the data is, and makes the folder.
    pub(crate) fn settle(self) -> anyhow::Result<Data> {
        let data = self.settled()?;
        let dir = &data.dir;
        std::fs::create_dir_all(dir).map_err(|e| Unusable(format!("--data-dir {}: {e}", dir.display())))?;
        Ok(data)
    }

    /// Settles where everything is, and touches nothing.
    pub(crate) fn settled(self) -> anyhow::Result<Data> {
        let file = read_file()?;
        let dir = self.data_dir.or(file.data_dir).unwrap_or_else(|| PathBuf::from("data"));
        let dir = std::path::absolute(&dir).context("finding the data folder")?;
        let given = self.database_url.or(file.database_url);
        let database_url = given.unwrap_or_else(|| format!("sqlite://{}", dir.join("baton.db").display()));
        let key = self.secret_key_file.or(file.secret_key_file);
        let secret_key_file = key.unwrap_or_else(|| dir.join("secret.key"));
        let model_dir = match self.model_dir.or(file.model_dir) {
            // Where one is named, whoever named it wants what is in it.
            Some(named) if !named.is_dir() => {
                return Err(Unusable(format!("--model-dir {}: there is no such folder", named.display())).into());
            }
            Some(named) => named,
            None => {
                let beside = PathBuf::from("models");
                if beside.is_dir() { beside } else { dir.join("models") }
            }
        };
        let files = FilesAt::Folder(dir.join("files"));
        Ok(Data {
            dir,
            database_url,
            secret_key_file,
            model_dir,
            files,
            files_quota: FILES_QUOTA,
            models: Models::default(),
        })
    }
}

impl ServeArgs {
    /// Settles how the server is reached.
    pub(crate) fn settle(self) -> anyhow::Result<Serve> {
        let file = read_file()?;
        let listen = match self.listen.or(file.listen) {
            Some(listen) => listen,
            None => LISTEN.parse().context("reading the default address")?,
        };
        let public_url = self.public_url.or(file.public_url).map(|url| self::public_url(&url)).transpose()?;
        let smtp = smtp(self.smtp_url.or(file.smtp_url), self.mail_from.or(file.mail_from))?;
        let token = self.inbound_mail_token.or(file.inbound_mail_token);
        let incoming = incoming(self.reply_address.or(file.reply_address), token, self.imap_url.or(file.imap_url))?;
        if incoming.address.is_some() && smtp.is_none() {
            return Err(Unusable("--reply-address: --smtp-url is missing: nobody is mailed".to_owned()).into());
        }
        let trusted = if self.trusted_proxies.is_empty() { file.trusted_proxies } else { self.trusted_proxies };
        Ok(Serve {
            listen,
            public_url,
            trusted_proxies: trusted,
            smtp,
            incoming,
            others: match self.nats_url.or(file.nats_url).filter(|url| !url.trim().is_empty()) {
                Some(url) => Others::ThroughNats(url.trim().to_owned()),
                None if self.many_nodes || file.many_nodes => Others::ThroughPostgres,
                None => Others::None,
            },
            jobs: self.jobs.or(file.jobs).unwrap_or(app::turn::JOBS),
            log_format: self.log_format.or(file.log_format).unwrap_or_default(),
        })
    }
}

/// What the file says of where files are.
pub(crate) fn files_of_file() -> anyhow::Result<FilesArgs> {
    Ok(read_file()?.files)
}

/// What the file says of models.
pub(crate) fn models_of_file() -> anyhow::Result<ModelArgs> {
    Ok(read_file()?.models)
}

/// The mail server, if one is named.
fn smtp(url: Option<String>, from: Option<String>) -> Result<Option<Smtp>, Unusable> {
    let Some(url) = url.filter(|url| !url.trim().is_empty()) else { return Ok(None) };
    let from = from.ok_or_else(|| Unusable("--mail-from is missing: mail needs a sender".to_owned()))?;
    match Smtp::new(url.trim(), from.trim()) {
        Ok(smtp) => Ok(Some(smtp)),
        Err(error @ notify::Unusable::Server(_)) => Err(Unusable(format!("--smtp-url: {error}"))),
        Err(error @ notify::Unusable::Sender) => Err(Unusable(format!("--mail-from {from}: {error}"))),
    }
}

/// How mail comes in. Answers that nobody reads would be worse than none.
fn incoming(address: Option<String>, token: Option<String>, imap: Option<String>) -> Result<Incoming, Unusable> {
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (address, token, imap) = (given(address), given(token), given(imap));
    if token.as_ref().is_some_and(|token| token.len() < TOKEN_CHARS || !token.bytes().all(|c| c.is_ascii_graphic())) {
        let why =
            "--inbound-mail-token: use 16 characters or more, without spaces: whoever knows it writes as your visitors";
        return Err(Unusable(why.to_owned()));
    }
    let mailbox = imap.map(|url| Imap::new(&url)).transpose().map_err(|why| Unusable(format!("--imap-url: {why}")))?;
    match &address {
        None if token.is_some() || mailbox.is_some() => {
            let why = "--reply-address is missing: mail comes in, and nobody is told where to send it";
            Err(Unusable(why.to_owned()))
        }
        Some(address) if token.is_none() && mailbox.is_none() => Err(Unusable(format!(
            "--reply-address {address}: name a way for mail to come in, by --inbound-mail-token or --imap-url"
        ))),
        None => Ok(Incoming::default()),
        Some(address) => {
            let made =
                ReplyAddress::new(address).map_err(|why| Unusable(format!("--reply-address {address} {why}")))?;
            Ok(Incoming { address: Some(made), token, mailbox })
        }
    }
}

/// Checks a public address: an origin, as a browser writes it.
pub(crate) fn public_url(url: &str) -> Result<String, Unusable> {
    let url = url.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(url.to_ascii_lowercase()),
        _ => Err(Unusable(format!(
            "--public-url {url}: write the address as a browser shows it, without a path, like https://desk.example.com"
        ))),
    }
}

fn read_file() -> anyhow::Result<File> {
    read(Path::new("baton.toml"))
}

fn read(path: &Path) -> anyhow::Result<File> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(toml::from_str(&text).map_err(|error| Unusable(unreadable(path, &text, &error)))?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(Unusable(format!("{}: {error}", path.display())).into()),
    }
}

/// What is wrong with a file, in one line.
fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> String {
    let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.lines().count().max(1));
    let place = line.map(|line| format!(" line {line}")).unwrap_or_default();
    let why: Vec<&str> = error.message().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("{}{place}: {}", path.display(), why.join(", "))
}

/// Variables that look like settings and are none: a misspelt one would be passed over in silence.
pub(crate) fn unknown_variables() -> Vec<String> {
    let command = crate::Cli::command();
    let mut known = BTreeSet::new();
    let mut left = vec![&command];
    while let Some(command) = left.pop() {
        known.extend(command.get_arguments().filter_map(|argument| argument.get_env()).map(OsString::from));
        left.extend(command.get_subcommands());
    }
    #[expect(clippy::disallowed_methods, reason = "this is the configuration")]
    let set = std::env::vars_os().map(|(name, _)| name);
    let ours = |name: &str| {
        name.starts_with("BATON_")
            // Put there by Kubernetes for a service that is called baton.
            && !name.starts_with("BATON_SERVICE_")
            && !name.starts_with("BATON_PORT")
    };
    let unknown = set.filter(|name| !known.contains(name)).filter_map(|name| name.into_string().ok());
    let mut unknown: Vec<String> = unknown.filter(|name| ours(name)).collect();
    unknown.sort_unstable();
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_the_same_as_the_command_line_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baton.toml");
        let read_of = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read(&path).map_err(|error| error.to_string())
        };
        let file = read_of("listen = '127.0.0.1:9000'\nfiles-quota = '5GB'\n").unwrap();
        assert_eq!(file.listen.unwrap().port(), 9_000);
        assert!(file.files.settle(crate::files::tests::data()).is_ok_and(|data| data.files_quota == 5 << 30));
        assert!(read_of("file-quota = '5GB'\n").unwrap_err().contains("file-quota"));
    }

    #[test]
    fn answers_come_back_only_where_somebody_reads_them() {
        let (address, token) = ("reply@example.com", "0123456789abcdef");
        let settled = |address: Option<&str>, token: Option<&str>, imap: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            incoming(owned(address), owned(token), owned(imap))
                .map(|incoming| incoming.address.is_some())
                .map_err(|why| why.0)
        };
        assert_eq!(settled(None, None, None), Ok(false));
        assert_eq!(settled(Some(" "), Some(""), None), Ok(false));
        assert_eq!(settled(Some(address), Some(token), None), Ok(true));
        assert_eq!(settled(Some(address), None, Some("imap://ada:secret@127.0.0.1")), Ok(true));
        for (address, token, imap, named) in [
            (Some(address), None, None, "--inbound-mail-token or --imap-url"),
            (None, Some(token), None, "--reply-address"),
            (Some(address), Some("short"), None, "--inbound-mail-token"),
            (Some("nobody"), Some(token), None, "--reply-address nobody"),
            (Some(address), None, Some("imap://ada:hush@"), "--imap-url"),
        ] {
            let why = settled(address, token, imap).unwrap_err();
            assert!(why.contains(named) && !why.contains("hush"), "{why}");
        }
    }

    #[test]
    fn public_addresses_are_origins() {
        assert_eq!(public_url("https://Desk.Example.com/").unwrap(), "https://desk.example.com");
        assert_eq!(public_url("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        for bad in ["desk.example.com", "ftp://x", "https://", "https://x/path", "https://u@x"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
