//! An undone act gives back where the requests stood that it decided, in the same transaction.

use std::sync::Arc;

use sqlx::PgConnection;

use super::STAFF_ONE;
use super::db::lines::{self, Stood};
use super::db::write::{self, NewEvent, NewStatus};
use super::db::{self, Item};
use super::letters::{self, Desk};
use super::state::{State, StepKind};
use crate::catalogue::Catalogue;
use crate::forms::undo::{AfterUndo, GivenBack, Undone};
use crate::i18n::{Lang, Word};
use crate::web::error::Error;

/// What an undone act does with requests, for the room that undoes it.
pub fn after_undo(origin: String, catalogue: Catalogue) -> AfterUndo {
    let origin: Arc<str> = origin.into();
    AfterUndo {
        give_back: Arc::new(move |undone: Undone<'_>| {
            let (origin, snapshot) = (Arc::clone(&origin), catalogue.now());
            let give_back = async move { give_back(undone, Desk { origin: &origin, snapshot: &snapshot }).await };
            Box::pin(give_back)
        }),
        ahead: Arc::new(|db, act, lang| Box::pin(ahead(db, act, lang))),
    }
}

/// A wish that an act decided and that nobody decided since, with how it stood before.
struct Back {
    item: Item,
    before: Stood,
    after: Stood,
}

/// The wishes that undoing an act gives back.
async fn given_back(db: &mut PgConnection, act: i64) -> Result<Vec<Back>, Error> {
    let mut back = Vec::new();
    for (id, before, after) in lines::standings(db, act).await? {
        let (before, after) = (before.0, after.0);
        let held = db::lock_for_update(db, &[id]).await?;
        let Some(item) = held.into_iter().find(|item| item.id == id && item.stood() == after) else { continue };
        back.push(Back { item, before, after });
    }
    Ok(back)
}

/// What undoing an act gives back, before it is done.
async fn ahead(db: &mut PgConnection, act: i64, lang: Lang) -> Result<Vec<GivenBack>, Error> {
    let mut told = Vec::new();
    for Back { item, before, .. } in given_back(db, act).await? {
        let request = db::requests(db, &[item.request_id]).await?.pop().ok_or(Error::NotFound)?;
        let (was, is) = (item.state.label(lang), before.state.label(lang));
        let words = [("name", &*item.name), ("was", &*was), ("is", &*is)];
        told.push(GivenBack {
            address: STAFF_ONE.with(lang, &request.reference),
            title: request.reference,
            words: lang.tell("undo-request", &words.map(|(name, text)| (name, Word::Text(text)))),
        });
    }
    Ok(told)
}

/// Lets the requests that an act decided stand where they stood, unless they were decided again since, and tells whoever
/// asked.
async fn give_back(undone: Undone<'_>, desk: Desk<'_>) -> Result<(), Error> {
    let Undone { db, act, by, person, reason, form_key } = undone;
    for Back { item, before, after } in given_back(db, act).await? {
        let id = item.id;
        let kind = match before.state {
            State::Received | State::UnderReview => StepKind::Reopened,
            State::Accepted => StepKind::Accepted,
            State::Declined => StepKind::Declined,
            State::Available => StepKind::Available,
            State::Merged => StepKind::Merged,
            State::Withdrawn => StepKind::Withdrawn,
            State::Discarded => StepKind::Discarded,
        };
        let event = NewEvent {
            request: item.request_id,
            item: Some(id),
            by: Some((&person.name, person.account)),
            kind,
            words: reason,
            changed: None,
            form_key,
        };
        let event = write::add_event(db, &event).await?;
        // An acceptance that comes back stands by the act that brought its line back.
        let again = if before.state == State::Accepted { Some(by) } else { before.change_set_id };
        let given = Stood { change_set_id: again, ..before };
        set_status(db, id, &given, event).await?;
        lines::add_standing(db, by, id, &after, &given).await?;
        if let Some(request) = db::requests(db, &[item.request_id]).await?.pop() {
            let told = Item { state: given.state, reason: given.reason, name: given.name, ..item };
            letters::news(db, desk, &request, &[&told], "", event).await?;
        }
    }
    Ok(())
}

async fn set_status(db: &mut PgConnection, item: i64, given: &Stood, event: i64) -> sqlx::Result<()> {
    let status = NewStatus {
        item,
        state: given.state,
        reason: &given.reason,
        name: &given.name,
        image: given.image_id,
        merged_into: given.merged_into,
        change_set: given.change_set_id,
        line_kept: given.line_kept,
        event,
    };
    write::set_status(db, &status).await
}
