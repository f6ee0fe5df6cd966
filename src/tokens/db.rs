//! Every SQL statement about tokens and about the answers that are kept for their programs.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::web::visitor::Scope;

/// A token as administrators read it. What it holds is stored nowhere.
#[derive(Clone, Debug, FromRow)]
pub struct Token {
    pub id: String,
    pub name: String,
    pub reason: String,
    pub scopes: Vec<Scope>,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: Option<String>,
    pub ended_reason: Option<String>,
    pub last_used_on: Option<NaiveDate>,
    pub is_expired: bool,
    /// Whether the account of who made it is disabled.
    pub maker_is_disabled: bool,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub id: &'a str,
    pub hash: &'a [u8],
    pub name: &'a str,
    pub reason: &'a str,
    pub scopes: Vec<&'static str>,
    pub days: i32,
    pub account: i64,
    pub made_by: &'a str,
    pub form_key: &'a str,
}

/// Makes a token; whether it was, and not before by the same form.
pub async fn add(db: impl PgExecutor<'_>, new: &New<'_>) -> sqlx::Result<bool> {
    let added = sqlx::query(
        "insert into api_tokens (id, token_hash, name, reason, scopes, expires_at, account_id, made_by, form_key)
         values ($1, $2, $3, $4, $5, now() + make_interval(days => $6), $7, $8, $9)
         on conflict on constraint api_tokens_sent_once do nothing",
    )
    .bind(new.id)
    .bind(new.hash)
    .bind(new.name)
    .bind(new.reason)
    .bind(&new.scopes)
    .bind(new.days)
    .bind(new.account)
    .bind(new.made_by)
    .bind(new.form_key)
    .execute(db)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// The token that a form made.
pub async fn made_by_form(pool: &PgPool, form_key: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select id from api_tokens where form_key = $1").bind(form_key).fetch_optional(pool).await
}

/// All tokens: those that count first, then the newest first.
pub async fn all(pool: &PgPool, most: i64) -> sqlx::Result<Vec<Token>> {
    sqlx::query_as(
        "select t.id, t.name, t.reason, t.scopes, t.made_by, t.made_at, t.expires_at, t.ended_at, t.ended_by, t.ended_reason,
                t.last_used_on, t.expires_at <= now() as is_expired, a.disabled_at is not null as maker_is_disabled
         from api_tokens t join accounts a on a.id = t.account_id
         order by t.ended_at is null and t.expires_at > now() desc, t.made_at desc, t.id limit $1",
    )
    .bind(most)
    .fetch_all(pool)
    .await
}

/// One token.
pub async fn find(pool: &PgPool, id: &str) -> sqlx::Result<Option<Token>> {
    sqlx::query_as(
        "select t.id, t.name, t.reason, t.scopes, t.made_by, t.made_at, t.expires_at, t.ended_at, t.ended_by, t.ended_reason,
                t.last_used_on, t.expires_at <= now() as is_expired, a.disabled_at is not null as maker_is_disabled
         from api_tokens t join accounts a on a.id = t.account_id where t.id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// Ends a token; whether it had not ended before.
pub async fn end(db: &mut PgConnection, id: &str, account: i64, who: &str, reason: &str) -> sqlx::Result<bool> {
    let ended = sqlx::query(
        "update api_tokens set ended_at = clock_timestamp(), ended_account_id = $2, ended_by = $3, ended_reason = $4
         where id = $1 and ended_at is null",
    )
    .bind(id)
    .bind(account)
    .bind(who)
    .bind(reason)
    .execute(db)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// What a token is called and allows.
#[derive(Clone, Debug, FromRow)]
pub struct Held {
    pub id: String,
    pub name: String,
    pub made_by: String,
    pub scopes: Vec<Scope>,
}

/// The token with a hash: none where it has ended or expired, or the account of who made it is disabled. Notes the day of its use.
pub async fn held(pool: &PgPool, hash: &[u8]) -> sqlx::Result<Option<Held>> {
    sqlx::query_as(
        "with held as (
             select id, name, made_by, scopes, last_used_on from api_tokens
             where token_hash = $1 and ended_at is null and expires_at > now()
               and not exists (select from accounts where accounts.id = account_id and disabled_at is not null)),
         used as (
             update api_tokens set last_used_on = (now() at time zone 'America/Toronto')::date
             where id = (select id from held where last_used_on is distinct from (now() at time zone 'America/Toronto')::date))
         select id, name, made_by, scopes from held",
    )
    .bind(hash)
    .fetch_optional(pool)
    .await
}

/// Whether a token still counts, as a transaction sees it.
pub async fn counts(db: &mut PgConnection, id: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select exists (select from api_tokens where id = $1 and ended_at is null and expires_at > now()
             and not exists (select from accounts where accounts.id = account_id and disabled_at is not null))",
    )
    .bind(id)
    .fetch_one(db)
    .await
}

/// An answer that was given to a write.
#[derive(Clone, Debug, FromRow)]
pub struct Answered {
    /// Of the request that it answers.
    pub request_hash: Vec<u8>,
    pub status: i32,
    pub headers: Json<Value>,
    pub body: Vec<u8>,
}

/// What a token's program was answered under a key within a day.
pub async fn answered(db: &mut PgConnection, token: &str, key: &str) -> sqlx::Result<Option<Answered>> {
    sqlx::query_as(
        "select request_hash, status, headers, body from api_idempotency
         where token_id = $1 and key = $2 and at > now() - interval '24 hours'",
    )
    .bind(token)
    .bind(key)
    .fetch_optional(db)
    .await
}

/// Keeps the answer to a write under its key, in the write's transaction; one that is over gives way.
pub async fn insert(db: &mut PgConnection, token: &str, key: &str, answer: &Answered) -> sqlx::Result<()> {
    sqlx::query("delete from api_idempotency where token_id = $1 and key = $2 and at <= now() - interval '24 hours'")
        .bind(token)
        .bind(key)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into api_idempotency (token_id, key, request_hash, status, headers, body) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token)
    .bind(key)
    .bind(&answer.request_hash)
    .bind(answer.status)
    .bind(&answer.headers)
    .bind(&answer.body)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets answers after a day.
///
/// # Errors
/// When the database does not answer, or the role may not delete.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    sqlx::query("delete from api_idempotency where at <= now() - interval '24 hours'").execute(pool).await?;
    Ok(())
}
