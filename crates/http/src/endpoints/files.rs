//! Files in conversations: uploaded here, named by messages, opened by their address.

use api::{common::Problem, files::FileView};
use app::{
    AppError,
    files::{Opener, Sender},
};
use axum::{
    body::{Body, BodyDataStream},
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{FileId, limits::FILE_BYTES};
use futures_util::StreamExt;
use ports::files::File;
use serde::Deserialize;
use std::time::Duration;
use utoipa::IntoParams;

use crate::{
    caller::{Address, Caller, IdempotencyKey, MaybeCaller},
    present,
    problem::{Answer, Failure},
    server::Shared,
};

/// How long an upload may take.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// One of which nothing comes for so long is ended.
    silence: Duration,
    /// So is one that takes longer than this.
    whole: Duration,
}

/// Five minutes are enough for the largest file at 35 kB a second.
const PATIENCE: Patience = Patience { silence: Duration::from_secs(30), whole: Duration::from_secs(300) };

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// Name of the file.
    name: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeyQuery {
    /// From the file's `url`.
    key: Option<String>,
    /// Whether it is to be saved and not shown.
    download: Option<bool>,
}

/// Ids of files; one that names nothing is told like any other mistake.
pub(crate) fn ids(ids: &[String]) -> Result<Vec<FileId>, AppError> {
    ids.iter().map(|id| id.parse().map_err(|_| AppError::invalid("files", "names no file"))).collect()
}

/// Uploads a file: the body is the file itself. It is sent when a message names it; what is not sent within a day is
/// removed. Visitors may upload as soon as their chat has an answer.
#[utoipa::path(post, path = "/conversations/{id}/files", tag = "conversations",
    params(("id" = String, Path), UploadQuery, IdempotencyKey),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = FileView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn upload(
    State(server): Shared,
    caller: Caller,
    Address(address): Address,
    IdempotencyKey(key): IdempotencyKey,
    Path(id): Path<String>,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Answer<(StatusCode, axum::Json<FileView>)> {
    let sender = match &caller {
        Caller::Staff(staff) => Sender::Staff(staff),
        Caller::Visitor(visitor) => Sender::Visitor(visitor),
    };
    // Rights and size first: nothing of a body is read that would be refused in any case.
    let place = server.baton.may_upload(sender, id.parse()?, address).await?;
    let claimed =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let mut parts = request.into_body().into_data_stream();
    if claimed.is_some_and(|length| length > 2 * FILE_BYTES as u64) {
        return Err(too_large().into());
    }
    let bytes = take(&mut parts, claimed, PATIENCE).await?;
    let name = query.name.as_deref().unwrap_or_default();
    let file = server.baton.upload(&place, name, bytes, key.as_deref()).await?;
    Ok((StatusCode::CREATED, axum::Json(present::file(&file.attached))))
}

fn too_large() -> AppError {
    AppError::TooLarge { what: "the file", max: FILE_BYTES }
}

/// The body of a file, or why there is none.
async fn take(parts: &mut BodyDataStream, claimed: Option<u64>, patience: Patience) -> Answer<Vec<u8>> {
    let taking = async {
        if claimed.is_some_and(|length| length > FILE_BYTES as u64) {
            return Err(hear_out(parts, patience.silence).await);
        }
        read(parts, patience.silence).await
    };
    let taken = tokio::time::timeout(patience.whole, taking).await;
    taken.unwrap_or_else(|_| Err(broken(StatusCode::REQUEST_TIMEOUT, "the upload takes too long: try again")))
}

/// The body, as far as it may go: what claims to be small and is not ends here.
async fn read(parts: &mut BodyDataStream, silence: Duration) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let part = match tokio::time::timeout(silence, parts.next()).await {
            Ok(Some(part)) => part,
            Ok(None) => return Ok(bytes),
            Err(_) => return Err(broken(StatusCode::REQUEST_TIMEOUT, "the upload stopped: try again")),
        };
        let part = part.map_err(|_| broken(StatusCode::BAD_REQUEST, "the upload broke off: try again"))?;
        if bytes.len() + part.len() > FILE_BYTES {
            return Err(hear_out(parts, silence).await);
        }
        bytes.extend_from_slice(&part);
    }
}

