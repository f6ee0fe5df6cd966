//! The annex of a round as files: provisional while it is open, frozen afterwards.

use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use crate::catalogue::Catalogue;
use crate::i18n::Lang;
use crate::rounds::db::Tallied;
use crate::rounds::tally::{RoundStatus, settle};
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::path::Path;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, download, file_name};

/// The columns: names in JSON, words, and what they hold.
const COLUMNS: [(&str, &str, Kind); 11] = [
    ("figures", "round-annex-state", Kind::Short),
    ("closes_on", "round-closes-on", Kind::Short),
    ("threshold", "round-threshold", Kind::Number),
    ("image", "field-name", Kind::Text),
    ("departments", "round-departments", Kind::Number),
    ("planned", "firmness-planned", Kind::Number),
    ("funded", "firmness-funded", Kind::Number),
    ("reached", "round-reached", Kind::Short),
    ("named", "round-named", Kind::Long),
    ("unnamed", "round-unnamed", Kind::Number),
    ("decision", "round-decision", Kind::Text),
];

/// The annex as a file of the kind that the address ends in.
pub async fn file(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    format: FileFormat,
    visit: Visit,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let status = RoundStatus::read(&mut *pool.acquire().await?, &catalogue.now().organisations, id).await?;
    let (lang, today, now) = (visit.lang, catalogue.clock().today(), catalogue.clock().now());
    let name = file_name(&[lang.of("round-en", "ronde-fr"), &status.round.id.to_string()], today, format);
    let heading = |(key, words, kind): (&'static str, &str, Kind)| Column::new(key, lang.t(words), kind);
    let title = status.round.title(lang).to_owned();
    let rows = status.images.iter().map(|image| cells(&status, image, lang)).collect();
    let columns = COLUMNS.map(heading).to_vec();
    let table = Table::of("annex", title.clone(), lang.t("round-counting-what"), columns, rows);
    download(&visit, &name, format, Take::made(lang, title, today, now, vec![table])).await
}

fn cells(status: &RoundStatus, image: &Tallied, lang: Lang) -> Vec<Cell> {
    let is_frozen = status.round.closed_at.is_some();
    let named = image.named.iter().map(|one| one.acronym(lang)).collect::<Vec<_>>().join(", ");
    vec![
        Cell::Words(lang.t(if is_frozen { "round-annex-frozen" } else { "round-annex-provisional" })),
        Cell::Day(status.round.closes_on),
        Cell::Number(status.round.threshold.into()),
        Cell::text(&image.name),
        Cell::count(image.departments),
        Cell::count(image.planned),
        Cell::count(image.funded),
        Cell::Words(lang.t(if status.is_reached(image) { "yes" } else { "no" })),
        Cell::text(&named),
        Cell::count(image.unnamed),
        status.decision(image).map_or(Cell::Empty, |decided| Cell::Words(decided.label(lang))),
    ]
}
