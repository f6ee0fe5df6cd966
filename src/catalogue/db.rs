//! Every SQL statement about images, their registry names and the lines of the catalogue.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::Stream;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

/// An image as kept.
#[derive(Clone, Debug, FromRow)]
pub struct ImageRow {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub key: String,
}

/// What the registry calls an image.
#[derive(Clone, Debug, FromRow)]
pub struct RegistryNameRow {
    pub image_id: i64,
    pub name: String,
    pub sample_tag: Option<String>,
    pub source: String,
}

/// A line as kept, with the renewal date of its newest term.
#[derive(Clone, Debug, FromRow)]
pub struct LineRow {
    pub id: i64,
    pub image_id: i64,
    pub organisation_id: i64,
    pub status: String,
    pub name: String,
    pub department: String,
    pub kind: Option<String>,
    pub notes_en: Option<String>,
    pub notes_fr: Option<String>,
    pub extra: Json<BTreeMap<String, String>>,
    pub markup: Json<BTreeMap<String, String>>,
    pub renewal_date: Option<NaiveDate>,
}

/// Which version of the catalogue the database holds, and since when.
#[derive(Clone, Copy, Debug, FromRow, PartialEq, Eq)]
pub struct Version {
    pub version: i64,
    pub changed_at: DateTime<Utc>,
}

/// The version that the database holds now.
///
/// # Errors
/// When the database does not answer.
pub async fn version(db: &mut PgConnection) -> sqlx::Result<Version> {
    sqlx::query_as("select version, changed_at from catalogue_version").fetch_one(db).await
}

/// All images, by number.
pub fn images(db: &mut PgConnection) -> impl Stream<Item = sqlx::Result<ImageRow>> + Send {
    sqlx::query_as("select id, slug, name, key from images order by id").fetch(db)
}

/// All registry names, by image.
///
/// # Errors
/// When the database does not answer.
pub async fn registry_names(db: &mut PgConnection) -> sqlx::Result<Vec<RegistryNameRow>> {
    sqlx::query_as("select image_id, name, sample_tag, source from registry_names order by image_id, name")
        .fetch_all(db)
        .await
}

/// Addresses that images had before, each with its image.
///
/// # Errors
/// When the database does not answer.
pub async fn former_slugs(db: &mut PgConnection) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("select slug, image_id from former_slugs order by slug").fetch_all(db).await
}

/// All lines, by image.
pub fn lines(db: &mut PgConnection) -> impl Stream<Item = sqlx::Result<LineRow>> + Send {
    sqlx::query_as(
        "select l.id, l.image_id, l.organisation_id, l.status, l.name, l.department, l.kind,
                l.notes_en, l.notes_fr, l.extra, l.markup, t.renewal_date
         from lines l
         left join (select distinct on (line_id) line_id, renewal_date from terms order by line_id, id desc) t
                on t.line_id = l.id
         order by l.image_id, l.id",
    )
    .fetch(db)
}

/// Numbers for `count` new images.
///
/// # Errors
/// When the database does not answer.
pub async fn next_image_ids(db: &mut PgConnection, count: usize) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select nextval((select pg_get_serial_sequence('images', 'id')::regclass)) from generate_series(1, $1)",
    )
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await
}

/// Numbers for `count` new lines.
///
/// # Errors
/// When the database does not answer.
pub async fn next_line_ids(db: &mut PgConnection, count: usize) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select nextval((select pg_get_serial_sequence('lines', 'id')::regclass)) from generate_series(1, $1)",
    )
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await
}

/// Adds images.
///
/// # Errors
/// When the database does not answer.
pub async fn add_images(db: &mut PgConnection, images: &[ImageRow]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into images (id, slug, name, key)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[])",
    )
    .bind(images.iter().map(|image| image.id).collect::<Vec<_>>())
    .bind(images.iter().map(|image| &*image.slug).collect::<Vec<_>>())
    .bind(images.iter().map(|image| &*image.name).collect::<Vec<_>>())
    .bind(images.iter().map(|image| &*image.key).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Gives images another spelling of their name. The key, and so the address, stays.
///
/// # Errors
/// When the database does not answer.
pub async fn respell_images(db: &mut PgConnection, spellings: &[(i64, String)]) -> sqlx::Result<()> {
    sqlx::query(
        "update images i set name = n.name
         from unnest($1::bigint[], $2::text[]) as n (id, name) where i.id = n.id",
    )
    .bind(spellings.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(spellings.iter().map(|(_, name)| &**name).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Adds registry names.
///
/// # Errors
/// When the database does not answer, or a name is not of a registry name's form.
pub async fn add_registry_names(db: &mut PgConnection, names: &[RegistryNameRow]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into registry_names (image_id, name, sample_tag, source)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[])",
    )
    .bind(names.iter().map(|name| name.image_id).collect::<Vec<_>>())
    .bind(names.iter().map(|name| &*name.name).collect::<Vec<_>>())
    .bind(names.iter().map(|name| name.sample_tag.as_deref()).collect::<Vec<_>>())
    .bind(names.iter().map(|name| &*name.source).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Adds lines, or gives those that are there the values of these rows. Renewal dates are the licences' affair.
///
/// # Errors
/// When the database does not answer.
pub async fn put_lines(db: &mut PgConnection, lines: &[&LineRow]) -> sqlx::Result<()> {
    let text = |cell: fn(&LineRow) -> Option<&str>| lines.iter().map(|line| cell(line)).collect::<Vec<_>>();
    sqlx::query(
        "insert into lines (id, image_id, organisation_id, status, name, department, kind, notes_en, notes_fr, extra, markup)
         select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                              $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::jsonb[])
         on conflict on constraint lines_pk do update set
             status = excluded.status, name = excluded.name, department = excluded.department, kind = excluded.kind,
             notes_en = excluded.notes_en, notes_fr = excluded.notes_fr, extra = excluded.extra, markup = excluded.markup",
    )
    .bind(lines.iter().map(|line| line.id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.image_id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.organisation_id).collect::<Vec<_>>())
    .bind(text(|line| Some(&line.status)))
    .bind(text(|line| Some(&line.name)))
    .bind(text(|line| Some(&line.department)))
    .bind(text(|line| line.kind.as_deref()))
    .bind(text(|line| line.notes_en.as_deref()))
    .bind(text(|line| line.notes_fr.as_deref()))
    .bind(lines.iter().map(|line| line.extra.clone()).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.markup.clone()).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
