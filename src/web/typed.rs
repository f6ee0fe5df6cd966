//! What a form sent, remembered while it is read: where the answer fails, its page offers to send the same again.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;

use super::address::pairs;

/// What was read of a form so far.
#[derive(Clone, Debug, Default)]
pub struct Typed(Arc<Mutex<Vec<Bytes>>>);

impl Typed {
    /// Remembers what will be read of a request, where it is a form. Nothing is read that is not read anyway, and
    /// nothing is copied.
    pub fn of(request: Request) -> (Request, Option<Typed>) {
        let kind = request.headers().get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        if request.method() != Method::POST || !kind.starts_with(b"application/x-www-form-urlencoded") {
            return (request, None);
        }
        let typed = Typed::default();
        let pieces = Arc::clone(&typed.0);
        let request = request.map(|body| {
            Body::new(body.map_frame(move |frame| {
                if let Some(piece) = frame.data_ref() {
                    pieces.lock().unwrap_or_else(PoisonError::into_inner).push(piece.clone());
                }
                frame
            }))
        });
        (request, Some(typed))
    }

    /// The fields, to be sent again; none where nothing was read, or a password is among them.
    pub fn fields(&self) -> Option<Vec<(String, String)>> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).concat();
        // Without the character that cannot be stored: nobody can type or see it.
        let plain = |(name, value): (String, String)| (name.replace('\0', ""), value.replace('\0', ""));
        let fields: Vec<_> = pairs(std::str::from_utf8(&bytes).ok()?).into_iter().map(plain).collect();
        let is_secret = fields.iter().any(|(name, _)| name == "password" || name == "again");
        (!fields.is_empty() && !is_secret).then_some(fields)
    }
}
