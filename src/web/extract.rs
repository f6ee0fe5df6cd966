//! Where it ends what no database holds: an address or a form with a character that Postgres refuses goes no further.

use axum::extract::Request;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use memchr::memmem;

use super::address::pairs;
use super::error::Error;
use super::language::preferred;
use crate::i18n::Lang;

/// The one character that a text in Rust may have and one in Postgres may not.
const NUL: char = '\0';

/// Refuses an address that holds it: no page has such a name, and no parameter takes such a value.
pub async fn refuse_unstorable<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let uri = request.uri();
    if memmem::find(uri.path().as_bytes(), b"%00").is_some() {
        return Error::NotFound.into_response();
    }
    let is_suspect = uri.query().is_some_and(|query| memmem::find(query.as_bytes(), b"%00").is_some());
    let lang = language(&request);
    match is_suspect.then(|| sentences(lang, &pairs(uri.query().unwrap_or_default()))) {
        Some(wrong) if !wrong.is_empty() => Error::Unstorable(wrong).into_response(),
        _ => next(request).await,
    }
}

/// Lets fields pass that can be stored.
///
/// # Errors
/// 422 with a sentence for each field that cannot.
pub fn storable(lang: Lang, fields: Vec<(String, String)>) -> Result<Vec<(String, String)>, Error> {
    let wrong = sentences(lang, &fields);
    if wrong.is_empty() { Ok(fields) } else { Err(Error::Unstorable(wrong)) }
}

/// The language of an answer to a request.
pub fn language(request: &Request) -> Lang {
    let by_address = |uri: &Uri| Lang::from_path(uri.path());
    by_address(request.uri()).or_else(|| preferred(request.headers())).unwrap_or(Lang::En)
}

/// A sentence for each name and value that cannot be stored.
fn sentences(lang: Lang, given: &[(String, String)]) -> Vec<String> {
    let wrong = given.iter().filter(|(name, value)| name.contains(NUL) || value.contains(NUL));
    wrong
        .map(|(name, _)| lang.named("unstorable", name.replace(NUL, "").chars().take(60).collect::<String>()))
        .collect()
}
