//! Every SQL statement about feedback.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, PgPool};

use crate::codes::codes;
use crate::i18n::Lang;

/// Feedback as a visitor sends it.
pub struct New<'a> {
    pub about: About,
    pub subject: &'a str,
    pub message: &'a str,
    pub name: &'a str,
    pub email: &'a str,
    pub wants_answer: bool,
    pub lang: Lang,
    pub form_key: &'a str,
    pub link_key: &'a str,
    pub state: State,
}

codes! {
    /// What feedback is about.
    pub enum About("feedback.about", code, label) {
        Procurement("procurement", "feedback-about-procurement"),
        Image("image", "feedback-about-image"),
        Site("site", "feedback-about-site"),
    }
}
codes! {
    /// Where feedback stands.
    pub enum State("feedback.state", code, label) {
        New("new", "feedback-state-new"),
        InHand("in-hand", "feedback-state-in-hand"),
        Handled("handled", "feedback-state-handled"),
        Held("held", "feedback-state-held"),
    }
}
codes! {
    /// What somebody of staff did with it.
    pub enum Happened("feedback_events.event", code, label) {
        Note("note", "feedback-event-note"),
        Tags("tags", "feedback-event-tags"),
        Take("take", "feedback-event-take"),
        Handle("handle", "feedback-event-handle"),
        Reopen("reopen", "feedback-event-reopen"),
        Hold("hold", "feedback-event-hold"),
        Release("release", "feedback-event-release"),
        Reply("reply", "feedback-event-reply"),
        Publish("publish", "feedback-event-publish"),
        Unpublish("unpublish", "feedback-event-unpublish"),
    }
}

/// Feedback as kept.
#[derive(Clone, Debug, FromRow)]
pub struct Feedback {
    pub id: i64,
    pub reference: String,
    pub link_key: String,
    pub about: About,
    pub subject: String,
    pub message: String,
    pub name: String,
    pub email: String,
    pub wants_answer: bool,
    pub lang: Lang,
    pub state: State,
    pub tags: Vec<String>,
    pub public_message: Option<String>,
    pub public_reply: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    pub made_at: DateTime<Utc>,
}

/// What somebody of staff did.
#[derive(Clone, Debug, FromRow)]
pub struct Event {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    #[sqlx(rename = "event")]
    pub kind: Happened,
    pub text: String,
}

/// Which feedback is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// None: what is still to be done, `new` and `in-hand`.
    pub state: Option<State>,
    pub about: Option<About>,
    pub tag: Option<String>,
}

/// Keeps feedback under the next number of a year, once however often it is sent; whether this is the first time.
pub async fn insert(db: &mut PgConnection, year: i32, new: &New<'_>) -> sqlx::Result<(Feedback, bool)> {
    sqlx::query(
        "insert into feedback_numbers (year, last) values ($1, 0)
         on conflict on constraint feedback_numbers_pk do update set last = feedback_numbers.last",
    )
    .bind(year)
    .execute(&mut *db)
    .await?;
    let sent_before = sqlx::query_as("select * from feedback where form_key = $1").bind(new.form_key);
    if let Some(kept) = sent_before.fetch_optional(&mut *db).await? {
        return Ok((kept, false));
    }
    let kept = sqlx::query_as(
        "with number as (update feedback_numbers set last = last + 1 where year = $1 returning year, last)
         insert into feedback
             (reference, link_key, form_key, about, subject, message, name, email, wants_answer, lang, state)
         select 'FB-' || year || '-' || lpad(last::text, greatest(4, length(last::text)), '0'),
                $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 from number returning *",
    )
    .bind(year)
    .bind(new.link_key)
    .bind(new.form_key)
    .bind(new.about)
    .bind(new.subject)
    .bind(new.message)
    .bind(new.name)
    .bind(new.email)
    .bind(new.wants_answer)
    .bind(new.lang)
    .bind(new.state)
    .fetch_one(db)
    .await?;
    Ok((kept, true))
}

/// The feedback with a reference.
pub async fn of_reference(pool: &PgPool, reference: &str) -> sqlx::Result<Option<Feedback>> {
    sqlx::query_as("select * from feedback where reference = $1").bind(reference).fetch_optional(pool).await
}

