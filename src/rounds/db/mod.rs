//! Every SQL statement about rounds. Here: reading them.

pub mod write;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, PgPool};

use crate::catalogue::Firmness;
use crate::codes::codes;
use crate::i18n::Lang;

/// A round.
#[derive(Clone, Debug, FromRow)]
pub struct Round {
    pub id: i64,
    pub title_en: String,
    pub title_fr: String,
    pub words_en: String,
    pub words_fr: String,
    pub closes_on: NaiveDate,
    pub threshold: i32,
    pub closed_at: Option<DateTime<Utc>>,
}

impl Round {
    /// Its title in a language.
    pub fn title(&self, lang: Lang) -> &str {
        lang.of(&self.title_en, &self.title_fr)
    }

    /// What it is about, in a language.
    pub fn words(&self, lang: Lang) -> &str {
        lang.of(&self.words_en, &self.words_fr)
    }

    /// Whether departments can still confirm on a day.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.closed_at.is_none() && today <= self.closes_on
    }
}

/// An image of a round.
#[derive(Clone, Debug, FromRow)]
pub struct RoundImage {
    pub id: i64,
    pub name: String,
}

/// What a department answered last for an image.
#[derive(Clone, Debug, FromRow)]
pub struct Answer {
    pub organisation_id: i64,
    pub may_name: bool,
    pub at: DateTime<Utc>,
    pub actor: String,
    /// Who said so, where staff wrote it down for somebody.
    pub behalf: String,
    pub image_id: i64,
    pub wants: bool,
    pub firmness: Option<Firmness>,
    pub note: String,
}

codes! {
    /// What somebody did with a round.
    pub enum Happened("round_events.kind", code, label) {
        Opened("opened", "event-round-opened"),
        Changed("changed", "event-round-changed"),
        Confirmed("confirmed", "event-round-confirmed"),
        Closed("closed", "event-round-closed"),
        Published("published", "event-round-published"),
    }
}
codes! {
    /// What was decided of an image.
    pub enum Decided("round_decisions.decision", code, label) {
        Ahead("ahead", "round-decision-ahead"),
        Partly("partly", "round-decision-partly"),
        Not("not", "round-decision-not"),
    }
}

/// An act.
#[derive(Clone, Debug, FromRow)]
pub struct Event {
    pub at: DateTime<Utc>,
    pub actor: String,
    pub kind: Happened,
    pub words: String,
    pub organisation_id: Option<i64>,
    pub before: Option<Json<Vec<(String, String)>>>,
    pub after: Option<Json<Vec<(String, String)>>>,
}

/// What was published last.
#[derive(Clone, Debug, FromRow)]
pub struct Outcome {
    pub at: DateTime<Utc>,
    pub words_en: String,
    pub words_fr: String,
    /// What was decided: the images' numbers, and of each what.
    pub images: Vec<i64>,
    pub decisions: Vec<Decided>,
}

