//! Every SQL statement about suggestions.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::forms::db::Marks;
use crate::forms::guard;
use crate::i18n::Lang;

/// Suggestions that wait at once: more than that are not taken.
const MOST_OPEN: i64 = 2_000;

/// A suggestion as a visitor sends it.
pub struct New<'a> {
    pub image: i64,
    pub base: i64,
    pub fields: &'a [(String, String)],
    pub why: &'a str,
    pub contact: &'a str,
    pub lang: Lang,
    pub form_key: &'a str,
    pub sender: &'a Marks,
}

/// A suggestion as kept.
#[derive(Clone, Debug, FromRow)]
pub struct Suggestion {
    pub id: i64,
    pub image_id: i64,
    pub image_name: String,
    pub image_slug: String,
    pub base: i64,
    pub fields: Json<Vec<(String, String)>>,
    pub why: String,
    pub contact: String,
    pub lang: Lang,
    pub made_at: DateTime<Utc>,
    pub accepted: Option<bool>,
    pub answer: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub change_set_id: Option<i64>,
}

/// Keeps a suggestion, once however often it is sent; whether this is the first time.
pub async fn insert(db: &mut PgConnection, new: &New<'_>) -> sqlx::Result<bool> {
    let kept = sqlx::query(
        "insert into suggestions (image_id, base, fields, why, contact, lang, form_key, sender, domain)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict on constraint suggestions_sent_once do nothing",
    )
    .bind(new.image)
    .bind(new.base)
    .bind(Json(new.fields))
    .bind(new.why)
    .bind(new.contact)
    .bind(new.lang)
    .bind(new.form_key)
    .bind(&new.sender.sender)
    .bind(&new.sender.domain);
    Ok(kept.execute(db).await?.rows_affected() == 1)
}

/// Whether what a sender has waiting leaves room for the others.
pub async fn has_room(db: &mut PgConnection, sender: &Marks) -> sqlx::Result<bool> {
    let waiting = sqlx::query_as(
        "select count(*) as all, count(*) filter (where sender = $1) as of_sender,
                count(*) filter (where domain = $2) as of_domain
         from suggestions where accepted is null",
    );
    Ok(guard::has_room(waiting.bind(&sender.sender).bind(&sender.domain).fetch_one(db).await?, MOST_OPEN))
}

/// The oldest suggestions that wait, or the newest that were decided, beyond one of them.
pub async fn list(pool: &PgPool, is_open: bool, beyond: Option<i64>, most: i64) -> sqlx::Result<Vec<Suggestion>> {
    let (statement, from) = if is_open {
        (
            "select s.id, s.image_id, i.name as image_name, i.slug as image_slug, s.base, s.fields, s.why, s.contact, s.lang,
                    s.made_at, s.accepted, s.answer, s.decided_by, s.decided_at, s.change_set_id
             from suggestions s join images i on i.id = s.image_id
             where s.accepted is null and s.id > $1 order by s.id limit $2",
            0,
        )
    } else {
        (
            "select s.id, s.image_id, i.name as image_name, i.slug as image_slug, s.base, s.fields, s.why, s.contact, s.lang,
                    s.made_at, s.accepted, s.answer, s.decided_by, s.decided_at, s.change_set_id
             from suggestions s join images i on i.id = s.image_id
             where s.accepted is not null and s.id < $1 order by s.id desc limit $2",
            i64::MAX,
        )
    };
    sqlx::query_as(statement).bind(beyond.unwrap_or(from)).bind(most).fetch_all(pool).await
}

/// The image that one is now: itself, or the one that it was merged into.
pub async fn present_image(db: &mut PgConnection, image: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar("select coalesce(present_image($1), $1)").bind(image).fetch_one(db).await
}

/// One suggestion.
pub async fn find(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<Suggestion>> {
    sqlx::query_as(
        "select s.id, s.image_id, i.name as image_name, i.slug as image_slug, s.base, s.fields, s.why, s.contact, s.lang,
                s.made_at, s.accepted, s.answer, s.decided_by, s.decided_at, s.change_set_id
         from suggestions s join images i on i.id = s.image_id where s.id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// Notes what was decided of a suggestion that waits; whether it still did.
pub async fn decide(
    db: &mut PgConnection,
    id: i64,
    accepted: bool,
    answer: &str,
    by: &str,
    change_set: Option<i64>,
) -> sqlx::Result<bool> {
    let decided = sqlx::query(
        "update suggestions set accepted = $2, answer = $3, decided_by = $4, change_set_id = $5, decided_at = clock_timestamp(),
                sender = null, domain = null
         where id = $1 and accepted is null",
    )
    .bind(id)
    .bind(accepted)
    .bind(answer)
    .bind(by)
    .bind(change_set)
    .execute(db)
    .await?;
    Ok(decided.rows_affected() == 1)
}
