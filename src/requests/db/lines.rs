//! Every SQL statement about requests and the lines that accepting them made.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};

use crate::organisations::UNNAMED;
use crate::requests::state::State;

/// A line that counts since a request was accepted.
#[derive(Clone, Debug, FromRow)]
pub struct Made {
    /// The item, and the one that it was merged into; the same where it was not.
    pub item_id: i64,
    pub leader_id: i64,
    pub line_id: i64,
    pub image_id: i64,
    pub organisation_id: i64,
    /// What the act that made it count changed of it; no before where it is new.
    pub before: Option<Value>,
    pub after: Value,
    /// The other requests that count by it.
    pub others: Vec<String>,
}

/// The lines that count since these items, or what was merged into them, were accepted.
pub async fn made(db: &mut PgConnection, items: &[i64]) -> sqlx::Result<Vec<Made>> {
    sqlx::query_as(
        "with unnamed as (select id from organisations where acronym_en = $2),
         standing as (
           select i.id, coalesce(t.id, i.id) as leader, coalesce(t.image_id, i.image_id) as image_id, coalesce(t.state, i.state) as state,
                  case when r.may_name then r.organisation_id else (select id from unnamed) end as organisation_id,
                  r.reference, i.line_kept
           from request_items i join requests r on r.id = i.request_id left join request_items t on t.id = i.merged_into)
         select a.id as item_id, a.leader as leader_id, l.id as line_id, l.image_id, l.organisation_id, o.before, o.after,
                array(select distinct b.reference from standing b
                      where b.state = 'accepted' and b.image_id = l.image_id and b.organisation_id = l.organisation_id
                        and b.leader <> all($1) and b.id <> all($1) order by 1) as others
         from standing a
         join lines l on l.image_id = a.image_id and l.organisation_id = a.organisation_id
         join lateral (select c.before, c.after, s.act, s.id from changes c join change_sets s on s.id = c.change_set_id
                       where c.image_id = l.image_id and c.subject = 'line' and c.subject_id = l.id and c.after is not null
                         and (c.before is null or c.before ? 'status') order by c.id desc limit 1) o
              on o.act = 'request' or exists (select from request_standings w where w.change_set_id = o.id)
         where (a.id = any($1) or a.leader = any($1)) and l.status = 'under_consideration' and not l.removed
           and (a.line_kept or exists (select from request_events e where e.item_id in (a.id, a.leader) and e.kind = 'accepted'))
         order by a.id, l.id",
    )
    .bind(items)
    .bind(UNNAMED)
    .fetch_all(db)
    .await
}

/// Where an item stands, whole, so that an undone act can give it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    pub state: State,
    pub reason: String,
    pub name: String,
    pub image_id: Option<i64>,
    pub merged_into: Option<i64>,
    pub change_set_id: Option<i64>,
    pub line_kept: bool,
}

/// Notes where an act found an item and where it left it.
pub async fn add_standing(
    db: &mut PgConnection,
    change_set: i64,
    item: i64,
    before: &Stood,
    after: &Stood,
) -> sqlx::Result<()> {
    sqlx::query("insert into request_standings (change_set_id, item_id, before, after) values ($1, $2, $3, $4)")
        .bind(change_set)
        .bind(item)
        .bind(Json(before))
        .bind(Json(after))
        .execute(db)
        .await?;
    Ok(())
}

/// The items that an act left somewhere: each with where it found and left it.
pub async fn standings(db: &mut PgConnection, change_set: i64) -> sqlx::Result<Vec<(i64, Json<Stood>, Json<Stood>)>> {
    sqlx::query_as("select item_id, before, after from request_standings where change_set_id = $1 order by item_id")
        .bind(change_set)
        .fetch_all(db)
        .await
}

/// A request that says something else than the catalogue.
#[derive(Clone, Debug, FromRow)]
pub struct Disagreement {
    pub reference: String,
    pub place: i32,
    pub name: String,
    pub state: String,
    /// Whether it is accepted, and no line is there; else a line counts that nobody has said stays.
    pub is_accepted: bool,
}

/// The requests that disagree with the catalogue's lines, and how many images of requests there are.
pub async fn disagreements(db: &mut PgConnection) -> sqlx::Result<(i64, Vec<Disagreement>)> {
    let ids: Vec<i64> = sqlx::query_scalar("select id from request_items order by id").fetch_all(&mut *db).await?;
    let accepted: Vec<Disagreement> = sqlx::query_as(
        "select r.reference, i.place, i.name, i.state, true as is_accepted
         from request_items i join requests r on r.id = i.request_id left join request_items t on t.id = i.merged_into
         where coalesce(t.state, i.state) = 'accepted' and not exists (
           select from lines l where l.image_id = coalesce(t.image_id, i.image_id) and not l.removed
             and (l.organisation_id = r.organisation_id
                  or l.organisation_id = (select id from organisations where acronym_en = $1)))
         order by i.id",
    )
    .bind(UNNAMED)
    .fetch_all(&mut *db)
    .await?;
    let mut kept = Vec::new();
    for one in made(db, &ids).await? {
        let row: Option<Disagreement> = sqlx::query_as(
            "select r.reference, i.place, i.name, i.state, false as is_accepted
             from request_items i join requests r on r.id = i.request_id left join request_items t on t.id = i.merged_into
             where i.id = $1 and coalesce(t.state, i.state) <> 'accepted' and not i.line_kept and not coalesce(t.line_kept, false)
               and not exists (
                 select from request_items o join requests q on q.id = o.request_id
                 left join request_items p on p.id = o.merged_into
                 where coalesce(p.state, o.state) = 'accepted' and coalesce(p.image_id, o.image_id) = $2
                   and case when q.may_name then q.organisation_id
                            else (select id from organisations where acronym_en = $4) end = $3)",
        )
        .bind(one.item_id)
        .bind(one.image_id)
        .bind(one.organisation_id)
        .bind(UNNAMED)
        .fetch_optional(&mut *db)
        .await?;
        kept.extend(row);
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok((count, accepted.into_iter().chain(kept).collect()))
}
