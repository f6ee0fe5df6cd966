//! Bringing a file into the catalogue: read it, plan what it changes, and write all of it or nothing.

mod apply;
mod base;
pub mod db;
mod decision;
mod filter;
mod known;
mod line;
mod merge;
mod named;
mod plan;
mod planned;
mod report;
mod shown;
mod ticks;
mod upload;
mod verdict;
mod verdicts;
mod warned;
mod write;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{PgPool, Postgres, Transaction};

use crate::app::App;
use crate::catalogue::reference::PUBLISHED_ON;
use crate::clock::{self, Clock};
use crate::files::{self, Format, Problem, RowFile};
use crate::web::budget::Budget;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;
use crate::web::work::{IMPORTS, Undone};

pub use merge::{FieldVerdict, Outcome};
pub use named::{ImageChoice, Named, called};
pub use report::Report;
pub use ticks::Ticks;
pub use verdict::{Missing, Row, Verdict};

use base::Known;

/// Takes a file, of a size that [`crate::web::limits::measure`] bounds.
pub const IMPORT: Route = Route::new("/en/staff/import", "/fr/personnel/importation");
pub const VERDICTS: Route = Route::new("/en/staff/import/{id}", "/fr/personnel/importation/{id}");

/// The published page: what a new catalogue begins with.
pub const PUBLISHED_PAGE: &str = include_str!("published-page.md");
/// The notes of the published page in French.
pub const PUBLISHED_PAGE_FR: &str = include_str!("published-page.fr.csv");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Staff))
                .act(IMPORT, upload::take)
                .with(|router| router.layer(DefaultBodyLimit::disable()))
                .page(IMPORT, upload::show)
                .page(VERDICTS, verdicts::show)
                .act(VERDICTS, verdicts::accept)
                .takes_files(&[IMPORT.en, IMPORT.fr]),
        )
        .staff_menu(7, "menu-import", IMPORT, Role::Staff)
        .job(|app| Box::pin(sweep(app.pool)))
}

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
    /// From whoever runs the program: it may be larger.
    pub is_own: bool,
    /// Whose values a row gets that was changed there and here; none: then nothing is written.
    pub take: Option<Take>,
    /// Which images names of the file mean that no image has as its present one.
    pub images: &'a [ImageChoice],
    /// The rows that a page shows.
    pub shown: Option<&'a Shown>,
    /// What a person who has signed in saw and chose.
    pub chosen: Option<&'a Chosen<'a>>,
}

/// Whose values remain where both sides changed a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    File,
    Catalogue,
}

/// A page of the rows that say something: of one verdict or all, from a place on, so many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown {
    pub verdict: Option<Verdict>,
    pub from: usize,
    pub most: usize,
}

impl Shown {
    /// The places of the page's rows.
    fn places(&self, rows: &[Row]) -> Vec<usize> {
        let all = rows.iter().enumerate().filter(|(_, row)| self.is_of(row.verdict)).map(|(place, _)| place);
        all.skip(self.from).take(self.most).collect()
    }

    /// Whether rows of a verdict are among those of which a page shows some.
    fn is_of(&self, verdict: Verdict) -> bool {
        self.verdict.map_or(verdict != Verdict::Same, |only| verdict == only)
    }
}

/// What a person saw of a file's verdicts and chose to accept.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    pub account: i64,
    /// The number of the file's upload.
    pub upload: i64,
    /// The key of the form that was sent: sent again it does not count again.
    pub form_key: &'a str,
    pub ticks: &'a Ticks,
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
    pub fn of(rows: &[Row], shown: &HashSet<usize>) -> Seen {
        let mut seen = Seen::default();
        let mut hasher = DefaultHasher::new();
        for row in rows {
            if shown.contains(&row.file.line) {
                seen.shown.insert(row.file.line, row.mark);
            } else {
                (row.file.line, row.mark).hash(&mut hasher);
            }
        }
        seen.others = hasher.finish();
        seen
    }
}

impl Chosen<'_> {
    /// Whether every row that was chosen still has the outcome that was seen.
    fn still_stands(&self, report: &Report) -> bool {
        let rows = &report.rows;
        let now = Seen::of(rows, &self.seen.shown.keys().copied().collect());
        let chosen = rows.iter().filter(|row| self.ticks.has(row, report.is_older));
        let chosen: HashSet<usize> = chosen.map(|row| row.file.line).collect();
        let stands = |(line, mark): (&usize, &u64)| !chosen.contains(line) || now.shown.get(line) == Some(mark);
        now.others == self.seen.others && self.seen.shown.iter().all(stands)
    }
}

/// Why nothing was brought in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// What is wrong with the file: all of it.
    #[error("the file has {} errors", .0.len())]
    Problems(Vec<Problem>),
    /// Rows were changed there and here, or the file is older than the last one, and nobody said whose values remain.
    #[error("rows were changed in the file and in the catalogue")]
    Undecided(Box<Report>),
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
    known: Known,
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
    let allowed = if request.is_own { files::OWN_ALLOWED } else { files::ALLOWED };
    let (bytes, format, file_name) = (request.bytes.to_vec(), request.format, request.file_name.to_owned());
    let as_of = request.as_of;
    let reading = IMPORTS.run(move |stop| {
        let mut budget = Budget::new(allowed, stop);
        let rows = files::read_within(&bytes, format, Some(&file_name), &mut budget)?;
        let as_of = as_of.or_else(|| (bytes == PUBLISHED_PAGE.as_bytes()).then_some(PUBLISHED_ON));
        let known = Known::new(&bytes, rows.format, &file_name, as_of);
        Ok((rows, known))
    });
    let (rows, known) = reading.await?.map_err(Refusal::Problems)?;
    let effective_at = match request.as_of {
        Some(day) if day < clock.today() => clock::start_of(day),
        _ => clock.now(),
    };
    Ok(File { rows, known, effective_at })
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
