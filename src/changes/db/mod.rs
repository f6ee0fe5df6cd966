//! Every SQL statement that reads the record of changes.

mod folded;
mod whole;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::changes::record::{Kind, Subject};

pub use folded::{Folded, fold, fold_by_image, fold_images};
pub use whole::{Act, NamedImage, NamedOrganisation, RecordedChange, after};

/// One act: who, what, when, why, from where.
#[derive(Clone, Debug, FromRow)]
pub struct ChangeSetRow {
    pub id: i64,
    pub effective_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    pub actor: String,
    pub act: Kind,
    pub reason: String,
    pub source: String,
    pub changes: i32,
    /// The act that this one undoes.
    pub undoes: Option<i64>,
    /// The act that undid this one.
    pub undone_by: Option<i64>,
}

/// One change of an act, with the names that its subject has now.
#[derive(Clone, Debug, FromRow)]
pub struct ChangeRow {
    pub id: i64,
    pub change_set_id: i64,
    pub effective_at: DateTime<Utc>,
    pub actor: String,
    pub reason: String,
    pub subject: Subject,
    pub image_name: Option<String>,
    pub image_slug: Option<String>,
    pub acronym_en: Option<String>,
    pub acronym_fr: Option<String>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Acts, and which act undid each.
macro_rules! sets {
    ($rest:literal) => {
        concat!(
            "select id, effective_at, recorded_at, actor, act, reason, source, changes, undoes,
                    (select u.id from change_sets u where u.undoes = s.id) as undone_by
             from change_sets s ",
            $rest
        )
    };
}

/// Changes with their acts, and the names that their subjects have now.
macro_rules! changes {
    ($rest:literal) => {
        concat!(
            "select c.id, c.change_set_id, s.effective_at, s.actor, s.reason, c.subject,
                    i.name as image_name, i.slug as image_slug, o.acronym_en, o.acronym_fr,
                    told_fields(c.before) as before, told_fields(c.after) as after
             from changes c
             join change_sets s on s.id = c.change_set_id
             left join images i on i.id = c.image_id
             left join organisations o on o.id = c.organisation_id ",
            $rest
        )
    };
}

/// The newest acts before one.
pub const SETS: &str = sets!("where id < $1 order by id desc limit $2");
/// The newest acts of one person before one.
pub const SETS_BY: &str = sets!("where actor = $3 and id < $1 order by id desc limit $2");
/// One act.
pub const SET: &str = sets!("where id = $1");
/// The changes of an act after one of them.
pub const OF_SET: &str = changes!("where c.change_set_id = $1 and c.id > $2 order by c.id limit $3");
/// The newest changes of an image before one of them.
pub const OF_IMAGE: &str = changes!("where c.image_id = $1 and c.id < $2 order by c.id desc limit $3");
/// The changes of images that are one, the newest first.
const OF_IMAGES: &str = changes!("where c.image_id = any($1) and c.id < $2 order by c.id desc limit $3");
/// The image at an address, now or formerly.
pub const IMAGE: &str = "select id, name, slug from images
     where id = (select present_image(id) from (select id from images where slug = $1
                 union all select image_id from former_slugs where slug = $1) found limit 1)";

/// The newest acts, of anyone or of one person, or those before one.
pub async fn sets(pool: &PgPool, who: Option<&str>, before: Option<i64>, most: i64) -> sqlx::Result<Vec<ChangeSetRow>> {
    let before = before.unwrap_or(i64::MAX);
    match who {
        None => sqlx::query_as(SETS).bind(before).bind(most).fetch_all(pool).await,
        Some(who) => sqlx::query_as(SETS_BY).bind(before).bind(most).bind(who).fetch_all(pool).await,
    }
}

/// One act.
pub async fn set(pool: &PgPool, id: i64) -> sqlx::Result<Option<ChangeSetRow>> {
    sqlx::query_as(SET).bind(id).fetch_optional(pool).await
}

/// The changes of an act in order, after one of them.
pub async fn of_set(pool: &PgPool, set: i64, after: i64, most: i64) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as(OF_SET).bind(set).bind(after).bind(most).fetch_all(pool).await
}

/// The newest changes of an image and its lines, or those before one.
pub async fn of_image(pool: &PgPool, image: i64, before: Option<i64>, most: i64) -> sqlx::Result<Vec<ChangeRow>> {
    let one = one_with(&mut *pool.acquire().await?, image).await?;
    if one.len() > 1 {
        let all = sqlx::query_as(OF_IMAGES).bind(one).bind(before.unwrap_or(i64::MAX)).bind(most);
        return all.fetch_all(pool).await;
    }
    sqlx::query_as(OF_IMAGE).bind(image).bind(before.unwrap_or(i64::MAX)).bind(most).fetch_all(pool).await
}

/// An image and those that were merged into it, whose history is its own.
async fn one_with(db: &mut PgConnection, image: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "with recursive one (id) as (
             select $1::bigint union select m.id from images m join one on m.merged_into = one.id where m.removed)
         select id from one order by id",
    )
    .bind(image)
    .fetch_all(db)
    .await
}

