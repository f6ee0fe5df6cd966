//! Signing in with a local account, the one-time link where its password is set, and signing out.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::header::{REFRESH, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::db::events::{self, Kind, Who};
use super::db::{accounts, links, sessions};
use super::session::{self, SessionCookieHash};
use super::{Keeper, LINK, PROVIDER, People, SIGN_IN, local, next, password, secret};
use crate::database::commit::commit;
use crate::web::address::encode;
use crate::web::error::{Drawn, Error};
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;

#[derive(Template)]
#[template(path = "people/sign_in.html")]
struct SignInPage {
    page: Page,
    has_local: bool,
    /// The way to the provider, where there is one.
    provider: Option<String>,
    email: String,
    /// Where the visitor goes afterwards; empty for the first page.
    next: String,
    /// The key of what went wrong.
    problem: Option<&'static str>,
}

impl SignInPage {
    fn new(people: &People, visit: &Visit) -> SignInPage {
        let wanted = visit.parameter("next").unwrap_or_default();
        let wanted = next::safe(&wanted).unwrap_or_default().to_owned();
        let provider = people.provider.as_ref().map(|_| match &*wanted {
            "" => PROVIDER.pattern(visit.lang).to_owned(),
            wanted => format!("{}?next={}", PROVIDER.pattern(visit.lang), encode(wanted)),
        });
        SignInPage {
            page: visit.page(visit.lang.t("sign-in-title"), SIGN_IN),
            has_local: people.has_local,
            email: String::new(),
            next: wanted,
            provider,
            problem: None,
        }
    }
}

/// The ways to sign in.
pub async fn show_ways(State(people): Keeper, visit: Visit) -> Result<Response, Error> {
    show(&SignInPage::new(&people, &visit))
}

