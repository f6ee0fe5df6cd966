//! What went wrong, as a page in the visitor's language that says what to do and never what broke inside.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::FutureExt;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};
use uuid::Uuid;

use super::page::{Page, Shell, Visit};
use super::routes::Route;
use super::visitor::Person;
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
    /// What was sent is larger than is taken.
    #[error("what was sent is too large")]
    TooLarge,
    /// The database did not answer.
    #[error("the database does not answer: {0}")]
    Away(sqlx::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Error {
    fn from(problem: sqlx::Error) -> Error {
        match problem {
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) => {
                Error::Internal(problem.into())
            }
            away => Error::Away(away),
        }
    }
}

impl Error {
    /// A refusal with one sentence.
    #[must_use]
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
            Error::Told(status, sentences, headers) => {
                let mut response = (status, *headers).into_response();
                response.extensions_mut().insert(Sentences(sentences));
                response
            }
            Error::Away(problem) => {
                tracing::warn!(%problem, "the database does not answer");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
            Error::Internal(problem) => {
                tracing::error!(problem = format!("{problem:#}"), "an answer failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

#[derive(Template)]
#[template(path = "shared/error.html")]
struct ErrorPage {
    page: Page,
    advice: &'static str,
    sentences: Vec<String>,
    /// The number under which the log tells more.
    log_id: Option<String>,
}

/// Draws a page for every answer that is not a success and has none.
pub async fn draw<F>(shell: &Arc<Shell>, id: &LogId, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let visit = Visit::new(request.headers(), request.uri(), Arc::clone(shell));
    let answer = next(request).await;
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) || answer.extensions().get::<Drawn>().is_some() {
        return answer;
    }
    let path = visit.path();
    if status == StatusCode::NOT_FOUND && path.len() > 1 && path.ends_with('/') && !path.starts_with("//") {
        return Redirect::permanent(path.trim_end_matches('/')).into_response();
    }
    redraw(answer, &visit, status.is_server_error().then(|| id.text().to_owned()))
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
        let (title, advice) = match status {
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
        };
        let detail = if errors.is_empty() { lang.t(advice).into_owned() } else { errors.join(" ") };
        Problem { status: status.as_u16(), title: lang.t(title).into_owned(), detail, errors, log_id, lang }
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

fn redraw(answer: Response, visit: &Visit, log_id: Option<String>) -> Response {
    let status = answer.status();
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    let (title, advice) = words(status);
    let sentences = parts.extensions.remove::<Sentences>().map(|Sentences(all)| all).unwrap_or_default();
    if visit.path().starts_with("/api/") {
        let lang = visit.parameter("lang").and_then(|lang| Lang::from_code(&lang)).unwrap_or(visit.lang);
        return (parts, Problem::new(status, lang, sentences, log_id)).into_response();
    }
    let nowhere = Route::new("/en", "/fr");
    let page = ErrorPage {
        page: Page {
            person: parts.extensions.get::<Arc<Person>>().cloned(),
            ..visit.page(visit.lang.t(title), nowhere)
        },
        advice,
        sentences,
        log_id,
    };
    match page.render() {
        Ok(html) => (parts, axum::response::Html(html)).into_response(),
        Err(_) => status.into_response(),
    }
}

/// An error as programs read it (RFC 9457): title and advice in a language, and a sentence for each thing that is wrong.
#[must_use]
pub fn problem(status: StatusCode, lang: Lang, sentences: &[String]) -> Response {
    let mut answer = (status, Problem::new(status, lang, sentences.to_vec(), None)).into_response();
    answer.extensions_mut().insert(Drawn);
    answer
}

/// The number under which the log speaks of a request: the one that a proxy gave it, or one of its own, which is made
/// when it is first needed. Most requests need none.
pub struct LogId {
    given: Option<HeaderValue>,
    made: OnceLock<String>,
}

impl LogId {
    /// The number of a request with these headers.
    #[must_use]
    pub fn new(headers: &HeaderMap) -> LogId {
        LogId { given: headers.get("x-request-id").cloned(), made: OnceLock::new() }
    }

    /// The number as the log and pages show it.
    #[must_use]
    pub fn text(&self) -> &str {
        let given = self.given.as_ref().and_then(|given| given.to_str().ok());
        given.unwrap_or_else(|| self.made.get_or_init(|| Uuid::new_v4().to_string()))
    }
}

/// Answers although a handler broke: its page is drawn like any other error's.
pub async fn whole(answer: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a handler broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// The title and the advice for a status.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => ("error-bad-address", "error-bad-address-advice"),
        StatusCode::UNPROCESSABLE_ENTITY => ("error-bad-form", "error-bad-form-advice"),
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
