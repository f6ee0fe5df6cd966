//! A department takes back what it asked for: its images, the lines that count since they were accepted once, and what
//! becomes of the requests that were merged into them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::db::lines::{self, Made};
use super::db::write::{self, NewEvent, NewStatus};
use super::db::{self, Item, Request};
use super::letters::{self, Desk};
use super::lines::without;
use super::state::{State, StepKind};
use crate::changes::record::{Act, Kind};
use crate::forms::transaction::CatalogueTransaction;
use crate::web::error::Error;

/// Withdraws those of the chosen images of a request that nobody has decided.
pub async fn withdraw(
    work: &mut CatalogueTransaction,
    request: &Request,
    chosen: &[i64],
    form_key: &str,
    moment: DateTime<Utc>,
    desk: Desk<'_>,
) -> Result<(), Error> {
    let held = db::lock_for_update(&mut work.transaction, chosen).await?;
    let is_withdrawn = |item: &Item| item.request_id == request.id && item.state().is_open();
    let mut withdrawn: Vec<Item> = held.iter().filter(|item| is_withdrawn(item)).cloned().collect();
    let ids: Vec<i64> = withdrawn.iter().map(|item| item.id).collect();
    let act = take_back(work, request, &ids, form_key, moment).await?;
    let mut last = None;
    for item in &mut withdrawn {
        let step = Step { request: item.request_id, item: item.id, kind: StepKind::Withdrawn, form_key };
        let event = step.add(&mut work.transaction).await?;
        let (before, state) = (item.stood(), item.state);
        item.state = State::Withdrawn;
        item.line_kept = false;
        set_status(&mut work.transaction, item, State::Withdrawn, event).await?;
        if let Some(act) = act {
            lines::add_standing(&mut work.transaction, act, item.id, &before, &item.stood()).await?;
        }
        last = Some(event);
        let followers = held.iter().filter(|merged| merged.merged_into == Some(item.id));
        lead(&mut work.transaction, followers.cloned().collect(), state, form_key, desk).await?;
    }
    if let Some(event) = last {
        let items: Vec<&Item> = withdrawn.iter().collect();
        letters::news(&mut work.transaction, desk, request, &items, "", event).await?;
    }
    Ok(())
}

/// Takes back the lines that only these items count by, as an act of whoever asked.
async fn take_back(
    work: &mut CatalogueTransaction,
    request: &Request,
    items: &[i64],
    form_key: &str,
    moment: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    let made = lines::made(&mut work.transaction, items).await?;
    let own: Vec<&Made> = made.iter().filter(|one| items.contains(&one.item_id) && one.others.is_empty()).collect();
    if own.is_empty() {
        return Ok(None);
    }
    let demand = without(&mut work.transaction, &own).await?;
    let new = Act::new(&request.reference, Kind::Request, "", moment);
    let act = Act { source: &request.reference, form_key: Some(form_key), ..new };
    work.put(&act, &demand.before, demand.after).await
}

/// What was merged into a request that is withdrawn stands by itself again: the first of them, and the others with it.
async fn lead(
    db: &mut PgConnection,
    mut followers: Vec<Item>,
    state: State,
    form_key: &str,
    desk: Desk<'_>,
) -> Result<(), Error> {
    if followers.is_empty() {
        return Ok(());
    }
    let mut first = followers.remove(0);
    let step = Step { request: first.request_id, item: first.id, kind: StepKind::Reopened, form_key };
    let event = step.add(db).await?;
    (first.merged_into, first.state) = (None, state);
    set_status(db, &first, state, event).await?;
    for mut other in followers {
        other.merged_into = Some(first.id);
        set_status(db, &other, State::Merged, event).await?;
    }
    if let Some(request) = db::requests(db, &[first.request_id]).await?.pop() {
        letters::news(db, desk, &request, &[&first], "", event).await?;
    }
    Ok(())
}

/// A step of whoever asked.
struct Step<'a> {
    request: i64,
    item: i64,
    kind: StepKind,
    form_key: &'a str,
}

impl Step<'_> {
    async fn add(&self, db: &mut PgConnection) -> sqlx::Result<i64> {
        let event = NewEvent {
            request: self.request,
            item: Some(self.item),
            by: None,
            kind: self.kind,
            words: "",
            changed: None,
            form_key: self.form_key,
        };
        write::add_event(db, &event).await
    }
}

async fn set_status(db: &mut PgConnection, item: &Item, state: State, event: i64) -> sqlx::Result<()> {
    let status = NewStatus {
        item: item.id,
        state,
        reason: "",
        name: &item.name,
        image: item.image_id,
        merged_into: item.merged_into,
        change_set: item.change_set_id,
        line_kept: item.line_kept,
        event,
    };
    write::set_status(db, &status).await
}
