//! Every SQL statement about licence terms.

use chrono::NaiveDate;
use sqlx::PgConnection;

/// Adds a term to each of these lines; terms are never changed or removed.
///
/// # Errors
/// When the database does not answer.
pub async fn add_terms(
    db: &mut PgConnection,
    change_set: i64,
    lines: &[i64],
    renewal_dates: &[Option<NaiveDate>],
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into terms (line_id, renewal_date, change_set_id)
         select line_id, renewal_date, $1 from unnest($2::bigint[], $3::date[]) as t (line_id, renewal_date)",
    )
    .bind(change_set)
    .bind(lines)
    .bind(renewal_dates)
    .execute(db)
    .await?;
    Ok(())
}
