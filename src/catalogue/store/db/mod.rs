//! Every SQL statement about images and the lines of the catalogue.

mod counted;
pub mod names;
mod registry;
mod whole;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures_util::Stream;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

use crate::fields::LineFields;

pub use counted::{CountedRequest, counted_requests};
pub use registry::{RegistryNameRow, add_registry_names, clear_registry_names, registry_names, registry_names_of};
pub use whole::{acts_since, images, lines, sizes, source, touched_by};

/// An image as kept.
#[derive(Clone, Debug, FromRow)]
pub struct ImageRow {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub key: String,
    pub description_en: Option<String>,
    pub description_fr: Option<String>,
}

/// A line as kept, with the renewal date of its newest term.
#[derive(Clone, Debug, FromRow)]
pub struct LineRow {
    pub id: i64,
    pub image_id: i64,
    pub organisation_id: i64,
    #[sqlx(flatten)]
    pub fields: LineFields,
}

/// Selects the columns of a [`LineRow`] from `lines l` and their newest terms `t`.
macro_rules! select_lines {
    ($($from:literal),+) => {
        concat!(
            "select l.id, l.image_id, l.organisation_id, l.status, l.name, l.department, l.kind, l.vendor, l.notes_en, l.notes_fr,
                    l.extra, l.markup, l.needed_by, l.firmness, t.renewal_date, t.months as term_months, t.owed_by ",
            $($from),+
        )
    };
}
use select_lines;

/// Which version of the catalogue the database holds, and since when.
#[derive(Clone, Copy, Debug, FromRow, PartialEq, Eq)]
pub struct Version {
    pub version: i64,
    pub changed_at: DateTime<Utc>,
}

/// The version that the database holds now.
pub async fn version(db: &mut PgConnection) -> sqlx::Result<Version> {
    sqlx::query_as("select version, changed_at from catalogue_version").fetch_one(db).await
}

/// These images, by number.
pub fn images_of<'c>(
    db: &'c mut PgConnection,
    ids: &[i64],
) -> impl Stream<Item = sqlx::Result<ImageRow>> + Send + use<'c> {
    sqlx::query_as(
        "select id, slug, name, key, description_en, description_fr from images
         where id = any($1) and not removed order by id",
    )
    .bind(ids.to_vec())
    .fetch(db)
}

/// The number of the image with this key that was taken out.
pub async fn removed_image(db: &mut PgConnection, key: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select id from images where key = $1 and removed").bind(key).fetch_optional(db).await
}

/// All images that were taken out: key and number.
pub async fn removed_images(db: &mut PgConnection) -> sqlx::Result<Vec<(String, i64, String)>> {
    sqlx::query_as("select key, id, slug from images where removed").fetch_all(db).await
}

/// The number of the line that was taken out of this image and organisation.
pub async fn removed_line(db: &mut PgConnection, image: i64, organisation: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select id from lines where image_id = $1 and organisation_id = $2 and removed")
        .bind(image)
        .bind(organisation)
        .fetch_optional(db)
        .await
}

/// All lines that were taken out: image, organisation and number.
pub async fn removed_lines(db: &mut PgConnection) -> sqlx::Result<Vec<(i64, i64, i64)>> {
    sqlx::query_as("select image_id, organisation_id, id from lines where removed").fetch_all(db).await
}

/// The number of the image that has this key, whether or not it was taken out.
pub async fn image_with_key(db: &mut PgConnection, key: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select id from images where key = $1 and not removed").bind(key).fetch_optional(db).await
}

/// The images of these lines.
pub async fn images_of_lines(db: &mut PgConnection, lines: &[i64]) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar("select distinct image_id from lines where id = any($1) and not removed order by image_id")
        .bind(lines)
        .fetch_all(db)
        .await
}

/// Addresses that other images have or had and that begin so.
pub async fn slugs_like(db: &mut PgConnection, base: &str, own: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "select slug from images where id <> $2 and starts_with(slug, $1)
         union all select slug from former_slugs where image_id <> $2 and starts_with(slug, $1)",
    )
    .bind(base)
    .bind(own)
    .fetch_all(db)
    .await
}

/// Leads an image's former address to it, and no longer the one that it has now.
pub async fn move_slug(db: &mut PgConnection, image: i64, former: &str, present: &str) -> sqlx::Result<()> {
    sqlx::query("delete from former_slugs where slug = $1").bind(present).execute(&mut *db).await?;
    sqlx::query("insert into former_slugs (slug, image_id) values ($1, $2) on conflict (slug) do update set image_id = excluded.image_id")
        .bind(former)
        .bind(image)
        .execute(db)
        .await?;
    Ok(())
}

