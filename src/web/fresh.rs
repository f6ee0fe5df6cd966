//! Pages that a browser has already, or that were drawn already: nothing is drawn twice where nothing has changed since.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::compression::{DefaultPredicate, Predicate};

use super::visitor::{Person, Program};
use crate::i18n::Lang;
use crate::web::page_cache::{Opened, PageCache};

/// The mark of all that pages are made of (the program, the settings, the catalogue's version, the day), and the pages
/// that were drawn at it where they are kept.
#[derive(Clone)]
pub struct Mark {
    read: Arc<dyn Fn() -> String + Send + Sync>,
    kept: Option<Arc<PageCache>>,
}

impl Mark {
    /// A mark that is read anew for each visit.
    pub fn new(read: impl Fn() -> String + Send + Sync + 'static) -> Mark {
        Mark { read: Arc::new(read), kept: None }
    }

    /// The same mark, for pages that are made from memory and therefore kept.
    pub fn keeping(&self) -> Mark {
        Mark { kept: Some(Arc::default()), ..self.clone() }
    }
}

/// Lets be compressed what has no mark of its own: such a mark stands for the very bytes, however they are sent.
pub fn unmarked() -> impl Predicate {
    let has_none = |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| !headers.contains_key(ETAG);
    DefaultPredicate::new().and(has_none)
}

/// Marks pages and files in either language, and what programs read, where it has no mark of its own; answers 304 where the
/// visitor's copy has the mark, and with the page as it was drawn where it was. What a person who has signed in sees is
/// kept by nobody, nor what a token reads: nothing of that is compressed, and its mark is a strong one. An answer that says
/// itself who may keep it has no mark.
pub async fn mark(State(mark): State<Mark>, request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    let is_of_a_person = request.extensions().get::<Arc<Person>>().is_some();
    let path = request.uri().path();
    if is_of_a_person || !is_read || (Lang::from_path(path).is_none() && !path.starts_with("/api/")) {
        return next.run(request).await;
    }
    let has_token = request.extensions().get::<Arc<Program>>().is_some();
    let tag = format!("{}\"{}\"", if has_token { "" } else { "W/" }, (mark.read)());
    let Ok(value) = HeaderValue::from_str(&tag) else { return next.run(request).await };
    let held = if has_token { Vec::new() } else { held(request.headers()) };
    if held.contains(&tag) {
        return unchanged(value);
    }
    let kept = mark.kept.filter(|_| !has_token).and_then(|kept| Some((kept, Opened::by(&request)?)));
    if let Some(page) = kept.as_ref().and_then(|(kept, opened)| kept.page(opened, &value)) {
        return page;
    }
    let mut answer = next.run(request).await;
    if answer.status() == StatusCode::OK && !answer.headers().contains_key(CACHE_CONTROL) {
        let own = answer.headers().get(ETAG).cloned();
        if let Some(own) = own.clone().filter(|own| held.iter().any(|held| held.as_bytes() == own.as_bytes())) {
            return unchanged(own);
        }
        let is_of_all = own.is_none();
        answer.headers_mut().insert(ETAG, own.unwrap_or_else(|| value.clone()));
        answer.headers_mut().append(VARY, HeaderValue::from(ACCEPT_ENCODING));
        if let Some((kept, opened)) = kept.filter(|_| is_of_all) {
            return kept.keep(opened, value, answer).await;
        }
    }
    answer
}

/// The marks of the copies that a visitor has.
fn held(headers: &HeaderMap) -> Vec<String> {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|held| held.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(|held| held.trim().to_owned()).collect()
}

fn unchanged(tag: HeaderValue) -> Response {
    let headers = [(ETAG, tag), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    (StatusCode::NOT_MODIFIED, headers).into_response()
}