/// One feedback, which nobody else changes until the transaction ends.
pub async fn lock(db: &mut PgConnection, id: i64) -> sqlx::Result<Option<Feedback>> {
    sqlx::query_as("select * from feedback where id = $1 for update").bind(id).fetch_optional(db).await
}

/// What staff did with one feedback, in order.
pub async fn events(db: &mut PgConnection, id: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as("select id, at, actor, event, text from feedback_events where feedback_id = $1 order by id")
        .bind(id)
        .fetch_all(db)
        .await
}

/// The replies to one feedback: when, and the words.
pub async fn replies(pool: &PgPool, id: i64) -> sqlx::Result<Vec<(DateTime<Utc>, String)>> {
    sqlx::query_as("select at, text from feedback_events where feedback_id = $1 and event = 'reply' order by id")
        .bind(id)
        .fetch_all(pool)
        .await
}

/// Whether a form of staff was sent before.
pub async fn sent_before(db: &mut PgConnection, form_key: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from feedback_events where form_key = $1)")
        .bind(form_key)
        .fetch_one(db)
        .await
}

/// What somebody of staff does.
pub struct Handling<'a> {
    pub feedback: i64,
    pub account: i64,
    pub actor: &'a str,
    pub event: Happened,
    pub text: &'a str,
    /// The form's key, on the first deed of the form.
    pub form_key: Option<&'a str>,
}

/// Notes what somebody of staff did, and gives its number.
pub async fn note(db: &mut PgConnection, handling: &Handling<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into feedback_events (feedback_id, account_id, actor, event, text, form_key)
         values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(handling.feedback)
    .bind(handling.account)
    .bind(handling.actor)
    .bind(handling.event)
    .bind(handling.text)
    .bind(handling.form_key)
    .fetch_one(db)
    .await
}

/// Keeps how feedback stands and what it is tagged with.
pub async fn set(db: &mut PgConnection, id: i64, state: State, tags: &[String]) -> sqlx::Result<()> {
    let set = sqlx::query("update feedback set state = $2, tags = $3 where id = $1").bind(id).bind(state).bind(tags);
    set.execute(db).await.map(drop)
}

/// Publishes feedback in these words, the message and the reply; withdraws it without any.
pub async fn publish(db: &mut PgConnection, id: i64, words: Option<(&str, &str)>) -> sqlx::Result<()> {
    sqlx::query(
        "update feedback set public_message = $2, public_reply = $3,
             published_at = case when $2::text is null then null else coalesce(published_at, clock_timestamp()) end
         where id = $1",
    )
    .bind(id)
    .bind(words.map(|(message, _)| message))
    .bind(words.map(|(_, reply)| reply))
    .execute(db)
    .await
    .map(drop)
}

/// What is published, the newest first, before one of them.
pub async fn published(pool: &PgPool, before: Option<i64>, most: i64) -> sqlx::Result<Vec<Feedback>> {
    sqlx::query_as("select * from feedback where published_at is not null and id < $1 order by id desc limit $2")
        .bind(before.unwrap_or(i64::MAX))
        .bind(most)
        .fetch_all(pool)
        .await
}

/// What is asked for, the oldest first, after one of them.
pub async fn list(pool: &PgPool, asked: &Asked, after: i64, most: i64) -> sqlx::Result<Vec<Feedback>> {
    sqlx::query_as(
        "select * from feedback
         where (state = $1 or ($1 is null and state in ('new', 'in-hand'))) and ($2::text is null or about = $2)
           and ($3::text is null or $3 = any(tags)) and id > $4 order by id limit $5",
    )
    .bind(asked.state)
    .bind(asked.about)
    .bind(&asked.tag)
    .bind(after)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// How many there are in each state, of what else is asked for.
pub async fn counts(pool: &PgPool, asked: &Asked) -> sqlx::Result<Vec<(State, i64)>> {
    sqlx::query_as(
        "select state, count(*) from feedback
         where ($1::text is null or about = $1) and ($2::text is null or $2 = any(tags)) group by state",
    )
    .bind(asked.about)
    .bind(&asked.tag)
    .fetch_all(pool)
    .await
}

/// The tags that there are.
pub async fn tags(pool: &PgPool) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("select distinct unnest(tags) as tag from feedback order by tag").fetch_all(pool).await
}
