//! Administrators' pages: all accounts, one account, and what happened.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::db::events::{self, Event, Kind, Who};
use super::db::{accounts, sessions};
use super::provider::Provider;
use super::{ACCOUNTS, Keeper, ONE_ACCOUNT, People, local};
use crate::database::commit::{afterwards, commit};
use crate::i18n::Lang;
use crate::organisations::{self, Directory};
use crate::web::error::{Drawn, Error};
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;
use crate::web::visitor::Role;
use accounts::Account;

/// Events on the list's page, and on an account's.
const EVENTS: i64 = 50;

#[derive(Template)]
#[template(path = "people/accounts.html")]
struct ListPage {
    page: Page,
    accounts: Vec<Account>,
    organisations: Directory,
    events: Vec<Event>,
    has_local: bool,
    /// The form for a new account, as typed.
    email: String,
    role: Option<Role>,
    organisation: Option<i64>,
    problem: Option<&'static str>,
    /// The link of an account that was just made, shown this once.
    link: Option<String>,
}

impl ListPage {
    async fn read(people: &People, visit: &Visit) -> Result<ListPage, Error> {
        Ok(ListPage {
            page: visit.page(visit.lang.t("accounts-title"), ACCOUNTS),
            accounts: accounts::all(&people.pool).await?,
            organisations: organisations::load(&mut *people.pool.acquire().await?).await?,
            events: events::recent(&people.pool, None, EVENTS).await?,
            has_local: people.has_local,
            email: String::new(),
            role: None,
            organisation: None,
            problem: None,
            link: None,
        })
    }
}

impl ListPage {
    /// The account that is as the form asks for one, and has not been used.
    fn as_asked(&self) -> Option<&Account> {
        let email = local::email(&self.email)?;
        self.accounts.iter().find(|account| {
            account.issuer.is_none()
                && account.email == email
                && Some(account.role) == self.role
                && account.organisation_id == self.organisation
                && !account.has_password
                && account.disabled_at.is_none()
        })
    }

    /// The acronym of an account's organisation; empty where it has none.
    fn acronym(&self, account: &Account) -> &str {
        let place = account.organisation_id.and_then(|id| self.organisations.place(id));
        place.map_or("", |place| self.organisations.at(place).acronym(self.page.lang))
    }
}

/// All accounts, and the newest security events.
pub async fn list(State(people): Keeper, visit: Visit) -> Result<Response, Error> {
    show(&ListPage::read(&people, &visit).await?)
}

