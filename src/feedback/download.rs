//! The queue of feedback as CSV, as it is filtered, for staff.

use axum::extract::State;
use axum::response::Response;
use futures_util::stream;
use sqlx::PgPool;

use super::db::{self, Asked, Feedback};
use crate::clock::{self, Clock};
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};
use crate::web::error::Error;
use crate::web::file::stream_file;
use crate::web::page::Visit;

/// Rows read at a time. No connection is held while a piece is being sent.
const AT_A_TIME: i64 = 500;

/// The words of the columns.
const HEADINGS: [&str; 11] = [
    "feedback-reference",
    "feedback-when",
    "feedback-state",
    "feedback-about",
    "feedback-message",
    "feedback-name",
    "feedback-email",
    "feedback-wants-answer",
    "feedback-tags",
    "feedback-public-message",
    "feedback-public-reply",
];

/// What is asked for, made while it is sent.
pub async fn csv(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let (options, asked, lang) = (CsvOptions::asked(&visit)?, Asked::of(&visit)?, visit.lang);
    let mut header = CsvTable::new(options);
    for words in HEADINGS {
        header.cell(&lang.t(words));
    }
    header.end();
    let name = format!("{}-{}.csv", lang.of("feedback-en", "commentaires-fr"), Clock::System.today());
    let options = CsvOptions { bom: false, ..options };
    let first = db::list(&pool, &asked, 0, 1).await?; // an absent database is told by a page, not by an empty file
    let begin = first.first().map(|row| row.id - 1);
    let pieces = stream::try_unfold(begin, move |after| {
        let (pool, asked) = (pool.clone(), asked.clone());
        async move {
            let Some(after) = after else { return Ok::<_, sqlx::Error>(None) };
            let rows = db::list(&pool, &asked, after, AT_A_TIME).await?;
            let next = rows.last().map(|row| row.id);
            let mut table = CsvTable::new(options);
            for row in &rows {
                write(&mut table, row, lang);
            }
            Ok(Some((table.take(), next)))
        }
    });
    Ok(stream_file(&name, "text/csv; charset=utf-8", header.take(), pieces))
}

fn write(table: &mut CsvTable, row: &Feedback, lang: Lang) {
    table.cell(&row.reference);
    table.cell(&clock::local(row.made_at).format("%Y-%m-%d %H:%M:%S").to_string());
    table.cell(&row.state_in_words(lang));
    table.text(&row.about_in_words(lang));
    for text in [&row.message, &row.name, &row.email] {
        table.text(text);
    }
    table.cell(&lang.t(if row.wants_answer { "yes" } else { "no" }));
    table.text(&row.tags.join(", "));
    table.text(row.public_message.as_deref().unwrap_or_default());
    table.text(row.public_reply.as_deref().unwrap_or_default());
    table.end();
}
