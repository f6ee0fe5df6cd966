//! Pages that need a role: who has not signed in is led there and back, who may not is told so and recorded.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};

use super::db::events::{self, Kind, Who};
use super::db::{kept, sessions};
use super::identify::SessionUnavailable;
use super::session::SessionCookieHash;
use super::{KEPT, People, SIGN_IN, next, secret};
use crate::i18n::Lang;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::visitor::{Person, Role};

/// Routes that need at least a role.
pub fn guarded<S>(people: &Arc<People>, role: Role, routes: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let gate = Gate { people: Arc::clone(people), role };
    routes.route_layer(middleware::from_fn_with_state(gate, guard))
}

#[derive(Clone)]
struct Gate {
    people: Arc<People>,
    role: Role,
}

async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let person = request.extensions().get::<Arc<Person>>().cloned();
    let unanswered = request.extensions().get::<SessionUnavailable>().cloned();
    match (person, unanswered) {
        (Some(person), _) if person.role >= gate.role => next.run(request).await,
        (Some(person), _) => {
            let detail = format!("{} {}", request.method(), request.uri().path());
            forbid(&gate.people, &person, Caller::of(request.extensions()), &detail).await
        }
        (None, Some(unavailable)) => {
            let _ = Form::read(request).await; // so that what was typed can be sent again
            unavailable.into_response()
        }
        (None, None) => lead(&gate.people, request).await.unwrap_or_else(IntoResponse::into_response),
    }
}

/// Says that a person may not, and records it.
async fn forbid(people: &People, person: &Person, caller: Caller, tried: &str) -> Response {
    let who = Who { account: Some(person.account), name: &person.name };
    let (address, detail) = (caller.text(), tried.chars().take(200).collect::<String>());
    let event = events::New { kind: Kind::Forbidden, about: who, actor: who, address: &address, detail: &detail };
    people.record(&event).await;
    StatusCode::FORBIDDEN.into_response()
}

/// Leads to the page for signing in, and from there back: to what was asked for, or to the form that was sent.
async fn lead(people: &People, request: Request) -> Result<Response, Error> {
    let lang = Lang::from_path(request.uri().path()).unwrap_or(Lang::En);
    let address = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let back = if request.method() == Method::POST {
        keep(people, request, &address, lang).await?.unwrap_or(address)
    } else {
        address
    };
    let sign_in = SIGN_IN.pattern(lang);
    let place = match next::safe(&back) {
        Some(back) => format!("{sign_in}?next={}", encode(back)),
        None => sign_in.to_owned(),
    };
    Ok(Redirect::to(&place).into_response())
}

/// Keeps a form for whoever's session has ended; the address at which it waits.
async fn keep(people: &People, request: Request, address: &str, lang: Lang) -> Result<Option<String>, Error> {
    let brought = request.extensions().get::<SessionCookieHash>().cloned();
    // Whoever was never signed in is led there before a byte of the form is read.
    let Some(SessionCookieHash(id_hash)) = brought.filter(|_| next::safe(address).is_some()) else { return Ok(None) };
    let Some(account) = sessions::owner(&people.pool, &id_hash).await? else { return Ok(None) };
    let form = match Form::read(request).await {
        Ok(form) => form,
        Err(refused @ (Error::TooLarge | Error::Unstorable(_))) => return Err(refused),
        Err(_) => return Ok(None),
    };
    let token = secret::new()?;
    let is_kept = kept::insert(&people.pool, &secret::hash(&token), account, address, form.fields()).await?;
    Ok(is_kept.then(|| KEPT.with(lang, &token)))
}
