//! Every SQL statement about requests: what one is (here), how it is kept (write), and lists of them (lists).

pub mod lines;
pub mod lists;
pub mod write;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

use self::lines::Stood;
use super::state::{State, StepKind};
use crate::catalogue::Firmness;
use crate::i18n::Lang;

/// A request as kept.
#[derive(Clone, Debug, FromRow)]
pub struct Request {
    pub id: i64,
    pub reference: String,
    pub follow_key: String,
    pub organisation_id: Option<i64>,
    pub department: String,
    pub may_name: bool,
    pub contact_name: String,
    pub contact_email: String,
    pub lang: Lang,
    pub account_id: Option<i64>,
    pub made_at: DateTime<Utc>,
    pub held: bool,
}

/// One image that a request asks for.
#[derive(Clone, Debug, FromRow)]
pub struct Item {
    pub id: i64,
    pub request_id: i64,
    pub place: i32,
    pub name: String,
    pub image_id: Option<i64>,
    pub fips: Option<bool>,
    pub kind: Option<String>,
    pub needed_by: Option<NaiveDate>,
    pub firmness: Option<Firmness>,
    pub environment: String,
    pub why: String,
    pub state: State,
    pub reason: String,
    pub assignee_id: Option<i64>,
    /// The name of the member of staff who looks after it.
    pub assignee: Option<String>,
    pub merged_into: Option<i64>,
    /// The request that it was merged into.
    pub merged_reference: Option<String>,
    pub change_set_id: Option<i64>,
    /// Whether somebody said that the line which accepting made stays, though it is not accepted any more.
    pub line_kept: bool,
}

/// A step of a request.
#[derive(Clone, Debug, FromRow)]
pub struct Event {
    pub id: i64,
    pub item_id: Option<i64>,
    pub item_name: Option<String>,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub kind: StepKind,
    pub words: String,
    pub before: Option<Json<Vec<(String, String)>>>,
    pub after: Option<Json<Vec<(String, String)>>>,
}

impl Request {
    /// The language in which it was sent, and in which it is answered.
    pub fn lang(&self) -> Lang {
        self.lang
    }
}

impl Item {
    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }
}

impl Item {
    /// Where it stands, whole.
    pub fn stood(&self) -> Stood {
        Stood {
            state: self.state,
            reason: self.reason.clone(),
            name: self.name.clone(),
            image_id: self.image_id,
            merged_into: self.merged_into,
            change_set_id: self.change_set_id,
            line_kept: self.line_kept,
        }
    }
}

/// The request with this reference.
pub async fn by_reference(db: &mut PgConnection, reference: &str) -> sqlx::Result<Option<Request>> {
    sqlx::query_as(
        "select id, reference, follow_key, organisation_id, department, may_name, contact_name, contact_email, lang,
                account_id, made_at, held
         from requests where reference = $1",
    )
    .bind(reference)
    .fetch_optional(db)
    .await
}

/// These requests.
pub async fn requests(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Request>> {
    sqlx::query_as(
        "select id, reference, follow_key, organisation_id, department, may_name, contact_name, contact_email, lang,
                account_id, made_at, held
         from requests where id = any($1) order by id",
    )
    .bind(ids)
    .fetch_all(db)
    .await
}

/// What a request asks for, in its order.
pub async fn items_of(db: &mut PgConnection, request: i64) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as(
        "select i.id, i.request_id, i.place, i.name, i.image_id, i.fips, i.kind, i.needed_by, i.firmness, i.environment,
                i.why, i.state, i.reason, i.assignee_id, a.name as assignee, i.merged_into, m.reference as merged_reference,
                i.change_set_id, i.line_kept
         from request_items i
         left join accounts a on a.id = i.assignee_id
         left join request_items t on t.id = i.merged_into
         left join requests m on m.id = t.request_id
         where i.request_id = $1 order by i.place",
    )
    .bind(request)
    .fetch_all(db)
    .await
}

/// These items, by number, and those that were merged into them; nobody else can change them meanwhile.
pub async fn lock_for_update(db: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as(
        "select i.id, i.request_id, i.place, i.name, i.image_id, i.fips, i.kind, i.needed_by, i.firmness, i.environment,
                i.why, i.state, i.reason, i.assignee_id, a.name as assignee, i.merged_into, m.reference as merged_reference,
                i.change_set_id, i.line_kept
         from request_items i
         left join accounts a on a.id = i.assignee_id
         left join request_items t on t.id = i.merged_into
         left join requests m on m.id = t.request_id
         where i.id = any($1) or i.merged_into = any($1) order by i.id
         for update of i",
    )
    .bind(ids)
    .fetch_all(db)
    .await
}

/// The steps of a request, the first first.
pub async fn events_of(db: &mut PgConnection, request: i64, most: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "select e.id, e.item_id, i.name as item_name, e.at, e.actor, e.kind, e.words, e.before, e.after
         from request_events e left join request_items i on i.id = e.item_id
         where e.request_id = $1 order by e.id limit $2",
    )
    .bind(request)
    .bind(most)
    .fetch_all(db)
    .await
}

/// The newest step of any request.
pub async fn newest_event(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select coalesce(max(id), 0) from request_events").fetch_one(db).await
}

/// The steps of these requests after one of them, but for what others noted among themselves.
pub async fn events_since(db: &mut PgConnection, requests: &[i64], after: i64) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "select e.id, e.item_id, i.name as item_name, e.at, e.actor, e.kind, e.words, e.before, e.after
         from request_events e left join request_items i on i.id = e.item_id
         where e.request_id = any($1) and e.id > $2 and e.kind not in ('note', 'assigned') order by e.id limit 100",
    )
    .bind(requests)
    .bind(after)
    .fetch_all(db)
    .await
}

/// Whether a form with this key has been written as a step.
pub async fn was_sent(db: &mut PgConnection, form_key: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from request_events where form_key = $1)")
        .bind(form_key)
        .fetch_one(db)
        .await
}
