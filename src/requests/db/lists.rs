//! Lists of requests: the queue of staff, a department's own, what was decided, and who counts without being named.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder};

use crate::catalogue::Firmness;
use crate::requests::state::State;

/// One image of a request, as the queue shows it.
#[derive(Clone, Debug, FromRow)]
pub struct Waiting {
    pub id: i64,
    pub reference: String,
    pub name: String,
    pub image_id: Option<i64>,
    pub organisation_id: Option<i64>,
    pub department: String,
    pub state: State,
    pub made_at: DateTime<Utc>,
    pub needed_by: Option<NaiveDate>,
    pub firmness: Option<Firmness>,
    pub assignee: Option<String>,
    pub held: bool,
}

impl Waiting {
    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }
}

/// Which requests a list is to show.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub states: Vec<State>,
    pub held: bool,
    pub organisation: Option<i64>,
    pub assignee: Assignee,
    /// A part of the image's name or the reference, in any case.
    pub words: Option<String>,
}

/// Who looks after what a list is to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignee {
    #[default]
    Anyone,
    Nobody,
    Account(i64),
}

/// The oldest of the queue after an item.
pub async fn queue(pool: &PgPool, filter: &Filter, after: i64, most: i64) -> sqlx::Result<Vec<Waiting>> {
    let mut query = QueryBuilder::<Postgres>::new(
        "select i.id, r.reference, i.name, i.image_id, r.organisation_id, r.department, i.state, r.made_at, i.needed_by,
                i.firmness, a.name as assignee, r.held
         from request_items i join requests r on r.id = i.request_id left join accounts a on a.id = i.assignee_id
         where i.id > ",
    );
    query.push_bind(after);
    query.push(" and i.state = any(").push_bind(filter.states.clone()).push(") and r.held = ").push_bind(filter.held);
    if let Some(organisation) = filter.organisation {
        query.push(" and r.organisation_id = ").push_bind(organisation);
    }
    match filter.assignee {
        Assignee::Anyone => {}
        Assignee::Nobody => {
            query.push(" and i.assignee_id is null");
        }
        Assignee::Account(account) => {
            query.push(" and i.assignee_id = ").push_bind(account);
        }
    }
    if let Some(words) = &filter.words {
        let pattern = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query.push(" and (i.name ilike ").push_bind(pattern.clone());
        query.push(" or r.reference ilike ").push_bind(pattern).push(")");
    }
    query.push(" order by i.id limit ").push_bind(most);
    query.build_query_as().fetch_all(pool).await
}

/// How many images stand where, and how many of those that wait are held, nobody's, or an account's own.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub states: HashMap<State, i64>,
    pub held: i64,
}

/// Counts what the queue has.
pub async fn counts(pool: &PgPool) -> sqlx::Result<Counts> {
    let rows: Vec<(State, bool, i64)> = sqlx::query_as(
        "select i.state, r.held, count(*) from request_items i join requests r on r.id = i.request_id
         group by i.state, r.held",
    )
    .fetch_all(pool)
    .await?;
    let mut counts = Counts::default();
    for (state, held, count) in rows {
        if !held {
            *counts.states.entry(state).or_default() += count;
        } else if state.is_open() {
            counts.held += count;
        }
    }
    Ok(counts)
}

/// The departments that have requests, by number.
pub async fn departments(pool: &PgPool) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar("select distinct organisation_id from requests where organisation_id is not null order by 1")
        .fetch_all(pool)
        .await
}

/// Staff who look after requests: number and name.
pub async fn staff(pool: &PgPool) -> sqlx::Result<Vec<(i64, String)>> {
    sqlx::query_as(
        "select id, name from accounts where role in ('staff', 'manager', 'admin') and disabled_at is null order by name, id",
    )
    .fetch_all(pool)
    .await
}

/// A department's newest requests before one, image by image.
pub async fn of_department(pool: &PgPool, organisation: i64, before: i64, most: i64) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as(
        "select i.id, r.reference, i.name, i.image_id, r.organisation_id, r.department, i.state, r.made_at, i.needed_by,
                i.firmness, a.name as assignee, r.held
         from requests r join request_items i on i.request_id = r.id left join accounts a on a.id = i.assignee_id
         where r.organisation_id = $1 and i.id < $2 and i.state <> 'discarded' and not r.held
         order by i.id desc limit $3",
    )
    .bind(organisation)
    .bind(before)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// What was decided of an image that somebody asked for. Says nothing of who asked.
#[derive(Clone, Debug, FromRow)]
pub struct Decided {
    /// The step by which it was decided.
    pub decided_by: i64,
    pub name: String,
    pub image_id: Option<i64>,
    pub state: State,
    pub reason: String,
    pub at: DateTime<Utc>,
}

impl Decided {
    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }
}

/// What was decided last, before a decision.
pub async fn decided(pool: &PgPool, before: i64, most: i64) -> sqlx::Result<Vec<Decided>> {
    sqlx::query_as(
        "select i.decided_by, i.name, i.image_id, i.state, i.reason, e.at
         from request_items i join request_events e on e.id = i.decided_by
         where i.state in ('accepted', 'declined', 'available') and i.decided_by < $1
           and not exists (select from change_sets u where u.undoes = i.change_set_id)
         order by i.decided_by desc limit $2",
    )
    .bind(before)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// Other requests for these images.
pub async fn others(pool: &PgPool, images: &[i64], own: i64, most: i64) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as(
        "select i.id, r.reference, i.name, i.image_id, r.organisation_id, r.department, i.state, r.made_at, i.needed_by,
                i.firmness, a.name as assignee, r.held
         from request_items i join requests r on r.id = i.request_id left join accounts a on a.id = i.assignee_id
         where i.image_id = any($1) and r.id <> $2 and i.state <> 'discarded' order by i.id desc limit $3",
    )
    .bind(images)
    .bind(own)
    .bind(most)
    .fetch_all(pool)
    .await
}
