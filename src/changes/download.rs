//! The record as files: a row for each field that a change touched, the oldest first.

use std::borrow::Cow;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use sqlx::PgPool;
use tokio::task::JoinHandle;

use super::db::{self, RecordedChange};
use super::{FieldView, record};
use crate::clock::{self, Clock};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};
use crate::web::error::Error;
use crate::web::file::stream_file;
use crate::web::page::Visit;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, file_name, take_read};

/// Changes read at a time: the next ones while these are being written and sent. Once they are read they hold no
/// connection, however slowly a visitor takes what is sent.
const AT_A_TIME: i64 = 250;
/// Changes that are read first, so that the file begins at once.
const FIRST: i64 = 50;

/// The columns: names in JSON, words, and what they hold.
const COLUMNS: [(&str, &str, Kind); 10] = [
    ("act", "change-number", Kind::Number),
    ("when", "change-when", Kind::Short),
    ("recorded", "change-recorded", Kind::Short),
    ("who", "change-who", Kind::Text),
    ("what", "change-what", Kind::Text),
    ("why", "change-why", Kind::Text),
    ("about", "change-about", Kind::Text),
    ("field", "change-field", Kind::Text),
    ("before", "change-before", Kind::Long),
    ("after", "change-after", Kind::Long),
];

/// The record, of everyone's acts or of one person's, as a file of the kind that the address ends in.
pub async fn file(State(pool): State<PgPool>, format: FileFormat, visit: Visit) -> Result<Response, Error> {
    let (options, lang, who) = (CsvOptions::asked(&visit)?, visit.lang, visit.parameter("who"));
    let today = Clock::System.today();
    let parts = [Some(lang.of("changes-en", "changements-fr")), who.as_deref()];
    let name = file_name(&parts.into_iter().flatten().collect::<Vec<_>>(), today, format);
    // An absent database is told by a page, not by an empty file.
    let first = db::after(&pool, who.as_deref(), 0, FIRST).await?;
    let heading = |(key, words, kind): (&'static str, &str, Kind)| Column::new(key, lang.t(words), kind);
    let columns = COLUMNS.map(heading).to_vec();
    if format == FileFormat::Csv {
        let mut header = CsvTable::new(options);
        for column in &columns {
            header.cell(&column.heading);
        }
        header.end();
        let options = CsvOptions { bom: false, ..options };
        let pieces = read(pool, who, first).map_ok(move |rows| as_csv(&rows, options, lang));
        return Ok(stream_file(&name, format.content_type(), header.take(), pieces));
    }
    let mut table = Table::of("changes", lang.t("changes-title"), lang.t("changes-file-source"), columns, Vec::new());
    if format == FileFormat::Xlsx && who.is_none() {
        let changes = db::count(&mut *pool.acquire().await?).await?; // a row each at least
        table.total = usize::try_from(changes).unwrap_or_default();
    }
    let whole = Take::made(lang, lang.t("changes-title"), today, Clock::System.now(), vec![table]);
    let pages = read(pool, who, first).map_ok(move |rows| rows.iter().flat_map(|row| cells(row, lang)).collect());
    take_read(&visit, &name, format, whole, pages.boxed()).await
}

/// All changes after the first, which are read already: the next ones are read while these are written and sent.
fn read(
    pool: PgPool,
    who: Option<String>,
    first: Vec<RecordedChange>,
) -> impl Stream<Item = sqlx::Result<Vec<RecordedChange>>> + Send + 'static {
    stream::try_unfold(Ahead::Read(first), move |ahead| {
        let (pool, who) = (pool.clone(), who.clone());
        async move {
            let rows = ahead.rows().await?;
            let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
            let next = tokio::spawn(async move { db::after(&pool, who.as_deref(), last, AT_A_TIME).await });
            Ok(Some((rows, Ahead::Asked(next))))
        }
    })
}

/// The changes that are told next.
enum Ahead {
    Read(Vec<RecordedChange>),
    Asked(JoinHandle<sqlx::Result<Vec<RecordedChange>>>),
}

impl Ahead {
    async fn rows(self) -> sqlx::Result<Vec<RecordedChange>> {
        match self {
            Ahead::Read(rows) => Ok(rows),
            Ahead::Asked(asked) => asked.await.map_err(|_| sqlx::Error::WorkerCrashed)?,
        }
    }
}

/// What the act that was told last says in each of its rows: most changes belong to the same act as the one before.
#[derive(Default)]
struct OfAct {
    id: i64,
    number: String,
    effective: String,
    recorded: String,
    sort: Cow<'static, str>,
    reason: String,
}

impl OfAct {
    fn new(row: &RecordedChange, lang: Lang) -> OfAct {
        OfAct {
            id: row.change_set_id,
            number: row.change_set_id.to_string(),
            effective: moment(row.act.effective_at),
            recorded: moment(row.act.recorded_at),
            sort: row.act.act.label(lang),
            reason: record::told(&row.act.reason, lang).into_owned(),
        }
    }
}

/// Changes as CSV, without a cell of its own for each: this is the file that is taken away whole and often.
fn as_csv(rows: &[RecordedChange], options: CsvOptions, lang: Lang) -> Vec<u8> {
    let mut table = CsvTable::new(options);
    let mut act = OfAct::default();
    for row in rows {
        write(&mut table, row, lang, &mut act);
    }
    table.take()
}

fn write(table: &mut CsvTable, row: &RecordedChange, lang: Lang, act: &mut OfAct) {
    if act.id != row.change_set_id {
        *act = OfAct::new(row, lang);
    }
    let subject = row.subject(lang);
    for field in row.fields(lang) {
        for cell in [&act.number, &act.effective, &act.recorded] {
            table.cell(cell);
        }
        table.text(&row.act.actor);
        table.cell(&act.sort);
        table.text(&act.reason);
        table.text(&subject);
        table.cell(&field.label);
        table.text(field.before.as_deref().unwrap_or_default());
        table.text(field.after.as_deref().unwrap_or_default());
        table.end();
    }
}

/// A change as rows of cells: one for each field that it touched.
fn cells(row: &RecordedChange, lang: Lang) -> Vec<Vec<Cell>> {
    let number = row.change_set_id;
    let [effective, recorded] = [row.act.effective_at, row.act.recorded_at].map(Cell::moment);
    let sort = row.act.act.label(lang);
    let (reason, subject) = (record::told(&row.act.reason, lang), row.subject(lang));
    let of_field = |field: FieldView| {
        vec![
            Cell::Number(number),
            effective.clone(),
            recorded.clone(),
            Cell::text(&row.act.actor),
            Cell::Words(sort.clone()),
            Cell::text(&reason),
            Cell::text(&subject),
            Cell::Words(field.label),
            field.before.map_or(Cell::Empty, Cell::Text),
            field.after.map_or(Cell::Empty, Cell::Text),
        ]
    };
    row.fields(lang).into_iter().map(of_field).collect()
}

/// A moment in America/Toronto, as spreadsheets read it.
fn moment(moment: DateTime<Utc>) -> String {
    clock::local(moment).format("%Y-%m-%d %H:%M:%S").to_string()
}
