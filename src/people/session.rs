//! Sessions in Postgres, behind a cookie that holds nothing but a random number.

use std::collections::HashMap;

use anyhow::anyhow;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{self, Id, Record};
use tower_sessions::session_store::Error;
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::db::sessions;
use super::secret;
use crate::database::fault::Fault;
use crate::database::known::known;
use crate::web::error as web;
use crate::web::visitor::Role;

/// Under which name a session holds its account while it begins.
const ACCOUNT: &str = "account";
/// Under which name a session holds the address from which it begins.
const ADDRESS: &str = "address";
/// Under which name a session that was read holds its person.
const HOLDER: &str = "holder";

/// Who holds a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Holder {
    pub session: i64,
    pub account: i64,
    pub name: String,
    pub role: String,
    pub organisation: Option<i64>,
}

/// Sessions in Postgres.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// The sessions of a database.
    #[must_use]
    pub fn new(pool: PgPool) -> Store {
        Store { pool }
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<(), Error> {
        let account = record.data.get(ACCOUNT).and_then(Value::as_i64);
        let account = account.ok_or_else(|| Error::Encode("a session without an account".to_owned()))?;
        let address = record.data.get(ADDRESS).and_then(Value::as_str).unwrap_or_default();
        sessions::begin(&self.pool, &stored(record.id), account, address).await.map_err(backend)
    }

    async fn save(&self, _: &Record) -> Result<(), Error> {
        Ok(()) // a session never changes: signing in again begins another
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>, Error> {
        let Some(held) = sessions::holder(&self.pool, &stored(*id)).await.map_err(backend)? else { return Ok(None) };
        known("accounts", "role", &held.role, Role::from_code).map_err(backend)?;
        let sessions::Holder { session, account, name, role, organisation } = held;
        let holder = Holder { session, account, name, role, organisation };
        let holder = serde_json::to_value(holder).map_err(|problem| Error::Decode(problem.to_string()))?;
        let data = HashMap::from([(HOLDER.to_owned(), holder)]);
        Ok(Some(Record { id: *id, data, expiry_date: OffsetDateTime::now_utc() }))
    }

    async fn delete(&self, id: &Id) -> Result<(), Error> {
        sessions::end(&self.pool, &stored(*id)).await.map_err(backend)
    }
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it over
fn backend(problem: sqlx::Error) -> Error {
    Error::Backend(format!("{}: {problem}", Fault::of(&problem).code()))
}

/// What went wrong with a session. What the database did not do comes through the sessions' layer as a text.
#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it over
fn failed(problem: session::Error) -> web::Error {
    match problem {
        session::Error::Store(Error::Backend(told)) => web::Error::Database(Fault::named(&told), anyhow!(told)),
        other => web::Error::Internal(other.into()),
    }
}

/// What is stored of a session's number: its hash.
#[must_use]
pub fn stored(id: Id) -> Vec<u8> {
    secret::hash(&id.to_string())
}

/// The cookie's name. Browsers take one with the prefix only from a secure origin, and for nobody else.
#[must_use]
pub fn cookie_name(origin: &str) -> &'static str {
    if is_secure(origin) { "__Host-session" } else { "session" }
}

/// Whether a site is reached over TLS.
#[must_use]
pub fn is_secure(origin: &str) -> bool {
    origin.starts_with("https:")
}

/// The layer that reads the cookie and sets it. A visitor without one costs no statement.
#[must_use]
pub fn layer(pool: PgPool, origin: &str) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store::new(pool))
        .with_name(cookie_name(origin))
        .with_secure(is_secure(origin))
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// Who holds a session; none where it has ended.
///
/// # Errors
/// When the database does not answer.
pub async fn holder(session: &Session) -> Result<Option<Holder>, web::Error> {
    session.get(HOLDER).await.map_err(failed)
}

/// Begins a session of an account under a new number; the visitor's earlier one ends.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(session: &Session, account: i64, address: &str) -> Result<(), web::Error> {
    let begun = async {
        session.clear().await;
        session.cycle_id().await?;
        session.insert(ADDRESS, address).await?;
        session.insert(ACCOUNT, account).await?;
        session.save().await
    };
    begun.await.map_err(failed)
}

/// Ends the visitor's session.
///
/// # Errors
/// When the database does not answer.
pub async fn end(session: &Session) -> Result<(), web::Error> {
    session.flush().await.map_err(failed)
}
