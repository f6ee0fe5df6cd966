//! The record as files: a row for each field that a change touched, the oldest first.

use axum::extract::State;
use axum::response::Response;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use sqlx::PgPool;
use tokio::task::JoinHandle;

use super::db::{self, RecordedChange};
use super::{FieldView, record};
use crate::clock::Clock;
use crate::i18n::Lang;
use crate::web::error::Error;
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
    let (lang, who) = (visit.lang, visit.parameter("who"));
    let today = Clock::System.today();
    let parts = [Some(lang.of("changes-en", "changements-fr")), who.as_deref()];
    let name = file_name(&parts.into_iter().flatten().collect::<Vec<_>>(), today, format);
    // An absent database is told by a page, not by an empty file.
    let first = db::after(&pool, who.as_deref(), 0, FIRST).await?;
    let heading = |(key, words, kind): (&'static str, &str, Kind)| Column::new(key, lang.t(words), kind);
    let columns = COLUMNS.map(heading).to_vec();
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
