//! What went wrong, as programs read it (RFC 9457), in the language that the visitor prefers.

use axum::Json;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::i18n::Lang;
use crate::web::error::words::words_for_programs;
use crate::web::error::words::{Drawn, Words};

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

    pub(super) fn with_words(
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

/// An error as programs read it (RFC 9457): title and advice in a language, and a sentence for each thing that is wrong.
pub fn problem(status: StatusCode, lang: Lang, sentences: &[String]) -> Response {
    let mut answer = (status, Problem::new(status, lang, sentences.to_vec(), None)).into_response();
    answer.extensions_mut().insert(Drawn);
    answer
}
