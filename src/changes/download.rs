//! The whole record as CSV: a row for each field that a change touched, the oldest first.

use std::borrow::Cow;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use futures_util::stream;
use sqlx::PgPool;
use tokio::task::JoinHandle;

use super::db::{self, RecordedChange};
use super::record;
use crate::clock::{self, Clock};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};
use crate::web::error::Error;
use crate::web::file::stream_file;
use crate::web::page::Visit;

/// Changes read at a time: the next ones while these are being written and sent. Once they are read they hold no
/// connection, however slowly a visitor takes what is sent.
const AT_A_TIME: i64 = 1_000;
/// Changes that are read first, so that the file begins at once.
const FIRST: i64 = 50;

/// The words of the columns.
const HEADINGS: [&str; 10] = [
    "change-number",
    "change-when",
    "change-recorded",
    "change-who",
    "change-what",
    "change-why",
    "change-about",
    "change-field",
    "change-before",
    "change-after",
];

/// The record, made while it is sent.
pub async fn csv(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let options = CsvOptions::asked(&visit)?;
    let lang = visit.lang;
    let mut header = CsvTable::new(options);
    for words in HEADINGS {
        header.cell(&lang.t(words));
    }
    header.end();
    let name = format!("{}-{}.csv", lang.of("changes-en", "changements-fr"), Clock::System.today());
    let options = CsvOptions { bom: false, ..options };
    let first = db::after(&pool, 0, FIRST).await?; // an absent database is told by a page, not by an empty file
    let pieces = stream::try_unfold(Ahead::Read(first), move |ahead| {
        let pool = pool.clone();
        async move {
            let rows = ahead.rows().await?;
            let Some(last) = rows.last().map(|row| row.id) else { return Ok::<_, sqlx::Error>(None) };
            let next = Ahead::Asked(tokio::spawn(async move { db::after(&pool, last, AT_A_TIME).await }));
            let mut table = CsvTable::new(options);
            let mut act = OfAct::default();
            for row in &rows {
                write(&mut table, row, lang, &mut act);
            }
            Ok(Some((table.take(), next)))
        }
    });
    Ok(stream_file(&name, "text/csv; charset=utf-8", header.take(), pieces))
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
            sort: lang.t(&format!("act-{}", row.act.act)),
            reason: record::told(&row.act.reason, lang).into_owned(),
        }
    }
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

/// A moment in America/Toronto, as spreadsheets read it.
fn moment(moment: DateTime<Utc>) -> String {
    clock::local(moment).format("%Y-%m-%d %H:%M:%S").to_string()
}
