//! What went wrong, as a page in the visitor's language that says what to do and never what broke inside.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::address::is_plain_path;
use super::log_id::LogId;
use super::page::{Page, Shell, Visit};
use super::routes::Route;
use super::typed::Typed;
use super::visitor::Person;
use super::work::Undone;
use crate::database::fault::Fault;
use crate::i18n::Lang;

/// Why a visit did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is nothing at this address")]
    NotFound,
    /// The person may not do this.
    #[error("the person may not do this")]
    Forbidden,
    /// The address asks for what the page does not offer: a sentence for each.
    #[error("the address asks for what is not offered")]
    BadAddress(Vec<String>),
    /// The answer is at another address of the site.
    #[error("the answer is at {0}")]
    Elsewhere(String),
    /// A form that this site did not make, or not wholly.
    #[error("the form is not whole")]
    BadForm,
    /// What a program asks for cannot be done: with a sentence for each thing to put right, and headers that help.
    #[error("refused with {0}")]
    Told(StatusCode, Vec<String>, Box<HeaderMap>),
    /// What was sent holds what no database can: a sentence for each name.
    #[error("what was sent cannot be stored")]
    Unstorable(Vec<String>),
    /// What was sent is larger than is taken.
    #[error("what was sent is too large")]
    TooLarge,
    /// The database did not give or take what it was asked to: what that means, and why.
    #[error("{1:#}")]
    Database(Fault, anyhow::Error),
    /// Others have all places for work of this kind.
    #[error("all places for such work are taken")]
    Busy,
    #[error(transparent)]
    Internal(anyhow::Error),
}

impl From<sqlx::Error> for Error {
    fn from(problem: sqlx::Error) -> Error {
        Error::Database(Fault::of(&problem), problem.into())
    }
}

impl From<Undone> for Error {
    fn from(undone: Undone) -> Error {
        match undone {
            Undone::Full => Error::Busy,
            Undone::Broken(problem) => Error::Internal(problem.into()),
        }
    }
}

/// Whatever was wrapped around an error of the database on its way, it is one.
impl From<anyhow::Error> for Error {
    fn from(problem: anyhow::Error) -> Error {
        match problem.downcast::<Error>() {
            Ok(known) => known,
            Err(problem) => match Fault::behind(&problem) {
                Some(fault) => Error::Database(fault, problem),
                None => Error::Internal(problem),
            },
        }
    }
}

/// What becomes of an act that a named constraint refuses.
pub trait OnConstraint<T> {
    /// Puts `told` in the place of the refusal by the constraint `name`.
    ///
    /// # Errors
    /// Every other error as it was.
    fn on_constraint(self, name: &str, told: impl FnOnce() -> Error) -> Result<T, Error>;
}

impl<T, E: Into<Error>> OnConstraint<T> for Result<T, E> {
    fn on_constraint(self, name: &str, told: impl FnOnce() -> Error) -> Result<T, Error> {
        self.map_err(|problem| match problem.into() {
            Error::Database(Fault::Constraint(refused), _) if *refused == *name => told(),
            other => other,
        })
    }
}

impl Error {
    /// A refusal with one sentence.
    pub fn told(status: StatusCode, sentence: impl Into<String>) -> Error {
        Error::Told(status, vec![sentence.into()], Box::default())
    }

    /// A refusal with a header that says more to a program.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Error {
        if let Error::Told(_, _, headers) = &mut self {
            headers.insert(name, value);
        }
        self
    }
}

/// The sentences that an answer's page is to show.
#[derive(Clone, Debug)]
struct Sentences(Vec<String>);

/// What the database did not do, where that is why an answer is none: its page says so in words of its own.
#[derive(Clone, Debug)]
struct Failed(Fault);

/// Words that say more than the status does.
#[derive(Clone, Copy, Debug)]
struct Reason(Words);

/// Why an answer failed, for the log alone.
#[derive(Clone, Debug)]
pub struct Cause(pub Arc<anyhow::Error>);

/// Marks the answer to an act that is written although its page could not be made.
#[derive(Clone, Copy, Debug)]
struct Written;

