//! The whole record, a piece at a time: what files and programs read.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use serde_json::Value;
use sqlx::{FromRow, PgPool};

use crate::changes::record::Kind;

/// An act, as each of its changes tells of it.
#[derive(Debug, FromRow)]
pub struct Act {
    id: i64,
    pub effective_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    pub actor: String,
    pub act: Kind,
    pub reason: String,
}

/// An image that a change is about, as it is called now.
#[derive(Debug, FromRow)]
pub struct NamedImage {
    id: i64,
    pub name: String,
    pub slug: String,
}

/// An organisation that a change is about, as it is called now.
#[derive(Debug, FromRow)]
pub struct NamedOrganisation {
    id: i64,
    pub acronym_en: String,
    pub acronym_fr: String,
}

/// A change of the whole record, with its act and the names that its subject has now.
#[derive(Clone, Debug)]
pub struct RecordedChange {
    pub id: i64,
    pub change_set_id: i64,
    pub act: Arc<Act>,
    pub image: Option<Arc<NamedImage>>,
    pub organisation: Option<Arc<NamedOrganisation>>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// The oldest changes after one of them, of anyone or of one person, in order. What many changes have in common is looked up
/// at once: a join would read all acts and images for every piece. A function that reads a table costs more than all the
/// rest of a row, so it is asked only where there is a parent.
pub async fn after(pool: &PgPool, who: Option<&str>, after: i64, most: i64) -> sqlx::Result<Vec<RecordedChange>> {
    type Row = (i64, i64, Option<i64>, Option<i64>, Option<Value>, Option<Value>);
    let mut db = pool.acquire().await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select id, change_set_id, image_id, organisation_id,
                case when before ->> 'parent_id' is null then before else told_fields(before) end,
                case when after ->> 'parent_id' is null then after else told_fields(after) end
         from changes where id > $1 and ($3::text is null
             or change_set_id in (select id from change_sets where actor = $3)) order by id limit $2",
    )
    .bind(after)
    .bind(most)
    .bind(who)
    .fetch_all(&mut *db)
    .await?;
    let acts: Vec<Act> =
        sqlx::query_as("select id, effective_at, recorded_at, actor, act, reason from change_sets where id = any($1)")
            .bind(each_once(rows.iter().map(|row| row.1)))
            .fetch_all(&mut *db)
            .await?;
    let images: Vec<NamedImage> = sqlx::query_as("select id, name, slug from images where id = any($1)")
        .bind(each_once(rows.iter().filter_map(|row| row.2)))
        .fetch_all(&mut *db)
        .await?;
    let organisations: Vec<NamedOrganisation> =
        sqlx::query_as("select id, acronym_en, acronym_fr from organisations where id = any($1)")
            .bind(each_once(rows.iter().filter_map(|row| row.3)))
            .fetch_all(&mut *db)
            .await?;
    let acts = by_number(acts, |act| act.id);
    let images = by_number(images, |image| image.id);
    let organisations = by_number(organisations, |organisation| organisation.id);
    let of = |(id, change_set_id, image, organisation, before, after): Row| {
        Some(RecordedChange {
            id,
            change_set_id,
            act: Arc::clone(acts.get(&change_set_id)?),
            image: image.and_then(|image| images.get(&image).cloned()),
            organisation: organisation.and_then(|organisation| organisations.get(&organisation).cloned()),
            before,
            after,
        })
    };
    rows.into_iter().map(|row| of(row).ok_or(sqlx::Error::RowNotFound)).collect()
}

fn each_once(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn by_number<T>(rows: Vec<T>, number: impl Fn(&T) -> i64) -> FxHashMap<i64, Arc<T>> {
    rows.into_iter().map(|row| (number(&row), Arc::new(row))).collect()
}
