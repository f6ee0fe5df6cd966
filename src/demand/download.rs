//! The rows of the view as files, with a column for each fiscal year.

use axum::extract::State;
use axum::response::Response;

use super::query::Query;
use super::rows::Demand;
use crate::catalogue::Catalogue;
use crate::catalogue::address::IMAGE;
use crate::clock;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, download, file_name};

/// The view as a file of the kind that the address ends in, made while it is sent.
pub async fn file(State(catalogue): State<Catalogue>, format: FileFormat, visit: Visit) -> Result<Response, Error> {
    let query = Query::asked(&visit.asked())?;
    let whole = whole(&query, &catalogue, visit.lang).await?;
    let year = query.when.map_or(String::new(), super::query::When::code);
    let narrowed = [visit.lang.of("demand-en", "besoins-fr"), &query.department, &year];
    let narrowed: Vec<&str> = narrowed.into_iter().filter(|part| !part.is_empty()).collect();
    download(&visit, &file_name(&narrowed, whole.as_at, format), format, whole).await
}

/// The view to take away.
///
/// # Errors
/// When a past day is asked for and the database does not answer.
pub async fn whole(query: &Query, catalogue: &Catalogue, lang: Lang) -> Result<Take, Error> {
    let demand = Demand::read(catalogue, query).await?;
    let as_at = demand.snapshot.today;
    let now = catalogue.clock().now();
    Ok(Take::made(lang, lang.t("demand-title"), as_at, now, vec![table(demand, lang)]))
}

fn table(demand: Demand, lang: Lang) -> Table {
    let years = demand.years();
    let column = |key: &'static str, words: &str, kind| Column::new(key, lang.t(words), kind);
    let mut columns = vec![
        column("image", "field-name", Kind::Text),
        column("family", "demand-family", Kind::Text),
        column("status", "field-status", Kind::Text),
        column("departments", "demand-departments", Kind::Number),
        column("firm", "demand-firm", Kind::Number),
        column("planned", "firmness-planned", Kind::Number),
        column("funded", "firmness-funded", Kind::Number),
    ];
    columns.extend(years.iter().map(|year| Column::new(year.to_string(), year.to_string(), Kind::Number)));
    columns.extend([
        column("year_not_said", "demand-year-none", Kind::Number),
        column("named", "demand-named", Kind::Long),
        column("unnamed", "demand-unnamed", Kind::Number),
    ]);
    let at = clock::local(demand.snapshot.version.changed_at).format("%Y-%m-%d %H:%M").to_string();
    let source = format!("{} {at}. {}", lang.t("demand-source"), lang.t("demand-counting-departments"));
    let rows = (0..demand.count()).collect();
    Table::made("demand", lang.t("demand-title"), source, columns, rows, move |place| {
        let row = demand.row(place, lang);
        let name = match (demand.is_by_family(), row.images.first()) {
            (false, Some(image)) => Cell::Link(row.name.clone(), IMAGE.with(lang, &image.slug)),
            _ => Cell::text(&row.name),
        };
        let mut cells = vec![name, Cell::text(&row.family), Cell::Words(row.status.label(lang))];
        let counts = [row.departments, row.firm(), row.planned, row.funded];
        let by_year = years.iter().map(|year| row.in_year(Some(*year)));
        cells.extend(counts.into_iter().chain(by_year).chain([row.in_year(None)]).map(Cell::count));
        cells.extend([Cell::text(&row.named.join(", ")), Cell::count(row.unnamed)]);
        cells
    })
}
