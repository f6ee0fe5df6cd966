//! Pages that a browser has already: 304 where nothing has changed since.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::visitor::Person;
use crate::i18n::Lang;

/// Gives the mark of all that pages are made of: the program, the settings, the catalogue's version, the day.
#[derive(Clone)]
pub struct Mark(Arc<dyn Fn() -> String + Send + Sync>);

impl Mark {
    /// A mark that is read anew for each visit.
    pub fn new(read: impl Fn() -> String + Send + Sync + 'static) -> Mark {
        Mark(Arc::new(read))
    }
}

/// Marks pages and files in either language, and what programs read; answers 304 where the visitor's copy has the mark. What a person who has
/// signed in sees is kept by nobody.
pub async fn mark(State(mark): State<Mark>, request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    if request.extensions().get::<Arc<Person>>().is_some() {
        let mut answer = next.run(request).await;
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        return answer;
    }
    let path = request.uri().path();
    if !is_read || (Lang::from_path(path).is_none() && !path.starts_with("/api/")) {
        return next.run(request).await;
    }
    let tag = format!("W/\"{}\"", (mark.0)());
    let Ok(value) = HeaderValue::from_str(&tag) else { return next.run(request).await };
    let held = request.headers().get_all(IF_NONE_MATCH).iter().filter_map(|held| held.to_str().ok());
    if held.flat_map(|list| list.split(',')).any(|held| held.trim() == tag) {
        let headers = [(ETAG, value), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let mut answer = next.run(request).await;
    if answer.status() == StatusCode::OK {
        answer.headers_mut().insert(ETAG, value);
        answer.headers_mut().append(VARY, HeaderValue::from(ACCEPT_ENCODING));
    }
    answer
}
