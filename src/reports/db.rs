//! Every SQL statement of the reports: what is counted in the tables of requests, feedback and terms, as at a moment.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};

use crate::feedback::About;
use crate::requests::state::State;

/// How many requests stand so.
#[derive(Clone, Debug, FromRow)]
pub struct Standing {
    pub state: State,
    pub count: i64,
}

/// How many requests stood where before a moment. What was held back as advertising does not count.
pub async fn standings(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<Vec<Standing>> {
    sqlx::query_as(
        "select state, count(*) from (
           select case s.kind when 'reopened' then 'under_review' when 'released' then 'received'
                  else coalesce(s.kind, 'received') end as state
           from requests r join request_items i on i.request_id = r.id
           left join lateral (
             select e.kind from request_events e
             where e.request_id = r.id and (e.item_id = i.id or e.item_id is null) and e.at < $1
               and e.kind in ('withdrawn', 'under_review', 'accepted', 'declined', 'available', 'merged', 'discarded', 'released', 'reopened')
             order by e.id desc limit 1) s on true
           where r.made_at < $1 and not r.held) all_of_them
         where state <> 'discarded' group by state",
    )
    .bind(before)
    .fetch_all(pool)
    .await
}

/// How long it took until requests had their first answer, by what it was. In days.
#[derive(Clone, Debug, FromRow)]
pub struct Answered {
    pub kind: State,
    pub count: i64,
    pub median: f64,
    pub ninth: f64,
    pub longest: f64,
}

/// How long requests waited for their first answer, of those answered before a moment.
pub async fn answered(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<Vec<Answered>> {
    sqlx::query_as(
        "select kind, count(*) as count, percentile_cont(0.5) within group (order by days) as median,
                percentile_cont(0.9) within group (order by days) as ninth, max(days) as longest
         from (
           select distinct on (e.item_id) e.kind, (extract(epoch from e.at - r.made_at) / 86400)::double precision as days
           from request_events e join requests r on r.id = e.request_id
           where e.kind in ('accepted', 'declined', 'available') and e.item_id is not null and e.at < $1 and not r.held
           order by e.item_id, e.id) firsts
         group by kind order by kind",
    )
    .bind(before)
    .fetch_all(pool)
    .await
}

/// How much feedback there was of a subject.
#[derive(Clone, Debug, FromRow)]
pub struct Feedback {
    pub about: About,
    pub received: i64,
    pub replied: i64,
    pub published: i64,
}

/// Feedback by subject before a moment. What is held back as advertising does not count.
pub async fn feedback(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<Vec<Feedback>> {
    sqlx::query_as(
        "select f.about, count(*) as received,
                count(*) filter (where exists (
                  select from feedback_events e where e.feedback_id = f.id and e.event in ('reply', 'publish') and e.at < $1)) as replied,
                count(*) filter (where (
                  select e.event from feedback_events e
                  where e.feedback_id = f.id and e.event in ('publish', 'unpublish') and e.at < $1
                  order by e.id desc limit 1) = 'publish') as published
         from feedback f where f.made_at < $1 and f.state <> 'held' group by f.about order by f.about",
    )
    .bind(before)
    .fetch_all(pool)
    .await
}

/// What was answered to a request.
#[derive(Clone, Debug, FromRow)]
pub struct Decided {
    pub name: String,
    pub image_id: Option<i64>,
    pub kind: State,
    pub at: DateTime<Utc>,
}

/// What was answered between two moments and stood so at their end, the oldest first: at most so many. What was taken up
/// again since waits for its answer, and what was answered twice stands with the later one.
pub async fn decided(pool: &PgPool, from: DateTime<Utc>, to: DateTime<Utc>, most: i64) -> sqlx::Result<Vec<Decided>> {
    sqlx::query_as(
        "select i.name, i.image_id, e.kind, e.at
         from request_items i join requests r on r.id = i.request_id
         join lateral (
           select e.id, e.kind, e.at from request_events e
           where e.request_id = r.id and (e.item_id = i.id or e.item_id is null) and e.at < $2
             and e.kind in ('withdrawn', 'under_review', 'accepted', 'declined', 'available', 'merged', 'discarded', 'released', 'reopened')
           order by e.id desc limit 1) e on true
         where e.kind in ('accepted', 'declined', 'available') and e.at >= $1 and not r.held and i.state <> 'discarded'
         order by e.id limit $3",
    )
    .bind(from)
    .bind(to)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// What requests add to an image: how many were merged, and who was told that it is available.
#[derive(Clone, Debug, FromRow)]
pub struct Pooled {
    pub image_id: i64,
    pub merged: i64,
    pub available: i64,
    pub organisations: Vec<i64>,
}

/// What requests came to before a moment, by image.
pub async fn pooled(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<Vec<Pooled>> {
    sqlx::query_as(
        "select image_id, count(*) filter (where kind = 'merged') as merged,
                count(*) filter (where kind = 'available') as available,
                coalesce(array_agg(distinct organisation_id) filter (where kind = 'available' and organisation_id is not null), '{}') as organisations
         from (
           select coalesce(t.image_id, i.image_id) as image_id, r.organisation_id,
                  (select e.kind from request_events e
                   where e.request_id = r.id and (e.item_id = i.id or e.item_id is null) and e.at < $1
                     and e.kind in ('withdrawn', 'under_review', 'accepted', 'declined', 'available', 'merged', 'discarded', 'released', 'reopened')
                   order by e.id desc limit 1) as kind
           from request_items i join requests r on r.id = i.request_id
           left join request_items t on t.id = i.merged_into
           where r.made_at < $1 and not r.held) stood
         where image_id is not null and kind in ('merged', 'available') group by image_id",
    )
    .bind(before)
    .fetch_all(pool)
    .await
}

/// Since when the renewal dates of lines have not been known, as far as before a moment.
pub async fn unknown_since(
    pool: &PgPool,
    lines: &[i64],
    images: &[i64],
    before: DateTime<Utc>,
) -> sqlx::Result<HashMap<i64, DateTime<Utc>>> {
    let rows: Vec<(i64, Option<DateTime<Utc>>)> = sqlx::query_as(
        "select asked.line, coalesce(
           (select min(s.effective_at) from terms t join change_sets s on s.id = t.change_set_id
            where t.line_id = asked.line and s.effective_at < $3
              and t.id > coalesce((select max(k.id) from terms k join change_sets ks on ks.id = k.change_set_id
                                   where k.line_id = asked.line and k.renewal_date is not null and ks.effective_at < $3), 0)),
           (select s.effective_at from changes c join change_sets s on s.id = c.change_set_id
            where c.image_id = asked.image and c.subject = 'line' and c.subject_id = asked.line order by c.id limit 1))
         from unnest($1::bigint[], $2::bigint[]) as asked (line, image)",
    )
    .bind(lines)
    .bind(images)
    .bind(before)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|(line, since)| Some((line, since?))).collect())
}
