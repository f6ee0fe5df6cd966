//! One token: what it is, and its end, with a reason.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use crate::database::commit::commit;
use crate::forms::draft::Draft;
use crate::people::db::events::{self, Kind, Who};
use crate::tokens::db::{self, Token};
use crate::tokens::form::TokenId;
use crate::tokens::{LIST, ONE};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{self, Page, Visit};
use crate::web::path::Path;

/// Characters of a reason.
const LONGEST_REASON: usize = 500;

#[derive(Template)]
#[template(path = "tokens/one.html")]
struct OnePage {
    page: Page,
    token: Token,
    draft: Draft,
}

/// One token.
pub async fn show(State(pool): State<PgPool>, Path(id): Path<TokenId>, visit: Visit) -> Result<Response, Error> {
    page::show(&read(&pool, &visit, &id).await?)
}

async fn read(pool: &PgPool, visit: &Visit, id: &str) -> Result<OnePage, Error> {
    let token = db::find(pool, id).await?.ok_or(Error::NotFound)?;
    let page = visit
        .page_of(token.name.clone(), ONE, |_| id.to_owned())
        .below(visit.lang.t("tokens-title"), LIST.pattern(visit.lang));
    Ok(OnePage { page, token, draft: Draft::blank() })
}

/// Ends it. Sent again it has ended already, and nothing more happens.
pub async fn end(
    State(pool): State<PgPool>,
    Path(id): Path<TokenId>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let mut page = OnePage { draft: Draft::sent(form)?, ..read(&pool, &visit, &id).await? };
    let reason = page.draft.reason();
    if reason.is_empty() {
        page.draft.problems.add("reason", visit.lang.t("tokens-end-reason-missing"));
    }
    page.draft.problems.check("reason", &reason, LONGEST_REASON, true, visit.lang);
    if let Some(outcome) = page.draft.outcome_of(&["end"], false, false)? {
        return outcome.draw(&page);
    }
    let mut transaction = pool.begin().await?;
    if db::end(&mut transaction, &id, person.account, &person.name, &reason).await? {
        let (about, address) = (Who { account: None, name: &page.token.name }, caller.text());
        let actor = Who { account: Some(person.account), name: &person.name };
        let detail = format!("icat_{id} · {reason}");
        let event = events::New { kind: Kind::TokenEnded, about, actor, address: &address, detail: &detail };
        events::record(&mut *transaction, &event).await?;
        commit(&pool, transaction).await?;
    }
    Ok(Redirect::to(&ONE.with(visit.lang, &id)).into_response())
}
