//! SQL about forms that were sent after their session had ended.

use sqlx::PgPool;
use sqlx::types::Json;

/// Forms that are kept for one account at once.
const OF_ACCOUNT: i64 = 20;

/// A form's fields.
pub type Fields = Vec<(String, String)>;

/// Keeps a form; whether there was room for it.
pub async fn insert(
    pool: &PgPool,
    token_hash: &[u8],
    account: i64,
    address: &str,
    fields: &[(String, String)],
) -> sqlx::Result<bool> {
    let kept = sqlx::query(
        "insert into kept_forms (token_hash, account_id, address, fields)
         select $1, $2, $3, $4
         where (select count(*) from kept_forms
             where account_id = $2 and used_at is null and kept_at > now() - interval '12 hours') < $5",
    )
    .bind(token_hash)
    .bind(account)
    .bind(address)
    .bind(Json(fields))
    .bind(OF_ACCOUNT)
    .execute(pool)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Takes a kept form out for an account: its address and fields. It is given once, and only to the account that it was
/// kept for where that is known.
pub async fn take(pool: &PgPool, token_hash: &[u8], account: i64) -> sqlx::Result<Option<(String, Fields)>> {
    let taken: Option<(String, Json<Fields>)> = sqlx::query_as(
        "with taken as (
             select token_hash, address, fields from kept_forms
             where token_hash = $1 and used_at is null and kept_at > now() - interval '12 hours'
               and (account_id is null or account_id = $2) for update),
         emptied as (
             update kept_forms set used_at = clock_timestamp(), account_id = $2, fields = '[]'
             where token_hash = (select token_hash from taken))
         select address, fields from taken",
    )
    .bind(token_hash)
    .bind(account)
    .fetch_optional(pool)
    .await?;
    Ok(taken.map(|(address, Json(fields))| (address, fields)))
}
