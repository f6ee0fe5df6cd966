//! Bringing a file into the catalogue: read it, plan what it changes, and write all of it or nothing.

mod apply;
pub mod db;
mod plan;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{PgPool, Postgres, Transaction};

use super::files::{self, Format, Problem, Remark, RowFile};
use crate::changes::record::Change;
use crate::clock::{self, Clock};
use crate::i18n::{Lang, Word};
use crate::web::work::{IMPORTS, Undone};

pub use plan::{Row, Verdict};

/// The published page: what a new catalogue begins with.
pub const PUBLISHED_PAGE: &str = include_str!("../published-page.md");
/// The day of that revision of the page.
pub const PUBLISHED_ON: NaiveDate = NaiveDate::from_ymd_opt(2025, 11, 19).unwrap();
/// The notes of the published page in French.
pub const PUBLISHED_PAGE_FR: &str = include_str!("../published-page.fr.csv");

/// A file to bring in, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    pub bytes: &'a [u8],
    pub file_name: &'a str,
    /// None: told by the file's name and content.
    pub format: Option<Format>,
    pub reason: &'a str,
    pub actor: &'a str,
    /// The token by which a program brings it in.
    pub token: Option<&'a str>,
    /// The day from which the file's content counts; none for now.
    pub as_of: Option<NaiveDate>,
    /// True: say what would happen, write nothing.
    pub dry_run: bool,
    /// Which of the rows that are not the same are told field by field, by their places among them.
    pub told: Option<&'a Range<usize>>,
    /// What a person who has signed in saw and chose.
    pub chosen: Option<&'a Chosen<'a>>,
}

/// What a person saw of a file's verdicts and chose to accept.
#[derive(Clone, Debug, Default)]
pub struct Chosen<'a> {
    pub account: i64,
    /// The key of the form that was sent: sent again it does not count again.
    pub form_key: &'a str,
    /// The lines of the file that are left out.
    pub left_out: HashSet<usize>,
    pub seen: Seen,
}

/// Verdicts as a page showed them: its rows one by one, and the mark of all others together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The mark of each row that was shown, by its line in the file.
    pub shown: HashMap<usize, u64>,
    pub others: u64,
}

impl Seen {
    /// What a page sees that shows these lines of all rows.
    #[must_use]
    pub fn of(rows: &[Row], shown: &HashSet<usize>) -> Seen {
        let mut seen = Seen::default();
        let mut hasher = DefaultHasher::new();
        for row in rows {
            if shown.contains(&row.line) {
                seen.shown.insert(row.line, row.mark);
            } else {
                (row.line, row.mark).hash(&mut hasher);
            }
        }
        seen.others = hasher.finish();
        seen
    }
}

impl Chosen<'_> {
    /// Whether every row that was chosen still has the outcome that was seen.
    fn still_stands(&self, rows: &[Row]) -> bool {
        let now = Seen::of(rows, &self.seen.shown.keys().copied().collect());
        let stands = |(line, mark): (&usize, &u64)| self.left_out.contains(line) || now.shown.get(line) == Some(mark);
        now.others == self.seen.others && self.seen.shown.iter().all(stands)
    }
}

/// What a file changes, or why it cannot be brought in.
#[derive(Debug, Default)]
pub struct Report {
    /// A verdict for each row of the file, in its order.
    pub rows: Vec<Row>,
    /// Rows of the catalogue that the file does not have: image and department. They are left alone.
    pub missing: Vec<(String, String)>,
    pub remarks: Vec<Remark>,
    /// The rows that were to be told field by field: each line of the file and what it changes.
    pub told: Vec<(usize, Change)>,
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
    /// A chosen row would no longer do what was seen.
    #[error("the catalogue changed since the verdicts were seen")]
    Moved,
    /// The day is still to come.
    #[error("the day {0} is still to come")]
    Future(NaiveDate),
    #[error(transparent)]
    Undone(#[from] Undone),
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
    let file = read(clock, request).await?;
    apply::apply(pool, request, file, progress).await
}

/// Brings a file that was read in, within a transaction that somebody else commits.
///
/// # Errors
/// A [`Refusal`]: then nothing is to be committed.
pub async fn write(
    transaction: &mut Transaction<'static, Postgres>,
    request: &Request<'_>,
    file: File,
) -> Result<Report, Refusal> {
    apply::within(transaction, request, file, |_, _| {}).await
}

/// A file that was read: its rows, and from when on they count.
#[derive(Debug)]
pub struct File {
    rows: RowFile,
    effective_at: DateTime<Utc>,
}

/// Reads a file, without looking at the catalogue.
///
/// # Errors
/// All that is wrong with it.
pub async fn read(clock: Clock, request: &Request<'_>) -> Result<File, Refusal> {
    if let Some(day) = request.as_of.filter(|day| *day > clock.today()) {
        return Err(Refusal::Future(day));
    }
    let (bytes, format, file_name) = (request.bytes.to_vec(), request.format, request.file_name.to_owned());
    let reading = IMPORTS.run(move |_| files::read(&bytes, format, Some(&file_name)));
    let rows = reading.await?.map_err(Refusal::Problems)?;
    let effective_at = match request.as_of {
        Some(day) if day < clock.today() => clock::start_of(day),
        _ => clock.now(),
    };
    Ok(File { rows, effective_at })
}

/// How often uploaded files that are over are forgotten.
const SWEEP: Duration = Duration::from_hours(1);

/// Forgets uploaded files after a day, for as long as the program runs.
pub async fn sweep(pool: PgPool) {
    loop {
        if let Err(problem) = db::sweep(&pool).await {
            tracing::warn!(%problem, "uploaded files that are over could not be forgotten");
        }
        tokio::time::sleep(SWEEP).await;
    }
}