/// The one way out of an act after its commit: whatever failed then, the answer is success, and its page says so. What
/// failed stays the cause in the log.
#[must_use]
pub fn written(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::OK;
    answer.extensions_mut().remove::<Failed>();
    answer.extensions_mut().remove::<Sentences>();
    answer.extensions_mut().insert(Reason(("act-written", "act-written-advice")));
    answer.extensions_mut().insert(Written);
    answer
}

/// Marks an answer that is not a success and yet a whole page.
#[derive(Clone, Copy, Debug)]
pub struct Drawn;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND.into_response(),
            Error::Forbidden => StatusCode::FORBIDDEN.into_response(),
            Error::BadForm => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
            Error::Elsewhere(address) => Redirect::to(&address).into_response(),
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Error::BadAddress(sentences) => {
                let mut response = StatusCode::BAD_REQUEST.into_response();
                response.extensions_mut().insert(Sentences(sentences));
                response
            }
            Error::Unstorable(sentences) => {
                let mut response = StatusCode::UNPROCESSABLE_ENTITY.into_response();
                response.extensions_mut().insert(Failed(Fault::Unholdable));
                response.extensions_mut().insert(Sentences(sentences));
                response
            }
            Error::Told(status, sentences, headers) => {
                let mut response = (status, *headers).into_response();
                response.extensions_mut().insert(Sentences(sentences));
                response
            }
            Error::Database(fault, problem) => failed(status_of(&fault), Some(fault), problem),
            Error::Busy => {
                let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
                response.extensions_mut().insert(Reason(("error-full", "error-full-advice")));
                response
            }
            Error::Internal(problem) => failed(StatusCode::INTERNAL_SERVER_ERROR, None, problem),
        }
    }
}

/// The status for what the database did not do.
fn status_of(fault: &Fault) -> StatusCode {
    match fault {
        Fault::Away | Fault::ReadOnly | Fault::Busy | Fault::Unconfirmed => StatusCode::SERVICE_UNAVAILABLE,
        Fault::Unholdable => StatusCode::UNPROCESSABLE_ENTITY,
        Fault::Constraint(_) | Fault::Defect => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An answer that failed; its cause is written to the log once, with the number of the visit.
fn failed(status: StatusCode, fault: Option<Fault>, problem: anyhow::Error) -> Response {
    let mut answer = status.into_response();
    answer.extensions_mut().insert(Cause(Arc::new(problem)));
    if let Some(fault) = fault {
        answer.extensions_mut().insert(Failed(fault));
    }
    answer
}

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

/// What went wrong, for programs (RFC 9457), in the language that the visitor prefers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    status: u16,
    title: String,
    detail: String,
    /// A sentence for each thing to put right.
    errors: Vec<String>,
    /// The number under which the log tells more.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_id: Option<String>,
    #[serde(skip)]
    lang: Lang,
}

impl Problem {
    fn new(status: StatusCode, lang: Lang, errors: Vec<String>, log_id: Option<String>) -> Problem {
        Problem::with_words(status, words_for_programs(status), lang, errors, log_id)
    }

    fn with_words(
        status: StatusCode,
        (title, advice): Words,
        lang: Lang,
        errors: Vec<String>,
        log_id: Option<String>,
    ) -> Problem {
        let detail = if errors.is_empty() { lang.t(advice).into_owned() } else { errors.join(" ") };
        Problem { status: status.as_u16(), title: lang.t(title).into_owned(), detail, errors, log_id, lang }
    }
}

/// The title and the advice for a status, for programs.
fn words_for_programs(status: StatusCode) -> Words {
    match status {
        StatusCode::NOT_FOUND => ("problem-not-found", "problem-not-found-advice"),
        StatusCode::METHOD_NOT_ALLOWED => ("problem-method", "problem-method-advice"),
        StatusCode::BAD_REQUEST => ("problem-bad-address", "problem-bad-address-advice"),
        StatusCode::UNAUTHORIZED => ("problem-token", "problem-token-advice"),
        StatusCode::FORBIDDEN => ("problem-forbidden", "problem-forbidden-advice"),
        StatusCode::PRECONDITION_FAILED => ("problem-stale", "problem-stale-advice"),
        StatusCode::PRECONDITION_REQUIRED => ("problem-if-match", "problem-if-match-advice"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("problem-media-type", "problem-media-type-advice"),
        StatusCode::UNPROCESSABLE_ENTITY => ("problem-content", "problem-content-advice"),
        other => words(other),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
            (CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.code())),
            (VARY, HeaderValue::from_static("Accept-Language, Cookie")),
        ];
        (headers, Json(self)).into_response()
    }
}

