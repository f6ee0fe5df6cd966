//! The page of reminders: who gets them, what would be sent next, what was sent to whom, and a test.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate, Timelike};
use sqlx::PgPool;

use super::db::{self, Digest, Owner};
use super::digest::{HOUR, Recipient, in_words, recipients};
use super::due::{due, known};
use super::{REMINDERS, due as stages};
use crate::catalogue::{Catalogue, Snapshot};
use crate::clock;
use crate::config::Settings;
use crate::forms::draft::new_key;
use crate::forms::outcome::Outcome;
use crate::i18n::{Lang, Word};
use crate::mail::{self, Letter, MAIL, Message};
use crate::people::db::accounts;
use crate::web::address::encode;
use crate::web::address::is_mailbox;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// Digests on one page.
const SHOWN: usize = 50;
/// For how many days back they are shown.
const BACK: Days = Days::new(90);
/// Lines shown of what would be sent next to one recipient.
const MOST: usize = 100;
/// What is said after an act.
const DONE: [&str; 5] = ["test", "on", "off", "add", "remove"];

#[derive(Template)]
#[template(path = "reminders/reminders.html")]
struct RemindersPage {
    page: Page,
    form: Form,
    problems: Problems,
    key: String,
    done: Option<&'static str>,
    is_kept: bool,
    /// The person's own address, where mail can be sent to it, and whether reminders go there.
    own: Option<String>,
    is_wanted: bool,
    owners: Vec<(Owner, String)>,
    organisations: Vec<(i64, String)>,
    next_day: NaiveDate,
    next: Vec<Next>,
    digests: Vec<Digest>,
    more: Option<String>,
}

/// What somebody would be sent next.
struct Next {
    recipient: Recipient,
    /// Whose licences it is about.
    about: String,
    count: usize,
    lines: Vec<String>,
}

/// Who gets reminders, what was sent and what would be sent.
pub async fn show_all(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
) -> Result<Response, Error> {
    let done = visit.one_of("done", &DONE)?;
    Outcome::Shown.draw(&RemindersPage { done, ..read(&catalogue, &pool, &settings, &visit).await? })
}

/// Sends a test, switches one's own reminders on or off, adds an owner or removes one.
pub async fn act(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let (lang, mut problems) = (visit.lang, Problems::default());
    match form.act() {
        "test" => {
            let to = own_address(&pool, &person).await?;
            match &to {
                Some(to) => test(&pool, &settings, form.text("key"), to, lang).await?,
                None => problems.add("test", lang.t("reminders-no-address")),
            }
        }
        wish @ ("on" | "off") => db::wish(&pool, person.account, wish == "on").await?,
        "add" => problems = add(&pool, &catalogue.now(), &person, &form, lang).await?,
        "remove" => {
            let id = form.text("owner").parse().map_err(|_| Error::BadForm)?;
            db::remove_owner(&pool, id, &person.name).await?;
        }
        "edit" => {
            let page = RemindersPage { form, ..read(&catalogue, &pool, &settings, &visit).await? };
            return Outcome::Shown.draw(&page);
        }
        _ => return Err(Error::BadForm),
    }
    if problems.is_empty() {
        return Ok(Redirect::to(&format!("{}?done={}", REMINDERS.pattern(lang), form.act())).into_response());
    }
    let page = RemindersPage { form, problems, ..read(&catalogue, &pool, &settings, &visit).await? };
    Outcome::Invalid.draw(&page)
}

/// Adds an owner; what is wrong with the form.
async fn add(pool: &PgPool, snapshot: &Snapshot, person: &Person, form: &Form, lang: Lang) -> Result<Problems, Error> {
    let mut problems = Problems::default();
    let organisation = form.text("organisation").parse().ok().filter(|id| snapshot.organisations.place(*id).is_some());
    if organisation.is_none() {
        problems.add("organisation", lang.t("reminders-organisation-missing"));
    }
    let email = form.text("email");
    if !is_mailbox(email) {
        problems.add("email", lang.t("reminders-email-wrong"));
    }
    if let (Some(organisation), true) = (organisation, problems.is_empty()) {
        let language = Lang::from_code(form.text("language"));
        db::add_owner(pool, organisation, email, language, &person.name).await?; // one that is there stays
    }
    Ok(problems)
}

/// Writes a test to a person's own address, once however often its form is sent.
async fn test(pool: &PgPool, settings: &Settings, key: &str, to: &str, lang: Lang) -> Result<(), Error> {
    if key.is_empty() || key.len() > 64 {
        return Err(Error::BadForm);
    }
    let address = |lang: Lang| format!("{}{}", settings.origin(), REMINDERS.pattern(lang));
    let letter = |lang: Lang| {
        Letter::new(lang.t("test-subject")).say(lang.t("test-lead")).link(lang.t("reminders-title"), address(lang))
    };
    let key = format!("test-{key}");
    let message = Message {
        key: &key,
        kind: mail::Kind::Test,
        to,
        lang: Some(lang),
        letter: &letter,
        unsubscribe: None,
        file: None,
    };
    mail::put(&mut *pool.acquire().await?, &message).await?;
    Ok(())
}

