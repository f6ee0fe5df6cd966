//! A person's own account: who am I here, what may I, where am I signed in, and an end to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, http::StatusCode};

use super::db::events::{self, Kind, Who};
use super::db::{accounts, sessions};
use super::{ACCOUNT, Keeper, SIGN_IN};
use crate::organisations;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit, show};
use crate::web::visitor::Current;

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    page: Page,
    account: accounts::Account,
    /// The organisation's name.
    organisation: Option<String>,
    /// The session in which the page is read.
    current: i64,
    sessions: Vec<sessions::Session>,
}

/// The person's account and sessions.
pub async fn show_own(
    State(people): Keeper,
    Extension(Current(current)): Extension<Current>,
    visit: Visit,
) -> Result<Response, Error> {
    let person = visit.person.as_ref().ok_or(Error::Forbidden)?;
    let account = accounts::find(&people.pool, person.account).await?.ok_or(Error::NotFound)?;
    let organisation = match account.organisation_id {
        Some(id) => {
            let directory = organisations::load(&mut *people.pool.acquire().await?).await?;
            directory.place(id).map(|place| directory.at(place).name(visit.lang).to_owned())
        }
        None => None,
    };
    let sessions = sessions::of_account(&people.pool, person.account).await?;
    let page = visit.page(visit.lang.t("account-title"), ACCOUNT);
    show(&AccountPage { page, account, organisation, current, sessions })
}

/// Ends one of the person's sessions, or all of them.
pub async fn act(State(people): Keeper, caller: Caller, visit: Visit, form: Form) -> Result<Response, Error> {
    let person = visit.person.as_ref().map(Arc::clone).ok_or(Error::Forbidden)?;
    let place = match form.act() {
        "end" => {
            let id: i64 = form.text("session").parse().map_err(|_| Error::NotFound)?;
            if !sessions::end_one(&people.pool, person.account, id).await? {
                return Err(Error::NotFound);
            }
            ACCOUNT
        }
        "end-all" => {
            sessions::end_all(&people.pool, person.account).await?;
            SIGN_IN
        }
        "edit" => ACCOUNT,
        _ => return Ok(StatusCode::BAD_REQUEST.into_response()),
    };
    if form.act() != "edit" {
        let (who, address) = (Who { account: Some(person.account), name: &person.name }, caller.text());
        let event = events::New { kind: Kind::SessionsEnded, about: who, actor: who, address: &address, detail: "" };
        people.record(&event).await;
    }
    Ok(Redirect::to(place.pattern(visit.lang)).into_response())
}
