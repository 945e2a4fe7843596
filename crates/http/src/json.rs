//! JSON bodies whose mistakes are answered like all others.

use axum::{
    extract::{FromRequest, OptionalFromRequest, Request, rejection::JsonRejection},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;

use crate::problem::Failure;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match <axum::Json<T> as FromRequest<S>>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(JsonRejection::BytesRejection(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Failure::of_call(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is too large"))
            }
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Failure::of_call(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "send the body as application/json",
            )),
            Err(JsonRejection::JsonDataError(rejection)) => {
                Err(Failure::of_call(StatusCode::UNPROCESSABLE_ENTITY, "invalid", &rejection.body_text()))
            }
            Err(rejection) => Err(Failure::of_call(StatusCode::BAD_REQUEST, "malformed", &rejection.body_text())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Failure;

    /// No body at all is fine; a body must be right.
    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Failure> {
        if request.headers().contains_key(header::CONTENT_TYPE) {
            <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
        } else {
            Ok(None)
        }
    }
}
