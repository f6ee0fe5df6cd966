//! The rows of a view as files: CSV, JSON, Markdown and XLSX, on the web and on the command line.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::files::{CsvWriter, HEADINGS, MarkdownWriter, OutRow};
use super::list::asked;
use super::query::Query;
use super::snapshot::{Line, Snapshot};
use super::{Catalogue, Status};
use crate::clock::{self, Clock};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, PIECE};
use crate::web::error::Error;
use crate::web::file::file;
use crate::web::page::Visit;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, take};

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
            let line = &self.snapshot.lines[*place as usize];
            let department = self.snapshot.department_as_written(line, self.lang);
            writer.row(&OutRow { department, ..self.out(*place) });
        }
        writer.finish()
    }

    /// The rows as a table, made as they are asked for.
    #[must_use]
    pub fn table(self) -> Table {
        let lang = self.lang;
        let kinds = [Kind::Text, Kind::Short, Kind::Short, Kind::Short, Kind::Text, Kind::Long];
        let keys = ["name", "renewal_date", "department", "type", "status", "notes"];
        let columns = keys.into_iter().zip(HEADINGS).zip(kinds);
        let at = clock::local(self.snapshot.version.changed_at).format("%Y-%m-%d %H:%M").to_string();
        Table {
            key: "images",
            title: lang.t("list-title").into_owned(),
            source: self.snapshot.with_source(lang.named("download-source", at), lang),
            columns: columns.map(|((key, words), kind)| Column::new(key, lang.t(words), kind)).collect(),
            total: self.places.len(),
            rows: Box::new((0..self.places.len()).map(move |at| self.cells(self.places[at]))),
        }
    }

    fn cells(&self, place: u32) -> Vec<Cell> {
        let out = self.out(place);
        let undetermined = || Cell::Words(self.lang.t("renewal-undetermined"));
        vec![
            Cell::text(out.name),
            out.renewal_date.map_or_else(undetermined, Cell::Day),
            Cell::text(out.department),
            Cell::text(out.kind.unwrap_or_default()),
            Cell::Words(out.status.label(self.lang)),
            Cell::text(out.notes.unwrap_or_default()),
        ]
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
    take(&visit, &name, FileFormat::Xlsx, whole(rows, catalogue.clock())).await
}

/// The rows to take away, of when they are and when they were made.
#[must_use]
pub fn whole(rows: Rows, clock: Clock) -> Take {
    let (lang, as_at) = (rows.lang, rows.snapshot.today);
    let table = rows.table();
    let (title, about) = (table.title.clone(), table.source.clone());
    let made_at = clock::local(clock.now()).format("%Y-%m-%d %H:%M").to_string();
    Take { lang, title, about, as_at, made_at, tables: vec![table] }
}

async fn rows(catalogue: &Catalogue, visit: &Visit) -> Result<Rows, Error> {
    let query = asked(visit)?;
    Ok(Rows::new(catalogue.as_at(query.as_at).await?, &query, visit.lang))
}

/// The file's name, with the day on which its content last changed: `images-2026-11-22.csv`.
fn name(rows: &Rows, extension: &str) -> String {
    format!("images-{}-{}.{extension}", rows.lang.code(), rows.snapshot.today)
}
