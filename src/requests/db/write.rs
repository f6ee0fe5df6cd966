//! Keeping requests, and each step of them.

use chrono::NaiveDate;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection, Postgres, Transaction};

use crate::catalogue::Firmness;
use crate::i18n::Lang;
use crate::requests::state::{State, StepKind};

/// A request as a department sends it.
pub struct New<'a> {
    pub follow_key: &'a str,
    pub organisation: Option<i64>,
    pub department: &'a str,
    pub may_name: bool,
    pub contact_name: &'a str,
    pub contact_email: &'a str,
    pub lang: Lang,
    pub account: Option<i64>,
    pub form_key: &'a str,
    pub held: bool,
    pub items: &'a [NewItem],
}

/// One image that a department asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewItem {
    pub name: String,
    pub image: Option<i64>,
    pub fips: Option<bool>,
    pub kind: Option<String>,
    pub needed_by: Option<NaiveDate>,
    pub firmness: Option<Firmness>,
    pub environment: String,
    pub why: String,
}

/// A request that is kept now, or was before.
#[derive(Clone, Debug, FromRow)]
pub struct Kept {
    pub id: i64,
    pub reference: String,
    pub follow_key: String,
    /// Whether this is the first time that its form was sent.
    #[sqlx(default)]
    pub is_new: bool,
}

/// A step, about one item or the whole request.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    pub request: i64,
    pub item: Option<i64>,
    /// Who does it, by name and account; none: whoever asked.
    pub by: Option<(&'a str, i64)>,
    pub kind: StepKind,
    pub words: &'a str,
    /// The form's fields as they were and as they are, where the step changes some.
    pub changed: Option<[Vec<(String, String)>; 2]>,
    pub form_key: &'a str,
}

/// Keeps a request of this year, once however often its form is sent.
pub async fn insert(transaction: &mut Transaction<'_, Postgres>, new: &New<'_>, year: i32) -> sqlx::Result<Kept> {
    // Whoever sends the same form meanwhile waits here for the number, and finds what the first one kept.
    let number: i32 = sqlx::query_scalar(
        "insert into request_numbers as n (year, last) values ($1, 1)
         on conflict on constraint request_numbers_pk do update set last = n.last + 1 returning last",
    )
    .bind(year)
    .fetch_one(&mut **transaction)
    .await?;
    let known = sqlx::query_as::<_, Kept>("select id, reference, follow_key from requests where form_key = $1");
    if let Some(kept) = known.bind(new.form_key).fetch_optional(&mut **transaction).await? {
        let back = "update request_numbers set last = last - 1 where year = $1";
        sqlx::query(back).bind(year).execute(&mut **transaction).await?;
        return Ok(kept);
    }
    let reference = format!("REQ-{year}-{number:04}");
    let id: i64 = sqlx::query_scalar(
        "insert into requests (reference, follow_key, organisation_id, department, may_name, contact_name, contact_email,
                               lang, account_id, form_key, held)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    )
    .bind(&reference)
    .bind(new.follow_key)
    .bind(new.organisation)
    .bind(new.department)
    .bind(new.may_name)
    .bind(new.contact_name)
    .bind(new.contact_email)
    .bind(new.lang)
    .bind(new.account)
    .bind(new.form_key)
    .bind(new.held)
    .fetch_one(&mut **transaction)
    .await?;
    add_items(transaction, id, new.items).await?;
    let event = NewEvent {
        request: id,
        item: None,
        by: None,
        kind: StepKind::Received,
        words: "",
        changed: None,
        form_key: new.form_key,
    };
    add_event(transaction, &event).await?;
    Ok(Kept { id, reference, follow_key: new.follow_key.to_owned(), is_new: true })
}

