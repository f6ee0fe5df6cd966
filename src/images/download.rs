//! The rows of a view as files: CSV, JSON, Markdown and XLSX, on the web and on the command line.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::catalogue::query::Query;
use crate::catalogue::query::asked;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{Catalogue, Status};
use crate::clock::{self, Clock};
use crate::fields::Label;
use crate::files::{CsvWriter, HEADINGS, MarkdownPieces, OutRow, RowSource};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, PIECE};
use crate::web::error::Error;
use crate::web::file::{drawn, file};
use crate::web::page::Visit;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, download};

/// The rows of a view, by their places, so that they can be sent while the catalogue moves on.
pub struct Rows {
    snapshot: Arc<Snapshot>,
    lang: Lang,
    places: Vec<u32>,
    /// The version of the catalogue; none for that of a past day.
    version: Option<i64>,
}

impl Rows {
    /// The rows that a view selects, all pages of it.
    pub fn new(snapshot: Arc<Snapshot>, query: &Query, lang: Lang) -> Rows {
        let places = snapshot.select(query).places(query, lang).collect();
        let version = query.as_at.is_none().then_some(snapshot.version.version);
        Rows { snapshot, lang, places, version }
    }

    /// The same rows in the order of the published page: by status, then as they came in.
    pub fn as_published(mut self) -> Rows {
        let snapshot = &self.snapshot;
        self.places.sort_unstable_by_key(|place| (snapshot.line_at(*place).status, snapshot.line_at(*place).id));
        self
    }

    fn out(&self, place: u32) -> OutRow<'_> {
        let line = &self.snapshot.line_at(place);
        OutRow {
            name: self.snapshot.name(line),
            renewal_date: line.renewal_date,
            department: self.snapshot.department(line, self.lang),
            labels: Label::ALL.map(|label| self.snapshot.label(line, label)),
            status: line.status,
            notes: line.notes(self.lang).map(|(notes, _)| notes),
            extra: line.extra(),
            markdown: line.markup(),
        }
    }

    /// The rows as CSV, in pieces.
    pub fn csv(self, options: CsvOptions) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
        let mut writer = CsvWriter::new(self.lang, options, &self.snapshot.more_labels());
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
        let more = self.snapshot.more_labels();
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
                let line = self.snapshot.line_at(self.places[at]);
                let _ = serde_json::to_writer(&mut piece, &JsonRow::new(&self.snapshot, line, &more));
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
    pub fn markdown(self) -> MarkdownPieces<Rows> {
        let lang = self.lang;
        MarkdownPieces::new(self, lang)
    }

    /// The rows as a table, made as they are asked for.
    pub fn table(self) -> Table {
        let lang = self.lang;
        let kinds = [Kind::Text, Kind::Short, Kind::Short, Kind::Short, Kind::Text, Kind::Long];
        let keys = ["name", "renewal_date", "department", "type", "status", "notes"];
        let known = keys.into_iter().zip(HEADINGS).zip(kinds).map(|((key, words), kind)| (key, words, kind));
        let more = Label::ALL[1..].iter().map(|label| (label.name, label.words[0], Kind::Short));
        let at = clock::local(self.snapshot.version.changed_at).format("%Y-%m-%d %H:%M").to_string();
        Table {
            key: "images",
            title: lang.t("list-title").into_owned(),
            source: self.snapshot.with_source(lang.named("download-source", at), lang),
            columns: known.chain(more).map(|(key, words, kind)| Column::new(key, lang.t(words), kind)).collect(),
            total: self.places.len(),
            rows: Box::new((0..self.places.len()).map(move |at| self.cells(self.places[at]))),
        }
    }

    fn cells(&self, place: u32) -> Vec<Cell> {
        let out = self.out(place);
        let undetermined = || Cell::Words(self.lang.t("renewal-undetermined"));
        let text = |label: &Label| Cell::text(out.labels[*label as usize].unwrap_or_default());
        let known = [
            Cell::text(out.name),
            out.renewal_date.map_or_else(undetermined, Cell::Day),
            Cell::text(out.department),
            text(&Label::Kind),
            Cell::Words(out.status.label(self.lang)),
            Cell::text(out.notes.unwrap_or_default()),
        ];
        known.into_iter().chain(Label::ALL[1..].iter().map(text)).collect()
    }
}

