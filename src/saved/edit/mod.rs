//! The form of a saved report: made from a report's page, and changed later.

mod fields;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRef, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::config::Settings;
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::people::db::accounts::{self, Account};
use crate::saved::columns::{self, Choice};
use crate::saved::db::{self, Happened, NewEvent};
use crate::saved::definition::{Definition, Saved, may_get};
use crate::saved::filters::{self, Filter, Shape};
use crate::saved::item::{differing, frame, inputs};
use crate::saved::period::Period;
use crate::saved::source::{Inputs, Source};
use crate::saved::{CHANGE, LIST, NEW, ONE};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show};
use crate::web::parameters::Parameters;
use crate::web::path::Path;
use crate::web::table::{Column, FileFormat};
use crate::web::visitor::Person;

/// How long what is typed may be, in characters.
const LONGEST_NAME: usize = 100;

/// How long a reason may be, in characters.
const LONGEST_REASON: usize = 2_000;

/// The fields that named constraints are about.
const CONSTRAINTS: &[(&str, &str)] = &[
    ("saved_reports_named", "name"),
    ("saved_reports_period_known", "period"),
    ("saved_reports_days_where_fixed", "day-to"),
    ("saved_reports_days_in_order", "day-to"),
    ("saved_reports_lang_known", "language"),
    ("saved_reports_format_known", "format"),
    ("saved_report_recipients_pk", "recipients"),
];

#[derive(Template)]
#[template(path = "saved/choose.html")]
struct ChoosePage {
    page: Page,
    /// What can be saved, or which table of it: words and address.
    choices: Vec<(String, String)>,
    is_of_tables: bool,
}

#[derive(Template)]
#[template(path = "saved/edit.html")]
struct EditPage {
    page: Page,
    /// None: it is to be made.
    saved: Option<Saved>,
    source: Source,
    table: String,
    table_title: String,
    columns: Vec<Column>,
    filters: Vec<Filter>,
    /// Those who may get it, and those who were chosen while they might.
    accounts: Vec<Account>,
    draft: Draft,
    /// What saving would change: field, before, after.
    preview: Vec<(String, String, String)>,
    /// Whether others changed it since the form was opened.
    is_stale: bool,
}

/// Which report, which table of it, and then the form with the address's filters.
pub async fn new(State(app): State<App>, visit: Visit) -> Result<Response, Error> {
    let lang = visit.lang;
    let choose = |choices, is_of_tables| {
        let page = visit.page(lang.t("saved-new"), NEW).below(lang.t("saved-title"), LIST.pattern(lang));
        show(&ChoosePage { page, choices, is_of_tables })
    };
    let Some(code) = visit.parameter("report") else {
        let choice =
            |source: Source| (source.title(lang).into_owned(), format!("{}?report={}", visit.path(), source.code()));
        return choose(Source::ALL.map(choice).to_vec(), false);
    };
    let offered = Source::ALL.map(Source::code).join(", ");
    let source = Source::from_code(&code).ok_or_else(|| visit.not_offered("report", &code, &offered))?;
    let (given, inputs) = (visit.asked(), from(&app));
    let (filters, period) = (source.canonical(&given, &inputs)?, Period::asked(source, &given)?);
    let tables = source.whole(&Parameters::of(lang, ""), &inputs).await?.tables;
    let table = match visit.parameter("table") {
        Some(key) => tables.iter().find(|table| table.key == key),
        None => tables.first().filter(|_| tables.len() == 1),
    };
    let Some(table) = table else {
        let and = if filters.is_empty() { String::new() } else { format!("&{filters}") };
        let choice = |key: &str| format!("{}?report={code}&table={key}{and}", visit.path());
        return choose(tables.into_iter().map(|table| (table.title, choice(table.key))).collect(), true);
    };
    let name = titled(&source.title(lang), &table.title);
    let definition = Definition {
        name: name.chars().take(LONGEST_NAME).collect(),
        source,
        table: table.key.to_owned(),
        filters,
        period,
        columns: Vec::new(),
        lang,
        format: FileFormat::Xlsx,
        recipients: Vec::new(),
    };
    let mut page = EditPage::read(&app, &visit, None, source, table.key).await?;
    page.draft.form = Form::new(page.filled(&definition));
    Outcome::Shown.draw(&page)
}