/// A person's own address, where mail can be sent to it.
async fn own_address(pool: &PgPool, person: &Person) -> Result<Option<String>, Error> {
    let account = accounts::find(pool, person.account).await?;
    Ok(account.map(|account| account.email).filter(|email| is_mailbox(email)))
}

async fn read(
    catalogue: &Catalogue,
    pool: &PgPool,
    settings: &Settings,
    visit: &Visit,
) -> Result<RemindersPage, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let (snapshot, now, lang) = (catalogue.now(), catalogue.clock().now(), visit.lang);
    let today = clock::day_of(now);
    let next_day = if clock::local(now).hour() < HOUR { today } else { today + Days::new(1) };
    let title = |id: i64| organisation(&snapshot, id, lang);
    let owners = db::owners(pool).await?.into_iter().map(|owner| {
        let title = title(owner.organisation_id);
        (owner, title)
    });
    let mut organisations: Vec<(i64, String)> =
        snapshot.organisations.all().iter().map(|one| (one.id, title(one.id))).collect();
    organisations.sort_by_cached_key(|(_, title)| crate::text::key(title));
    let most = i64::try_from(SHOWN).unwrap_or(i64::MAX).saturating_add(1);
    let mut digests = db::digests(pool, today - BACK, visit.number("before")?, most).await?;
    let has_more = digests.len() > SHOWN;
    digests.truncate(SHOWN);
    let more = digests.last().filter(|_| has_more);
    let more = more.map(|last| format!("{}?before={}#sent", REMINDERS.pattern(lang), last.id));
    Ok(RemindersPage {
        page: visit.page(lang.t("reminders-title"), REMINDERS),
        form: Form::default(),
        problems: Problems::default(),
        key: new_key(),
        done: None,
        is_kept: settings.smtp().is_none(),
        own: own_address(pool, &person).await?,
        is_wanted: !db::unwilling(pool).await?.contains(&person.account),
        owners: owners.collect(),
        organisations,
        next_day,
        next: next(pool, &snapshot, next_day, lang).await?,
        digests,
        more,
    })
}

/// What would be sent to each on a day.
async fn next(pool: &PgPool, snapshot: &Snapshot, day: NaiveDate, lang: Lang) -> Result<Vec<Next>, Error> {
    let told = known(db::told(&mut *pool.acquire().await?, None).await?);
    let next = recipients(pool).await?.into_iter().map(|recipient| {
        let due = due(snapshot, recipient.organisation, told.get(&recipient.mark), day);
        let lines = due.iter().take(MOST).map(|(line, ..)| in_words(snapshot, line, day, lang));
        let about = recipient.organisation.map(|id| organisation(snapshot, id, lang));
        let about = about.unwrap_or_else(|| lang.t("reminders-about-all").into_owned());
        Next { about, count: due.len(), lines: lines.collect(), recipient }
    });
    Ok(next.collect())
}

/// An organisation by its name and acronym.
fn organisation(snapshot: &Snapshot, id: i64, lang: Lang) -> String {
    let place = snapshot.organisations.place(id);
    let one = place.map(|place| snapshot.organisations.at(place));
    one.map(|one| format!("{} ({})", one.name(lang), one.acronym(lang))).unwrap_or_default()
}

impl RemindersPage {
    fn when(&self) -> String {
        let stages: Vec<String> = stages::STAGES.iter().rev().map(ToString::to_string).collect();
        let hour = format!("{HOUR:02}:00");
        let words = [("stages", Word::Text(&stages.join(", "))), ("hour", Word::Text(&hour))];
        self.page.lang.tell("reminders-when", &words)
    }

    fn said(&self, done: &str) -> std::borrow::Cow<'static, str> {
        self.page.lang.t(match done {
            "test" if !self.page.sends_mail() => "mail-waits-done",
            "test" => "reminders-done-test",
            "on" => "reminders-done-on",
            "off" => "reminders-done-off",
            "add" => "reminders-done-added",
            _ => "reminders-done-removed",
        })
    }

    fn mails(&self, digest: &Digest) -> String {
        format!("{}?kind=reminder&to={}", MAIL.pattern(self.page.lang), encode(&digest.email))
    }

    fn count(&self, lines: impl TryInto<usize>) -> String {
        self.page.lang.n("reminders-lines", lines.try_into().unwrap_or(0))
    }

    fn language(&self, owner: &Owner) -> std::borrow::Cow<'static, str> {
        self.page.lang.t(match owner.lang {
            Some(Lang::En) => "reminders-english",
            Some(Lang::Fr) => "reminders-french",
            None => "reminders-both",
        })
    }

    fn is_typed(&self, name: &str, value: &(impl ToString + ?Sized)) -> bool {
        self.form.text(name) == value.to_string()
    }
}