impl RowSource for Rows {
    fn count(&self) -> usize {
        self.places.len()
    }

    fn row(&self, place: usize) -> OutRow<'_> {
        let place = self.places[place];
        let line = &self.snapshot.line_at(place);
        OutRow { department: self.snapshot.department_as_written(line, self.lang), ..self.out(place) }
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
    /// The labels beside the type that are said.
    #[serde(flatten)]
    more: BTreeMap<&'static str, Option<&'s str>>,
}

impl<'s> JsonRow<'s> {
    fn new(snapshot: &'s Snapshot, line: &'s Line, more: &[Label]) -> JsonRow<'s> {
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
            more: more.iter().map(|label| (label.name, snapshot.label(line, *label))).collect(),
        }
    }
}

/// The view as CSV.
pub(super) async fn csv(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let options = CsvOptions::asked(&visit)?;
    let rows = rows(&catalogue, &visit).await?;
    let (name, is_past) = (name(&rows, "csv"), is_past(&rows, &catalogue));
    send(&name, "text/csv; charset=utf-8", is_past, rows.csv(options)).await
}

/// The view as JSON.
pub(super) async fn json(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let rows = rows(&catalogue, &visit).await?;
    let (name, is_past) = (name(&rows, "json"), is_past(&rows, &catalogue));
    send(&name, "application/json", is_past, rows.json()).await
}

/// The view as the tables of the published page.
pub(super) async fn markdown(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let rows = rows(&catalogue, &visit).await?;
    let ordered = if asked(&visit)?.sort.is_none() { rows.as_published() } else { rows };
    let (name, is_past) = (name(&ordered, "md"), is_past(&ordered, &catalogue));
    send(&name, "text/markdown; charset=utf-8", is_past, ordered.markdown()).await
}

/// The view as an Excel workbook.
pub(super) async fn xlsx(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let rows = rows(&catalogue, &visit).await?;
    let name = name(&rows, "xlsx");
    download(&visit, &name, FileFormat::Xlsx, whole(rows, catalogue.clock())).await
}

fn is_past(rows: &Rows, catalogue: &Catalogue) -> bool {
    rows.snapshot.today < catalogue.now().today
}

/// Sends a file. One of a past day is drawn first: that day is not held for as long as its visitor takes.
async fn send(
    name: &str,
    kind: &'static str,
    is_past: bool,
    pieces: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> Result<Response, Error> {
    if is_past {
        return Ok(file(name, kind, drawn(pieces).await.map_err(anyhow::Error::from)?));
    }
    Ok(file(name, kind, pieces))
}

/// The rows to take away, of when they are and when they were made.
pub fn whole(rows: Rows, clock: Clock) -> Take {
    let (lang, as_at, version) = (rows.lang, rows.snapshot.today, rows.version);
    let table = rows.table();
    let (title, about) = (table.title.clone(), table.source.clone());
    let made_at = clock::local(clock.now()).format("%Y-%m-%d %H:%M").to_string();
    Take { lang, title, about, as_at, made_at, version, tables: vec![table] }
}

async fn rows(catalogue: &Catalogue, visit: &Visit) -> Result<Rows, Error> {
    let query = asked(visit)?;
    Ok(Rows::new(catalogue.as_at(query.as_at).await?, &query, visit.lang))
}

/// The file's name, with its day and the version of the catalogue that it is made from: brought in again, it is held
/// against that. `images-en-2026-11-22-v48.csv`.
fn name(rows: &Rows, extension: &str) -> String {
    let version = rows.version.map(|version| format!("-v{version}")).unwrap_or_default();
    format!("images-{}-{}{version}.{extension}", rows.lang.code(), rows.snapshot.today)
}