/// A file that is a little too large is taken in and thrown away: a client that is cut off while it still sends does not
/// hear why.
async fn hear_out(parts: &mut BodyDataStream, silence: Duration) -> Failure {
    let mut left = 2 * FILE_BYTES;
    while let Ok(Some(Ok(part))) = tokio::time::timeout(silence, parts.next()).await {
        match left.checked_sub(part.len()) {
            Some(less) => left = less,
            None => break,
        }
    }
    too_large().into()
}

fn broken(status: StatusCode, detail: &str) -> Failure {
    Failure::of_call(status, "upload_broken", detail)
}

/// A file, for whoever has its address and may read its conversation: a collaborator of the chatbot, the conversation's
/// visitor, or a page that shows nothing but the address. What is in a private note is for collaborators only.
#[utoipa::path(get, path = "/files/{id}", tag = "conversations", params(("id" = String, Path), KeyQuery),
    responses((status = 200, content_type = "*/*", body = Vec<u8>), (status = 404, body = Problem)))]
pub(crate) async fn open(
    State(server): Shared,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<String>,
    Query(query): Query<KeyQuery>,
) -> Answer<Response> {
    let opener = match &caller {
        Some(Caller::Staff(staff)) => Opener::Staff(staff),
        Some(Caller::Visitor(visitor)) => Opener::Visitor(visitor),
        None => Opener::Nobody,
    };
    let key = query.key.unwrap_or_default();
    let (file, parts) = server.baton.open_file(id.parse()?, &key, opener).await?;
    let mut response = Body::from_stream(parts).into_response();
    let shown = file.kind.is_picture() && !query.download.unwrap_or(false);
    protect(response.headers_mut(), &file, shown);
    Ok(response)
}

/// Whatever the bytes are, a browser takes them for what we say, runs nothing of them, and keeps them for this reader
/// alone.
fn protect(headers: &mut HeaderMap, file: &File, shown: bool) {
    let fixed = [
        (header::CONTENT_TYPE, file.kind.mime()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        // A page of another site that embeds the chatbot shows pictures too.
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.attached.bytes));
    let how = if shown { "inline" } else { "attachment" };
    if let Ok(value) = HeaderValue::from_str(&format!("{how}; filename*=UTF-8''{}", encoded(&file.attached.name))) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
}

/// A name as RFC 8187 writes it.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future};

    use futures_util::{Stream, stream};

    use super::*;

    /// What a client hears whose body comes like this.
    async fn heard(body: impl Stream<Item = Vec<u8>> + Send + 'static, patience: Patience) -> (StatusCode, String) {
        let mut parts = Body::from_stream(body.map(Ok::<_, Infallible>)).into_data_stream();
        match take(&mut parts, None, patience).await {
            Ok(bytes) => (StatusCode::OK, String::from_utf8(bytes).unwrap()),
            Err(failure) => {
                let problem = failure.0;
                (StatusCode::from_u16(problem.status).unwrap(), problem.detail.unwrap_or_default())
            }
        }
    }

    #[tokio::test]
    async fn an_upload_that_stops_or_trickles_for_ever_is_ended() {
        let whole = stream::iter([b"one ".to_vec(), b"two".to_vec()]);
        assert_eq!(heard(whole, PATIENCE).await, (StatusCode::OK, "one two".to_owned()));
        let stops = stream::iter([b"one".to_vec()]).chain(stream::once(future::pending()));
        let impatient = Patience { silence: Duration::ZERO, ..PATIENCE };
        let told = (StatusCode::REQUEST_TIMEOUT, "The upload stopped: try again.".to_owned());
        assert_eq!(heard(stops, impatient).await, told);
        // Something always comes, and it never ends.
        let trickles = stream::repeat(Vec::new()).then(|part| async {
            tokio::task::yield_now().await;
            part
        });
        let impatient = Patience { whole: Duration::from_millis(1), ..PATIENCE };
        let told = (StatusCode::REQUEST_TIMEOUT, "The upload takes too long: try again.".to_owned());
        assert_eq!(heard(trickles, impatient).await, told);
    }

    #[test]
    fn names_of_files_are_written_so_that_no_header_breaks() {
        assert_eq!(encoded("plain-1.pdf"), "plain-1.pdf");
        assert_eq!(encoded("Größe \"1\"\r\n.pdf"), "Gr%C3%B6%C3%9Fe%20%221%22%0D%0A.pdf");
    }
}
