//! The queue of feedback as files, as it is filtered, for staff.

use axum::extract::State;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use sqlx::PgPool;

use super::db::{self, Asked, Feedback};
use crate::clock::Clock;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::table::{Cell, Column, FileFormat, Kind, Table, Take, file_name, take_read};

/// Rows read at a time. No connection is held while a piece is being sent.
const AT_A_TIME: i64 = 100;

/// The columns: names in JSON, words, and what they hold.
const COLUMNS: [(&str, &str, Kind); 11] = [
    ("reference", "feedback-reference", Kind::Short),
    ("when", "feedback-when", Kind::Short),
    ("state", "feedback-state", Kind::Short),
    ("about", "feedback-about", Kind::Text),
    ("message", "feedback-message", Kind::Long),
    ("name", "feedback-name", Kind::Text),
    ("email", "feedback-email", Kind::Text),
    ("wants_answer", "feedback-wants-answer", Kind::Short),
    ("tags", "feedback-tags", Kind::Text),
    ("public_message", "feedback-public-message", Kind::Long),
    ("public_reply", "feedback-public-reply", Kind::Long),
];

/// What is asked for, as a file of the kind that the address ends in, read while it is sent.
pub async fn file(State(pool): State<PgPool>, format: FileFormat, visit: Visit) -> Result<Response, Error> {
    let (asked, lang, today) = (Asked::of(&visit)?, visit.lang, Clock::System.today());
    let narrowed = [asked.state.map(db::State::code), asked.about.map(db::About::code), asked.tag.as_deref()];
    let parts = [Some(lang.of("feedback-en", "commentaires-fr"))].into_iter().chain(narrowed);
    let name = file_name(&parts.flatten().collect::<Vec<_>>(), today, format);
    let heading = |(key, words, kind): (&'static str, &str, Kind)| Column::new(key, lang.t(words), kind);
    let (title, columns) = (lang.t("feedback-queue-title"), COLUMNS.map(heading).to_vec());
    let table = Table::of("feedback", title.clone(), lang.t("feedback-file-source"), columns, Vec::new());
    let first = db::list(&pool, &asked, 0, 1).await?; // an absent database is told by a page, not by an empty file
    let begin = first.first().map(|row| row.id - 1);
    let pages = stream::try_unfold(begin, move |after| {
        let (pool, asked) = (pool.clone(), asked.clone());
        async move {
            let Some(after) = after else { return Ok(None) };
            let rows = db::list(&pool, &asked, after, AT_A_TIME).await?;
            let next = rows.last().map(|row| row.id);
            Ok(Some((rows.iter().map(|row| cells(row, lang)).collect(), next)))
        }
    });
    let whole = Take::made(lang, title, today, Clock::System.now(), vec![table]);
    take_read(&visit, &name, format, whole, pages.boxed()).await
}

fn cells(row: &Feedback, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::text(&row.reference),
        Cell::moment(row.made_at),
        Cell::Words(row.state.label(lang)),
        Cell::text(&row.about_in_words(lang)),
        Cell::text(&row.message),
        Cell::text(&row.name),
        Cell::text(&row.email),
        Cell::Words(lang.t(if row.wants_answer { "yes" } else { "no" })),
        Cell::text(&row.tags.join(", ")),
        Cell::text(row.public_message.as_deref().unwrap_or_default()),
        Cell::text(row.public_reply.as_deref().unwrap_or_default()),
    ]
}