/// How what programs read is refused or not sent again, for its description.
#[derive(IntoResponses)]
pub enum Refused {
    #[response(status = 304)]
    NotModified,
    #[response(status = 400, content_type = "application/problem+json")]
    BadAddress(Problem),
    #[response(status = 401, content_type = "application/problem+json")]
    Unknown(Problem),
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    #[response(status = 405, content_type = "application/problem+json")]
    Method(Problem),
    #[response(status = 414, content_type = "application/problem+json")]
    TooLong(Problem),
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    #[response(status = 503, content_type = "application/problem+json")]
    Away(Problem),
}

fn redraw(answer: Response, visit: &Visit, log_id: Option<String>, typed: Option<Typed>) -> Response {
    let status = answer.status();
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    let failed = parts.extensions.get::<Failed>().and_then(|Failed(fault)| words_for(fault));
    let failed = failed.or_else(|| parts.extensions.get::<Reason>().map(|Reason(words)| *words));
    let sentences = parts.extensions.remove::<Sentences>().map(|Sentences(all)| all).unwrap_or_default();
    if visit.path().starts_with("/api/") {
        let lang = visit.parameter("lang").and_then(|lang| Lang::from_code(&lang)).unwrap_or(visit.lang);
        let words = failed.unwrap_or_else(|| words_for_programs(status));
        let told = Problem::with_words(status, words, lang, sentences, log_id);
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
        again: typed.and_then(|typed| typed.fields()),
        address: visit.address().to_owned(),
    };
    match page.render() {
        Ok(html) => (parts, axum::response::Html(html)).into_response(),
        Err(_) => status.into_response(),
    }
}

/// An error as programs read it (RFC 9457): title and advice in a language, and a sentence for each thing that is wrong.
pub fn problem(status: StatusCode, lang: Lang, sentences: &[String]) -> Response {
    let mut answer = (status, Problem::new(status, lang, sentences.to_vec(), None)).into_response();
    answer.extensions_mut().insert(Drawn);
    answer
}

/// Answers although a handler broke: its page is drawn like any other error's.
pub async fn whole(answer: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a handler broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// The keys of a title and of what to do.
type Words = (&'static str, &'static str);

/// The title and the advice for what the database did not do, where the status alone does not say it.
fn words_for(fault: &Fault) -> Option<Words> {
    match fault {
        Fault::ReadOnly => Some(("error-read-only", "error-read-only-advice")),
        Fault::Busy => Some(("error-busy", "error-busy-advice")),
        Fault::Unconfirmed => Some(("error-unconfirmed", "error-unconfirmed-advice")),
        Fault::Unholdable => Some(("error-unholdable", "error-unholdable-advice")),
        Fault::Away | Fault::Constraint(_) | Fault::Defect => None,
    }
}

/// The title and the advice for a status.
fn words(status: StatusCode) -> Words {
    match status {
        StatusCode::BAD_REQUEST => ("error-bad-address", "error-bad-address-advice"),
        StatusCode::UNPROCESSABLE_ENTITY => ("error-bad-form", "error-bad-form-advice"),
        StatusCode::MISDIRECTED_REQUEST => ("error-host", "error-host-advice"),
        StatusCode::FORBIDDEN => ("error-forbidden", "error-forbidden-advice"),
        StatusCode::NOT_FOUND => ("error-not-found", "error-not-found-advice"),
        StatusCode::METHOD_NOT_ALLOWED => ("error-method", "error-method-advice"),
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => ("error-too-large", "error-too-large-advice"),
        StatusCode::TOO_MANY_REQUESTS => ("error-too-many", "error-too-many-advice"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            ("error-away", "error-away-advice")
        }
        status if status.is_client_error() => ("error-request", "error-request-advice"),
        _ => ("error-internal", "error-internal-advice"),
    }
}
