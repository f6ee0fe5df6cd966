//! The page of costs, and the same as files.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use super::db::{self, Price};
use super::tables::Costs;
use super::{COSTS, FILE};
use crate::catalogue::Catalogue;
use crate::catalogue::meant::Meant;
use crate::clock;
use crate::forms::draft::Draft;
use crate::i18n::Word;
use crate::web::error::Error;
use crate::web::page::{self, Page, Visit};
use crate::web::path::Path;
use crate::web::table::{Cell, FileFormat, FileName, Shown, Take, download, file_name};

/// Rows of a table that the page shows; the files have all.
const MOST_ROWS: usize = 100;
/// Entries that the page shows.
const MOST_ENTRIES: i64 = 50;
/// Names that are offered while one is typed, at most.
const MOST_NAMES: usize = 1_000;

#[derive(Template)]
#[template(path = "costs/costs.html")]
pub struct CostsPage {
    page: Page,
    draft: Draft,
    is_done: bool,
    has_prices: bool,
    tables: Vec<Shown>,
    /// Each entry, with the image that it is for; none: the whole catalogue.
    entries: Vec<(Price, Option<String>)>,
    more: Option<String>,
    names: Vec<String>,
    /// How the name that was typed is understood.
    meant: Vec<Meant>,
    as_at: Option<chrono::NaiveDate>,
    today: chrono::NaiveDate,
}

/// What licences cost, who shares that, and every price that was entered.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    page::show(&read(&catalogue, &pool, &visit, Draft::blank()).await?)
}

/// The page with what was typed.
pub async fn read(catalogue: &Catalogue, pool: &PgPool, visit: &Visit, draft: Draft) -> Result<CostsPage, Error> {
    let lang = visit.lang;
    let as_at = if draft.form.has("as-at") { clock::day(draft.typed("as-at")) } else { visit.day("as-at")? };
    let snapshot = catalogue.as_at(as_at).await?;
    let prices = db::in_force(pool, snapshot.today).await?;
    let costs = Costs { snapshot: &snapshot, lang, prices, read_at: catalogue.clock().now() };
    let mut entries = db::entries(pool, visit.number("before")?, MOST_ENTRIES + 1).await?;
    let has_more = entries.len() > usize::try_from(MOST_ENTRIES).unwrap_or(usize::MAX);
    entries.truncate(usize::try_from(MOST_ENTRIES).unwrap_or(usize::MAX));
    let more = entries.last().filter(|_| has_more);
    let more = more.map(|last| format!("{}?before={}#entries", COSTS.pattern(lang), last.id));
    let now = catalogue.now();
    let name = |price: &Price| price.image_id.and_then(|id| now.image(id)).map(|image| image.name.to_string());
    let held = now.images().filter(|image| image.status == crate::catalogue::Status::Procured);
    Ok(CostsPage {
        page: visit.page(lang.t("costs-title"), COSTS),
        draft,
        is_done: visit.parameter("done").is_some(),
        has_prices: !costs.is_empty(),
        tables: costs.tables().into_iter().map(|table| table.shown(MOST_ROWS)).collect(),
        meant: Vec::new(),
        names: held.take(MOST_NAMES).map(|image| image.name.to_string()).collect(),
        entries: entries.into_iter().map(|price| (price.clone(), name(&price))).collect(),
        more,
        as_at,
        today: now.today,
    })
}

/// The tables as a file.
pub async fn file(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(name): Path<FileName>,
    visit: Visit,
) -> Result<Response, Error> {
    let (lang, code) = (visit.lang, visit.lang.of("costs", "couts"));
    let format = Some(name.format).filter(|_| name.stem == code).ok_or(Error::NotFound)?;
    let snapshot = catalogue.as_at(visit.day("as-at")?).await?;
    let prices = db::in_force(&pool, snapshot.today).await?;
    let costs = Costs { snapshot: &snapshot, lang, prices, read_at: catalogue.clock().now() };
    let made_at = clock::local(costs.read_at).format("%Y-%m-%d %H:%M").to_string();
    let day = snapshot.today.to_string();
    let about = lang.tell("costs-about", &[("day", Word::Text(&day)), ("now", Word::Text(&made_at))]);
    let title = lang.t("costs-title").into_owned();
    let whole = Take { about, ..Take::made(lang, title, snapshot.today, costs.read_at, costs.tables()) };
    download(&visit, &file_name(&[code], snapshot.today, format), format, whole).await
}

impl CostsPage {
    /// The page that shows how the name that was typed is understood.
    pub fn with_meant(self, meant: Vec<Meant>) -> CostsPage {
        CostsPage { meant, ..self }
    }

    fn file(&self, table: &str, format: FileFormat) -> String {
        let lang = self.page.lang;
        let name = format!("{}.{}", lang.of("costs", "couts"), format.code());
        let as_at = self.as_at.map_or(String::new(), |day| format!("as-at={day}"));
        let table = if table.is_empty() { String::new() } else { format!("table={table}") };
        let given: Vec<String> =
            [as_at, table, format.options(lang).to_owned()].into_iter().filter(|one| !one.is_empty()).collect();
        format!("{}?{}", FILE.with(lang, &name), given.join("&")).trim_end_matches('?').to_owned()
    }

    /// A price as the form has it.
    fn amount(&self, price: &Price) -> String {
        price.cents.map_or_else(|| self.page.lang.t("costs-none").into_owned(), |cents| self.page.lang.money(cents))
    }

    /// The day that the tables show, or what was typed for it.
    fn shown_day(&self) -> String {
        self.as_at.map_or_else(|| self.draft.form.text("as-at").to_owned(), |day| day.to_string())
    }

    /// What the form has for a field before anything was typed.
    fn typed(&self, name: &str) -> String {
        let usual = match name {
            "months" => "12".to_owned(),
            "valid-from" => self.today.to_string(),
            _ => String::new(),
        };
        if self.draft.form.fields().is_empty() { usual } else { self.draft.form.text(name).to_owned() }
    }
}
