//! The rows of a view as files: CSV, JSON, Markdown and XLSX, on the web and on the command line.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde::Serialize;

use super::files::{CsvWriter, HEADINGS, MarkdownWriter, OutRow};
use super::list::asked;
use super::query::Query;
use super::snapshot::{Line, Snapshot};
use super::{Catalogue, Status};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, PIECE};
use crate::web::error::Error;
use crate::web::file::file;
use crate::web::page::Visit;

/// The rows of a view, by their places, so that they can be sent while the catalogue moves on.
pub struct Rows {
    snapshot: Arc<Snapshot>,
    lang: Lang,
    places: Vec<u32>,
}

impl Rows {
    /// The rows that a view selects, all pages of it.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, query: &Query, lang: Lang) -> Rows {
        let places = snapshot.select(query).places(query, lang).collect();
        Rows { snapshot, lang, places }
    }

    /// The same rows in the order of the published page: by status, then as they came in.
    #[must_use]
    pub fn as_published(mut self) -> Rows {
        let lines = &self.snapshot.lines;
        self.places.sort_unstable_by_key(|place| (lines[*place as usize].status, lines[*place as usize].id));
        self
    }

    fn out(&self, place: u32) -> OutRow<'_> {
        let line = &self.snapshot.lines[place as usize];
        OutRow {
            name: self.snapshot.name(line),
            renewal_date: line.renewal_date,
            department: self.snapshot.department(line, self.lang),
            kind: self.snapshot.kind(line),
            status: line.status,
            notes: line.notes(self.lang).map(|(notes, _)| notes),
            extra: line.extra(),
            markdown: line.markup(),
        }
    }

    /// The rows as CSV, in pieces.
    pub fn csv(self, options: CsvOptions) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
        let mut writer = CsvWriter::new(self.lang, options);
        let mut at = 0;
        let mut begun = false;
        std::iter::from_fn(move || {
            while at < self.places.len() && !writer.table.is_full() {
                writer.row(&self.out(self.places[at]));
                at += 1;
            }
            let piece = writer.table.take();
            let more = !begun || !piece.is_empty();
            begun = true;
            more.then_some(piece)
        })
    }

    /// The rows as a JSON array, in pieces.
    pub fn json(self) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
        let mut at = 0;
        let mut ended = false;
        std::iter::from_fn(move || {
            if ended {
                return None;
            }
            let mut piece = Vec::with_capacity(PIECE + 1024);
            if at == 0 {
                piece.push(b'[');
            }
            while at < self.places.len() && piece.len() < PIECE {
                piece.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
                let line = &self.snapshot.lines[self.places[at] as usize];
                let _ = serde_json::to_writer(&mut piece, &JsonRow::new(&self.snapshot, line));
                at += 1;
            }
            if at == self.places.len() {
                piece.extend_from_slice(b"\n]\n");
                ended = true;
            }
            Some(piece)
        })
    }

    /// The rows as the tables of the published page, a table a status.
    #[must_use]
    pub fn markdown(&self) -> Vec<u8> {
        let mut writer = MarkdownWriter::new(self.lang);
        for place in &self.places {
            writer.row(&self.out(*place));
        }
        writer.finish()
    }

    /// The rows as an Excel workbook: dates are dates, the header stays in sight and filters.
    ///
    /// # Errors
    /// When there are more rows than a sheet holds, or no temporary file can be written.
    pub fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        let heading = CellFormat::new().set_bold();
        let date = CellFormat::new().set_num_format("yyyy-mm-dd");
        sheet.set_name(self.lang.t("list-title"))?;
        for (column, width) in (0..).zip([34.0, 16.0, 16.0, 14.0, 22.0, 60.0]) {
            sheet.set_column_width(column, width)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (column, words) in (0..).zip(HEADINGS) {
            sheet.write_string_with_format(0, column, self.lang.t(words), &heading)?;
        }
        for (row, place) in (1..).zip(&self.places) {
            let out = self.out(*place);
            sheet.write_string(row, 0, out.name)?;
            match out.renewal_date {
                Some(day) => {
                    sheet.write_datetime_with_format(row, 1, ExcelDateTime::parse_from_str(&day.to_string())?, &date)?
                }
                None => sheet.write_string(row, 1, self.lang.t("renewal-undetermined"))?,
            };
            sheet.write_string(row, 2, out.department)?;
            sheet.write_string(row, 3, out.kind.unwrap_or_default())?;
            sheet.write_string(row, 4, out.status.label(self.lang))?;
            sheet.write_string(row, 5, out.notes.unwrap_or_default())?;
        }
        sheet.autofilter(0, 0, u32::try_from(self.places.len()).unwrap_or(u32::MAX), 5)?;
        workbook.save_to_buffer()
    }
}

/// A row in JSON: both languages side by side.
#[derive(Serialize)]
struct JsonRow<'s> {
    slug: &'s str,
    name: &'s str,
    registry_names: Vec<&'s str>,
    renewal_date: Option<chrono::NaiveDate>,
    department: &'s str,
    r#type: Option<&'s str>,
    status: &'static str,
    notes_en: Option<&'s str>,
    notes_fr: Option<&'s str>,
}

impl<'s> JsonRow<'s> {
    fn new(snapshot: &'s Snapshot, line: &'s Line) -> JsonRow<'s> {
        let image = snapshot.image_of(line);
        JsonRow {
            slug: &image.slug,
            name: snapshot.name(line),
            registry_names: image.registry_names.iter().map(|registry| &*registry.name).collect(),
            renewal_date: line.renewal_date,
            department: snapshot.department(line, Lang::En),
            r#type: snapshot.kind(line),
            status: Status::code(line.status),
            notes_en: line.notes_in(Lang::En),
            notes_fr: line.notes_in(Lang::Fr),
        }
    }
}

/// The view as CSV.
pub(super) async fn csv(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let options = CsvOptions::asked(&visit)?;
    let rows = rows(&catalogue, &visit).await?;
    Ok(file(&name(&rows, "csv"), "text/csv; charset=utf-8", rows.csv(options)))
}

/// The view as JSON.
pub(super) async fn json(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let rows = rows(&catalogue, &visit).await?;
    Ok(file(&name(&rows, "json"), "application/json", rows.json()))
}

/// The view as the tables of the published page.
pub(super) async fn markdown(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let rows = rows(&catalogue, &visit).await?;
    let ordered = if asked(&visit)?.sort.is_none() { rows.as_published() } else { rows };
    let name = name(&ordered, "md");
    Ok(file(&name, "text/markdown; charset=utf-8", std::iter::once_with(move || ordered.markdown())))
}

/// The view as an Excel workbook.
pub(super) async fn xlsx(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let rows = rows(&catalogue, &visit).await?;
    let name = name(&rows, "xlsx");
    let workbook = tokio::task::spawn_blocking(move || rows.xlsx()).await;
    let workbook = workbook.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(&name, kind, std::iter::once(workbook)))
}

async fn rows(catalogue: &Catalogue, visit: &Visit) -> Result<Rows, Error> {
    let query = asked(visit)?;
    Ok(Rows::new(catalogue.as_at(query.as_at).await?, &query, visit.lang))
}

/// The file's name, with the day on which its content last changed: `images-2026-11-22.csv`.
fn name(rows: &Rows, extension: &str) -> String {
    format!("images-{}-{}.{extension}", rows.lang.code(), rows.snapshot.today)
}
