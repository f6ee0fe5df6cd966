//! One saved report, run again: as a page or as a file, with what was done with it; and what is done with it by one click.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::database::commit::commit;
use crate::forms::draft::new_key;
use crate::forms::outcome::Outcome;
use crate::i18n::{Lang, Word};
use crate::people::db::accounts;
use crate::saved::db::{self, Event, Happened, NewEvent};
use crate::saved::definition::{Definition, Saved, language, may_get, value_in_words};
use crate::saved::letter::Mailing;
use crate::saved::made::{make, name};
use crate::saved::source::Inputs;
use crate::saved::{CHANGE, FILE, LIST, ONE, filters};
use crate::web::address::is_mailbox;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::Path;
use crate::web::table::{Cell, FileFormat, FileName, Shown, download};

/// Rows that the page shows; the files have all.
const MOST_ROWS: usize = 100;
/// Acts that the page shows.
const MOST_EVENTS: i64 = 100;
/// A form's key is a UUID.
const KEY: usize = 36;
/// A language in which part of a page is drawn.
struct In {
    lang: Lang,
}

impl In {
    fn lang(&self) -> Lang {
        self.lang
    }
}

#[derive(Template)]
#[template(path = "saved/one.html")]
struct OnePage {
    page: Page,
    saved: Saved,
    /// The table, its language, and of when it is.
    table: Option<Shown>,
    own: In,
    about: String,
    /// Why there is no table.
    refused: Vec<String>,
    events: Vec<Event>,
    /// Every column's heading, by its key.
    headings: HashMap<String, String>,
    key: String,
    done: Option<Happened>,
    is_recipient: bool,
    /// Whether the reader's account has no address to which it could be sent.
    has_no_address: bool,
    is_kept: bool,
    now: DateTime<Utc>,
}

/// A saved report as it is now.
pub async fn show_one(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    let done = visit.one_of("done", &Happened::ALL.map(Happened::code))?.and_then(Happened::from_code);
    let page = read(&catalogue, &pool, &settings, &visit, id).await?;
    Outcome::Shown.draw(&OnePage { done, ..page })
}

/// Sends a saved report to the person, takes the person off its recipients, ends it or brings it back.
pub async fn act(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let now = catalogue.clock().now();
    let kind = match form.act() {
        "send" => Happened::Sent,
        "leave" => Happened::Left,
        "end" => Happened::Ended,
        "restore" => Happened::Restored,
        "edit" => return Ok(Redirect::to(&ONE.with(visit.lang, &id.to_string())).into_response()),
        _ => return Err(Error::BadForm),
    };
    let key = form.given("key").filter(|key| key.len() == KEY).ok_or(Error::BadForm)?;
    let saved = db::find(&mut *pool.acquire().await?, id).await?.ok_or(Error::NotFound)?;
    let mut event = NewEvent {
        report: id,
        at: now,
        by: Some(&person),
        kind,
        words: "",
        before: None,
        after: None,
        month: None,
        form_key: Some(&key),
    };
    let mut made = None;
    let mut to = String::new();
    if kind == Happened::Sent {
        to = accounts::find(&pool, person.account).await?.map(|account| account.email).unwrap_or_default();
        if !is_mailbox(&to) {
            let page = read(&catalogue, &pool, &settings, &visit, id).await?;
            return Outcome::Invalid.draw(&OnePage { has_no_address: true, ..page });
        }
        let file = make(&saved.definition, &inputs(&catalogue, &pool, &settings)).await?;
        event.after = Some([vec![("recipients".to_owned(), person.name.clone())], file.told()].concat());
        made = Some(file);
    }
    let mut transaction = pool.begin().await?;
    let saved = db::hold(&mut transaction, id).await?.ok_or(Error::NotFound)?;
    if db::note(&mut transaction, &event).await? {
        match kind {
            Happened::Left => {
                let mut without = saved.definition.clone();
                without.recipients.retain(|account| *account != person.account);
                db::change(&mut transaction, id, &without, now).await?;
            }
            Happened::Ended | Happened::Restored => db::end(&mut transaction, id, kind == Happened::Ended, now).await?,
            _ => {
                if let Some(made) = &made {
                    let mailing = Mailing { saved: &saved, made, origin: &settings.origin(), is_asked_for: true };
                    mailing.put(&mut transaction, &[(format!("report-{id}-{key}"), &to)]).await?;
                }
            }
        }
        commit(&pool, transaction).await?;
    }
    Ok(Redirect::to(&format!("{}?done={}", ONE.with(visit.lang, &id.to_string()), kind.code())).into_response())
}

/// A saved report as a file, with the columns and in the language that were chosen.
pub async fn file(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path((id, file)): Path<(i64, FileName)>,
    visit: Visit,
) -> Result<Response, Error> {
    let format = file.format;
    let saved = db::find(&mut *pool.acquire().await?, id).await?.ok_or(Error::NotFound)?;
    let whole = saved.definition.take(&inputs(&catalogue, &pool, &settings)).await?;
    download(&visit, &name(&saved.definition, whole.as_at, format), format, whole).await
}

/// What saved reports are made from.
pub fn inputs(catalogue: &Catalogue, pool: &PgPool, settings: &Settings) -> Inputs {
    Inputs { catalogue: catalogue.clone(), pool: pool.clone(), lead_days: settings.renewal_lead_days }
}

