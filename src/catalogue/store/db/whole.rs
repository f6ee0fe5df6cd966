//! The whole catalogue, as a snapshot reads it.

use chrono::{DateTime, Utc};
use futures_util::Stream;
use sqlx::{FromRow, PgConnection};

use crate::catalogue::store::db::{ImageRow, LineRow, select_lines};
use crate::catalogue::store::source::Source;
use crate::changes::record::{Kind, Subject};

/// How many images and lines there are, with those that were taken out.
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
    sqlx::query_as(select_lines!(
        "from lines l
         left join (select distinct on (line_id) line_id, renewal_date, months, owed_by from terms
                    order by line_id, id desc) t on t.line_id = l.id
         where not l.removed
         order by l.image_id, l.id"
    ))
    .fetch(db)
}

/// The revision of the page that was brought in last of those that count before a moment. What was brought in before
/// revisions were kept is known by its act alone.
pub async fn source(db: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<Option<Source>> {
    sqlx::query_as(
        "select as_of, effective_at, recorded_at from (
             select r.as_of, coalesce(s.effective_at, r.made_at) as effective_at,
                    coalesce(s.recorded_at, r.made_at) as recorded_at, s.id as change_set
             from import_revisions r left join change_sets s on s.id = r.change_set_id
             where r.source = 'page' and r.sha256 is not null
             union all
             select null, s.effective_at, s.recorded_at, s.id from change_sets s
             where s.act = 'import' and s.source like '%.md'
                 and not exists (select 1 from import_revisions r where r.change_set_id = s.id)
         ) brought_in
         where effective_at < $1
             and not exists (select 1 from change_sets u where u.undoes = change_set
                             and not exists (select 1 from change_sets v where v.undoes = u.id))
         order by recorded_at desc limit 1",
    )
    .bind(before)
    .fetch_optional(db)
    .await
}

/// An act, as far as the next snapshot asks.
#[derive(Debug, FromRow)]
pub struct ActRow {
    pub id: i64,
    pub act: Kind,
    pub version: i64,
}

/// The acts that were written after a version.
pub async fn acts_since(db: &mut PgConnection, version: i64) -> sqlx::Result<Vec<ActRow>> {
    sqlx::query_as("select id, act, version from change_sets where version > $1").bind(version).fetch_all(db).await
}

/// What acts were about: subjects and images, each pair once, and no more than one beyond `most`.
pub async fn touched_by(db: &mut PgConnection, acts: &[i64], most: usize) -> sqlx::Result<Vec<(Subject, Option<i64>)>> {
    sqlx::query_as(
        "select distinct subject, case when subject = 'image' then subject_id else image_id end
         from changes where change_set_id = any($1) limit $2",
    )
    .bind(acts)
    .bind(i64::try_from(most + 1).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await
}
