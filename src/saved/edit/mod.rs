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
use crate::forms::outcome::Outcome;
use crate::forms::transaction::FormToken;
use crate::people::db::accounts::{self, Account};
use crate::saved::columns::{self, Choice};
use crate::saved::db::{self, Happened, NewEvent};
use crate::saved::definition::{Definition, Saved, may_get};
use crate::saved::filters::{self, Filter, Shape};
use crate::saved::item::{differing, frame, inputs};
use crate::saved::period::Period;
use crate::saved::source::{Inputs, Source};
use crate::saved::{CHANGE, LIST, NEW, ONE};
use crate::web::constraint::OnConstraint;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show};
use crate::web::parameters::Parameters;
use crate::web::path::Path;
use crate::web::problems::Problems;
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
    form: Form,
    form_token: FormToken,
    problems: Problems,
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
    page.form = Form::new(page.filled(&definition));
    Outcome::Shown.draw(&page)
}

/// The form of a saved report.
pub async fn open(State(app): State<App>, Path(id): Path<i64>, visit: Visit) -> Result<Response, Error> {
    let saved = db::find(&mut *app.pool.acquire().await?, id).await?.ok_or(Error::NotFound)?;
    let definition = saved.definition.clone();
    let mut page = EditPage::read(&app, &visit, Some(saved), definition.source, &definition.table).await?;
    page.form = Form::new(page.filled(&definition));
    Outcome::Shown.draw(&page)
}

/// Makes a saved report.
pub async fn add(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, Error> {
    let form_token = FormToken::of(&form)?;
    let source = Source::from_code(form.text("report")).ok_or(Error::BadForm)?;
    let table = form.text("table").to_owned();
    let page = EditPage::read(&app, &visit, None, source, &table).await?;
    send(&app, &visit, form, form_token, page).await
}

/// Changes a saved report.
pub async fn change(State(app): State<App>, Path(id): Path<i64>, visit: Visit, form: Form) -> Result<Response, Error> {
    let form_token = FormToken::of(&form)?;
    let saved = db::find(&mut *app.pool.acquire().await?, id).await?.ok_or(Error::NotFound)?;
    let (source, table) = (saved.definition.source, saved.definition.table.clone());
    let page = EditPage::read(&app, &visit, Some(saved), source, &table).await?;
    send(&app, &visit, form, form_token, page).await
}

/// Takes what was sent: shows it again, shows what it would change, or writes it with a note of who did what and why.
async fn send(
    app: &App,
    visit: &Visit,
    form: Form,
    form_token: FormToken,
    mut page: EditPage,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let act = form.act().to_owned();
    let (wanted, mut problems) = page.wanted(&form, &from(app));
    let reason = form.given("reason").unwrap_or_default();
    problems.check("reason", &reason, LONGEST_REASON, true, visit.lang);
    page.form = form;
    if act == "edit" {
        page.form_token = form_token;
        return Outcome::Shown.draw(&page);
    }
    if !["save", "preview"].contains(&act.as_str()) {
        return Err(Error::BadForm);
    }
    if let (Some(wanted), true) = (&wanted, problems.is_empty()) {
        match wanted.run(&from(app), visit.lang).await {
            Err(Error::BadAddress(sentences)) => problems.add("filters", sentences.join(" ")),
            other => drop(other?),
        }
    }
    let Some(wanted) = wanted.filter(|_| problems.is_empty()) else {
        (page.problems, page.form_token) = (problems, form_token);
        return Outcome::Invalid.draw(&page);
    };
    let names: HashMap<i64, String> = page.accounts.iter().map(|one| (one.id, one.name.clone())).collect();
    let mut transaction = app.pool.begin().await?;
    let held = match &page.saved {
        Some(saved) => Some(db::hold(&mut transaction, saved.id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    if let Some(written) = db::sent_before(&mut transaction, &form_token.nonce).await? {
        return Ok(done(visit, written, Happened::Changed));
    }
    let before = held.as_ref().map(|held| held.definition.told(&names)).unwrap_or_default();
    let after = wanted.told(&names);
    page.preview = page.differing(&before, &after);
    if let Some(held) = held.as_ref().filter(|held| i64::from(held.version) > form_token.base_revision) {
        (page.is_stale, page.form_token.base_revision) = (true, i64::from(held.version));
        return Outcome::Stale.draw(&page);
    }
    page.form_token = form_token;
    if page.preview.is_empty() {
        page.problems.add("name", visit.lang.t("edit-nothing"));
        return Outcome::Invalid.draw(&page);
    }
    if act == "preview" {
        return Outcome::Shown.draw(&page);
    }
    let now = app.catalogue.clock().now();
    let kind = if held.is_some() { Happened::Changed } else { Happened::Made };
    let written = write(&mut transaction, held.as_ref(), &wanted, &person, now).await;
    let id = match written.on_constraint(CONSTRAINTS, visit.lang)? {
        Ok(id) => id,
        Err(problems) => {
            (page.problems, page.preview) = (problems, Vec::new());
            return Outcome::Invalid.draw(&page);
        }
    };
    let event = NewEvent {
        report: id,
        at: now,
        by: Some(&person),
        kind,
        words: &reason,
        before: held.map(|_| before),
        after: Some(after),
        month: None,
        form_key: Some(&page.form_token.nonce),
    };
    if db::note(&mut transaction, &event).await? {
        commit(&app.pool, transaction).await?;
        return Ok(done(visit, id, kind));
    }
    transaction.rollback().await?; // the same form was sent at the same time, and has been taken
    let written = db::sent_before(&mut *app.pool.acquire().await?, &page.form_token.nonce).await?;
    Ok(done(visit, written.ok_or(Error::BadForm)?, kind))
}

async fn write(
    db: &mut sqlx::PgConnection,
    held: Option<&Saved>,
    wanted: &Definition,
    person: &Person,
    now: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<i64> {
    match held {
        Some(held) => db::change(db, held.id, wanted, now).await.map(|()| held.id),
        None => db::add(db, wanted, person, now).await,
    }
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
            form: Form::default(),
            form_token: FormToken::at(base),
            problems: Problems::default(),
            preview: Vec::new(),
            is_stale: false,
        })
    }

    fn differing(&self, before: &[(String, String)], after: &[(String, String)]) -> Vec<(String, String, String)> {
        let headings = self.columns.iter().map(|column| (column.key.to_string(), column.heading.clone()));
        differing(before, after, self.source, &headings.collect(), self.page.lang)
    }

    fn typed(&self, name: &str) -> &str {
        self.form.text(name)
    }

    fn is_typed(&self, name: &str, value: &str) -> bool {
        self.form.all(name).any(|typed| typed == value)
    }

    fn choices(&self) -> Vec<Choice> {
        columns::shown(&self.columns, &self.form)
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
