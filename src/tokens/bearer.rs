//! The token that a program brings (`Authorization: Bearer`), read below `/api/v1/` only and apart from every session.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, AUTHORIZATION, COOKIE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sqlx::PgPool;

use super::db;
use super::form::is_token;
use crate::i18n::Lang;
use crate::log::Repeated;
use crate::people::db::events::{self, Kind, Who};
use crate::people::secret;
use crate::web::error::Error;
use crate::web::headers::kept_by_nobody;
use crate::web::language::preferred;
use crate::web::limits::{Caller, SubmissionLimiter};
use crate::web::visitor::Program;

/// In an outage every token is one whose use cannot be recorded.
static UNRECORDED: Repeated = Repeated::new("a security event of a token could not be recorded");

/// Where tokens are read.
const BELOW: &str = "/api/v1/";
/// Tokens that do not count, from one address at once, and after how long there is one more.
const REFUSED: (u32, Duration) = (30, Duration::from_secs(4));

/// What reading tokens works with.
#[derive(Clone)]
pub struct Tokens {
    pool: PgPool,
    refused: Arc<SubmissionLimiter>,
}

impl Tokens {
    /// Tokens of a database; `proxies` as for [`crate::web::limits::Limits`].
    pub fn new(pool: PgPool, proxies: usize) -> Tokens {
        Tokens { pool, refused: Arc::new(SubmissionLimiter::new(REFUSED.0, REFUSED.1, proxies)) }
    }
}

/// Puts `Arc<Program>` into the extensions of a request that brings a token, and refuses a token that does not count: 401.
/// Who brings a token is no person: cookies are not looked at. Its answers are kept by nobody and are not compressed, so that
/// their `ETag` stands for their very bytes.
pub async fn identify(State(tokens): State<Tokens>, mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(BELOW) {
        return next.run(request).await;
    }
    let Some(brought) = brought(request.headers()) else {
        return varying(next.run(request).await);
    };
    request.headers_mut().remove(COOKIE);
    request.headers_mut().remove(ACCEPT_ENCODING);
    let lang = preferred(request.headers()).unwrap_or(Lang::En);
    let answer = match tokens.program(&brought, Caller::of(request.extensions()), lang).await {
        Ok(program) => {
            request.extensions_mut().insert(Arc::new(program));
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    varying(kept_by_nobody(answer))
}

/// Says that the answer is another for who brings a token.
fn varying(mut answer: Response) -> Response {
    answer.headers_mut().append(VARY, HeaderValue::from(AUTHORIZATION));
    answer
}

/// What a request brings as a token. Other ways to say who one is are not looked at.
fn brought(headers: &HeaderMap) -> Option<String> {
    let all: Vec<&str> =
        headers.get_all(AUTHORIZATION).iter().map(|value| value.to_str().unwrap_or("Bearer")).collect();
    let bearer = |value: &&str| value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    let first = all.iter().find(|value| bearer(value))?;
    // Of several nobody can say which one counts.
    Some(if all.len() == 1 { first[6..].trim().to_owned() } else { String::new() })
}

impl Tokens {
    /// The program whose token it is.
    async fn program(&self, brought: &str, caller: Caller, lang: Lang) -> Result<Program, Error> {
        let held = if is_token(brought) { db::held(&self.pool, &secret::hash(brought)).await? } else { None };
        if let Some(held) = held {
            return Ok(Program { token: held.id, name: held.name, made_by: held.made_by, scopes: held.scopes });
        }
        self.record(brought, caller).await;
        if let Some(seconds) = self.refused.wait(caller) {
            let refusal = Error::problem(StatusCode::TOO_MANY_REQUESTS, lang.t("tokens-too-often"));
            return Err(refusal.with_header(RETRY_AFTER, HeaderValue::from(seconds)));
        }
        let refusal = Error::problem(StatusCode::UNAUTHORIZED, lang.t("tokens-invalid"));
        let how = HeaderValue::from_static("Bearer realm=\"image-catalogue\", error=\"invalid_token\"");
        Err(refusal.with_header(WWW_AUTHENTICATE, how))
    }

    /// Records once a minute and address that a token was refused: only what names it in public.
    async fn record(&self, brought: &str, caller: Caller) {
        let detail = if is_token(brought) { &brought[..13] } else { "" };
        let address = caller.text();
        let (about, actor) = (Who::default(), Who::default());
        let event = events::New { kind: Kind::TokenRefused, about, actor, address: &address, detail };
        if let Err(problem) = events::record(&self.pool, &event).await {
            UNRECORDED.tell(|what| tracing::error!(%problem, "{what}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_token_is_brought_and_other_ways_are_not_looked_at() {
        let headers = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            brought(&headers)
        };
        assert_eq!(headers(&[]), None);
        assert_eq!(headers(&["Basic YTpi"]), None);
        assert_eq!(headers(&["bearer icat_1"]), Some("icat_1".to_owned()));
        assert_eq!(headers(&["Bearer"]), Some(String::new()));
        assert_eq!(headers(&["Bearer a", "Bearer b"]), Some(String::new()));
    }
}
