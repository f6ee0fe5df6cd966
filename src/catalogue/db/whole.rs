//! The whole catalogue, as a snapshot reads it.

use chrono::{DateTime, Utc};
use futures_util::Stream;
use sqlx::PgConnection;

use super::{ImageRow, LineRow};
use crate::catalogue::source::Source;

/// How many images and lines there are, with those that were taken out.
///
/// # Errors
/// When the database does not answer.
pub async fn sizes(db: &mut PgConnection) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as("select (select count(*) from images), (select count(*) from lines)").fetch_one(db).await
}

/// All images, by number.
pub fn images(db: &mut PgConnection) -> impl Stream<Item = sqlx::Result<ImageRow>> + Send {
    sqlx::query_as(
        "select id, slug, name, key, description_en, description_fr from images where not removed order by id",
    )
    .fetch(db)
}

/// All lines, by image.
pub fn lines(db: &mut PgConnection) -> impl Stream<Item = sqlx::Result<LineRow>> + Send {
    sqlx::query_as(
        "select l.id, l.image_id, l.organisation_id, l.status, l.name, l.department, l.kind, l.notes_en, l.notes_fr, l.extra,
                l.markup, l.needed_by, l.firmness, t.renewal_date, t.months as term_months, t.owed_by
         from lines l
         left join (select distinct on (line_id) line_id, renewal_date, months, owed_by from terms
                    order by line_id, id desc) t on t.line_id = l.id
         where not l.removed
         order by l.image_id, l.id",
    )
    .fetch(db)
}

/// The revision of the page that was brought in last of those that count before a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn source(db: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<Option<Source>> {
    sqlx::query_as(
        "select effective_at, recorded_at from change_sets
         where act = 'import' and source like '%.md' and effective_at < $1 order by id desc limit 1",
    )
    .bind(before)
    .fetch_optional(db)
    .await
}
