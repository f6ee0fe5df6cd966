//! SQL about one-time links, by which a local account's password is set.

use sqlx::{FromRow, PgConnection, PgExecutor};

/// Whose link it is.
#[derive(Clone, Debug, FromRow)]
pub struct Owner {
    pub account: i64,
    pub name: String,
    pub email: String,
}

/// Makes a link for an account; its earlier ones can no longer be used.
pub async fn make(db: &mut PgConnection, account: i64, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query("update one_time_links set used_at = clock_timestamp() where account_id = $1 and used_at is null")
        .bind(account)
        .execute(&mut *db)
        .await?;
    sqlx::query("insert into one_time_links (token_hash, account_id) values ($1, $2)")
        .bind(token_hash)
        .bind(account)
        .execute(db)
        .await?;
    Ok(())
}

/// Whose link it is, while it can be used.
pub async fn owner(db: impl PgExecutor<'_>, token_hash: &[u8]) -> sqlx::Result<Option<Owner>> {
    sqlx::query_as(
        "select a.id as account, a.name, a.email from one_time_links l join accounts a on a.id = l.account_id
         where l.token_hash = $1 and l.used_at is null and l.made_at > now() - interval '24 hours'
           and a.disabled_at is null and a.issuer is null",
    )
    .bind(token_hash)
    .fetch_optional(db)
    .await
}

/// Uses a link up; whether it could still be used.
pub async fn take(db: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<bool> {
    let taken = sqlx::query(
        "update one_time_links set used_at = clock_timestamp()
         where token_hash = $1 and used_at is null and made_at > now() - interval '24 hours'",
    )
    .bind(token_hash)
    .execute(db)
    .await?;
    Ok(taken.rows_affected() == 1)
}
