//! The annex of a round as CSV: provisional while it is open, frozen afterwards.

use axum::extract::{Path, State};
use axum::response::Response;
use sqlx::PgPool;

use super::pages::decision_words;
use super::tally::{Standing, Tallied, settle};
use crate::catalogue::Catalogue;
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};
use crate::web::error::Error;
use crate::web::file::file;
use crate::web::page::Visit;

/// The words of the columns.
const HEADINGS: [&str; 11] = [
    "round-annex-state",
    "round-closes-on",
    "round-threshold",
    "field-name",
    "round-departments",
    "firmness-planned",
    "firmness-funded",
    "round-reached",
    "round-named",
    "round-unnamed",
    "round-decision",
];

/// The annex.
pub async fn csv(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    let options = CsvOptions::asked(&visit)?;
    settle(&pool, &catalogue).await;
    let standing = Standing::read(&mut *pool.acquire().await?, &catalogue.now().organisations, &id).await?;
    let lang = visit.lang;
    let mut table = CsvTable::new(options);
    for words in HEADINGS {
        table.cell(&lang.t(words));
    }
    table.end();
    for image in &standing.images {
        write(&mut table, &standing, image, lang);
    }
    let name = format!("{}-{}.csv", lang.of("round-en", "ronde-fr"), standing.round.id);
    Ok(file(&name, "text/csv; charset=utf-8", std::iter::once(table.take())))
}

fn write(table: &mut CsvTable, standing: &Standing, image: &Tallied, lang: Lang) {
    let is_frozen = standing.round.closed_at.is_some();
    table.cell(&lang.t(if is_frozen { "round-annex-frozen" } else { "round-annex-provisional" }));
    table.cell(&standing.round.closes_on.to_string());
    table.cell(&standing.round.threshold.to_string());
    table.text(&image.name);
    for count in [image.departments, image.planned, image.funded] {
        table.cell(&count.to_string());
    }
    table.cell(&lang.t(if standing.is_reached(image) { "yes" } else { "no" }));
    table.text(&image.named.iter().map(|one| one.acronym(lang)).collect::<Vec<_>>().join(", "));
    table.cell(&image.unnamed.to_string());
    table.cell(&standing.decision(image).map(|code| lang.t(decision_words(code))).unwrap_or_default());
    table.end();
}
