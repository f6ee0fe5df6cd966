//! Every SQL statement about uploaded files.

pub mod revisions;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::database::commit::commit;
use crate::imports::{ImageChoice, Ticks};

/// Files of one account that are kept; older ones give way.
const OF_ACCOUNT: i64 = 5;

/// An uploaded file, with what was chosen of it and typed beside it so far.
#[derive(Clone, Debug, FromRow)]
pub struct Upload {
    pub file_name: String,
    pub bytes: Vec<u8>,
    ticked: Vec<i32>,
    unticked: Vec<i32>,
    pub reason: String,
    pub as_of: String,
    images: Vec<String>,
}

impl Upload {
    /// Which images somebody said names of the file mean.
    pub fn images(&self) -> Vec<ImageChoice> {
        self.images.iter().filter_map(|text| ImageChoice::parse(text)).collect()
    }

    /// The rows that were chosen.
    pub fn ticks(&self) -> Ticks {
        let lines = |lines: &[i32]| lines.iter().filter_map(|line| usize::try_from(*line).ok()).collect();
        Ticks { on: lines(&self.ticked), off: lines(&self.unticked) }
    }
}

/// An upload of the day, as it is listed.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    pub id: i64,
    pub account_id: i64,
    /// Who uploaded it.
    pub name: String,
    pub file_name: String,
    pub made_at: DateTime<Utc>,
    /// How many rows had which verdict.
    pub counts: Json<BTreeMap<String, i64>>,
    /// The act by which it was accepted.
    pub change_set_id: Option<i64>,
    /// Whether the file is still there.
    pub is_kept: bool,
}

/// The uploads of a day, the newest first.
pub async fn of_the_day(pool: &PgPool) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as(
        "select u.id, u.account_id, a.name, u.file_name, u.made_at, u.counts, u.change_set_id, u.bytes <> '' as is_kept
         from uploads u join accounts a on a.id = u.account_id
         where u.made_at > now() - interval '24 hours' order by u.id desc limit 100",
    )
    .fetch_all(pool)
    .await
}

/// Keeps what a person chose of an upload and typed beside it.
pub async fn choose(pool: &PgPool, id: i64, ticks: &Ticks, reason: &str, as_of: &str) -> sqlx::Result<()> {
    let lines =
        |lines: &HashSet<usize>| lines.iter().filter_map(|line| i32::try_from(*line).ok()).collect::<Vec<i32>>();
    sqlx::query("update uploads set ticked = $2, unticked = $3, reason = $4, as_of = $5 where id = $1")
        .bind(id)
        .bind(lines(&ticks.on))
        .bind(lines(&ticks.off))
        .bind(reason)
        .bind(as_of)
        .execute(pool)
        .await?;
    Ok(())
}

/// Keeps which images somebody said names of an upload mean.
pub async fn choose_images(pool: &PgPool, id: i64, images: &[ImageChoice]) -> sqlx::Result<()> {
    sqlx::query("update uploads set images = $2 where id = $1")
        .bind(id)
        .bind(images.iter().map(ImageChoice::text).collect::<Vec<_>>())
        .execute(pool)
        .await?;
    Ok(())
}

/// Notes the act by which an upload was accepted.
pub async fn accepted(db: &mut PgConnection, id: i64, change_set: i64) -> sqlx::Result<()> {
    sqlx::query("update uploads set change_set_id = $2 where id = $1").bind(id).bind(change_set).execute(db).await?;
    Ok(())
}

/// Keeps a file for an account; gives its number.
pub async fn insert(
    pool: &PgPool,
    account: i64,
    file_name: &str,
    bytes: &[u8],
    counts: &BTreeMap<&str, usize>,
) -> sqlx::Result<i64> {
    let mut transaction = pool.begin().await?;
    sqlx::query("set local statement_timeout = '20s'").execute(&mut *transaction).await?;
    let id = sqlx::query_scalar(
        "insert into uploads (account_id, file_name, bytes, counts) values ($1, $2, $3, $4) returning id",
    )
    .bind(account)
    .bind(file_name)
    .bind(bytes)
    .bind(Json(counts))
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
pub async fn upload(pool: &PgPool, id: i64, account: i64) -> sqlx::Result<Option<Upload>> {
    sqlx::query_as(
        "select file_name, bytes, ticked, unticked, reason, as_of, images from uploads
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
