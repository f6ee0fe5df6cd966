//! The rows of a view as files: CSV, JSON, Markdown and XLSX, on the web and on the command line.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::catalogue::query::Query;
use crate::catalogue::query::asked;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{Catalogue, Status};
use crate::clock::{self, Clock};
use crate::fields::Label;
use crate::files::{MarkdownPieces, OutRow, RowSource, RowTable};
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, download, send};

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

    /// The rows as the tables of the published page, a table a status.
    pub fn markdown(self) -> MarkdownPieces<Rows> {
        let lang = self.lang;
        MarkdownPieces::new(self, lang)
    }

    /// The rows as a table of all columns.
    pub fn table(self) -> Table {
        let words = RowTable::new(self.lang, &Label::ALL[1..]);
        self.table_in(words)
    }

    fn table_in(self, words: RowTable) -> Table {
        self.made(words.columns(), move |rows, place| words.cells(&rows.out(place)))
    }

    /// The rows with both languages side by side, for programs.
    fn bilingual(self) -> Table {
        let more = self.snapshot.more_labels();
        let keys = JSON_KEYS.into_iter().chain(more.iter().map(|label| label.name));
        let columns = keys.map(|key| Column::new(key, key, Kind::Text)).collect();
        self.made(columns, move |rows, place| bilingual(&rows.snapshot, rows.snapshot.line_at(place), &more))
    }

    /// A table whose rows are made as they are asked for.
    fn made(self, columns: Vec<Column>, make: impl Fn(&Rows, u32) -> Vec<Cell> + Send + 'static) -> Table {
        let at = clock::local(self.snapshot.version.changed_at).format("%Y-%m-%d %H:%M").to_string();
        Table {
            key: "images",
            title: self.lang.t("list-title").into_owned(),
            source: self.snapshot.with_source(self.lang.named("download-source", at), self.lang),
            columns,
            total: self.places.len(),
            rows: Box::new((0..self.places.len()).map(move |at| make(&self, self.places[at]))),
        }
    }

    /// All columns of the rows to take away.
    pub fn whole(self, clock: Clock) -> Take {
        self.taken(clock, Rows::table)
    }

    /// The rows to take away as a kind of file that is made of a table.
    pub fn take(self, format: FileFormat, clock: Clock) -> Take {
        match format {
            FileFormat::Csv => self.taken(clock, |rows| {
                let words = RowTable::as_published(rows.lang, &rows.snapshot.more_labels());
                rows.table_in(words)
            }),
            FileFormat::Json => Take { is_bare: true, ..self.taken(clock, Rows::bilingual) },
            FileFormat::Xlsx | FileFormat::Markdown => self.whole(clock),
        }
    }

    fn taken(self, clock: Clock, table: impl FnOnce(Rows) -> Table) -> Take {
        let (lang, as_at, version) = (self.lang, self.snapshot.today, self.version);
        let table = table(self);
        let (title, about) = (table.title.clone(), table.source.clone());
        Take { about, version, ..Take::made(lang, title, as_at, clock.now(), vec![table]) }
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

/// What programs read of a row, in the order of the contract.
const JSON_KEYS: [&str; 9] =
    ["slug", "name", "registry_names", "renewal_date", "department", "type", "status", "notes_en", "notes_fr"];

fn bilingual(snapshot: &Snapshot, line: &Line, more: &[Label]) -> Vec<Cell> {
    let image = snapshot.image_of(line);
    let text = |text: Option<&str>| Cell::text(text.unwrap_or_default());
    let known = [
        Cell::text(&image.slug),
        Cell::text(snapshot.name(line)),
        Cell::List(image.registry_names.iter().map(|registry| registry.name.to_string()).collect()),
        Cell::day(line.renewal_date),
        Cell::text(snapshot.department(line, Lang::En)),
        text(snapshot.kind(line)),
        Cell::Words(Status::code(line.status).into()),
        text(line.notes_in(Lang::En)),
        text(line.notes_in(Lang::Fr)),
    ];
    known.into_iter().chain(more.iter().map(|label| text(snapshot.label(line, *label)))).collect()
}

/// The view as a file of the kind that the address ends in.
pub(super) async fn file(
    State(catalogue): State<Catalogue>,
    format: FileFormat,
    visit: Visit,
) -> Result<Response, Error> {
    let query = asked(&visit)?;
    let rows = Rows::new(catalogue.as_at(query.as_at).await?, &query, visit.lang);
    let name = name(&rows, format);
    if format == FileFormat::Markdown {
        let rows = if query.sort.is_none() { rows.as_published() } else { rows };
        return send(&name, format, rows.version.is_some(), rows.markdown()).await;
    }
    download(&visit, &name, format, rows.take(format, catalogue.clock())).await
}

/// The file's name, with its day and the version of the catalogue that it is made from: brought in again, it is held
/// against that. `images-en-2026-11-22-v48.csv`.
fn name(rows: &Rows, format: FileFormat) -> String {
    let version = rows.version.map(|version| format!("-v{version}")).unwrap_or_default();
    format!("images-{}-{}{version}.{}", rows.lang.code(), rows.snapshot.today, format.code())
}
