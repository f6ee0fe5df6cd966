//! Staff see every mail: what waits, what was sent to whom, and what is dead, which they send again.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::State as Given;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::db::seen::{self, Asked, Event, Kept, Seen};
use super::db::{Kind, State};
use super::{MAIL, ONE};
use crate::config::Settings;
use crate::i18n::{Lang, Word};
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show, show_as};
use crate::web::path::Path;

/// Mails on one page.
const SHOWN: usize = 50;
/// A part of a link that is so long is its secret.
const SECRET: usize = 32;

#[derive(Template)]
#[template(path = "mail/list.html")]
struct ListPage {
    page: Page,
    asked: Asked,
    /// Each state with its words, its address, how many there are, and whether it is chosen.
    states: Vec<(Cow<'static, str>, String, usize, bool)>,
    /// The kinds that there are.
    kinds: Vec<Kind>,
    mails: Vec<Seen>,
    next: Option<String>,
    /// The boxes that are checked.
    chosen: Vec<i64>,
    /// Whether nothing was chosen to be sent again.
    none_chosen: bool,
    /// How many were just sent again.
    again: Option<usize>,
    is_kept: bool,
}

/// The mails, the newest first.
pub async fn list(
    Given(pool): Given<PgPool>,
    Given(settings): Given<Arc<Settings>>,
    visit: Visit,
) -> Result<Response, Error> {
    let again = visit.number("again")?.and_then(|again| usize::try_from(again).ok());
    show(&ListPage { again, ..read(&pool, &settings, &visit).await? })
}

/// Sends dead mails again.
pub async fn send_again(
    Given(pool): Given<PgPool>,
    Given(settings): Given<Arc<Settings>>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let chosen: Vec<i64> = form.all("mail").filter_map(|id| id.parse().ok()).collect();
    if form.act() == "again" && !chosen.is_empty() {
        let again = seen::again(&pool, &chosen, person.account, &person.name).await?;
        return Ok(Redirect::to(&format!("{}?again={again}", MAIL.pattern(visit.lang))).into_response());
    }
    let status = match form.act() {
        "again" => StatusCode::UNPROCESSABLE_ENTITY,
        "edit" => StatusCode::OK,
        _ => return Err(Error::BadForm),
    };
    let none_chosen = form.act() == "again";
    show_as(status, &ListPage { chosen, none_chosen, ..read(&pool, &settings, &visit).await? })
}

async fn read(pool: &PgPool, settings: &Settings, visit: &Visit) -> Result<ListPage, Error> {
    let state = visit.one_of("state", &[State::ALL.map(State::code).as_slice(), &["all"]].concat())?;
    let kind = visit.one_of("kind", &Kind::ALL.map(Kind::code))?.and_then(Kind::from_code);
    let asked = Asked { state: state.and_then(State::from_code), kind, to: visit.parameter("to") };
    let most = i64::try_from(SHOWN).unwrap_or(i64::MAX).saturating_add(1);
    let mut mails = seen::list(pool, &asked, visit.number("before")?, most).await?;
    let has_more = mails.len() > SHOWN;
    mails.truncate(SHOWN);
    let next = mails.last().filter(|_| has_more).map(|last| {
        let address = address(&asked, visit.lang, asked.state);
        format!("{address}{}before={}", if address.contains('?') { '&' } else { '?' }, last.id)
    });
    let (counts, kinds) = (seen::counts(pool, &asked).await?, seen::kinds(pool).await?);
    let count = |state: Option<State>| {
        let counted = counts.iter().filter(|(other, _)| state.is_none_or(|state| *other == state));
        counted.map(|(_, count)| usize::try_from(*count).unwrap_or(0)).sum()
    };
    let every = std::iter::once(None).chain(State::ALL.map(Some));
    let states = every.map(|state| {
        let words = state.map_or_else(|| visit.lang.t("mail-all"), |state| state.label(visit.lang));
        (words, address(&asked, visit.lang, state), count(state), asked.state == state)
    });
    Ok(ListPage {
        page: visit.page(visit.lang.t("mail-title"), MAIL),
        states: states.collect(),
        asked,
        kinds,
        mails,
        next,
        chosen: Vec::new(),
        none_chosen: false,
        again: None,
        is_kept: settings.smtp().is_none(),
    })
}

/// The address of the list with another state.
fn address(asked: &Asked, lang: Lang, state: Option<State>) -> String {
    let given = [("state", state.map(State::code)), ("kind", asked.kind.map(Kind::code)), ("to", asked.to.as_deref())];
    let given: Vec<String> =
        given.iter().filter_map(|(name, value)| Some(format!("{name}={}", encode((*value)?)))).collect();
    let mark = if given.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", MAIL.pattern(lang), given.join("&"))
}

#[derive(Template)]
#[template(path = "mail/one.html")]
struct OnePage {
    page: Page,
    mail: Kept,
    events: Vec<Event>,
    is_kept: bool,
}

/// One mail: what it said, and what became of it.
pub async fn show_item(
    Given(pool): Given<PgPool>,
    Given(settings): Given<Arc<Settings>>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    let mail = seen::find(&pool, id).await?.ok_or(Error::NotFound)?;
    let events = seen::events(&pool, id).await?;
    let page = visit
        .page_of(visit.lang.named("mail-one-title", id.to_string()), ONE, |_| id.to_string())
        .below(visit.lang.t("mail-title"), MAIL.pattern(visit.lang));
    show(&OnePage { page, mail, events, is_kept: settings.smtp().is_none() })
}

/// Sends one dead mail again.
pub async fn send_one_again(
    Given(pool): Given<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    match form.act() {
        "again" => {
            seen::again(&pool, &[id], person.account, &person.name).await?;
        }
        "edit" => {}
        _ => return Err(Error::BadForm),
    }
    Ok(Redirect::to(&ONE.with(visit.lang, &id.to_string())).into_response())
}

impl ListPage {
    fn address(&self, mail: &Seen) -> String {
        ONE.with(self.page.lang, &mail.id.to_string())
    }

    fn has_dead(&self) -> bool {
        self.mails.iter().any(|mail| mail.state == State::Dead)
    }

    fn is_kind(&self, kind: &Kind) -> bool {
        self.asked.kind == Some(*kind)
    }
}

impl OnePage {
    /// The file that it carries, and how large that is.
    fn file(&self) -> Option<String> {
        let size = usize::try_from(self.mail.file_size?).unwrap_or(0).div_ceil(1024);
        let words = [("name", Word::Text(self.mail.file_name.as_deref()?)), ("n", Word::Number(size))];
        Some(self.page.lang.tell("mail-file-size", &words))
    }

    fn text(&self) -> String {
        without_secrets(&self.mail.plain)
    }
}

/// A text whose links do not show what only their receiver may know.
fn without_secrets(text: &str) -> String {
    let shown = |line: &str| {
        if !line.starts_with("http") {
            return line.to_owned();
        }
        let parts = line.split_inclusive(['/', '?', '=', '&']);
        parts.map(|part| if part.len() < SECRET { part } else { "…" }).collect()
    };
    text.lines().map(shown).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_secret_is_not_shown() {
        let secret = "0123456789abcdef".repeat(4);
        let text =
            format!("Confirm\nhttps://images.example/en/follow/{secret}\nhttps://images.example/en/images/nginx");
        let shown = without_secrets(&text);
        assert_eq!(shown, "Confirm\nhttps://images.example/en/follow/…\nhttps://images.example/en/images/nginx");
    }
}
