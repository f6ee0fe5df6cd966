//! Every SQL statement about licence terms.

use chrono::NaiveDate;
use sqlx::PgConnection;

/// A term of a line: its renewal date, or that it is not known and who owes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub line: i64,
    pub renewal_date: Option<NaiveDate>,
    /// How long it is, where somebody said so.
    pub months: Option<i32>,
    pub owed_by: Option<String>,
}

/// Adds terms; terms are never changed or removed.
///
/// # Errors
/// When the database does not answer.
pub async fn add_terms(db: &mut PgConnection, change_set: i64, terms: &[Term]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into terms (line_id, renewal_date, months, owed_by, change_set_id)
         select line_id, renewal_date, months, owed_by, $1
         from unnest($2::bigint[], $3::date[], $4::integer[], $5::text[]) as t (line_id, renewal_date, months, owed_by)",
    )
    .bind(change_set)
    .bind(terms.iter().map(|term| term.line).collect::<Vec<_>>())
    .bind(terms.iter().map(|term| term.renewal_date).collect::<Vec<_>>())
    .bind(terms.iter().map(|term| term.months).collect::<Vec<_>>())
    .bind(terms.iter().map(|term| term.owed_by.as_deref()).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
