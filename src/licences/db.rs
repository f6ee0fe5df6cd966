//! Every SQL statement about licence terms.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::clock::day_of;

/// A term of a line: its renewal date, or that it is not known and who owes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub line: i64,
    pub renewal_date: Option<NaiveDate>,
    /// How long it is, where somebody said so.
    pub months: Option<i32>,
    pub owed_by: Option<String>,
}

/// The last date that a line had before its date was no longer known, and the day since which it has not been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastKnown {
    pub date: NaiveDate,
    pub since: NaiveDate,
}

/// The lines whose date is not known and was before: of all, or of these.
pub async fn last_known(db: &mut PgConnection, lines: Option<&[i64]>) -> sqlx::Result<HashMap<i64, LastKnown>> {
    let rows: Vec<(i64, NaiveDate, DateTime<Utc>)> = sqlx::query_as(
        "select newest.line_id, dated.renewal_date,
                (select min(s.effective_at) from terms t join change_sets s on s.id = t.change_set_id
                 where t.line_id = newest.line_id and t.id > dated.id)
         from terms newest
         join lateral (select id, renewal_date from terms
                       where line_id = newest.line_id and renewal_date is not null order by id desc limit 1) dated on true
         where newest.renewal_date is null and ($1::bigint[] is null or newest.line_id = any($1))
           and newest.id = (select max(id) from terms where line_id = newest.line_id)",
    )
    .bind(lines)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(line, date, since)| (line, LastKnown { date, since: day_of(since) })).collect())
}

/// The same for all lines as it was known before a moment, from the terms of the acts that count from before it.
pub async fn last_known_before(db: &mut PgConnection, moment: DateTime<Utc>) -> sqlx::Result<HashMap<i64, LastKnown>> {
    let rows: Vec<(i64, NaiveDate, DateTime<Utc>)> = sqlx::query_as(
        "with counted as (select t.id, t.line_id, t.renewal_date, s.effective_at
                          from terms t join change_sets s on s.id = t.change_set_id where s.effective_at < $1),
              dated as (select distinct on (line_id) line_id, id, renewal_date from counted
                        where renewal_date is not null order by line_id, id desc)
         select d.line_id, d.renewal_date, min(c.effective_at)
         from dated d join counted c on c.line_id = d.line_id and c.id > d.id
         group by d.line_id, d.renewal_date",
    )
    .bind(moment)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(line, date, since)| (line, LastKnown { date, since: day_of(since) })).collect())
}

/// Gives the lines of an image the terms of another's lines of the same organisations, after their own: what was known of
/// a date stays known where a line goes over to another image.
pub async fn take_over(db: &mut PgConnection, from: i64, into: i64, organisations: &[i64]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into terms (line_id, change_set_id, renewal_date, months, owed_by)
         select i.id, t.change_set_id, t.renewal_date, t.months, t.owed_by
         from terms t
         join lines f on f.id = t.line_id
         join lines i on i.organisation_id = f.organisation_id and i.image_id = $2
         where f.image_id = $1 and f.organisation_id = any($3)
         order by t.id",
    )
    .bind(from)
    .bind(into)
    .bind(organisations)
    .execute(db)
    .await?;
    Ok(())
}

/// Adds terms; terms are never changed or removed.
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
