//! The whole record as CSV: a row for each field that a change touched, the oldest first.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use futures_util::stream;
use sqlx::PgPool;

use super::Told;
use super::db::{self, RecordedChange};
use crate::clock::{self, Clock};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};
use crate::web::error::Error;
use crate::web::file::stream_file;
use crate::web::page::Visit;

/// Changes read at a time. No connection is held while a piece is being sent.
const AT_A_TIME: i64 = 1_000;

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
    let first = db::after(&pool, 0, 1).await?; // an absent database is told by a page, not by an empty file
    let begin = first.first().map(|row| row.change.id - 1);
    let pieces = stream::try_unfold(begin, move |after| {
        let pool = pool.clone();
        async move {
            let Some(after) = after else { return Ok::<_, sqlx::Error>(None) };
            let rows = db::after(&pool, after, AT_A_TIME).await?;
            let next = rows.last().map(|row| row.change.id);
            let mut table = CsvTable::new(options);
            let mut moments = Moments::default();
            for row in rows {
                write(&mut table, row, lang, &mut moments);
            }
            Ok(Some((table.take(), next)))
        }
    });
    Ok(stream_file(&name, "text/csv; charset=utf-8", header.take(), pieces))
}

/// When the act that was told last counted and was recorded: most changes belong to the same act as the one before.
#[derive(Default)]
struct Moments {
    act: i64,
    effective: String,
    recorded: String,
}

fn write(table: &mut CsvTable, row: RecordedChange, lang: Lang, moments: &mut Moments) {
    let number = row.change.change_set_id.to_string();
    if moments.act != row.change.change_set_id {
        *moments = Moments {
            act: row.change.change_set_id,
            effective: moment(row.change.effective_at),
            recorded: moment(row.recorded_at),
        };
    }
    let act = lang.t(&format!("act-{}", row.act));
    let told = Told::new(row.change, lang);
    for field in &told.fields {
        for cell in [&number, &moments.effective, &moments.recorded] {
            table.cell(cell);
        }
        table.text(&told.actor);
        table.cell(&act);
        table.text(&told.reason);
        table.text(&told.subject);
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
