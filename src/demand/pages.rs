//! The page: what it sums up, its filters, and one page of its rows.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::query::{OFFERED, Query, Sureness, When};
use super::rows::{Demand, Row, Totals};
use super::{CSV, JSON, MARKDOWN, XLSX};
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::view::respelled;
use crate::catalogue::{self, Catalogue, Snapshot, Status};
use crate::clock::FiscalYear;
use crate::demand::DEMAND;
use crate::i18n::{Lang, Word};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::pager::Pager;
use crate::web::table::links;

/// Rows on a page.
const PER_PAGE: usize = 50;
/// Fiscal years that have a column of their own; later ones stand together.
const MOST_YEARS: usize = 4;
/// Departments by which the view can be narrowed, at most.
const MOST_CHOICES: usize = 500;

#[derive(Template)]
#[template(path = "demand/demand.html")]
struct DemandPage<'d> {
    page: Page,
    demand: &'d Demand,
    query: Query,
    totals: Totals,
    rows: Vec<Row<'d>>,
    /// The fiscal years that have a column, and those by which the view can be narrowed.
    columns: Vec<FiscalYear>,
    years: Vec<FiscalYear>,
    departments: Vec<(&'d str, &'d str)>,
    respelled: Vec<String>,
    pager: Pager,
    /// All rows as files: what each is called, and its address.
    files: Vec<(&'static str, String)>,
}

/// The demand as the address asks for it.
pub async fn demand(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let (query, lang) = (Query::asked(&visit.asked())?, visit.lang);
    let demand = Demand::read(&catalogue, &query).await?;
    let path = DEMAND.pattern(lang);
    let pager = Pager::new(query.page, PER_PAGE, demand.count(), |page| Query { page, ..query.clone() }.address(path));
    let first = (pager.page - 1) * PER_PAGE;
    let rows = (first..demand.count().min(first + PER_PAGE)).map(|place| demand.row(place, lang)).collect();
    let years = demand.years();
    let page =
        visit.page(lang.t("demand-title"), DEMAND).dated(demand.snapshot.version.changed_at, catalogue.away_since());
    show(&DemandPage {
        page,
        totals: demand.totals(),
        rows,
        columns: years.iter().copied().take(MOST_YEARS).collect(),
        years,
        departments: demand.choices(lang, MOST_CHOICES),
        respelled: spelled(&demand.snapshot, &query, lang),
        pager,
        files: files(&query, lang),
        query,
        demand: &demand,
    })
}

/// What was taken in place of words that no row has.
fn spelled(snapshot: &Snapshot, query: &Query, lang: Lang) -> Vec<String> {
    if query.search.is_empty() {
        return Vec::new();
    }
    let search = catalogue::query::Query { search: query.search.clone(), ..catalogue::query::Query::default() };
    respelled(&snapshot.select(&search), lang)
}

/// All rows as files: what each is called, and its address.
fn files(query: &Query, lang: Lang) -> Vec<(&'static str, String)> {
    let whole = Query { page: 1, ..query.clone() };
    links(lang, [CSV, XLSX, JSON, MARKDOWN].map(|route| whole.address(route.pattern(lang))))
}

