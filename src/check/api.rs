//! The check for programs: a file in, JSON out.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa::{IntoParams, IntoResponses};

use super::json::Checked;
use super::kind::Kind;
use super::report::{self, File};
use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::i18n::Lang;
use crate::web::error::{Error, Problem, problem};
use crate::web::page::Visit;

/// What stands in the address.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only")]
pub struct Asked {
    #[param(inline)]
    kind: Option<Kind>,
    name: Option<String>,
    #[param(inline)]
    lang: Option<Lang>,
}

/// How a file is refused, for the description.
#[derive(IntoResponses)]
pub enum Refused {
    #[response(status = 400, content_type = "application/problem+json")]
    BadAddress(Problem),
    #[response(status = 401, content_type = "application/problem+json")]
    Unknown(Problem),
    #[response(status = 403, content_type = "application/problem+json")]
    Foreign(Problem),
    #[response(status = 405, content_type = "application/problem+json")]
    Method(Problem),
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    #[response(status = 414, content_type = "application/problem+json")]
    TooLong(Problem),
    #[response(status = 422, content_type = "application/problem+json")]
    Unreadable(Problem),
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    #[response(status = 503, content_type = "application/problem+json")]
    Away(Problem),
}

/// Answers to a file that is the whole body. `kind`, `name` and `lang` stand in the address.
///
/// # Errors
/// A sentence for what is not offered, or that the file is too large.
#[utoipa::path(post, path = "/api/v1/check", operation_id = "check_project", params(Asked),
    request_body(content = String, content_type = "text/plain", example = json!("FROM python:3.13\n")), responses((status = OK, body = Checked), Refused))]
pub async fn check(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    mut visit: Visit,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    visit.lang = visit.language()?.unwrap_or(visit.lang);
    let known = |code: &String| Kind::from_code(code).ok_or_else(|| not_offered(&visit, code));
    let kind = visit.given("kind").iter().map(known).try_fold(None, |_, kind| kind.map(Some))?;
    let bytes = body.map_err(|_| Error::TooLarge)?.to_vec();
    let name = visit.parameter("name").unwrap_or_default();
    let origin = settings.origin();
    match report::make(catalogue.now(), settings, File { bytes, name, kind }).await? {
        Ok(report) => Ok(Json(report.json(&origin, visit.lang)).into_response()),
        Err(wrong) => Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, visit.lang, &[wrong.in_words(visit.lang)])),
    }
}

fn not_offered(visit: &Visit, code: &str) -> Error {
    visit.not_offered("kind", code, &Kind::ALL.map(Kind::code).join(", "))
}