/// The number, name and slug of the image at an address, now or formerly.
pub async fn image(pool: &PgPool, slug: &str) -> sqlx::Result<Option<(i64, String, String)>> {
    sqlx::query_as(IMAGE).bind(slug).fetch_optional(pool).await
}

/// The number of the newest change; 0 where there is none.
pub async fn newest(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select coalesce(max(id), 0) from changes").fetch_one(db).await
}

/// How many changes the record has.
pub async fn count(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select count(*) from changes").fetch_one(db).await
}

/// The changes of images and their lines after one of them, the newest first.
pub async fn of_images_since(
    db: &mut PgConnection,
    images: &[i64],
    after: i64,
    most: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as(changes!("where c.image_id = any($1) and c.id > $2 order by c.id desc limit $3"))
        .bind(images)
        .bind(after)
        .bind(most)
        .fetch_all(db)
        .await
}

/// A change as it was recorded.
#[derive(Clone, Debug, FromRow)]
pub struct Recorded {
    pub id: i64,
    pub subject: Subject,
    pub subject_id: i64,
    pub image_id: Option<i64>,
    pub organisation_id: Option<i64>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Every change of an act, the last first.
pub async fn recorded(db: &mut PgConnection, set: i64) -> sqlx::Result<Vec<Recorded>> {
    sqlx::query_as(
        "select id, subject, subject_id, image_id, organisation_id, before, after
         from changes where change_set_id = $1 order by id desc",
    )
    .bind(set)
    .fetch_all(db)
    .await
}

/// The first acts after an act that touched the same images, and by which an undoing of it would be undone.
pub async fn later_sets(db: &mut PgConnection, set: i64, images: &[i64], most: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select distinct change_set_id from changes where image_id = any($1) and change_set_id > $2
         order by change_set_id limit $3",
    )
    .bind(images)
    .bind(set)
    .bind(most)
    .fetch_all(db)
    .await
}

/// The act that undid an act, where one did.
pub async fn undone_by(db: &mut PgConnection, set: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("select id from change_sets where undoes = $1").bind(set).fetch_optional(db).await
}

/// The changes of an organisation after one of them, the newest first: of its own fields, and of its lines where asked.
pub async fn of_organisation_since(
    db: &mut PgConnection,
    organisation: i64,
    with_lines: bool,
    after: i64,
    most: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as(changes!(
        "where c.organisation_id = $1 and c.id > $2 and ($4 or c.subject = 'organisation') order by c.id desc limit $3"
    ))
    .bind(organisation)
    .bind(after)
    .bind(most)
    .bind(with_lines)
    .fetch_all(db)
    .await
}

/// The changes of a text of the site after one of them, the newest first.
pub async fn of_content_since(
    db: &mut PgConnection,
    content: i64,
    after: i64,
    most: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as(
        "select c.id, c.change_set_id, s.effective_at, s.actor, s.reason, c.subject, null::text as image_name,
                null::text as image_slug, null::text as acronym_en, null::text as acronym_fr, c.before, c.after
         from changes c join change_sets s on s.id = c.change_set_id
         where c.subject = 'content' and c.subject_id = $1 and c.id > $2 order by c.id desc limit $3",
    )
    .bind(content)
    .bind(after)
    .bind(most)
    .fetch_all(db)
    .await
}

/// When each line of an image was last given a field: by the line's number.
pub async fn last_told(pool: &PgPool, image: i64, field: &str) -> sqlx::Result<HashMap<i64, DateTime<Utc>>> {
    let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(
        "select c.subject_id, max(s.effective_at) from changes c join change_sets s on s.id = c.change_set_id
         where c.image_id = $1 and c.subject = 'line' and c.after ? $2 group by c.subject_id",
    )
    .bind(image)
    .bind(field)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The number of the organisation with an acronym in either language, and both acronyms.
pub async fn organisation(pool: &PgPool, acronym: &str) -> sqlx::Result<Option<(i64, String, String)>> {
    sqlx::query_as(
        "select id, acronym_en, acronym_fr from organisations
         where upper(acronym_en) = upper($1) or upper(acronym_fr) = upper($1) order by id limit 1",
    )
    .bind(acronym)
    .fetch_optional(pool)
    .await
}

/// The newest acts that touched an image, or an organisation and its lines.
pub async fn sets_about(
    pool: &PgPool,
    image: Option<i64>,
    organisation: Option<i64>,
    most: i64,
) -> sqlx::Result<Vec<ChangeSetRow>> {
    sqlx::query_as(sets!(
        "where id in (select distinct change_set_id from changes where image_id = $1 or organisation_id = $2
                      order by change_set_id desc limit $3)
         order by id desc"
    ))
    .bind(image)
    .bind(organisation)
    .bind(most)
    .fetch_all(pool)
    .await
}
