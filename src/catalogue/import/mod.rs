//! Bringing a file into the catalogue: read it, plan what it changes, and write all of it or nothing.

mod apply;
mod plan;

use chrono::NaiveDate;
use sqlx::PgPool;

use super::files::{self, Format, Problem, Remark};
use crate::clock::{self, Clock};
use crate::i18n::{Lang, Word};

pub use plan::{Row, Verdict};

/// The published page: what a new catalogue begins with.
pub const PUBLISHED_PAGE: &str = include_str!("../published-page.md");
/// The notes of the published page in French.
pub const PUBLISHED_PAGE_FR: &str = include_str!("../published-page.fr.csv");

/// A file to bring in, and how.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub bytes: &'a [u8],
    pub file_name: &'a str,
    /// None: told by the file's name and content.
    pub format: Option<Format>,
    pub reason: &'a str,
    pub actor: &'a str,
    /// The day from which the file's content counts; none for now.
    pub as_of: Option<NaiveDate>,
    /// True: say what would happen, write nothing.
    pub dry_run: bool,
}

/// What a file changes, or why it cannot be brought in.
#[derive(Debug, Default)]
pub struct Report {
    /// A verdict for each row of the file, in its order.
    pub rows: Vec<Row>,
    /// Rows of the catalogue that the file does not have: image and department. They are left alone.
    pub missing: Vec<(String, String)>,
    pub remarks: Vec<Remark>,
    /// Departments that nobody knew: added, to be confirmed.
    pub new_departments: Vec<String>,
    /// The change set that was written; none where nothing changed or nothing was to be written.
    pub change_set: Option<i64>,
}

/// Why nothing was brought in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// What is wrong with the file: all of it.
    #[error("the file has {} errors", .0.len())]
    Problems(Vec<Problem>),
    /// The day is still to come.
    #[error("the day {0} is still to come")]
    Future(NaiveDate),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Report {
    /// How many rows have a verdict.
    #[must_use]
    pub fn count(&self, verdict: impl Fn(&Verdict) -> bool) -> usize {
        self.rows.iter().filter(|row| verdict(&row.verdict)).count()
    }

    /// What happened to how many rows, in one sentence.
    #[must_use]
    pub fn summary(&self, lang: Lang) -> String {
        lang.tell(
            "import-summary",
            &[
                ("rows", Word::Number(self.rows.len())),
                ("new", Word::Number(self.count(|verdict| matches!(verdict, Verdict::New)))),
                ("changed", Word::Number(self.count(|verdict| matches!(verdict, Verdict::Changed(_))))),
                ("same", Word::Number(self.count(|verdict| matches!(verdict, Verdict::Same)))),
                ("missing", Word::Number(self.missing.len())),
            ],
        )
    }
}

/// Brings a file in, as one act, in one transaction. `progress` hears how many changes of how many are written.
///
/// # Errors
/// A [`Refusal`]: then nothing was written.
pub async fn import(
    pool: &PgPool,
    clock: Clock,
    request: &Request<'_>,
    progress: impl Fn(usize, usize) + Send,
) -> Result<Report, Refusal> {
    if let Some(day) = request.as_of.filter(|day| *day > clock.today()) {
        return Err(Refusal::Future(day));
    }
    let file = files::read(request.bytes, request.format, Some(request.file_name)).map_err(Refusal::Problems)?;
    let effective_at = match request.as_of {
        Some(day) if day < clock.today() => clock::start_of(day),
        _ => clock.now(),
    };
    apply::apply(pool, effective_at, request, file, progress).await
}