/// The form of a saved report.
pub async fn open(State(app): State<App>, Path(id): Path<i64>, visit: Visit) -> Result<Response, Error> {
    let saved = db::find(&mut *app.pool.acquire().await?, id).await?.ok_or(Error::NotFound)?;
    let definition = saved.definition.clone();
    let mut page = EditPage::read(&app, &visit, Some(saved), definition.source, &definition.table).await?;
    page.draft.form = Form::new(page.filled(&definition));
    Outcome::Shown.draw(&page)
}

/// Makes a saved report.
pub async fn add(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Error> {
    let draft = Draft::sent(form)?;
    let source = Source::from_code(draft.typed("report")).ok_or(Error::BadForm)?;
    let page = EditPage::read(&app, &visit, None, source, draft.typed("table")).await?;
    send(&app, &visit, EditPage { draft, ..page }).await
}

/// Changes a saved report.
pub async fn change(State(app): State<App>, Path(id): Path<i64>, visit: Visit, form: Form) -> Result<Response, Error> {
    let draft = Draft::sent(form)?;
    let saved = db::find(&mut *app.pool.acquire().await?, id).await?.ok_or(Error::NotFound)?;
    let (source, table) = (saved.definition.source, saved.definition.table.clone());
    let page = EditPage::read(&app, &visit, Some(saved), source, &table).await?;
    send(&app, &visit, EditPage { draft, ..page }).await
}

/// Takes what was sent: shows it again, shows what it would change, or writes it with a note of who did what and why.
async fn send(app: &App, visit: &Visit, mut page: EditPage) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let Some(wanted) = page.check(app).await? else {
        let outcome = page.draft.outcome(false, false)?.ok_or(Error::BadForm)?;
        return outcome.draw(&page);
    };
    let names: HashMap<i64, String> = page.accounts.iter().map(|one| (one.id, one.name.clone())).collect();
    let mut transaction = app.pool.begin().await?;
    let held = match &page.saved {
        Some(saved) => Some(db::hold(&mut transaction, saved.id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    if let Some(written) = db::sent_before(&mut transaction, &page.draft.token.nonce).await? {
        return Ok(done(visit, written, Happened::Changed));
    }
    let before = held.as_ref().map(|held| held.definition.told(&names)).unwrap_or_default();
    let after = wanted.told(&names);
    page.preview = page.differing(&before, &after);
    let version = held.as_ref().map_or(0, |held| i64::from(held.version));
    page.is_stale = version > page.draft.token.base_revision;
    if !page.is_stale {
        page.draft.refuse_unchanged(page.preview.is_empty(), "name", visit.lang);
    }
    if let Some(outcome) = page.draft.outcome(page.is_stale, false)? {
        if page.is_stale {
            page.draft.token = FormToken::at(version);
        }
        return outcome.draw(&page);
    }
    let reason = page.draft.reason();
    let (form_key, kind) =
        (page.draft.token.nonce.clone(), if held.is_some() { Happened::Changed } else { Happened::Made });
    let event = NewEvent {
        report: 0,
        at: app.catalogue.clock().now(),
        by: Some(&person),
        kind,
        words: &reason,
        before: held.as_ref().map(|_| before),
        after: Some(after),
        month: None,
        form_key: Some(&form_key),
    };
    let written = write(&mut transaction, held.as_ref(), &wanted, &person, event).await;
    match page.draft.written(written, CONSTRAINTS, visit.lang)? {
        Some(Some(id)) => {
            commit(&app.pool, transaction).await?;
            Ok(done(visit, id, kind))
        }
        Some(None) => {
            transaction.rollback().await?;
            let written = db::sent_before(&mut *app.pool.acquire().await?, &form_key).await?;
            Ok(done(visit, written.ok_or(Error::BadForm)?, kind))
        }
        None => {
            page.preview = Vec::new();
            Outcome::Invalid.draw(&page)
        }
    }
}

/// Writes a definition and its event: the report; none where the same form was sent at the same time, and has been taken.
async fn write(
    db: &mut sqlx::PgConnection,
    held: Option<&Saved>,
    wanted: &Definition,
    person: &Person,
    mut event: NewEvent<'_>,
) -> sqlx::Result<Option<i64>> {
    event.report = match held {
        Some(held) => db::change(db, held.id, wanted, event.at).await.map(|()| held.id)?,
        None => db::add(db, wanted, person, event.at).await?,
    };
    let is_noted = db::note(db, &event).await?;
    Ok(is_noted.then_some(event.report))
}

/// A report’s title and its table’s, where they differ.
fn titled(report: &str, table: &str) -> String {
    if report == table { report.to_owned() } else { format!("{report} – {table}") }
}

fn done(visit: &Visit, id: i64, what: Happened) -> Response {
    Redirect::to(&format!("{}?done={}", ONE.with(visit.lang, &id.to_string()), what.code())).into_response()
}

fn from(app: &App) -> Inputs {
    inputs(&app.catalogue, &app.pool, &Arc::<Settings>::from_ref(app))
}

impl EditPage {
    async fn read(
        app: &App,
        visit: &Visit,
        saved: Option<Saved>,
        source: Source,
        table: &str,
    ) -> Result<EditPage, Error> {
        let lang = visit.lang;
        let tables = source.whole(&Parameters::of(lang, ""), &from(app)).await?.tables;
        let held = tables.into_iter().find(|held| held.key == table);
        let held = held.ok_or_else(|| Error::BadAddress(vec![lang.named("saved-table-gone", table)]))?;
        let chosen = saved.as_ref().map(|saved| saved.definition.recipients.clone()).unwrap_or_default();
        let mut accounts = accounts::all(&app.pool).await?;
        accounts.retain(|account| may_get(account) || chosen.contains(&account.id));
        let page = match &saved {
            Some(saved) => {
                let title = lang.named("saved-change-title", &saved.definition.name);
                let id = saved.id.to_string();
                let above = frame(visit, &saved.definition, saved.id);
                let page = visit.page_of(title, CHANGE, |_| id.clone());
                Page { crumbs: above.crumbs, ..page }.below(above.title, above.here)
            }
            None => visit.page(lang.t("saved-new"), NEW).below(lang.t("saved-title"), LIST.pattern(lang)),
        };
        let base = saved.as_ref().map_or(0, |saved| i64::from(saved.version));
        Ok(EditPage {
            page,
            saved,
            source,
            table: table.to_owned(),
            table_title: held.title,
            columns: held.columns,
            filters: filters::of(source, lang),
            accounts,
            draft: Draft::new(Form::default(), FormToken::at(base)),
            preview: Vec::new(),
            is_stale: false,
        })
    }

    fn differing(&self, before: &[(String, String)], after: &[(String, String)]) -> Vec<(String, String, String)> {
        let headings = self.columns.iter().map(|column| (column.key.to_string(), column.heading.clone()));
        differing(before, after, self.source, &headings.collect(), self.page.lang)
    }

    /// What is asked for, once nothing is wrong with it: it is tried as well.
    async fn check(&mut self, app: &App) -> Result<Option<Definition>, Error> {
        let (lang, reason) = (self.page.lang, self.draft.reason());
        let (wanted, problems) = self.wanted(&self.draft.form, &from(app));
        self.draft.problems = problems;
        self.draft.problems.check("reason", &reason, LONGEST_REASON, true, lang);
        let Some(wanted) = wanted.filter(|_| self.draft.is_to_be_checked()) else { return Ok(None) };
        match wanted.run(&from(app), lang).await {
            Err(Error::BadAddress(sentences)) => {
                self.draft.problems.add("filters", sentences.join(" "));
                Ok(None)
            }
            tried => tried.map(|_| Some(wanted)),
        }
    }

    fn choices(&self) -> Vec<Choice> {
        columns::shown(&self.columns, &self.draft.form)
    }

    /// The report and, where it has several, the table.
    fn title(&self) -> String {
        titled(&self.source.title(self.page.lang), &self.table_title)
    }

    /// What could be typed for a filter, where there is an example.
    fn example(&self, filter: &Filter) -> String {
        if filter.example.is_empty() { String::new() } else { self.page.lang.named("saved-example", filter.example) }
    }

    /// The periods that the form offers: value, words, and an explanation.
    fn periods(&self) -> Vec<(&'static str, String)> {
        let words = |period: Period| period.in_words(self.source, self.page.lang);
        let fixed = if self.source.is_between_days() { "saved-fixed-days" } else { "saved-fixed-day" };
        vec![
            ("latest", words(Period::Latest)),
            ("previous-month", words(Period::PreviousMonth)),
            ("fixed", self.page.lang.t(fixed).into_owned()),
        ]
    }

    /// Whether an account gets what it was chosen for.
    fn may_get(account: &Account) -> bool {
        may_get(account)
    }
}
