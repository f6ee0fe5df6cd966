//! Every SQL statement that reads the record of changes.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgPool};

/// One act: who, what, when, why, from where.
#[derive(Clone, Debug, FromRow)]
pub struct ChangeSetRow {
    pub id: i64,
    pub effective_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    pub actor: String,
    pub act: String,
    pub reason: String,
    pub source: String,
    pub changes: i32,
}

/// One change of an act, with the names that its subject has now.
#[derive(Clone, Debug, FromRow)]
pub struct ChangeRow {
    pub id: i64,
    pub change_set_id: i64,
    pub effective_at: DateTime<Utc>,
    pub actor: String,
    pub reason: String,
    pub subject: String,
    pub image_name: Option<String>,
    pub image_slug: Option<String>,
    pub acronym_en: Option<String>,
    pub acronym_fr: Option<String>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// The newest acts before one.
pub const SETS: &str = "select id, effective_at, recorded_at, actor, act, reason, source, changes
     from change_sets where id < $1 order by id desc limit $2";
/// One act.
pub const SET: &str =
    "select id, effective_at, recorded_at, actor, act, reason, source, changes from change_sets where id = $1";
/// The changes of an act after one of them.
pub const OF_SET: &str = "select c.id, c.change_set_id, s.effective_at, s.actor, s.reason, c.subject,
            i.name as image_name, i.slug as image_slug, o.acronym_en, o.acronym_fr, c.before, c.after
     from changes c
     join change_sets s on s.id = c.change_set_id
     left join images i on i.id = c.image_id
     left join organisations o on o.id = c.organisation_id
     where c.change_set_id = $1 and c.id > $2 order by c.id limit $3";
/// The newest changes of an image before one of them.
pub const OF_IMAGE: &str = "select c.id, c.change_set_id, s.effective_at, s.actor, s.reason, c.subject,
            i.name as image_name, i.slug as image_slug, o.acronym_en, o.acronym_fr, c.before, c.after
     from changes c
     join change_sets s on s.id = c.change_set_id
     left join images i on i.id = c.image_id
     left join organisations o on o.id = c.organisation_id
     where c.image_id = $1 and c.id < $2 order by c.id desc limit $3";
/// The image at an address, now or formerly.
pub const IMAGE: &str = "select id, name, slug from images
     where id = (select id from images where slug = $1 union all select image_id from former_slugs where slug = $1 limit 1)";

/// The newest acts, or those before one.
///
/// # Errors
/// When the database does not answer.
pub async fn sets(pool: &PgPool, before: Option<i64>, most: i64) -> sqlx::Result<Vec<ChangeSetRow>> {
    sqlx::query_as(SETS).bind(before.unwrap_or(i64::MAX)).bind(most).fetch_all(pool).await
}

/// One act.
///
/// # Errors
/// When the database does not answer.
pub async fn set(pool: &PgPool, id: i64) -> sqlx::Result<Option<ChangeSetRow>> {
    sqlx::query_as(SET).bind(id).fetch_optional(pool).await
}

/// The changes of an act in order, after one of them.
///
/// # Errors
/// When the database does not answer.
pub async fn of_set(pool: &PgPool, set: i64, after: i64, most: i64) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as(OF_SET).bind(set).bind(after).bind(most).fetch_all(pool).await
}

/// The newest changes of an image and its lines, or those before one.
///
/// # Errors
/// When the database does not answer.
pub async fn of_image(pool: &PgPool, image: i64, before: Option<i64>, most: i64) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as(OF_IMAGE).bind(image).bind(before.unwrap_or(i64::MAX)).bind(most).fetch_all(pool).await
}

/// The number, name and slug of the image at an address, now or formerly.
///
/// # Errors
/// When the database does not answer.
pub async fn image(pool: &PgPool, slug: &str) -> sqlx::Result<Option<(i64, String, String)>> {
    sqlx::query_as(IMAGE).bind(slug).fetch_optional(pool).await
}
