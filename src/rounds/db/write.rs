//! Writing rounds: their fields, what departments answer, what they came to, what is published.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::FrozenDepartment;
use crate::catalogue::Firmness;
use crate::rounds::db::{Decided, Happened, Tallied};
use crate::web::visitor::Person;

/// A round as staff want it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub title_en: String,
    pub title_fr: String,
    pub words_en: String,
    pub words_fr: String,
    pub closes_on: NaiveDate,
    pub threshold: i32,
    /// Numbers of images, in order.
    pub images: Vec<i64>,
}

/// An act that is to be noted.
pub struct NewEvent<'a> {
    pub round: i64,
    pub at: DateTime<Utc>,
    /// None: its closing day was over.
    pub by: Option<&'a Person>,
    pub kind: Happened,
    pub words: &'a str,
    pub changed: Option<[Vec<(String, String)>; 2]>,
    /// For which department it confirms, and whether that may be named.
    pub confirms: Option<(i64, bool)>,
    pub form_key: Option<&'a str>,
}

/// What a department answers for an image.
pub struct NewAnswer {
    pub image: i64,
    pub wants: bool,
    pub firmness: Option<Firmness>,
    pub note: String,
}

/// Opens a round, without its images; its number.
pub async fn open(db: &mut PgConnection, wanted: &Wanted) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into rounds (title_en, title_fr, words_en, words_fr, closes_on, threshold)
         values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(&wanted.title_en)
    .bind(&wanted.title_fr)
    .bind(&wanted.words_en)
    .bind(&wanted.words_fr)
    .bind(wanted.closes_on)
    .bind(wanted.threshold)
    .fetch_one(db)
    .await
}

/// Changes a round that is open.
pub async fn change(db: &mut PgConnection, round: i64, wanted: &Wanted) -> sqlx::Result<()> {
    sqlx::query(
        "update rounds set title_en = $2, title_fr = $3, words_en = $4, words_fr = $5, closes_on = $6, threshold = $7
         where id = $1",
    )
    .bind(round)
    .bind(&wanted.title_en)
    .bind(&wanted.title_fr)
    .bind(&wanted.words_en)
    .bind(&wanted.words_fr)
    .bind(wanted.closes_on)
    .bind(wanted.threshold)
    .execute(db)
    .await?;
    Ok(())
}

/// Puts these images into a round, in this order, and takes the others out.
pub async fn put_images(db: &mut PgConnection, round: i64, images: &[i64]) -> sqlx::Result<()> {
    sqlx::query("update round_images set place = null where round_id = $1 and not image_id = any($2)")
        .bind(round)
        .bind(images)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into round_images (round_id, image_id, place)
         select $1, image, place from unnest($2::bigint[]) with ordinality as t (image, place)
         on conflict on constraint round_images_pk do update set place = excluded.place",
    )
    .bind(round)
    .bind(images)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes an act; its number.
///
/// # Errors
/// When the database does not answer, or the round is closed.
pub async fn add_event(db: &mut PgConnection, event: &NewEvent<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into round_events (round_id, at, actor, account_id, kind, words, before, after, organisation_id, may_name,
                                   form_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    )
    .bind(event.round)
    .bind(event.at)
    .bind(event.by.map_or("", |person| &person.name))
    .bind(event.by.map(|person| person.account))
    .bind(event.kind)
    .bind(event.words)
    .bind(event.changed.as_ref().map(|[before, _]| Json(before)))
    .bind(event.changed.as_ref().map(|[_, after]| Json(after)))
    .bind(event.confirms.map(|(organisation, _)| organisation))
    .bind(event.confirms.map(|(_, may_name)| may_name))
    .bind(event.form_key)
    .fetch_one(db)
    .await
}

