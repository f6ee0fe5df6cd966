//! Files to take away: their name, type, and a body that is made while it is sent.

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

/// An answer that is a file with a name, in pieces that are made as they are sent.
pub fn file(name: &str, kind: &'static str, pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Response {
    let body = Body::from_stream(stream::iter(pieces.map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)))));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    ([(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, disposition)], body).into_response()
}