/// Makes a local account and shows its link once.
pub async fn add(State(people): Keeper, visit: Visit, form: Form) -> Result<Response, Error> {
    if !people.has_local {
        return Err(Error::Forbidden);
    }
    let (typed, role) = (form.text("email"), Role::from_code(form.text("role")));
    let organisation = form.text("organisation").parse().ok();
    let mut page = ListPage { email: typed.to_owned(), role, organisation, ..ListPage::read(&people, &visit).await? };
    if form.act() == "edit" {
        return show(&page);
    }
    let known = organisation.is_none_or(|id| page.organisations.place(id).is_some());
    let made = match (local::email(typed), role) {
        (Some(email), Some(role)) if known => make(&people, &visit, &email, role, organisation).await?,
        (None, _) => Err("account-email-wrong"),
        _ => Err("account-role-wrong"),
    };
    match made {
        // A link is shown once, also where the list cannot be read any more.
        Ok(link) => {
            show(&ListPage { link: Some(link), ..afterwards(ListPage::read(&people, &visit)).await.unwrap_or(page) })
        }
        Err(problem) => {
            // Sent again by who did not see the answer: the account is there as it was asked for, with a button for a link.
            if let Some(account) = page.as_asked() {
                return Ok(Redirect::to(&account.address(visit.lang)).into_response());
            }
            page.problem = Some(problem);
            refuse(&page, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn make(
    people: &People,
    visit: &Visit,
    email: &str,
    role: Role,
    organisation: Option<i64>,
) -> Result<Result<String, &'static str>, Error> {
    let actor = actor(visit)?;
    let mut transaction = people.pool.begin().await?;
    let Some(id) = local::make(&mut transaction, email, role, organisation, &actor).await? else {
        return Ok(Err("account-known"));
    };
    let link = local::link(&mut transaction, &people.origin, visit.lang, id, email, &actor).await?;
    commit(&people.pool, transaction).await?;
    Ok(Ok(link))
}

#[derive(Template)]
#[template(path = "people/one_account.html")]
struct OnePage {
    page: Page,
    account: Account,
    /// The form, as typed or as the account is.
    role: Option<Role>,
    organisation: Option<i64>,
    disabled: bool,
    organisations: Directory,
    sessions: usize,
    events: Vec<Event>,
    has_local: bool,
    /// Whether the provider gives the role anew at each sign-in.
    role_is_given: bool,
    problem: Option<&'static str>,
    link: Option<String>,
    /// What was done while the form holds what is not saved.
    done: Option<&'static str>,
}

impl OnePage {
    /// That the role is the provider's to give.
    fn role_hint(&self) -> Cow<'static, str> {
        if self.role_is_given { self.page.lang.t("account-role-given") } else { Cow::Borrowed("") }
    }

    /// Whether the form says what is so already.
    fn is_as_it_was(&self) -> bool {
        (self.role, self.organisation, self.disabled)
            == (Some(self.account.role), self.account.organisation_id, self.account.disabled_at.is_some())
    }

    /// The account after an act, with the form as it was typed.
    async fn read_again(self, people: &People, visit: &Visit) -> OnePage {
        let (role, organisation, disabled) = (self.role, self.organisation, self.disabled);
        let page = afterwards(OnePage::read(people, visit, self.account.id)).await.unwrap_or(self);
        OnePage { role, organisation, disabled, ..page }
    }

    async fn read(people: &People, visit: &Visit, id: i64) -> Result<OnePage, Error> {
        let account = accounts::find(&people.pool, id).await?.ok_or(Error::NotFound)?;
        let page = visit
            .page_of(account.name.clone(), ONE_ACCOUNT, |_| id.to_string())
            .below(visit.lang.t("accounts-title"), ACCOUNTS.pattern(visit.lang));
        Ok(OnePage {
            page,
            role: Some(account.role),
            organisation: account.organisation_id,
            disabled: account.disabled_at.is_some(),
            role_is_given: account.issuer.is_some() && people.provider.as_ref().is_some_and(Provider::gives_roles),
            account,
            organisations: organisations::load(&mut *people.pool.acquire().await?).await?,
            sessions: sessions::of_account(&people.pool, id).await?.len(),
            events: events::recent(&people.pool, Some(id), EVENTS).await?,
            has_local: people.has_local,
            problem: None,
            link: None,
            done: None,
        })
    }
}

/// One account.
pub async fn show_item(State(people): Keeper, Path(id): Path<i64>, visit: Visit) -> Result<Response, Error> {
    show(&OnePage::read(&people, &visit, id).await?)
}

/// Changes one account, ends its sessions, or makes a new link for it.
pub async fn act(
    State(people): Keeper,
    Path(id): Path<i64>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let page = OnePage::read(&people, &visit, id).await?;
    let typed = OnePage {
        role: Role::from_code(form.text("role")),
        organisation: form.text("organisation").parse().ok(),
        disabled: form.has("disabled"),
        ..page
    };
    match form.act() {
        "edit" => show(&typed),
        "save" => save(&people, &visit, &caller, &form, typed).await,
        "end" => {
            sessions::end_all(&people.pool, typed.account.id).await?;
            people.record(&event(Kind::SessionsEnded, &typed.account, &visit, &caller.text(), "")?).await;
            if typed.is_as_it_was() {
                return Ok(Redirect::to(&typed.page.here).into_response());
            }
            show(&OnePage { done: Some("account-sessions-ended"), ..typed.read_again(&people, &visit).await })
        }
        "link" if people.has_local && typed.account.issuer.is_none() && typed.account.disabled_at.is_none() => {
            let mut transaction = people.pool.begin().await?;
            let (id, email) = (typed.account.id, typed.account.email.clone());
            let made = local::link(&mut transaction, &people.origin, visit.lang, id, &email, &actor(&visit)?).await?;
            commit(&people.pool, transaction).await?;
            // A link is shown once, also where the account cannot be read any more.
            show(&OnePage { link: Some(made), ..typed.read_again(&people, &visit).await })
        }
        _ => Ok(StatusCode::BAD_REQUEST.into_response()),
    }
}

/// Writes what was typed, where nobody else has changed the account since and an administrator remains.
async fn save(
    people: &People,
    visit: &Visit,
    caller: &Caller,
    form: &Form,
    mut typed: OnePage,
) -> Result<Response, Error> {
    let version: i32 = form.text("version").parse().map_err(|_| Error::NotFound)?;
    let known = typed.organisation.is_none_or(|id| typed.organisations.place(id).is_some());
    let Some(role) = typed.role.filter(|_| known) else {
        typed.problem = Some("account-role-wrong");
        return refuse(&typed, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let mut transaction = people.pool.begin().await?;
    accounts::one_at_a_time(&mut transaction).await?;
    let id = typed.account.id;
    let before = accounts::find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    let (organisation, disabled) = (typed.organisation, typed.disabled);
    let stays = role == Role::Administrator && !disabled;
    if !stays && !accounts::another_administrator(&mut transaction, id).await? {
        typed.problem = Some("account-last");
        return refuse(&typed, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Sent again by who did not see the answer.
    let is_so = (before.role, before.organisation_id, before.disabled_at.is_some()) == (role, organisation, disabled);
    if is_so && before.version != version {
        return Ok(Redirect::to(&typed.page.here).into_response());
    }
    if !accounts::change(&mut transaction, id, version, role, organisation, disabled).await? {
        typed.account = before;
        typed.problem = Some("account-stale");
        return refuse(&typed, StatusCode::CONFLICT);
    }
    if disabled {
        sessions::end_all(&mut *transaction, id).await?;
    }
    let roles = format!("{} → {}", before.role.code(), role.code());
    for (kind, happened, detail) in [
        (Kind::RoleChanged, before.role != role, &*roles),
        (Kind::AccountChanged, before.organisation_id != organisation, ""),
        (Kind::AccountDisabled, disabled && before.disabled_at.is_none(), ""),
        (Kind::AccountEnabled, !disabled && before.disabled_at.is_some(), ""),
    ] {
        if happened {
            let address = caller.text();
            events::record(&mut *transaction, &event(kind, &before, visit, &address, detail)?).await?;
        }
    }
    commit(&people.pool, transaction).await?;
    Ok(Redirect::to(&typed.page.here).into_response())
}

/// The administrator who acts.
fn actor(visit: &Visit) -> Result<Who<'_>, Error> {
    let person = visit.person.as_ref().ok_or(Error::Forbidden)?;
    Ok(Who { account: Some(person.account), name: &person.name })
}

fn event<'a>(
    kind: Kind,
    account: &'a Account,
    visit: &'a Visit,
    address: &'a str,
    detail: &'a str,
) -> Result<events::New<'a>, Error> {
    let name = if account.email.is_empty() { &account.name } else { &account.email };
    Ok(events::New { kind, about: Who { account: Some(account.id), name }, actor: actor(visit)?, address, detail })
}

fn refuse<T: Template>(page: &T, status: StatusCode) -> Result<Response, Error> {
    let mut answer = (status, show(page)?).into_response();
    answer.extensions_mut().insert(Drawn);
    Ok(answer)
}

impl Account {
    /// How the person signs in, in words.
    pub fn kind(&self, lang: Lang) -> String {
        match &self.issuer {
            Some(issuer) => lang.named("account-kind-provider", issuer),
            None => lang.t("account-kind-local").into_owned(),
        }
    }

    /// The address of its page for administrators.
    pub fn address(&self, lang: Lang) -> String {
        ONE_ACCOUNT.with(lang, &self.id.to_string())
    }
}

impl Event {
    /// What happened, in words.
    pub fn what(&self, lang: Lang) -> std::borrow::Cow<'static, str> {
        self.event.label(lang)
    }

    /// Whether a local account was used: break-glass.
    pub fn is_break_glass(&self) -> bool {
        matches!(self.event, Kind::LocalUsed | Kind::LinkUsed)
    }
}