/// Keeps what a department answers.
pub async fn answer(db: &mut PgConnection, event: i64, answers: &[NewAnswer]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into round_answers (event_id, image_id, wants, firmness, note)
         select $1, image, wants, firmness, note
         from unnest($2::bigint[], $3::boolean[], $4::text[], $5::text[]) as t (image, wants, firmness, note)",
    )
    .bind(event)
    .bind(answers.iter().map(|answer| answer.image).collect::<Vec<_>>())
    .bind(answers.iter().map(|answer| answer.wants).collect::<Vec<_>>())
    .bind(answers.iter().map(|answer| answer.firmness).collect::<Vec<_>>())
    .bind(answers.iter().map(|answer| &*answer.note).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Freezes what a round came to, and closes it: from then on the database refuses every change of it.
///
/// # Errors
/// When the database does not answer, or the round is closed already.
pub async fn freeze(db: &mut PgConnection, round: i64, tallied: &[Tallied], at: DateTime<Utc>) -> sqlx::Result<()> {
    let count = |of: fn(&Tallied) -> usize| -> Vec<i32> {
        tallied.iter().map(|image| i32::try_from(of(image)).unwrap_or(i32::MAX)).collect()
    };
    sqlx::query(
        "insert into round_results (round_id, image_id, place, name, departments, planned, funded, unnamed)
         select $1, image, place, name, departments, planned, funded, unnamed
         from unnest($2::bigint[], $3::text[], $4::integer[], $5::integer[], $6::integer[], $7::integer[])
              with ordinality as t (image, name, departments, planned, funded, unnamed, place)",
    )
    .bind(round)
    .bind(tallied.iter().map(|image| image.id).collect::<Vec<_>>())
    .bind(tallied.iter().map(|image| &*image.name).collect::<Vec<_>>())
    .bind(count(|image| image.departments))
    .bind(count(|image| image.planned))
    .bind(count(|image| image.funded))
    .bind(count(|image| image.unnamed))
    .execute(&mut *db)
    .await?;
    freeze_departments(db, round, &tallied.iter().flat_map(|image| &image.named).collect::<Vec<_>>()).await?;
    sqlx::query("update rounds set closed_at = $2 where id = $1").bind(round).bind(at).execute(db).await?;
    Ok(())
}

async fn freeze_departments(db: &mut PgConnection, round: i64, named: &[&FrozenDepartment]) -> sqlx::Result<()> {
    let texts = |of: fn(&FrozenDepartment) -> &str| named.iter().map(|one| of(one).to_owned()).collect::<Vec<_>>();
    sqlx::query(
        "insert into round_result_departments (round_id, image_id, place, acronym_en, acronym_fr, name_en, name_fr, with_en,
                                               with_fr, firmness)
         select $1, image, place, acronym_en, acronym_fr, name_en, name_fr, with_en, with_fr, firmness
         from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
              with ordinality as t (image, acronym_en, acronym_fr, name_en, name_fr, with_en, with_fr, firmness, place)",
    )
    .bind(round)
    .bind(named.iter().map(|one| one.image_id).collect::<Vec<_>>())
    .bind(texts(|one| &one.acronym_en))
    .bind(texts(|one| &one.acronym_fr))
    .bind(texts(|one| &one.name_en))
    .bind(texts(|one| &one.name_fr))
    .bind(texts(|one| &one.with_en))
    .bind(texts(|one| &one.with_fr))
    .bind(named.iter().map(|one| one.firmness).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps what is published of a round: the words, and what was decided of each image.
pub async fn publish(
    db: &mut PgConnection,
    event: i64,
    words: [&str; 2],
    decisions: &[(i64, Decided)],
) -> sqlx::Result<()> {
    sqlx::query("insert into round_outcomes (event_id, words_en, words_fr) values ($1, $2, $3)")
        .bind(event)
        .bind(words[0])
        .bind(words[1])
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "insert into round_decisions (event_id, image_id, decision)
         select $1, image, decision from unnest($2::bigint[], $3::text[]) as t (image, decision)",
    )
    .bind(event)
    .bind(decisions.iter().map(|(image, _)| *image).collect::<Vec<_>>())
    .bind(decisions.iter().map(|(_, decision)| *decision).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
