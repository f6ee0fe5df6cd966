//! The headers that every answer carries: what browsers may do with it, and the language cookie.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HeaderName, REFERRER_POLICY,
    SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::i18n::Lang;
use crate::web::shell::Shell;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const FIXED: [(HeaderName, HeaderValue); 7] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

const STRICT: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Adds the headers to an answer.
pub async fn add<F>(shell: &Shell, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let lang = Lang::from_path(request.uri().path());
    let remembered = lang.is_none_or(|lang| remembers(request.headers(), lang));
    let mut answer = next(request).await;
    let is_unchanged = answer.status() == StatusCode::NOT_MODIFIED;
    let headers = answer.headers_mut();
    headers.reserve(FIXED.len() + 4);
    for (name, value) in FIXED {
        headers.insert(name, value);
    }
    if shell.origin.starts_with("https:") {
        headers.insert(STRICT_TRANSPORT_SECURITY, STRICT);
    }
    if let Some(lang) = lang {
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    if let (Some(lang), false, true) = (lang, remembered, is_unchanged || is_page(headers)) {
        headers.append(SET_COOKIE, cookie(lang));
    }
    answer
}

/// Answers that are kept by nobody: what speaks of people, and forms that count once.
pub async fn keep_nothing(request: Request, next: Next) -> Response {
    kept_by_nobody(next.run(request).await)
}

/// An answer for this visitor at this moment alone.
pub fn kept_by_nobody(mut answer: Response) -> Response {
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answer
}

/// Whether the visitor's cookie names this language already.
fn remembers(headers: &HeaderMap, lang: Lang) -> bool {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .any(|cookie| cookie.trim().strip_prefix("lang=") == Some(lang.code()))
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The language last read in, for a year: what `/` leads to.
fn cookie(lang: Lang) -> HeaderValue {
    HeaderValue::from_static(match lang {
        Lang::En => "lang=en; Path=/; Max-Age=31536000; SameSite=Lax",
        Lang::Fr => "lang=fr; Path=/; Max-Age=31536000; SameSite=Lax",
    })
}
