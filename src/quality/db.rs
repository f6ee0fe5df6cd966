//! Every SQL statement about decisions on findings, and what the record tells of dates that are not known.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool};

use crate::changes::record::Subject;
use crate::codes::codes;
use crate::i18n::Lang;
use crate::quality::{Decisions, Mark};

codes! {
    /// What was decided of a finding.
    pub enum Outcome("quality_decisions.decision", code, label) {
        Accepted("accepted", "field-quality-accepted"),
        Ignored("ignored", "field-quality-ignored"),
    }
}

/// A decision that stands.
#[derive(Clone, Debug, FromRow)]
pub struct Decision {
    fingerprint: String,
    pub outcome: Outcome,
    pub reason: String,
    pub actor: String,
    pub change_set_id: i64,
    pub made_at: DateTime<Utc>,
}

/// The decisions that stand.
pub async fn decisions(db: &mut PgConnection) -> sqlx::Result<Decisions> {
    let rows: Vec<Decision> = sqlx::query_as(
        "select fingerprint, decision as outcome, reason, actor, change_set_id, made_at from quality_decisions
         where reopened_at is null",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((Mark::parse(&row.fingerprint)?, row))).collect())
}

/// A decision that is made.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub mark: Mark,
    pub decision: Outcome,
    pub reason: &'a str,
    pub actor: &'a str,
    pub account: i64,
    pub change_set: i64,
}

/// Keeps a decision.
///
/// # Errors
/// When the database does not answer, or one stands already.
pub async fn insert(db: &mut PgConnection, new: &New<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "insert into quality_decisions (fingerprint, decision, reason, actor, account_id, change_set_id)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.mark.text())
    .bind(new.decision)
    .bind(new.reason)
    .bind(new.actor)
    .bind(new.account)
    .bind(new.change_set)
    .execute(db)
    .await?;
    Ok(())
}

/// Lets a decision stand no longer.
pub async fn reopen(db: &mut PgConnection, mark: Mark) -> sqlx::Result<()> {
    sqlx::query(
        "update quality_decisions set reopened_at = clock_timestamp() where fingerprint = $1 and reopened_at is null",
    )
    .bind(mark.text())
    .execute(db)
    .await?;
    Ok(())
}

/// Since when the lines of these images are as they are: added, given a status or a date, or the date said to be owed.
pub async fn undated_since(pool: &PgPool, images: &[i64]) -> sqlx::Result<HashMap<i64, DateTime<Utc>>> {
    let mut look = pool.begin().await?;
    sqlx::query("set local statement_timeout = '8s'").execute(&mut *look).await?;
    let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(
        "select c.subject_id, max(s.effective_at)
         from changes c join change_sets s on s.id = c.change_set_id
         where c.image_id = any($1) and c.subject = 'line' and c.after is not null
           and (c.before is null or c.after ?| array['renewal_date', 'owed_by', 'status'])
         group by c.subject_id",
    )
    .bind(images)
    .fetch_all(&mut *look)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The texts of these images whose English was changed after their French: the subject and its number.
pub async fn stale_french(pool: &PgPool, images: &[i64]) -> sqlx::Result<HashSet<(Subject, i64)>> {
    let mut look = pool.begin().await?;
    sqlx::query("set local statement_timeout = '8s'").execute(&mut *look).await?;
    let rows: Vec<(Subject, i64)> = sqlx::query_as(
        "select subject, subject_id from changes
         where image_id = any($1) and subject in ('image', 'line')
           and after ?| array['notes_en', 'notes_fr', 'description_en', 'description_fr']
         group by subject, subject_id
         having max(id) filter (where coalesce(before ->> 'notes_en', before ->> 'description_en') is not null
                                  and after ?| array['notes_en', 'description_en'])
              > max(id) filter (where after ?| array['notes_fr', 'description_fr'])",
    )
    .bind(images)
    .fetch_all(&mut *look)
    .await?;
    Ok(rows.into_iter().collect())
}
