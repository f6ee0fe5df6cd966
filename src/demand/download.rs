//! The rows of the view as CSV, with a column for each fiscal year.

use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use super::query::Query;
use super::rows::{Demand, Row};
use crate::catalogue::Catalogue;
use crate::clock::FiscalYear;
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};
use crate::web::error::Error;
use crate::web::file::file;
use crate::web::page::Visit;

/// The view as CSV, made while it is sent.
pub async fn csv(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let options = CsvOptions::asked(&visit)?;
    let demand = Demand::read(&catalogue, &pool, &Query::asked(&visit)?).await?;
    let lang = visit.lang;
    let name = format!("{}-{}.csv", lang.of("demand-en", "besoins-fr"), demand.snapshot.today);
    Ok(file(&name, "text/csv; charset=utf-8", pieces(demand, lang, options)))
}

fn pieces(demand: Demand, lang: Lang, options: CsvOptions) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let mut table = CsvTable::new(options);
    let years = demand.years();
    head(&mut table, &years, lang);
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < demand.count() && !table.is_full() {
            write(&mut table, &demand.row(at, lang), &years, lang);
            at += 1;
        }
        Some(table.take()).filter(|piece| !piece.is_empty())
    })
}

fn head(table: &mut CsvTable, years: &[FiscalYear], lang: Lang) {
    for words in ["field-name", "demand-family", "field-status", "demand-departments", "demand-firm"] {
        table.cell(&lang.t(words));
    }
    table.cell(&lang.t("firmness-planned"));
    table.cell(&lang.t("firmness-funded"));
    for year in years {
        table.cell(&year.to_string());
    }
    for words in ["demand-year-none", "demand-named", "demand-unnamed"] {
        table.cell(&lang.t(words));
    }
    table.end();
}

fn write(table: &mut CsvTable, row: &Row, years: &[FiscalYear], lang: Lang) {
    table.text(&row.name);
    table.text(&row.family);
    table.cell(&row.status.label(lang));
    let counts = [row.departments, row.firm(), row.planned, row.funded];
    let by_year = years.iter().map(|year| row.in_year(Some(*year)));
    for count in counts.into_iter().chain(by_year).chain([row.in_year(None)]) {
        table.cell(&count.to_string());
    }
    table.text(&row.named.join(", "));
    table.cell(&row.unnamed.to_string());
    table.end();
}
