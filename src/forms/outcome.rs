//! What becomes of a form that was sent and not written: its page again, and how it is answered.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::web::error::Error;
use crate::web::page::show_as;

/// Why a form is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// To be filled in further, or to see what saving would change.
    Shown,
    /// What is wrong stands beside its fields.
    Invalid,
    /// Others wrote meanwhile what it is about: both versions stand in it.
    Stale,
    /// The sender is not allowed to do this.
    Forbidden,
}

impl Outcome {
    /// The page again, with everything that was typed.
    pub fn draw<T: Template>(self, page: &T) -> Result<Response, Error> {
        let status = match self {
            Outcome::Shown => StatusCode::OK,
            Outcome::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Outcome::Stale => StatusCode::CONFLICT,
            Outcome::Forbidden => StatusCode::FORBIDDEN,
        };
        show_as(status, page)
    }
}
