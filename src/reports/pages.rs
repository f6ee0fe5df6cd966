//! The list of reports, and one report: as a page, or with an extension as a file.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::chart::Chart;
use super::query::Asked;
use super::{INDEX, ONE};
use crate::catalogue::{Catalogue, Status};
use crate::changes;
use crate::clock::FiscalYear;
use crate::config::Settings;
use crate::demand::DEMAND;
use crate::i18n::Lang;
use crate::images::LIST;
use crate::reports::reading::Reading;
use crate::reports::report::{Report, ReportName};
use crate::requests;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;
use crate::web::table::{Cell, FileFormat, Shown, download, file_name};

/// Rows of a table that a page shows; the files have all.
const MOST_ROWS: usize = 100;
/// … where the page has many tables.
const MOST_OF_MANY: usize = 27;
/// Rows of a table of what changed: the page fits on one sheet.
const MOST_CHANGES: usize = 8;
/// Departments by which renewals can be narrowed, at most.
const MOST_CHOICES: usize = 500;

#[derive(Template)]
#[template(path = "reports/index.html")]
struct IndexPage {
    page: Page,
}

/// The list of reports.
pub async fn index(visit: Visit) -> Result<Response, Error> {
    show(&IndexPage { page: visit.page(visit.lang.t("reports-title"), INDEX) })
}

impl IndexPage {
    /// Title, lead and address of each report, those among them that stand elsewhere.
    fn reports(&self) -> Vec<(&'static str, &'static str, String)> {
        let lang = self.page.lang;
        let own = Report::ALL.into_iter().map(|report| {
            let (title, lead) = (report.title(), report.lead());
            (title, lead, ONE.with(lang, report.code(lang)))
        });
        let others = [
            ("menu-demand", "report-demand-lead", DEMAND),
            ("menu-images", "report-images-lead", LIST),
            ("menu-changes", "report-record-lead", changes::LIST),
            ("requests-title", "report-decided-lead", requests::LIST),
        ];
        let others = others.map(|(title, lead, route)| (title, lead, route.pattern(lang).to_owned()));
        own.chain(others).collect()
    }
}

#[derive(Template)]
#[template(path = "reports/report.html")]
struct ReportPage {
    page: Page,
    report: Report,
    asked: Asked,
    reading: Reading,
    parts: Vec<(Shown, Option<Chart>)>,
    departments: Vec<(String, String)>,
    years: Vec<FiscalYear>,
}

/// A report, as a page or as a file.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(ReportName { report, format }): Path<ReportName>,
    visit: Visit,
) -> Result<Response, Error> {
    let lang = visit.lang;
    let reading = Reading::new(report, &visit.asked(), &catalogue, pool, settings.renewal_lead_days).await?;
    let asked = reading.asked.clone();
    let parts = report.parts(&reading).await?;
    if let Some(format) = format {
        let name = file_name(&name_parts(report, &visit, &reading), reading.day(), format);
        return download(&visit, &name, format, reading.take(report, parts)).await;
    }
    let most = match report {
        Report::Changed => MOST_CHANGES,
        Report::Overview => MOST_OF_MANY,
        Report::Renewals | Report::Pooling => MOST_ROWS,
    };
    let page = visit
        .page_of(lang.t(report.title()), ONE, |lang| report.code(lang).to_owned())
        .below(lang.t("reports-title"), INDEX.pattern(lang))
        .dated(reading.snapshot.version.changed_at, catalogue.away_since());
    let (departments, years) = choices(&reading);
    show(&ReportPage {
        page,
        report,
        asked,
        parts: parts.into_iter().map(|part| (part.table.shown(most), part.chart)).collect(),
        departments,
        years,
        reading,
    })
}

/// What a file is called after: the report, the table and what narrows it.
fn name_parts<'n>(report: Report, visit: &Visit, reading: &'n Reading) -> Vec<&'n str> {
    let mut parts = vec![report.code(visit.lang)];
    if !reading.asked.department.is_empty() {
        parts.push(&reading.asked.department);
    }
    parts.extend(reading.narrowed.iter().map(String::as_str));
    parts
}

/// Departments that hold licences, by acronym in English and in the page's language; fiscal years of renewals.
fn choices(reading: &Reading) -> (Vec<(String, String)>, Vec<FiscalYear>) {
    let held = || reading.snapshot.lines().filter(|line| line.status == Status::Procured);
    let places: BTreeSet<u32> = held().map(|line| line.organisation).collect();
    let acronyms = places.into_iter().map(|place| {
        let organisation = reading.snapshot.organisations.at(place as usize);
        (organisation.acronym_en.clone(), organisation.acronym(reading.lang).to_owned())
    });
    let mut acronyms: Vec<_> = acronyms.collect();
    acronyms.sort_by_cached_key(|(_, acronym)| crate::text::key(acronym));
    acronyms.truncate(MOST_CHOICES);
    let mut years: BTreeSet<FiscalYear> =
        held().filter_map(|line| line.renewal().last_date()).map(FiscalYear::of).collect();
    years.extend(reading.asked.year);
    (acronyms, years.into_iter().collect())
}

impl ReportPage {
    fn lead(&self) -> std::borrow::Cow<'static, str> {
        self.page.lang.t(self.report.lead())
    }

    /// The address of a file: of one table, or of the whole report.
    fn file(&self, table: &str, format: FileFormat) -> String {
        let lang = self.page.lang;
        let name = format!("{}.{}", self.report.code(lang), format.code());
        let table = if table.is_empty() { String::new() } else { format!("table={table}") };
        let parameters = [self.asked.parameters(), table, format.options(lang).to_owned()];
        let given: Vec<String> = parameters.into_iter().filter(|parameter| !parameter.is_empty()).collect();
        let mark = if given.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", ONE.with(lang, &name), given.join("&"))
    }

    /// Where managers save a table of it.
    fn saving(&self, table: &str) -> Option<String> {
        self.page.saving(self.report.code(Lang::En), table, &self.asked.parameters())
    }

    /// The day since whose end changes are told.
    fn since(&self) -> String {
        self.asked.since(self.reading.day()).to_string()
    }

    fn is_changed(&self) -> bool {
        self.report == Report::Changed
    }

    fn is_renewals(&self) -> bool {
        self.report == Report::Renewals
    }

    fn has_asked(&self) -> bool {
        self.asked != Asked::default()
    }

    fn is_department(&self, acronym: &str) -> bool {
        let directory = &self.reading.snapshot.organisations;
        let asked = &self.asked.department;
        !asked.is_empty() && directory.find(acronym, Lang::En) == directory.find(asked, self.page.lang)
    }

    /// Which day is shown: the end of a past one, or today so far.
    fn shown_day(&self) -> String {
        let words = if self.reading.is_past() { "report-day-past" } else { "report-day-today" };
        self.page.lang.named(words, self.reading.day().to_string())
    }
}
