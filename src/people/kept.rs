//! A form that was sent after its session had ended: once signed in again, it is there as typed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{KEPT, Keeper, db, secret};
use crate::web::error::Error;
use crate::web::form::is_key;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{Path, Secret};

#[derive(Template)]
#[template(path = "people/kept.html")]
struct KeptPage {
    page: Page,
    address: String,
    fields: Vec<(String, String)>,
}

/// Shows the way back to a kept form, once.
pub async fn show_once(State(people): Keeper, Path(token): Path<Secret>, visit: Visit) -> Result<Response, Error> {
    let person = visit.person.as_ref().map(Arc::clone).ok_or(Error::Forbidden)?;
    let kept = db::kept::take(&people.pool, &secret::hash(&token), person.account).await?;
    let (address, mut fields) = kept.ok_or(Error::NotFound)?;
    fields.retain(|(name, _)| name != "do");
    for (_, key) in fields.iter_mut().filter(|(name, _)| is_key(name)) {
        *key = visit.key_at(&address); // its own was of the session that has ended
    }
    let page = visit.page_of(visit.lang.t("kept-title"), KEPT, |_| token.to_string());
    show(&KeptPage { page, address, fields })
}
