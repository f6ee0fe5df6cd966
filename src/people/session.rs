//! Sessions in Postgres, behind a cookie that holds nothing but a random secret.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use sqlx::PgPool;

use super::db::sessions::{self, Holder};
use super::secret;
use crate::web::error::Error;

/// The hash of what a visitor's session cookie holds, whether the session has ended or not. Stands in a request's
/// extensions.
#[derive(Clone, Debug)]
pub struct SessionCookieHash(pub Vec<u8>);

/// The cookie's name. Browsers take one with the prefix only from a secure origin, and for nobody else.
pub fn cookie_name(origin: &str) -> &'static str {
    if is_secure(origin) { "__Host-session" } else { "session" }
}

/// Whether a site is reached over TLS.
pub fn is_secure(origin: &str) -> bool {
    origin.starts_with("https:")
}

/// What a cookie of this site holds, where it looks like a secret that the site gave.
pub fn secret_in(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = cookies.flat_map(|all| all.split(';')).filter_map(|cookie| {
        let (key, value) = cookie.trim().split_once('=')?;
        (key == name).then_some(value)
    });
    values
        .next()
        .filter(|value| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .map(str::to_owned)
}

/// The header that gives a browser a cookie, for so many seconds or until it is closed; 0 takes it back.
///
/// # Errors
/// When the value is none that a header can hold.
pub fn cookie(origin: &str, name: &str, value: &str, seconds: Option<u32>) -> anyhow::Result<HeaderValue> {
    let secure = if is_secure(origin) { "; Secure" } else { "" };
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    Ok(HeaderValue::from_str(&format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}"))?)
}

/// The header that gives a browser the cookie of a session.
///
/// # Errors
/// When the value is none that a header can hold.
pub fn session_cookie(origin: &str, secret: &str) -> anyhow::Result<HeaderValue> {
    cookie(origin, cookie_name(origin), secret, None)
}

/// The header that takes the cookie of a session back.
///
/// # Errors
/// Never for the names that this site uses.
pub fn no_session_cookie(origin: &str) -> anyhow::Result<HeaderValue> {
    cookie(origin, cookie_name(origin), "", Some(0))
}

/// Begins a session of an account, in place of the visitor's earlier one: the secret that its cookie is to hold.
pub async fn begin(
    pool: &PgPool,
    earlier: Option<&SessionCookieHash>,
    account: i64,
    address: &str,
) -> Result<String, Error> {
    let secret = secret::new()?;
    if let Some(SessionCookieHash(hash)) = earlier {
        sessions::end(pool, hash).await?;
    }
    sessions::begin(pool, &secret::hash(&secret), account, address).await?;
    Ok(secret)
}

/// Who holds a session; none where it has ended.
///
/// # Errors
/// When the database does not answer, or names a role that the program does not know.
pub async fn holder(pool: &PgPool, hash: &SessionCookieHash) -> Result<Option<Holder>, Error> {
    Ok(sessions::holder(pool, &hash.0).await?)
}
