//! Files to take away: their name, type, and a body that is made while it is sent.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use tokio::task::yield_now;

use super::csv::PIECE;

/// Answers of fewer bytes are held in memory.
const IN_MEMORY: usize = 8 * PIECE;

/// An answer in pieces that are made as they are asked for.
pub type Pieces = Box<dyn Iterator<Item = Vec<u8>> + Send>;

/// An answer that is a file with a name, in pieces that are made as they are sent.
pub fn file(name: &str, kind: &'static str, pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Response {
    answer(name, kind, body(pieces))
}

/// Pieces as a body. Between two of them other answers have their turn.
fn body(pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Body {
    let pieces = stream::iter(pieces).then(|piece| async {
        yield_now().await;
        piece
    });
    let pieces = pieces.filter(|piece| std::future::ready(!piece.is_empty()));
    Body::from_stream(pieces.map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece))))
}

/// Pieces that are drawn now, whole, so that what they are made of is not held for as long as their visitor takes: those of
/// a large answer through a temporary file.
///
/// # Errors
/// When no temporary file can be written.
pub async fn drawn(mut pieces: impl Iterator<Item = Vec<u8>>) -> io::Result<Pieces> {
    let mut held = Vec::new();
    let mut length = 0;
    while length < IN_MEMORY {
        let Some(piece) = pieces.next() else { return Ok(Box::new(held.into_iter())) };
        length += piece.len();
        held.push(piece);
        yield_now().await;
    }
    let mut file = tempfile::tempfile()?;
    for piece in held.into_iter().chain(pieces) {
        file.write_all(&piece)?;
        yield_now().await;
    }
    Ok(Box::new(read_back(file)?))
}

/// What a temporary file holds, in pieces.
///
/// # Errors
/// When it cannot be read.
pub fn read_back(mut file: File) -> io::Result<impl Iterator<Item = Vec<u8>> + Send + 'static> {
    file.flush()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(std::iter::from_fn(move || {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).ok().filter(|read| *read > 0)?;
        piece.truncate(read);
        Some(piece)
    }))
}

/// An answer without a name, in pieces that are made as they are sent.
pub fn in_pieces(kind: &'static str, pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(kind))], body(pieces)).into_response()
}

/// An answer that is a file with a name, in pieces that have to be waited for. Where one fails the connection is broken
/// off, so that nobody takes a part for the whole.
pub fn stream_file<E>(
    name: &str,
    kind: &'static str,
    pieces: impl Stream<Item = Result<Vec<u8>, E>> + Send + 'static,
) -> Response
where
    E: std::error::Error + Send + Sync + 'static,
{
    answer(name, kind, Body::from_stream(pieces.map(|piece| piece.map(Bytes::from))))
}

fn answer(name: &str, kind: &'static str, body: Body) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    ([(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, disposition)], body).into_response()
}
