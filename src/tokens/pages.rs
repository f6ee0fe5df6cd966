//! All tokens, and the form that makes one: what it holds is shown once, in the answer to the form.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::db::{self, Token};
use super::form::{self, MOST_DAYS, USUAL_DAYS};
use super::{LIST, ONE};
use crate::database::commit::{afterwards, commit};
use crate::forms::draft::Draft;
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
use crate::people::db::events::{self, Kind, Who};
use crate::people::secret;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit};
use crate::web::visitor::Scope;

/// Tokens that the page shows at most.
const MOST: i64 = 500;

#[derive(Template)]
#[template(path = "tokens/list.html")]
struct ListPage {
    page: Page,
    tokens: Vec<Token>,
    draft: Draft,
    /// The name of a token that was just made, and all of it, shown this once.
    made: Option<(String, String)>,
}

/// All tokens, and the form for a new one.
pub async fn show(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    Outcome::Shown.draw(&read(&pool, &visit).await?)
}

async fn read(pool: &PgPool, visit: &Visit) -> Result<ListPage, Error> {
    Ok(ListPage {
        page: visit.page(visit.lang.t("tokens-title"), LIST),
        tokens: db::all(pool, MOST).await?,
        draft: Draft::blank(),
        made: None,
    })
}

/// Makes a token and shows it. The same form again leads to the token's page, which does not show it.
pub async fn make(State(pool): State<PgPool>, caller: Caller, visit: Visit, form: Form) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let mut draft = Draft::sent(form)?;
    let key = draft.token.nonce.clone();
    if let Some(id) = db::made_by_form(&pool, &key).await? {
        return Ok(Redirect::to(&ONE.with(visit.lang, &id)).into_response());
    }
    let wanted = draft.read(form::read(&draft.form, visit.lang));
    let wanted = match (draft.outcome_of(&["make"], false, false)?, wanted) {
        (None, Some(wanted)) => wanted,
        (outcome, _) => {
            return outcome.unwrap_or(Outcome::Invalid).draw(&ListPage { draft, ..read(&pool, &visit).await? });
        }
    };
    let (id, token) = form::token()?;
    let mut transaction = pool.begin().await?;
    let added = db::add(&mut *transaction, &wanted.row(&id, &secret::hash(&token), &person, &key)).await;
    let Some(is_added) = draft.written(added, form::CONSTRAINTS, visit.lang)? else {
        return Outcome::Invalid.draw(&ListPage { draft, ..read(&pool, &visit).await? });
    };
    if !is_added {
        let made = db::made_by_form(&pool, &key).await?.ok_or(Error::BadForm)?;
        return Ok(Redirect::to(&ONE.with(visit.lang, &made)).into_response());
    }
    let actor = Who { account: Some(person.account), name: &person.name };
    let codes: Vec<&str> = wanted.scopes.iter().map(|scope| scope.code()).collect();
    let detail = format!("icat_{id} · {} · {}", codes.join(" "), wanted.reason);
    let (about, address) = (Who { account: None, name: &wanted.name }, caller.text());
    let event = events::New { kind: Kind::TokenMade, about, actor, address: &address, detail: &detail };
    events::record(&mut *transaction, &event).await?;
    let before = read(&pool, &visit).await?;
    commit(&pool, transaction).await?;
    // The token is shown once, also where the list cannot be read any more.
    Outcome::Shown
        .draw(&ListPage { made: Some((wanted.name, token)), ..afterwards(read(&pool, &visit)).await.unwrap_or(before) })
}

impl ListPage {
    /// A field as typed, or as it is before anything was.
    fn typed(&self, name: &str) -> &str {
        match name {
            "days" if !self.draft.form.has("days") => USUAL_DAYS,
            name => self.draft.typed(name),
        }
    }
}

impl Token {
    /// The address of its page.
    pub fn address(&self, lang: Lang) -> String {
        ONE.with(lang, &self.id)
    }

    /// What it may do, in words.
    pub fn allows(&self, lang: Lang) -> Vec<(&'static str, String)> {
        self.scopes.iter().map(|scope| (scope.code(), scope.label(lang).into_owned())).collect()
    }

    /// Whether it counts, and in words.
    pub fn state(&self, lang: Lang) -> (bool, String) {
        let (counts, words) = match (self.ended_at, self.is_expired, self.maker_is_disabled) {
            (Some(_), ..) => (false, "tokens-ended"),
            (None, true, _) => (false, "tokens-expired"),
            (None, false, true) => (false, "tokens-maker-disabled"),
            (None, false, false) => (true, "tokens-counts"),
        };
        (counts, lang.t(words).into_owned())
    }
}