impl DemandPage<'_> {
    /// The class of the badge of a row's status, as the image that has it stands.
    fn badge(&self, row: &Row<'_>) -> &'static str {
        let image = row.images.iter().find(|image| image.status == row.status);
        image.map_or("badge-neutral", |image| self.demand.snapshot.badge_of(image, row.status))
    }

    /// The sentence at the top.
    fn summary(&self) -> String {
        let numbers = [
            ("images", Word::Number(self.totals.images)),
            ("n", Word::Number(self.totals.departments)),
            ("firm", Word::Number(self.totals.firm)),
        ];
        self.page.lang.tell("demand-summary", &numbers)
    }

    /// The same view, of images that are procured already.
    fn procured(&self) -> String {
        Query { status: Some(Status::Procured), page: 1, ..self.query.clone() }.address(&self.page.here)
    }

    /// The same view by image where it is by family, and by family where it is not.
    fn regrouped(&self) -> String {
        Query { by_family: !self.query.by_family, page: 1, ..self.query.clone() }.address(&self.page.here)
    }

    fn family(&self, row: &Row) -> String {
        let search = row.family.clone();
        Query { search, by_family: true, ..Query::default() }.address(&self.page.here)
    }

    /// Whether a row's image has others in its family.
    fn has_family(&self, row: &Row) -> bool {
        !self.query.by_family && self.demand.snapshot.relatives(row.images[0]).next().is_some()
    }

    fn image(&self, image: &&&Image) -> String {
        catalogue::address::IMAGE.with(self.page.lang, &image.slug)
    }

    /// `1 planned, 2 funded`.
    fn firm_parts(&self, row: &Row) -> String {
        let lang = self.page.lang;
        let parts = [("demand-firm-planned", row.planned), ("demand-firm-funded", row.funded)];
        let told = parts.into_iter().filter(|(_, count)| *count > 0).map(|(words, count)| lang.n(words, count));
        told.collect::<Vec<_>>().join(", ")
    }

    /// Those that may be named, and how many others there are.
    fn who(&self, row: &Row) -> String {
        let (lang, named) = (self.page.lang, row.named.join(", "));
        match (row.named.is_empty(), row.unnamed) {
            (_, _) if row.is_nameless() => lang.t("demand-nameless").into_owned(),
            (_, 0) => named,
            (true, unnamed) => lang.n("demand-only-unnamed", unnamed),
            (false, unnamed) => {
                lang.tell("demand-and-unnamed", &[("name", Word::Text(&named)), ("n", Word::Number(unnamed))])
            }
        }
    }

    fn sureness(&self) -> Vec<(&'static str, String, bool)> {
        let lang = self.page.lang;
        let label = |sureness: Sureness| match sureness {
            Sureness::Firm => lang.t("demand-firm-either").into_owned(),
            Sureness::Just(firmness) => firmness.label(lang).into_owned(),
        };
        let choice = |one: Sureness| (one.code(), label(one), self.query.sureness == Some(one));
        Sureness::ALL.into_iter().map(choice).collect()
    }

    fn statuses(&self) -> Vec<(&'static str, String, bool)> {
        let choice = |one: Status| (one.code(), one.label(self.page.lang).into_owned(), self.query.status == Some(one));
        OFFERED.into_iter().map(choice).collect()
    }

    fn year_choices(&self) -> Vec<(String, String, bool)> {
        let choice = |when: When| {
            let label = match when {
                When::In(year) => year.to_string(),
                When::NotSaid => self.page.lang.t("demand-year-none").into_owned(),
            };
            (when.code(), label, self.query.when == Some(when))
        };
        let asked = self.query.when.filter(|when| *when != When::NotSaid && !self.offers(*when));
        let years = self.years.iter().map(|year| When::In(*year));
        asked.into_iter().chain(years).chain([When::NotSaid]).map(choice).collect()
    }

    fn offers(&self, when: When) -> bool {
        self.years.iter().any(|year| when.fits(Some(*year)))
    }

    fn is_department(&self, acronym: &&str) -> bool {
        let directory = &self.demand.snapshot.organisations;
        directory.find(acronym, Lang::En) == directory.find(&self.query.department, Lang::En)
    }

    /// Whether there are fiscal years after those that have a column.
    fn has_later(&self) -> bool {
        self.years.len() > self.columns.len()
    }

    /// How many departments need a row later than the columns show.
    fn later(&self, row: &Row) -> usize {
        self.columns.last().map_or(0, |last| row.after(*last))
    }

    /// The past day that is shown.
    fn past(&self) -> Option<chrono::NaiveDate> {
        self.query.as_at.filter(|day| *day == self.demand.snapshot.today)
    }

    /// Where managers save this view.
    fn saving(&self) -> Option<String> {
        let address = Query { page: 1, ..self.query.clone() }.address("");
        self.page.saving("demand", "demand", address.trim_start_matches('?'))
    }

    fn now(&self) -> String {
        Query { as_at: None, ..self.query.clone() }.address(&self.page.here)
    }
}
