//! Every SQL statement about uploaded files.

use sqlx::{FromRow, PgPool};

use crate::database::commit::commit;

/// Files of one account that are kept; older ones give way.
const OF_ACCOUNT: i64 = 5;

/// An uploaded file.
#[derive(Clone, Debug, FromRow)]
pub struct Upload {
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// Keeps a file for an account; gives its number.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(pool: &PgPool, account: i64, file_name: &str, bytes: &[u8]) -> sqlx::Result<i64> {
    let mut transaction = pool.begin().await?;
    sqlx::query("set local statement_timeout = '20s'").execute(&mut *transaction).await?;
    let id = sqlx::query_scalar("insert into uploads (account_id, file_name, bytes) values ($1, $2, $3) returning id")
        .bind(account)
        .bind(file_name)
        .bind(bytes)
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query(
        "update uploads set bytes = '' where account_id = $1 and bytes <> ''
           and id not in (select id from uploads where account_id = $1 order by id desc limit $2)",
    )
    .bind(account)
    .bind(OF_ACCOUNT)
    .execute(&mut *transaction)
    .await?;
    commit(pool, transaction).await?;
    Ok(id)
}

/// A file that this account uploaded within a day and that has not given way to newer ones.
///
/// # Errors
/// When the database does not answer.
pub async fn upload(pool: &PgPool, id: i64, account: i64) -> sqlx::Result<Option<Upload>> {
    sqlx::query_as(
        "select file_name, bytes from uploads
         where id = $1 and account_id = $2 and bytes <> '' and made_at > now() - interval '24 hours'",
    )
    .bind(id)
    .bind(account)
    .fetch_optional(pool)
    .await
}

/// Forgets files after a day: what they hold first, which a role may that may not delete.
///
/// # Errors
/// When the database does not answer, or the role may not delete.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    for statement in [
        "update uploads set bytes = '' where made_at < now() - interval '24 hours' and bytes <> ''",
        "delete from uploads where made_at < now() - interval '24 hours'",
    ] {
        sqlx::query(statement).execute(pool).await?;
    }
    Ok(())
}