/// Signs in with an e-mail address and a password. The answer and its time are the same whether the account is not
/// there, is disabled, has no password, or has another one.
pub async fn act(
    State(people): Keeper,
    earlier: Option<Extension<SessionCookieHash>>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    if !people.has_local {
        return Err(Error::Forbidden);
    }
    let typed = form.text("email");
    let wanted = next::safe(form.text("next")).unwrap_or_default().to_owned();
    let filled = SignInPage {
        email: typed.chars().take(300).collect(),
        next: wanted.clone(),
        ..SignInPage::new(&people, &visit)
    };
    let email = local::email(typed).unwrap_or_default();
    let address = caller.text();
    if let Some(seconds) = people.throttle.attempt(&email, caller.network()) {
        let nobody = Who::default();
        let event = events::New { kind: Kind::Throttled, about: nobody, actor: nobody, address: &address, detail: "" };
        people.record(&event).await;
        let answer =
            refuse(&SignInPage { problem: Some("sign-in-too-often"), ..filled }, StatusCode::TOO_MANY_REQUESTS)?;
        return Ok(([(RETRY_AFTER, HeaderValue::from(seconds))], answer).into_response());
    }
    let known = accounts::local(&people.pool, &email).await?;
    let usable = known.as_ref().filter(|(_, _, is_disabled, _)| !is_disabled);
    let hash = usable.and_then(|(.., hash)| hash.clone());
    let fits = password::check(raw(&form, "password"), hash).await?;
    let who = known.as_ref().map_or(Who::default(), |(id, ..)| Who { account: Some(*id), name: &email });
    let kind = if fits { Kind::LocalUsed } else { Kind::Refused };
    people.record(&events::New { kind, about: who, actor: who, address: &address, detail: "" }).await;
    match usable.filter(|_| fits) {
        Some((id, ..)) => {
            let secret = session::begin(&people.pool, earlier.as_deref(), *id, &address).await?;
            let place = if wanted.is_empty() { visit.shell.links.home.pattern(visit.lang) } else { &wanted };
            let cookie = session::session_cookie(&people.origin, &secret)?;
            Ok(([(SET_COOKIE, cookie)], Redirect::to(place)).into_response())
        }
        None => refuse(&SignInPage { problem: Some("sign-in-wrong"), ..filled }, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

#[derive(Template)]
#[template(path = "people/password.html")]
struct PasswordPage {
    page: Page,
    email: String,
    problem: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "people/link_over.html")]
struct LinkOverPage {
    page: Page,
}

/// The page to which a one-time link leads. Looking at it does not use the link up.
pub async fn link(State(people): Keeper, Path(token): Path<String>, visit: Visit) -> Result<Response, Error> {
    match links::owner(&people.pool, &secret::hash(&token)).await?.filter(|_| people.has_local) {
        Some(owner) => show(&password_page(&visit, &token, owner.email, None)),
        None => over(&visit, &token),
    }
}

/// Sets the password, uses the link up, ends the account's earlier sessions and signs in.
pub async fn set_password(
    State(people): Keeper,
    Path(token): Path<String>,
    earlier: Option<Extension<SessionCookieHash>>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let token_hash = secret::hash(&token);
    let Some(owner) = links::owner(&people.pool, &token_hash).await?.filter(|_| people.has_local) else {
        return over(&visit, &token);
    };
    let (typed, again) = (raw(&form, "password"), raw(&form, "again"));
    let problem = match () {
        () if typed.chars().count() < password::SHORTEST => Some("password-too-short"),
        () if !password::has_length(typed) => Some("password-too-long"),
        () if typed.to_lowercase() == owner.email => Some("password-is-email"),
        () if typed != again => Some("password-not-again"),
        () => None,
    };
    if problem.is_some() {
        let page = password_page(&visit, &token, owner.email, problem);
        return refuse(&page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let hash = password::hash(typed).await?;
    let mut transaction = people.pool.begin().await?;
    if !links::take(&mut transaction, &token_hash).await? {
        return over(&visit, &token);
    }
    accounts::set_password(&mut transaction, owner.account, &hash).await?;
    sessions::end_all(&mut *transaction, owner.account).await?;
    let (who, address) = (Who { account: Some(owner.account), name: &owner.email }, caller.text());
    let event = events::New { kind: Kind::LinkUsed, about: who, actor: who, address: &address, detail: "" };
    events::record(&mut *transaction, &event).await?;
    commit(&people.pool, transaction).await?;
    // The password is set: where no session can begin now, one signs in with it.
    match session::begin(&people.pool, earlier.as_deref(), owner.account, &address).await {
        Ok(secret) => {
            let cookie = session::session_cookie(&people.origin, &secret)?;
            Ok(([(SET_COOKIE, cookie)], Redirect::to(visit.shell.links.account.pattern(visit.lang))).into_response())
        }
        Err(_) => Ok(Redirect::to(visit.shell.links.sign_in.pattern(visit.lang)).into_response()),
    }
}

#[derive(Template)]
#[template(path = "people/signed_out.html")]
struct SignedOutPage {
    page: Page,
    provider: String,
}

/// Ends the visitor's session. Whom the provider vouched for is led there, to end that session too: by a page of its own,
/// since a form may send a browser nowhere but here.
pub async fn sign_out(
    State(people): Keeper,
    session: Option<Extension<SessionCookieHash>>,
    caller: Caller,
    visit: Visit,
) -> Result<Response, Error> {
    if let Some(Extension(SessionCookieHash(hash))) = session {
        sessions::end(&people.pool, &hash).await?;
    }
    let no_cookie = [(SET_COOKIE, session::no_session_cookie(&people.origin)?)];
    if let Some(person) = &visit.person {
        let (who, address) = (Who { account: Some(person.account), name: &person.name }, caller.text());
        let event = events::New { kind: Kind::SignedOut, about: who, actor: who, address: &address, detail: "" };
        people.record(&event).await;
        if let Some(provider) = provider_of(&people, person.account).await? {
            let mut page = visit.page(visit.lang.t("signed-out-title"), visit.shell.links.sign_out);
            visit.shell.links.home.pattern(visit.lang.other()).clone_into(&mut page.there);
            page.person = None;
            let refresh = HeaderValue::from_str(&format!("0; url={provider}")).map_err(anyhow::Error::from)?;
            let page = SignedOutPage { page, provider };
            return Ok((no_cookie, [(REFRESH, refresh)], show(&page)?).into_response());
        }
    }
    Ok((no_cookie, Redirect::to(visit.shell.links.home.pattern(visit.lang))).into_response())
}

/// Where the provider ends the session of an account that it vouched for.
async fn provider_of(people: &People, account: i64) -> Result<Option<String>, Error> {
    let Some(provider) = &people.provider else { return Ok(None) };
    let account = accounts::find(&people.pool, account).await?;
    if account.and_then(|account| account.issuer).as_deref() != Some(provider.issuer()) {
        return Ok(None);
    }
    Ok(provider.leave().await.map(String::from))
}

fn password_page(visit: &Visit, token: &str, email: String, problem: Option<&'static str>) -> PasswordPage {
    let page = visit.page_of(visit.lang.t("password-title"), LINK, |_| token.to_owned());
    PasswordPage { page, email, problem }
}

/// What was sent is refused, and the page shown again.
fn refuse<T: Template>(page: &T, status: StatusCode) -> Result<Response, Error> {
    let mut answer = (status, show(page)?).into_response();
    answer.extensions_mut().insert(Drawn);
    Ok(answer)
}

fn over(visit: &Visit, token: &str) -> Result<Response, Error> {
    let page = visit.page_of(visit.lang.t("link-over-title"), LINK, |_| token.to_owned());
    refuse(&LinkOverPage { page }, StatusCode::NOT_FOUND)
}

/// A field exactly as it was typed: a password may begin or end with a space.
fn raw<'a>(form: &'a Form, name: &str) -> &'a str {
    form.fields().iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}
