//! The check for programs: a file in, JSON out.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::PgPool;

use super::kind::Kind;
use super::report::{self, File};
use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::i18n::Lang;
use crate::web::error::{Error, problem};
use crate::web::page::Visit;

/// Answers to a file that is the whole body. `kind`, `name` and `lang` stand in the address.
pub async fn check(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    mut visit: Visit,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    if let Some(code) = visit.parameter("lang") {
        visit.lang = Lang::from_code(&code).ok_or_else(|| visit.not_offered("lang", &code, "en, fr"))?;
    }
    let kind = match visit.parameter("kind") {
        Some(code) => Some(Kind::from_code(&code).ok_or_else(|| not_offered(&visit, &code))?),
        None => None,
    };
    let bytes = body.map_err(|_| Error::TooLarge)?.to_vec();
    let name = visit.parameter("name").unwrap_or_default();
    let origin = settings.origin();
    match report::make(&pool, catalogue.now(), settings, File { bytes, name, kind }).await? {
        Ok(report) => Ok(Json(report.json(&origin, visit.lang)).into_response()),
        Err(wrong) => Ok(problem(StatusCode::UNPROCESSABLE_ENTITY, visit.lang, &[wrong.in_words(visit.lang)])),
    }
}

fn not_offered(visit: &Visit, code: &str) -> Error {
    visit.not_offered("kind", code, &Kind::ALL.map(Kind::code).join(", "))
}