/// Adds images, or gives those that are there the values of these rows.
///
/// # Errors
/// When the database does not answer, or another image has the name or the address.
pub async fn put_images(db: &mut PgConnection, images: &[ImageRow]) -> sqlx::Result<()> {
    let text = |cell: fn(&ImageRow) -> Option<&str>| images.iter().map(cell).collect::<Vec<_>>();
    sqlx::query(
        "insert into images (id, slug, name, key, description_en, description_fr)
         select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         on conflict on constraint images_pk do update set slug = excluded.slug, name = excluded.name, key = excluded.key,
             description_en = excluded.description_en, description_fr = excluded.description_fr, removed = false",
    )
    .bind(images.iter().map(|image| image.id).collect::<Vec<_>>())
    .bind(text(|image| Some(&image.slug)))
    .bind(text(|image| Some(&image.name)))
    .bind(text(|image| Some(&image.key)))
    .bind(text(|image| image.description_en.as_deref()))
    .bind(text(|image| image.description_fr.as_deref()))
    .execute(db)
    .await?;
    Ok(())
}

/// Marks images as taken out. Nothing is deleted: their history goes on if they come back.
pub async fn remove_images(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<()> {
    sqlx::query("update images set removed = true where id = any($1)").bind(ids).execute(db).await?;
    Ok(())
}

/// Marks lines as taken out.
pub async fn remove_lines(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<()> {
    sqlx::query("update lines set removed = true where id = any($1)").bind(ids).execute(db).await?;
    Ok(())
}

/// The lines of these images, by image.
pub async fn lines_of(db: &mut PgConnection, images: &[i64]) -> sqlx::Result<Vec<LineRow>> {
    sqlx::query_as(select_lines!(
        "from lines l
         left join lateral (select renewal_date, months, owed_by from terms where line_id = l.id order by id desc limit 1) t
                on true
         where l.image_id = any($1) and not l.removed
         order by l.image_id, l.id"
    ))
    .bind(images)
    .fetch_all(db)
    .await
}

/// Addresses that images had before, each with its image.
pub async fn former_slugs(db: &mut PgConnection) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("select slug, image_id from former_slugs order by slug").fetch_all(db).await
}

/// Addresses that these images had before, each with its image.
pub async fn former_slugs_of(db: &mut PgConnection, images: &[i64]) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("select slug, image_id from former_slugs where image_id = any($1)").bind(images).fetch_all(db).await
}

/// Numbers for `count` new images.
pub async fn next_image_ids(db: &mut PgConnection, count: usize) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select nextval((select pg_get_serial_sequence('images', 'id')::regclass)) from generate_series(1, $1)",
    )
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await
}

/// Numbers for `count` new lines.
pub async fn next_line_ids(db: &mut PgConnection, count: usize) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select nextval((select pg_get_serial_sequence('lines', 'id')::regclass)) from generate_series(1, $1)",
    )
    .bind(i64::try_from(count).unwrap_or(i64::MAX))
    .fetch_all(db)
    .await
}

/// Adds images.
pub async fn add_images(db: &mut PgConnection, images: &[ImageRow]) -> sqlx::Result<()> {
    // One that comes back has the names that it comes back with.
    let ids: Vec<i64> = images.iter().map(|image| image.id).collect();
    for names in
        ["delete from registry_names where image_id = any($1)", "delete from other_names where image_id = any($1)"]
    {
        sqlx::query(names).bind(&ids).execute(&mut *db).await?;
    }
    put_images(db, images).await
}

/// Gives images another spelling of their name. The key, and so the address, stays.
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

/// Adds lines, or gives those that are there the values of these rows. Renewal dates are the licences' affair.
pub async fn put_lines(db: &mut PgConnection, lines: &[&LineRow]) -> sqlx::Result<()> {
    let text = |cell: fn(&LineFields) -> Option<&str>| lines.iter().map(|line| cell(&line.fields)).collect::<Vec<_>>();
    let cells = |cells: fn(&LineFields) -> &BTreeMap<String, String>| {
        lines.iter().map(|line| Json(cells(&line.fields))).collect::<Vec<_>>()
    };
    sqlx::query(
        "insert into lines (id, image_id, organisation_id, status, name, department, kind, notes_en, notes_fr, extra, markup,
                            needed_by, firmness, vendor)
         select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                              $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::jsonb[], $12::date[], $13::text[],
                              $14::text[])
         on conflict on constraint lines_pk do update set removed = false,
             status = excluded.status, name = excluded.name, department = excluded.department, kind = excluded.kind,
             notes_en = excluded.notes_en, notes_fr = excluded.notes_fr, extra = excluded.extra, markup = excluded.markup,
             needed_by = excluded.needed_by, firmness = excluded.firmness, vendor = excluded.vendor",
    )
    .bind(lines.iter().map(|line| line.id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.image_id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.organisation_id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.fields.status).collect::<Vec<_>>())
    .bind(text(|line| Some(&line.name)))
    .bind(text(|line| Some(&line.department)))
    .bind(text(|line| line.kind.as_deref()))
    .bind(text(|line| line.notes_en.as_deref()))
    .bind(text(|line| line.notes_fr.as_deref()))
    .bind(cells(|line| &line.extra))
    .bind(cells(|line| &line.markup))
    .bind(lines.iter().map(|line| line.fields.needed_by).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.fields.firmness).collect::<Vec<_>>())
    .bind(text(|line| line.vendor.as_deref()))
    .execute(db)
    .await?;
    Ok(())
}
