//! Files to take away: their name, type, and a body that is made while it is sent.

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use tokio::task::yield_now;

/// An answer that is a file with a name, in pieces that are made as they are sent.
pub fn file(name: &str, kind: &'static str, pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Response {
    let pieces = stream::iter(pieces).then(|piece| async {
        yield_now().await; // to the other answers
        piece
    });
    let pieces = pieces.filter(|piece| std::future::ready(!piece.is_empty()));
    answer(name, kind, Body::from_stream(pieces.map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)))))
}

/// An answer that is a file with a name: its beginning, then pieces that have to be waited for. Where one fails the
/// connection is broken off, so that nobody takes a part for the whole.
pub fn stream_file<E>(
    name: &str,
    kind: &'static str,
    beginning: Vec<u8>,
    pieces: impl Stream<Item = Result<Vec<u8>, E>> + Send + 'static,
) -> Response
where
    E: std::error::Error + Send + Sync + 'static,
{
    let beginning = stream::once(async { Ok(Bytes::from(beginning)) });
    answer(name, kind, Body::from_stream(beginning.chain(pieces.map(|piece| piece.map(Bytes::from)))))
}

fn answer(name: &str, kind: &'static str, body: Body) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    ([(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, disposition)], body).into_response()
}