/// The newest rounds before one.
pub async fn list(pool: &PgPool, before: i64, most: i64) -> sqlx::Result<Vec<Round>> {
    sqlx::query_as(
        "select id, title_en, title_fr, words_en, words_fr, closes_on, threshold, closed_at
         from rounds where id < $1 order by id desc limit $2",
    )
    .bind(before)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// One round.
pub async fn find(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<Round>> {
    sqlx::query_as(
        "select id, title_en, title_fr, words_en, words_fr, closes_on, threshold, closed_at from rounds where id = $1",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// One round, which nobody else can change meanwhile.
pub async fn hold(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<Round>> {
    sqlx::query_as(
        "select id, title_en, title_fr, words_en, words_fr, closes_on, threshold, closed_at
         from rounds where id = $1 for update",
    )
    .bind(id)
    .fetch_optional(db)
    .await
}

/// The rounds whose closing day is over and whose figures are not frozen yet.
pub async fn due(pool: &PgPool, today: NaiveDate) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar("select id from rounds where closed_at is null and closes_on < $1 order by id")
        .bind(today)
        .fetch_all(pool)
        .await
}

/// The images of a round, in its order.
pub async fn images(db: &mut PgConnection, round: i64) -> sqlx::Result<Vec<RoundImage>> {
    sqlx::query_as(
        "select i.id, i.name from round_images r join images i on i.id = r.image_id
         where r.round_id = $1 and r.place is not null order by r.place",
    )
    .bind(round)
    .fetch_all(db)
    .await
}

/// What each department answered last.
pub async fn answers(db: &mut PgConnection, round: i64) -> sqlx::Result<Vec<Answer>> {
    sqlx::query_as(
        "select e.organisation_id, e.may_name, e.at, e.actor, e.words as behalf, a.image_id, a.wants, a.firmness, a.note
         from round_events e join round_answers a on a.event_id = e.id
         where e.id in (select max(id) from round_events where round_id = $1 and kind = 'confirmed' group by organisation_id)
         order by e.id, a.image_id",
    )
    .bind(round)
    .fetch_all(db)
    .await
}

/// The acts of a round, the newest first.
pub async fn events(db: &mut PgConnection, round: i64, most: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "select at, actor, kind, words, organisation_id, before, after
         from round_events where round_id = $1 order by id desc limit $2",
    )
    .bind(round)
    .bind(most)
    .fetch_all(db)
    .await
}

/// The newest act of a round; for a department, the newest by which it confirmed.
pub async fn newest(db: &mut PgConnection, round: i64, organisation: Option<i64>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "select coalesce(max(id), 0) from round_events
         where round_id = $1 and (($2::bigint is null and kind <> 'confirmed') or organisation_id = $2)",
    )
    .bind(round)
    .bind(organisation)
    .fetch_one(db)
    .await
}

/// The round that a form with this key was written to. Whoever sends the same form meanwhile waits for this transaction.
pub async fn sent_before(db: &mut PgConnection, form_key: &str) -> sqlx::Result<Option<i64>> {
    let lock = sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind(form_key);
    lock.execute(&mut *db).await?;
    sqlx::query_scalar("select round_id from round_events where form_key = $1").bind(form_key).fetch_optional(db).await
}

/// An image as a round came to it.
#[derive(Clone, Debug, FromRow)]
pub struct FrozenImage {
    pub image_id: i64,
    pub name: String,
    pub departments: i32,
    pub planned: i32,
    pub funded: i32,
    pub unnamed: i32,
}

/// A department as it was when a round closed.
#[derive(Clone, Debug, FromRow)]
pub struct FrozenDepartment {
    pub image_id: i64,
    pub acronym_en: String,
    pub acronym_fr: String,
    pub name_en: String,
    pub name_fr: String,
    pub with_en: String,
    pub with_fr: String,
    pub firmness: Option<Firmness>,
}

/// What a round came to: its images in order, and the departments of each that may be named.
pub async fn frozen(db: &mut PgConnection, round: i64) -> sqlx::Result<(Vec<FrozenImage>, Vec<FrozenDepartment>)> {
    let images = sqlx::query_as(
        "select image_id, name, departments, planned, funded, unnamed from round_results where round_id = $1 order by place",
    );
    let images = images.bind(round).fetch_all(&mut *db).await?;
    let departments = sqlx::query_as(
        "select image_id, acronym_en, acronym_fr, name_en, name_fr, with_en, with_fr, firmness
         from round_result_departments where round_id = $1 order by image_id, place",
    );
    Ok((images, departments.bind(round).fetch_all(db).await?))
}

/// What was published last of a round.
pub async fn outcome(db: &mut PgConnection, round: i64) -> sqlx::Result<Option<Outcome>> {
    sqlx::query_as(
        "select e.at, o.words_en, o.words_fr,
                array(select d.image_id from round_decisions d where d.event_id = o.event_id order by 1) as images,
                array(select d.decision from round_decisions d where d.event_id = o.event_id order by d.image_id)
                    as decisions
         from round_outcomes o join round_events e on e.id = o.event_id
         where e.round_id = $1 order by o.event_id desc limit 1",
    )
    .bind(round)
    .fetch_optional(db)
    .await
}

/// An image of a round and the departments that confirmed that they need it.
#[derive(Clone, Debug)]
pub struct Tallied {
    pub id: i64,
    pub name: String,
    pub departments: usize,
    pub planned: usize,
    pub funded: usize,
    /// How many departments are not to be named.
    pub unnamed: usize,
    /// Those that may be named, by acronym.
    pub named: Vec<FrozenDepartment>,
}
