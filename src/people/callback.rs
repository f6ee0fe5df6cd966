//! Signing in with the provider: the way there, and the way back with every check between.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::db::accounts::{self, New};
use super::db::events::{self, Kind, Who};
use super::db::sign_ins::{self, SignIn};
use super::identity::Identity;
use super::session::{self, SessionCookieHash};
use super::{Keeper, People, SIGN_IN, next, secret};
use crate::database::commit::commit;
use crate::people::provider::Provider;
use crate::people::refusal::Refusal;
use crate::web::error::{Drawn, Error};
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit, show};
use crate::web::visitor::Role;

/// How long a sign-in may be under way, in seconds: as in `sign_ins::take`.
const UNDER_WAY: u32 = 600;

#[derive(Template)]
#[template(path = "people/refused.html")]
struct RefusedPage {
    page: Page,
    sentence: &'static str,
}

/// Leads to the provider.
pub async fn depart(
    State(people): Keeper,
    caller: Caller,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Error> {
    let provider = people.provider.as_ref().ok_or(Error::NotFound)?;
    if people.throttle.departure(caller.network()) {
        return Ok((StatusCode::TOO_MANY_REQUESTS, [("retry-after", "60")]).into_response());
    }
    let departure = match provider.depart().await {
        Ok(departure) => departure,
        Err(refusal) => return refuse_for(&people, &visit, caller, &refusal).await,
    };
    let wanted = visit.parameter("next").unwrap_or_default();
    let browser = match session::secret_in(&headers, name(&people)) {
        Some(known) => known,
        None => secret::new()?,
    };
    let sign_in = SignIn {
        nonce: departure.nonce,
        verifier: departure.verifier,
        lang: visit.lang,
        next: next::safe(&wanted).unwrap_or_default().to_owned(),
    };
    sign_ins::begin(&people.pool, &secret::hash(&departure.state), &secret::hash(&browser), &sign_in).await?;
    let cookie = session::cookie(&people.origin, name(&people), &browser, Some(UNDER_WAY))?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(departure.address.as_str())).into_response())
}

/// Takes what comes back from the provider.
pub async fn arrive(
    State(people): Keeper,
    earlier: Option<Extension<SessionCookieHash>>,
    caller: Caller,
    headers: HeaderMap,
    mut visit: Visit,
) -> Result<Response, Error> {
    let provider = people.provider.as_ref().ok_or(Error::NotFound)?;
    let (state, browser) = (visit.parameter("state").unwrap_or_default(), session::secret_in(&headers, name(&people)));
    let begun = match browser {
        Some(browser) if !state.is_empty() => {
            sign_ins::take(&people.pool, &secret::hash(&state), &secret::hash(&browser)).await?
        }
        _ => None,
    };
    let Some(begun) = begun else {
        return refuse(&people, &visit, caller, "provider-stale", "state", StatusCode::FORBIDDEN).await;
    };
    visit.lang = begun.lang;
    if visit.parameter("iss").is_some_and(|issuer| issuer != provider.issuer()) {
        return refuse(&people, &visit, caller, "provider-proof", "iss", StatusCode::FORBIDDEN).await;
    }
    if let Some(error) = visit.parameter("error") {
        let words = if error == "access_denied" { "provider-denied" } else { "provider-code" };
        let detail: String = error.chars().filter(char::is_ascii_graphic).take(60).collect();
        return refuse(&people, &visit, caller, words, &detail, StatusCode::FORBIDDEN).await;
    }
    let Some(code) = visit.parameter("code") else {
        return refuse(&people, &visit, caller, "provider-code", "no code", StatusCode::FORBIDDEN).await;
    };
    let identity = match provider.arrive(code, begun.verifier, begun.nonce).await {
        Ok(identity) => identity,
        Err(refusal) => return refuse_for(&people, &visit, caller, &refusal).await,
    };
    let Some(account) = account(&people, &identity, caller).await? else {
        return refuse(&people, &visit, caller, "provider-disabled", &identity.name, StatusCode::FORBIDDEN).await;
    };
    let secret = session::begin(&people.pool, earlier.as_deref(), account, &caller.text()).await?;
    let place = if begun.next.is_empty() { visit.shell.links.home.pattern(visit.lang) } else { &begun.next };
    let cookie = session::session_cookie(&people.origin, &secret)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(place)).into_response())
}

/// The account of an identity, made at its first sign-in and brought up to date at each; none where it is disabled.
async fn account(people: &People, identity: &Identity, caller: Caller) -> Result<Option<i64>, Error> {
    let Identity { issuer, subject, email, name, role } = identity;
    let mut transaction = people.pool.begin().await?;
    accounts::one_at_a_time(&mut transaction).await?;
    let address = caller.text();
    let mut record = Vec::new();
    let id = if let Some((id, before, is_disabled)) = accounts::of_subject(&mut *transaction, issuer, subject).await? {
        if is_disabled {
            return Ok(None);
        }
        accounts::said(&mut *transaction, id, email, name, *role).await?;
        if let Some(role) = role.filter(|role| *role != before) {
            record.push((Kind::RoleChanged, format!("{} → {}", before.code(), role.code())));
        }
        id
    } else {
        let role = role.unwrap_or(Role::Member);
        let new = New { issuer: Some(issuer), subject: Some(subject), email, name, role, organisation: None };
        record.push((Kind::AccountMade, role.code().to_owned()));
        accounts::add(&mut *transaction, &new).await?.ok_or(Error::NotFound)?
    };
    record.push((Kind::SignedIn, String::new()));
    let about = Who { account: Some(id), name };
    for (kind, detail) in &record {
        let actor = if *kind == Kind::SignedIn { about } else { Who { account: None, name: issuer } };
        events::record(&mut *transaction, &events::New { kind: *kind, about, actor, address: &address, detail })
            .await?;
    }
    commit(&people.pool, transaction).await?;
    Ok(Some(id))
}

/// The name of the cookie that binds a sign-in to its browser.
fn name(people: &People) -> &'static str {
    if session::is_secure(&people.origin) { "__Host-sign-in" } else { "sign-in" }
}

async fn refuse_for(people: &People, visit: &Visit, caller: Caller, refusal: &Refusal) -> Result<Response, Error> {
    tracing::warn!(%refusal, issuer = people.provider.as_ref().map(Provider::issuer), "a sign-in was refused");
    let status = match refusal {
        Refusal::Away(_) | Refusal::WrongIssuer(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::FORBIDDEN,
    };
    let detail: String = refusal.to_string().chars().take(200).collect();
    refuse(people, visit, caller, refusal.words(), &detail, status).await
}

/// Says why nobody is signed in, and records it.
async fn refuse(
    people: &People,
    visit: &Visit,
    caller: Caller,
    sentence: &'static str,
    detail: &str,
    status: StatusCode,
) -> Result<Response, Error> {
    let address = caller.text();
    let nobody = Who::default();
    let event = events::New { kind: Kind::Refused, about: nobody, actor: nobody, address: &address, detail };
    people.record(&event).await;
    let mut page = visit.page(visit.lang.t("sign-in-failed"), SIGN_IN);
    SIGN_IN.pattern(visit.lang.other()).clone_into(&mut page.there); // without what came back
    let mut answer = (status, show(&RefusedPage { page, sentence })?).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert("retry-after", HeaderValue::from_static("30"));
    }
    answer.extensions_mut().insert(Drawn);
    Ok(answer)
}
