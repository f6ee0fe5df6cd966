//! What went wrong, as a page in the visitor's language that says what to do and never what broke inside.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::work::Undone;
use crate::database::fault::Fault;

mod drawing;
mod problem;
mod words;

pub use drawing::{draw, whole};
pub use problem::{Problem, Refused, problem};
pub use words::Drawn;

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
    Redirect(String),
    /// A form that this site did not make, or not wholly.
    #[error("the form is not whole")]
    BadForm,
    /// What a program asks for cannot be done: with a sentence for each thing to put right, and headers that help.
    #[error("refused with {0}")]
    Problem(StatusCode, Vec<String>, Box<HeaderMap>),
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

impl Error {
    /// A refusal with one sentence.
    pub fn problem(status: StatusCode, sentence: impl Into<String>) -> Error {
        Error::Problem(status, vec![sentence.into()], Box::default())
    }

    /// A refusal with a header that says more to a program.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Error {
        if let Error::Problem(_, _, headers) = &mut self {
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
struct Reason(words::Words);

/// Why an answer failed, for the log alone.
#[derive(Clone, Debug)]
pub struct Cause(pub Arc<anyhow::Error>);

/// Marks the answer to an act that is written although its page could not be made.
#[derive(Clone, Copy, Debug)]
struct Written;

/// The one way out of an act after its commit: whatever failed then, the answer is success, and its page says so. What
/// failed stays the cause in the log.
pub fn written(mut answer: Response) -> Response {
    *answer.status_mut() = StatusCode::OK;
    answer.extensions_mut().remove::<Failed>();
    answer.extensions_mut().remove::<Sentences>();
    answer.extensions_mut().insert(Reason(("act-written", "act-written-advice")));
    answer.extensions_mut().insert(Written);
    answer
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND.into_response(),
            Error::Forbidden => StatusCode::FORBIDDEN.into_response(),
            Error::BadForm => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
            Error::Redirect(address) => Redirect::to(&address).into_response(),
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
            Error::Problem(status, sentences, headers) => {
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
        Fault::Unholdable | Fault::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Fault::Taken(_) => StatusCode::CONFLICT,
        Fault::Defect => StatusCode::INTERNAL_SERVER_ERROR,
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
