//! SQL about sessions.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::web::visitor::Role;

/// Who a session belongs to, as the database says at this moment.
#[derive(Clone, Debug, FromRow)]
pub struct Holder {
    pub session: i64,
    pub account: i64,
    pub name: String,
    pub role: Role,
    pub organisation: Option<i64>,
}

/// A session as its person sees it.
#[derive(Clone, Debug, FromRow)]
pub struct Session {
    pub id: i64,
    pub begun_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub address: String,
}

/// Begins a session of an account.
pub async fn begin(pool: &PgPool, id_hash: &[u8], account: i64, address: &str) -> sqlx::Result<()> {
    sqlx::query("insert into sessions (id_hash, account_id, address) values ($1, $2, $3)")
        .bind(id_hash)
        .bind(account)
        .bind(address)
        .execute(pool)
        .await?;
    Ok(())
}

/// Who holds a session: none where it has ended, was begun 12 hours ago, was not used for 30 minutes, or its account is
/// disabled. Notes at most once a minute that it is used.
pub async fn holder(pool: &PgPool, id_hash: &[u8]) -> sqlx::Result<Option<Holder>> {
    sqlx::query_as(
        "with held as (
             select s.id as session, s.seen_at, a.id as account, a.name, a.role, a.organisation_id as organisation
             from sessions s join accounts a on a.id = s.account_id
             where s.id_hash = $1 and s.ended_at is null and a.disabled_at is null
               and s.begun_at > now() - interval '12 hours' and s.seen_at > now() - interval '30 minutes'),
         used as (
             update sessions set seen_at = clock_timestamp()
             where id = (select session from held where seen_at < now() - interval '1 minute'))
         select session, account, name, role, organisation from held",
    )
    .bind(id_hash)
    .fetch_optional(pool)
    .await
}

/// Whose session it is or was, whether it has ended or not.
pub async fn owner(pool: &PgPool, id_hash: &[u8]) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select account_id from sessions where id_hash = $1").bind(id_hash).fetch_optional(pool).await
}

/// The sessions of an account that can still be used, the newest first.
pub async fn of_account(pool: &PgPool, account: i64) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as(
        "select id, begun_at, seen_at, address from sessions
         where account_id = $1 and ended_at is null
           and begun_at > now() - interval '12 hours' and seen_at > now() - interval '30 minutes'
         order by begun_at desc, id desc",
    )
    .bind(account)
    .fetch_all(pool)
    .await
}

/// Ends one session by what its cookie holds.
pub async fn end(pool: &PgPool, id_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query("update sessions set ended_at = clock_timestamp() where id_hash = $1 and ended_at is null")
        .bind(id_hash)
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends one session of an account by its number; whether there was one.
pub async fn end_one(pool: &PgPool, account: i64, id: i64) -> sqlx::Result<bool> {
    let ended = sqlx::query(
        "update sessions set ended_at = clock_timestamp() where id = $2 and account_id = $1 and ended_at is null",
    )
    .bind(account)
    .bind(id)
    .execute(pool)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all sessions of an account; how many there were.
pub async fn end_all(db: impl PgExecutor<'_>, account: i64) -> sqlx::Result<u64> {
    let ended =
        sqlx::query("update sessions set ended_at = clock_timestamp() where account_id = $1 and ended_at is null")
            .bind(account)
            .execute(db)
            .await?;
    Ok(ended.rows_affected())
}

/// Forgets what is over: sessions and links after 30 days, forms and sign-ins under way after a day.
///
/// # Errors
/// When the database does not answer, or the role may not delete.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    for statement in [
        "delete from sessions where begun_at < now() - interval '30 days'",
        "delete from one_time_links where made_at < now() - interval '30 days'",
        "delete from kept_forms where kept_at < now() - interval '1 day'",
        "delete from sign_ins where made_at < now() - interval '1 day'",
    ] {
        sqlx::query(statement).execute(pool).await?;
    }
    Ok(())
}
