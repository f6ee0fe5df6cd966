//! The page, or the answer for programs, of what went wrong.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;

use super::{Failed, Reason, Sentences, Written};
use crate::database::fault::Fault;
use crate::web::address::is_plain_path;
use crate::web::error::problem::Problem;
use crate::web::error::words::Drawn;
use crate::web::error::words::words;
use crate::web::error::words::words_for;
use crate::web::error::words::words_for_programs;
use crate::web::log_id::LogId;
use crate::web::page::{Page, Visit};
use crate::web::routes::Route;
use crate::web::shell::Shell;
use crate::web::typed::Typed;
use crate::web::visitor::Person;

#[derive(Template)]
#[template(path = "shared/error.html")]
struct ErrorPage {
    page: Page,
    advice: &'static str,
    sentences: Vec<String>,
    /// The number under which the log tells more.
    log_id: Option<String>,
    /// What a form sent, to be sent again as it is: it counts once.
    again: Option<Vec<(String, String)>>,
    /// Whether it is to be corrected first: then the form opens with it.
    is_edited: bool,
    address: String,
}

/// Draws a page for every answer that is not a success and has none.
pub async fn draw<F>(shell: &Arc<Shell>, id: &LogId, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let visit = Visit::new(request.headers(), request.uri(), Arc::clone(shell));
    let is_look = request.method().is_safe();
    let (request, typed) = Typed::of(request);
    let answer = next(request).await;
    let status = answer.status();
    if answer.extensions().get::<Written>().is_some() {
        return redraw(answer, &visit, None, None);
    }
    if !(status.is_client_error() || status.is_server_error()) || answer.extensions().get::<Drawn>().is_some() {
        return answer;
    }
    let mut answer = answer;
    if status == StatusCode::UNPROCESSABLE_ENTITY && is_look && answer.extensions().get::<Failed>().is_some() {
        *answer.status_mut() = StatusCode::BAD_REQUEST; // nothing was sent: it is the address that holds it
    }
    let path = visit.path();
    let without = path.trim_end_matches('/');
    if status == StatusCode::NOT_FOUND && without.len() < path.len() && is_plain_path(without) {
        return Redirect::permanent(without).into_response();
    }
    let log_id = (status == StatusCode::INTERNAL_SERVER_ERROR).then(|| id.text().to_owned());
    let keeps = status.is_server_error() || answer.extensions().get::<Failed>().is_some();
    redraw(answer, &visit, log_id, typed.filter(|_| keeps))
}

fn redraw(answer: Response, visit: &Visit, log_id: Option<String>, typed: Option<Typed>) -> Response {
    let status = answer.status();
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    let fault = parts.extensions.get::<Failed>().map(|Failed(fault)| fault);
    let is_edited = matches!(fault, Some(Fault::Taken(_) | Fault::Unfit(_)));
    let failed = fault.and_then(words_for);
    let failed = failed.or_else(|| parts.extensions.get::<Reason>().map(|Reason(words)| *words));
    let sentences = parts.extensions.remove::<Sentences>().map(|Sentences(all)| all).unwrap_or_default();
    if visit.path().starts_with("/api/") {
        let words = failed.unwrap_or_else(|| words_for_programs(status));
        let told = Problem::with_words(status, words, visit.lang, sentences, log_id);
        return if status.is_success() { (parts, Json(told)).into_response() } else { (parts, told).into_response() };
    }
    let (title, advice) = failed.unwrap_or_else(|| words(status));
    let nowhere = Route::new("/en", "/fr");
    let page = ErrorPage {
        page: Page {
            person: parts.extensions.get::<Arc<Person>>().cloned(),
            ..visit.page(visit.lang.t(title), nowhere)
        },
        advice,
        sentences,
        log_id,
        again: typed.and_then(|typed| typed.fields()).map(|fields| if is_edited { to_edit(fields) } else { fields }),
        is_edited,
        address: visit.address().to_owned(),
    };
    match page.render() {
        Ok(html) => (parts, axum::response::Html(html)).into_response(),
        Err(_) => status.into_response(),
    }
}

/// The fields of a form that open it again instead of sending it.
fn to_edit(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let typed = fields.into_iter().filter(|(name, _)| name != "do");
    typed.chain([("do".to_owned(), "edit".to_owned())]).collect()
}

/// Answers although a handler broke: its page is drawn like any other error's.
pub async fn whole(answer: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a handler broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}