/// The page above all saved reports' pages, below the list.
pub fn frame(visit: &Visit, definition: &Definition, id: i64) -> Page {
    let page = visit.page_of(definition.name.clone(), ONE, |_| id.to_string());
    page.below(visit.lang.t("saved-title"), LIST.pattern(visit.lang))
}

async fn read(
    catalogue: &Catalogue,
    pool: &PgPool,
    settings: &Settings,
    visit: &Visit,
    id: i64,
) -> Result<OnePage, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let (saved, events) = {
        let mut connection = pool.acquire().await?;
        let saved = db::find(&mut connection, id).await?.ok_or(Error::NotFound)?;
        let events = db::events(&mut connection, id, MOST_EVENTS).await?;
        (saved, events)
    };
    let definition = &saved.definition;
    let mut headings = HashMap::new();
    let (mut table, mut about, mut refused) = (None, String::new(), Vec::new());
    match definition.run(&inputs(catalogue, pool, settings), definition.lang).await {
        Ok(take) => {
            about = take.about;
            for one in take.tables {
                let all = one.columns.iter();
                headings.extend(all.map(|column| (column.key.to_string(), column.heading.clone())));
                table = Some(one.select(&definition.columns).shown(MOST_ROWS));
            }
        }
        Err(Error::BadAddress(sentences)) => refused = sentences,
        Err(problem) => return Err(problem),
    }
    let accounts = accounts::all(pool).await?;
    let is_recipient = definition.recipients.contains(&person.account)
        && accounts.iter().any(|account| account.id == person.account && may_get(account));
    Ok(OnePage {
        page: frame(visit, definition, id),
        own: In { lang: definition.lang },
        table,
        about,
        refused,
        events,
        headings,
        key: new_key(),
        done: None,
        is_recipient,
        has_no_address: false,
        is_kept: settings.smtp().is_none(),
        now: catalogue.clock().now(),
        saved,
    })
}

impl OnePage {
    fn definition(&self) -> &Definition {
        &self.saved.definition
    }

    fn change(&self) -> String {
        CHANGE.with(self.page.lang, &self.saved.id.to_string())
    }

    /// The page of the report that it was saved from, in the reader's language.
    fn source(&self) -> (String, String) {
        let (lang, definition) = (self.page.lang, self.definition());
        let today = crate::clock::day_of(self.now);
        (definition.source.title(lang).into_owned(), definition.source.page(lang, &definition.parameters(today)))
    }

    fn period(&self) -> String {
        self.definition().period.in_words(self.definition().source, self.page.lang)
    }

    fn filters(&self) -> String {
        filters::in_words(self.definition().source, &self.definition().filters, self.page.lang)
    }

    fn language(&self) -> String {
        language(self.own.lang, self.page.lang)
    }

    fn next(&self) -> Option<String> {
        self.saved.next(self.now).map(|month| month.to_string())
    }

    /// Each file: what people call it, and its address.
    fn files(&self) -> Vec<(&'static str, String)> {
        let (lang, own) = (self.page.lang, self.own.lang);
        let stem = Some(crate::text::slug(&self.definition().name)).filter(|stem| !stem.is_empty());
        let stem = stem.unwrap_or_else(|| self.definition().source.code().to_owned());
        let file = |format: FileFormat| {
            let path = FILE.with(lang, &self.saved.id.to_string());
            let path = path.replace("{file}", &format!("{stem}.{}", format.code()));
            (format.name(), format!("{path}?{}", format.options(own)).trim_end_matches('?').to_owned())
        };
        FileFormat::ALL.into_iter().map(file).collect()
    }

    fn said(&self, done: &Happened) -> std::borrow::Cow<'static, str> {
        let waits = *done == Happened::Sent && !self.page.sends_mail();
        self.page.lang.t(if waits { "mail-waits-done" } else { done.done() })
    }

    fn event(&self, event: &Event) -> std::borrow::Cow<'static, str> {
        event.kind.label(self.page.lang)
    }

    /// What an act changed, or to whom a mail went: field, before, after.
    fn changed(&self, event: &Event) -> Vec<(String, String, String)> {
        let Some(after) = &event.after else { return Vec::new() };
        let before = event.before.as_ref().map_or(&[][..], |before| &before.0);
        differing(before, &after.0, self.definition().source, &self.headings, self.page.lang)
    }
}

/// The fields that differ, in words: label, before, after.
pub fn differing(
    before: &[(String, String)],
    after: &[(String, String)],
    source: crate::saved::source::Source,
    headings: &HashMap<String, String>,
    lang: Lang,
) -> Vec<(String, String, String)> {
    let words = |field: &str, value: &str| match (field, value) {
        ("columns", keys) if !keys.is_empty() => {
            let known = keys.split(", ").map(|key| headings.get(key).map_or(key, String::as_str));
            known.collect::<Vec<_>>().join(", ")
        }
        ("size", "too-large") => lang.t("saved-too-large").into_owned(),
        ("size", bytes) => {
            let kilobytes = bytes.parse::<usize>().unwrap_or(0).div_ceil(1024);
            lang.tell("saved-size", &[("n", Word::Number(kilobytes))])
        }
        _ => value_in_words(field, value, source, lang),
    };
    let held = |name: &str| before.iter().find(|(other, _)| other == name).map(|(_, value)| value);
    let changed = after.iter().filter(|(name, value)| held(name) != Some(value));
    let told = changed.map(|(name, value)| {
        let label = lang.t(&format!("field-saved-{name}")).into_owned();
        (label, held(name).map(|value| words(name, value)).unwrap_or_default(), words(name, value))
    });
    told.collect()
}