async fn add_items(db: &mut PgConnection, request: i64, items: &[NewItem]) -> sqlx::Result<()> {
    sqlx::query(
        "insert into request_items (request_id, place, name, image_id, fips, kind, needed_by, firmness, environment, why)
         select $1, place, name, image_id, fips, kind, needed_by, firmness, environment, why
         from unnest($2::text[], $3::bigint[], $4::boolean[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[])
              with ordinality as t (name, image_id, fips, kind, needed_by, firmness, environment, why, place)",
    )
    .bind(request)
    .bind(items.iter().map(|item| &*item.name).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.image).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.fips).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.kind.as_deref()).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.needed_by).collect::<Vec<_>>())
    .bind(items.iter().map(|item| item.firmness).collect::<Vec<_>>())
    .bind(items.iter().map(|item| &*item.environment).collect::<Vec<_>>())
    .bind(items.iter().map(|item| &*item.why).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a step; its number.
pub async fn add_event(db: &mut PgConnection, event: &NewEvent<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into request_events (request_id, item_id, actor, account_id, kind, words, before, after, form_key)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
    )
    .bind(event.request)
    .bind(event.item)
    .bind(event.by.map_or("", |(name, _)| name))
    .bind(event.by.map(|(_, account)| account))
    .bind(event.kind)
    .bind(event.words)
    .bind(event.changed.as_ref().map(|[before, _]| Json(before)))
    .bind(event.changed.as_ref().map(|[_, after]| Json(after)))
    .bind(event.form_key)
    .fetch_one(db)
    .await
}

/// Where an item is to stand, and what belongs to that.
#[derive(Clone, Debug)]
pub struct NewStatus<'a> {
    pub item: i64,
    pub state: State,
    pub reason: &'a str,
    /// As it shows in public.
    pub name: &'a str,
    pub image: Option<i64>,
    pub merged_into: Option<i64>,
    pub change_set: Option<i64>,
    /// Whether a person said that its line stays, though it is not accepted.
    pub line_kept: bool,
    /// The step by which it came to stand there.
    pub event: i64,
}

/// Notes where an item stands now.
pub async fn set_status(db: &mut PgConnection, status: &NewStatus<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "update request_items set state = $2, reason = $3, name = $4, image_id = $5, merged_into = $6, change_set_id = $7,
                decided_by = $8, line_kept = $9
         where id = $1",
    )
    .bind(status.item)
    .bind(status.state)
    .bind(status.reason)
    .bind(status.name)
    .bind(status.image)
    .bind(status.merged_into)
    .bind(status.change_set)
    .bind(status.event)
    .bind(status.line_kept)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes who looks after these items; none: nobody.
pub async fn assign(db: &mut PgConnection, items: &[i64], account: Option<i64>) -> sqlx::Result<()> {
    sqlx::query(
        "update request_items
         set assignee_id = (select id from accounts where id = $2 and role in ('staff', 'manager', 'admin') and disabled_at is null)
         where id = any($1)",
    ).bind(items).bind(account).execute(db).await?;
    Ok(())
}

/// Notes which organisation a request comes from.
pub async fn place(db: &mut PgConnection, request: i64, organisation: i64) -> sqlx::Result<()> {
    sqlx::query("update requests set organisation_id = $2 where id = $1")
        .bind(request)
        .bind(organisation)
        .execute(db)
        .await?;
    Ok(())
}

/// Lets a request through that was held; whether it still was.
pub async fn release(db: &mut PgConnection, request: i64) -> sqlx::Result<bool> {
    let released =
        sqlx::query("update requests set held = false where id = $1 and held").bind(request).execute(db).await?;
    Ok(released.rows_affected() == 1)
}

/// Changes what a department said of itself.
pub async fn change(
    db: &mut PgConnection,
    request: i64,
    may_name: bool,
    contact_name: &str,
    contact_email: &str,
) -> sqlx::Result<()> {
    sqlx::query("update requests set may_name = $2, contact_name = $3, contact_email = $4 where id = $1")
        .bind(request)
        .bind(may_name)
        .bind(contact_name)
        .bind(contact_email)
        .execute(db)
        .await?;
    Ok(())
}

/// Changes what a department said of an image that it asks for.
pub async fn change_item(db: &mut PgConnection, item: i64, new: &NewItem) -> sqlx::Result<()> {
    sqlx::query(
        "update request_items set fips = $2, kind = $3, needed_by = $4, firmness = $5, environment = $6, why = $7 where id = $1",
    )
    .bind(item)
    .bind(new.fips)
    .bind(new.kind.as_deref())
    .bind(new.needed_by)
    .bind(new.firmness)
    .bind(&new.environment)
    .bind(&new.why)
    .execute(db)
    .await?;
    Ok(())
}
