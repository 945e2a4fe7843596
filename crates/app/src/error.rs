//! What a use case answers when it does not do what was asked.

use domain::{
    chatbot::InvalidSetting,
    conversation::Refusal,
    embed::Shut,
    files::UnfitFile,
    team::{Denied, LinkState},
    text::InvalidText,
};
use ports::Fault;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, AppError>;

/// Why a use case did not do what was asked. Each one has a stable code for the outside; the cause chain is for the log.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The rules refused; nothing has changed.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// Name of the person who has the live chat, for `held_by`.
        held_by: Option<String>,
    },
    /// The same `client_id` came before with another body.
    #[error("this client_id was used for another message")]
    ClientIdReused,
    /// The same `Idempotency-Key` came before with another body.
    #[error("this Idempotency-Key was used for another call")]
    KeyReused,
    /// A value is not acceptable.
    #[error("{field} {cause}")]
    Invalid {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        cause: String,
    },
    /// Not there, or not for this caller.
    #[error("not found")]
    NotFound,
    /// No valid sign-in, key or token.
    #[error("sign in first")]
    Unauthenticated,
    /// Wrong address or password; which one stays untold.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The role is not enough.
    #[error("your role does not allow this")]
    Forbidden,
    /// A call with a session's cookie, without the proof that one of our own pages makes it.
    #[error("a change by a session's cookie needs its token in the header X-CSRF-Token: `GET /session` tells it")]
    NoCsrfToken,
    /// A change of the team that the rules refuse.
    #[error("{0}")]
    Denied(Denied),
    /// The account may not sign in.
    #[error("this account is deactivated: an admin of your workspace can activate it again")]
    Deactivated,
    /// No such link was ever shown or mailed, or it is long forgotten.
    #[error("this link is not right: copy it whole, or ask for a new one")]
    LinkUnknown,
    /// A link that cannot be used any more.
    #[error("{}", over(.0))]
    Link(LinkState),
    /// The link is for somebody else.
    #[error("this link is for another address: sign in with that one")]
    LinkForAnother,
    /// People talk with visitors there.
    #[error("{0} live chats are going on with this chatbot: end or resolve them first")]
    LiveChats(u64),
    /// Somebody has the address.
    #[error("somebody has an account with this address")]
    AddressTaken,
    /// This server sends no mail.
    #[error("this server sends no mail: ask whoever runs it")]
    MailOff,
    /// Nobody has left an e-mail address.
    #[error("no e-mail address of this visitor is known")]
    NoAddress,
    /// The chatbot is private.
    #[error("this chatbot is open to collaborators only")]
    SignInRequired,
    /// The chatbot has no page of its own.
    #[error("this chatbot is open on the websites that embed it only")]
    EmbedOnly,
    /// The website is not among the chatbot's allowed domains.
    #[error("this website may not embed the chatbot: an admin can add it to its allowed domains")]
    OriginNotAllowed,
    /// A website's signature does not fit.
    #[error("the signature does not fit this id, end and chatbot")]
    WrongSignature,
    /// A website's signature is over.
    #[error("the signature has expired: sign again with a later end")]
    SignatureExpired,
    /// There is nothing to check a signature with.
    #[error("the chatbot has no signing secret: an admin can make one under Go Live")]
    NoSigningSecret,
    /// Too much at once.
    #[error("{text}")]
    RateLimited {
        /// What to tell the caller.
        text: String,
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Somebody changed it in between.
    #[error("somebody else changed this in the meantime: load it again")]
    Conflict,
    /// It exists already.
    #[error("{0} exists already")]
    Exists(&'static str),
    /// The server is set up already.
    #[error("this server is set up already: sign in")]
    SetupDone,
    /// The set-up code is wrong.
    #[error("this set-up code is wrong: look at the server's terminal")]
    WrongCode,
    /// The file is not one that is sent.
    #[error(transparent)]
    UnfitFile(#[from] UnfitFile),
    /// The files of the workspace take all the room that they may.
    #[error("there is no more room for files: whoever runs this server can raise --files-quota")]
    QuotaFull,
    /// Too many files.
    #[error("{0}")]
    TooManyFiles(&'static str),
    /// The picture cannot be used.
    #[error("{0}")]
    UnsupportedImage(String),
    /// Larger than allowed.
    #[error("{what} must have at most {max} bytes")]
    TooLarge {
        /// What.
        what: &'static str,
        /// The limit, in bytes.
        max: usize,
    },
    /// Nobody here writes texts.
    #[error("no language model is set up for this chatbot: an admin can name one under AI model")]
    NoModel,
    /// There is nothing to suggest.
    #[error("there is nothing about this in the knowledge to suggest")]
    NoSuggestion,
    /// The model gave no text.
    #[error("the language model gave no text ({0}): try again, or write without it")]
    ModelFailed(&'static str),
    /// No message is labelled.
    #[error("no message is labelled yet: add some first")]
    LabEmpty,
    /// A run of the lab goes on.
    #[error("this chatbot is being judged already: wait until that is done, or stop it")]
    LabRunning,
    /// The webhook is told of nothing.
    #[error("this webhook is switched off: switch it on first")]
    WebhookOff,
    /// Something outside failed.
    #[error(transparent)]
    Fault(Fault),
}

impl AppError {
    /// A value is not acceptable.
    pub fn invalid(field: impl Into<String>, cause: impl ToString) -> Self {
        Self::Invalid { field: field.into(), cause: cause.to_string() }
    }

    /// The stable code for the outside.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { refusal, .. } => refusal.code(),
            Self::ClientIdReused => "client_id_reused",
            Self::KeyReused => "idempotency_key_reused",
            Self::Invalid { .. } => "invalid",
            Self::NotFound | Self::Fault(Fault::NotFound) => "not_found",
            Self::Unauthenticated => "unauthenticated",
            Self::WrongCredentials => "wrong_credentials",
            Self::Forbidden => "forbidden",
            Self::NoCsrfToken => "csrf_token_missing",
            Self::Denied(denied) => match denied {
                Denied::Forbidden => "forbidden",
                Denied::AboveYours => "role_above_yours",
                Denied::LastOwner => "last_owner",
                Denied::WholeWorkspace => "whole_workspace",
                Denied::Yourself => "yourself",
                Denied::NotHere => "not_found",
            },
            Self::Deactivated => "deactivated",
            Self::LinkUnknown => "link_unknown",
            Self::Link(LinkState::Open | LinkState::Used) => "link_used",
            Self::Link(LinkState::Revoked) => "link_revoked",
            Self::Link(LinkState::Expired) => "link_expired",
            Self::LinkForAnother => "link_for_another",
            Self::LiveChats(_) => "live_chats",
            Self::AddressTaken => "address_taken",
            Self::MailOff => "mail_off",
            Self::NoAddress => "no_address",
            Self::SignInRequired => "sign_in_required",
            Self::EmbedOnly => "embed_only",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::WrongSignature => "wrong_signature",
            Self::SignatureExpired => "signature_expired",
            Self::NoSigningSecret => "no_signing_secret",
            Self::RateLimited { .. } => "rate_limited",
            Self::Conflict | Self::Fault(Fault::Conflict(_)) => "conflict",
            Self::Exists(_) => "exists",
            Self::SetupDone => "setup_done",
            Self::WrongCode => "wrong_code",
            Self::UnfitFile(UnfitFile::Empty) => "empty_file",
            Self::UnfitFile(UnfitFile::Lies { .. }) => "file_type_mismatch",
            Self::UnfitFile(UnfitFile::Active | UnfitFile::Unknown) => "unsupported_file",
            Self::QuotaFull => "files_quota_full",
            Self::TooManyFiles(_) => "too_many_files",
            Self::UnsupportedImage(_) => "unsupported_image",
            Self::TooLarge { .. } => "too_large",
            Self::NoModel => "model_not_set",
            Self::NoSuggestion => "no_suggestion",
            Self::ModelFailed(_) => "model_failed",
            Self::LabEmpty => "lab_empty",
            Self::LabRunning => "lab_running",
            Self::WebhookOff => "webhook_off",
            Self::Fault(Fault::Unavailable { .. }) => "unavailable",
            Self::Fault(Fault::Broken { .. }) => "internal",
        }
    }
}

impl From<Fault> for AppError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotFound => Self::NotFound,
            Fault::Conflict(what) => Self::Exists(what),
            other => Self::Fault(other),
        }
    }
}

impl From<Shut> for AppError {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Private => Self::SignInRequired,
            Shut::EmbedOnly => Self::EmbedOnly,
            Shut::Site => Self::OriginNotAllowed,
        }
    }
}

impl From<Denied> for AppError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<InvalidSetting> for AppError {
    fn from(invalid: InvalidSetting) -> Self {
        Self::Invalid { field: invalid.field, cause: invalid.cause.to_string() }
    }
}

fn over(state: &LinkState) -> &'static str {
    match state {
        LinkState::Open | LinkState::Used => "this link was used already: it works once",
        LinkState::Revoked => "this link was taken back: ask for a new one",
        LinkState::Expired => "the time of this link is over: ask for a new one",
    }
}

/// Names the field of a text that was refused.
pub(crate) fn field<T>(name: &str, checked: std::result::Result<T, InvalidText>) -> Result<T> {
    checked.map_err(|cause| AppError::invalid(name, cause))
}
