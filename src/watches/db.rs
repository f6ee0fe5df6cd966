//! Every SQL statement about watches.

use sqlx::{FromRow, PgConnection, PgPool};

use crate::forms::db::Marks;
use crate::forms::guard;
use crate::i18n::Lang;

/// What is followed, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Image(i64),
    Organisation(i64),
}

impl Thing {
    fn image(self) -> Option<i64> {
        if let Thing::Image(id) = self { Some(id) } else { None }
    }

    fn organisation(self) -> Option<i64> {
        if let Thing::Organisation(id) = self { Some(id) } else { None }
    }
}

/// A watch as kept.
#[derive(Clone, Debug, FromRow)]
pub struct Watch {
    pub id: i64,
    pub image_id: Option<i64>,
    pub organisation_id: Option<i64>,
    pub email: String,
    pub lang: Lang,
    pub token: String,
    pub asks: i32,
    pub is_confirmed: bool,
    pub seen_change: i64,
}

impl Watch {
    /// What is followed.
    pub fn thing(&self) -> Option<Thing> {
        self.image_id.map(Thing::Image).or_else(|| self.organisation_id.map(Thing::Organisation))
    }
}

/// Watches that wait to be confirmed at once.
const MOST_WAITING: i64 = 10_000;

/// Keeps a watch that is to be confirmed, or finds the one that is there; none where it was asked for in the last ten
/// minutes, and its mail went out then.
pub async fn ask(
    db: &mut PgConnection,
    thing: Thing,
    email: &str,
    lang: Lang,
    token: &str,
    sender: &Marks,
) -> sqlx::Result<Option<Watch>> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('watches'))").execute(&mut *db).await?;
    sqlx::query_as(
        "insert into watches (image_id, organisation_id, email, lang, token, sender, domain)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (lower(email), coalesce(image_id, 0), coalesce(organisation_id, 0))
         do update set asks = watches.asks + 1, asked_at = clock_timestamp(),
                lang = case when watches.confirmed_at is null then excluded.lang else watches.lang end
            where watches.asked_at < clock_timestamp() - interval '10 minutes'
         returning id, image_id, organisation_id, email, lang, token, asks, confirmed_at is not null as is_confirmed, seen_change",
    )
    .bind(thing.image())
    .bind(thing.organisation())
    .bind(email)
    .bind(lang)
    .bind(token)
    .bind(&sender.sender)
    .bind(&sender.domain)
    .fetch_optional(db)
    .await
}

/// Whether what a sender has waiting leaves room for the others.
pub async fn has_room(db: &mut PgConnection, sender: &Marks) -> sqlx::Result<bool> {
    let waiting = sqlx::query_as(
        "select count(*) as all, count(*) filter (where sender = $1) as of_sender,
                count(*) filter (where domain = $2) as of_domain
         from watches where confirmed_at is null",
    );
    Ok(guard::has_room(waiting.bind(&sender.sender).bind(&sender.domain).fetch_one(db).await?, MOST_WAITING))
}

/// The watch of a link.
pub async fn of_token(pool: &PgPool, token: &str) -> sqlx::Result<Option<Watch>> {
    sqlx::query_as(
        "select id, image_id, organisation_id, email, lang, token, asks, confirmed_at is not null as is_confirmed, seen_change
         from watches where token = $1",
    )
    .bind(token)
    .fetch_optional(pool)
    .await
}

/// Confirms a watch: from now on changes are told.
pub async fn confirm(pool: &PgPool, id: i64, newest: i64) -> sqlx::Result<()> {
    let confirmed = sqlx::query(
        "update watches set confirmed_at = clock_timestamp(), seen_change = $2, sender = null, domain = null where id = $1 and confirmed_at is null",
    );
    confirmed.bind(id).bind(newest).execute(pool).await.map(|_| ())
}

/// Ends a watch and forgets its address.
pub async fn end(pool: &PgPool, token: &str) -> sqlx::Result<()> {
    sqlx::query("delete from watches where token = $1").bind(token).execute(pool).await.map(|_| ())
}

/// Forgets what was not confirmed within three days.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    let swept = sqlx::query(
        "delete from watches where confirmed_at is null and made_at < clock_timestamp() - interval '3 days'",
    );
    swept.execute(pool).await.map(|_| ())
}

/// A watch that has something to be told of and was told of nothing for an hour: for this transaction alone.
pub async fn next_to_tell(db: &mut PgConnection) -> sqlx::Result<Option<Watch>> {
    sqlx::query_as(
        "select id, image_id, organisation_id, email, lang, token, asks, true as is_confirmed, seen_change
         from watches w
         where confirmed_at is not null and (told_at is null or told_at < clock_timestamp() - interval '1 hour')
           and (exists (select from changes c where c.image_id = w.image_id and c.id > w.seen_change)
             or exists (select from changes c where c.organisation_id = w.organisation_id and c.id > w.seen_change))
         order by told_at nulls first, id limit 1 for update skip locked",
    )
    .fetch_optional(db)
    .await
}

/// Notes up to which change a watch was told.
pub async fn told(db: &mut PgConnection, id: i64, newest: i64) -> sqlx::Result<()> {
    let noted = sqlx::query("update watches set seen_change = $2, told_at = clock_timestamp() where id = $1");
    noted.bind(id).bind(newest).execute(db).await.map(|_| ())
}
