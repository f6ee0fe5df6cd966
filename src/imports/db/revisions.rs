//! Every SQL statement about revisions of files that were brought in, and the rows that they said.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::Stream;
use serde_json::Value;
use sqlx::{FromRow, PgConnection};

use crate::codes::codes;
use crate::files::Format;

codes! {
    /// Where files of one kind come from, revision after revision.
    pub enum Source("import_revisions.source", code) {
        /// The published page, in Markdown.
        Page("page"),
        /// Tables that people keep.
        Table("table"),
    }
}

impl Source {
    pub const fn of(format: Format) -> Source {
        match format {
            Format::Markdown => Source::Page,
            Format::Csv => Source::Table,
        }
    }
}

/// A revision that was brought in.
#[derive(Clone, Debug, FromRow)]
pub struct Revision {
    pub sha256: Option<Vec<u8>>,
    pub as_of: Option<NaiveDate>,
}

/// A row as a revision said it.
#[derive(Clone, Debug, FromRow)]
pub struct SaidRow {
    pub image_id: Option<i64>,
    pub organisation_id: Option<i64>,
    pub said: Value,
}

/// A line's change in the record.
#[derive(Clone, Debug, FromRow)]
pub struct LineChange {
    pub line: i64,
    pub image_id: i64,
    pub organisation_id: i64,
    pub after: Option<Value>,
}

/// A revision to be kept.
#[derive(Clone, Debug)]
pub struct NewRevision<'a> {
    pub source: Source,
    pub file_name: &'a str,
    pub sha256: &'a [u8],
    pub as_of: Option<NaiveDate>,
    pub actor: &'a str,
    pub change_set: Option<i64>,
}

/// A row of a revision to be kept: its line in the file, what it was taken for, what it says.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub line: usize,
    pub image: Option<i64>,
    pub organisation: Option<i64>,
    pub said: String,
}

/// The revisions of a source, in the order in which they were brought in. One that was undone was not.
pub async fn of_source(db: &mut PgConnection, source: Source) -> sqlx::Result<Vec<Revision>> {
    sqlx::query_as(
        "select r.sha256, r.as_of from import_revisions r
         where r.source = $1 and not exists (
             select 1 from change_sets u where u.undoes = r.change_set_id
                 and not exists (select 1 from change_sets again where again.undoes = u.id))
         order by r.id",
    )
    .bind(source)
    .fetch_all(db)
    .await
}

/// What these revisions said, in order.
pub fn rows(db: &mut PgConnection, source: Source) -> impl Stream<Item = sqlx::Result<SaidRow>> + Send + use<'_> {
    sqlx::query_as(
        "select w.image_id, w.organisation_id, w.said
         from import_revisions r join import_rows w on w.revision_id = r.id
         where r.source = $1 and not exists (
             select 1 from change_sets u where u.undoes = r.change_set_id
                 and not exists (select 1 from change_sets again where again.undoes = u.id))
         order by r.id, w.line",
    )
    .bind(source)
    .fetch(db)
}

/// Whether the record knows a version of the catalogue.
pub async fn has_version(db: &mut PgConnection, version: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select 1 from catalogue_version where version >= $1)")
        .bind(version)
        .fetch_one(db)
        .await
}

/// Every change of lines up to a version of the catalogue, in order. Acts from before versions were noted came before.
pub fn lines_until(db: &mut PgConnection, version: i64) -> impl Stream<Item = sqlx::Result<LineChange>> + Send {
    sqlx::query_as(
        "select c.subject_id as line, c.image_id, c.organisation_id, c.after
         from changes c join change_sets s on s.id = c.change_set_id
         where c.subject = 'line' and (s.version is null or s.version <= $1) order by c.id",
    )
    .bind(version)
    .fetch(db)
}

/// The fields of lines that somebody decided here since a moment, and that no file changed after that. A line that was
/// taken out has the field `*`.
pub async fn decided(db: &mut PgConnection, since: DateTime<Utc>) -> sqlx::Result<HashMap<i64, HashSet<String>>> {
    let found: Vec<(i64, String)> = sqlx::query_as(
        r#"select distinct c.subject_id, e.field
           from change_sets s
           join changes c on c.change_set_id = s.id and c.subject = 'line'
           cross join lateral jsonb_object_keys(coalesce(c.after, '{"*": null}')) as e (field)
           where s.act <> 'import' and s.recorded_at >= $1
               and not exists (
                   select 1 from changes l join change_sets i on i.id = l.change_set_id
                   where l.image_id = c.image_id and l.subject = 'line' and l.subject_id = c.subject_id and l.id > c.id
                       and i.act = 'import' and (l.after ? e.field or e.field = '*'))"#,
    )
    .bind(since)
    .fetch_all(db)
    .await?;
    let mut decided: HashMap<i64, HashSet<String>> = HashMap::new();
    for (line, field) in found {
        decided.entry(line).or_default().insert(field);
    }
    Ok(decided)
}

/// Keeps a revision. Its number.
pub async fn insert(db: &mut PgConnection, revision: &NewRevision<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into import_revisions (source, file_name, sha256, as_of, actor, change_set_id)
         values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(revision.source)
    .bind(revision.file_name)
    .bind(revision.sha256)
    .bind(revision.as_of)
    .bind(revision.actor)
    .bind(revision.change_set)
    .fetch_one(db)
    .await
}

/// Keeps rows of a revision that say something new.
pub async fn insert_rows(db: &mut PgConnection, revision: i64, rows: &[NewRow]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into import_rows (revision_id, line, image_id, organisation_id, said)
         select $1, r.line, r.image, r.organisation, r.said::jsonb
         from unnest($2::integer[], $3::bigint[], $4::bigint[], $5::text[]) as r (line, image, organisation, said)",
    )
    .bind(revision)
    .bind(rows.iter().map(|row| i32::try_from(row.line).unwrap_or(i32::MAX)).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.image).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.organisation).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| &*row.said).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
