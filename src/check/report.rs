//! The answers to a whole file: what it is, what it names, how many of each.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;

use super::answer::{self, Answer, Verdict};
use super::kind::Kind;
use super::parse::{self, Unreadable};
use crate::catalogue::Snapshot;
use crate::config::Settings;
use crate::requests;
use crate::web::error::Error;
use crate::web::work::{CHECKS, Stop};

/// How long a report waits for the database to count departments.
const PATIENCE: Duration = Duration::from_secs(1);

/// A file as it is sent: what stands in it, what it is called, and what kind it is said to be.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub bytes: Vec<u8>,
    pub name: String,
    pub kind: Option<Kind>,
}

/// The answers to a whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub kind: Kind,
    /// What the file builds itself.
    pub built: Vec<String>,
    pub answers: Vec<Answer>,
}

impl Report {
    /// Reads a file and answers to each image that it names.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn new(snapshot: &Snapshot, settings: &Settings, file: &File, stop: &Stop) -> Result<Report, Unreadable> {
        let (kind, found) = parse::read(&file.bytes, &file.name, file.kind, stop)?;
        let answers = answer::all(snapshot, settings, &found, stop).map_err(|spent| Unreadable::Spent(0, spent))?;
        Ok(Report { kind, built: found.built, answers })
    }

    /// Adds how many departments want what is under consideration. Nothing is added while the database is away.
    pub async fn count(&mut self, pool: &PgPool, snapshot: &Snapshot) {
        let wanted = self.answers.iter_mut().filter(|answer| answer.verdict == Verdict::UnderConsideration);
        let mut wanted: Vec<_> = wanted.collect();
        let image = |answer: &Answer| snapshot.image(answer.image.as_ref()?.id);
        let ids: Vec<i64> = wanted.iter().filter_map(|answer| image(answer)).map(|image| image.id).collect();
        if ids.is_empty() {
            return;
        }
        let asked = tokio::time::timeout(PATIENCE, requests::db::lists::unnamed(pool, &ids)).await;
        let Some(unnamed) = asked.ok().and_then(Result::ok) else { return };
        for answer in &mut wanted {
            answer.departments = image(answer).map(|image| requests::wanting(snapshot, image, &unnamed));
        }
    }

    /// How many images have this answer.
    #[must_use]
    pub fn number(&self, verdict: Verdict) -> usize {
        self.answers.iter().filter(|answer| answer.verdict == verdict).count()
    }

    /// Whether SSC has procured all of them.
    #[must_use]
    pub fn is_all_procured(&self) -> bool {
        self.answers.iter().all(|answer| matches!(answer.verdict, Verdict::Procured | Verdict::AlreadyRight))
    }

    /// The names to ask for, each once.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.answers.iter().filter_map(|answer| answer.ask.as_deref()).filter(|name| seen.insert(*name)).collect()
    }
}

/// The report for a visit, made beside the visits that wait.
///
/// # Errors
/// When the program breaks off.
pub async fn make(
    pool: &PgPool,
    snapshot: Arc<Snapshot>,
    settings: Arc<Settings>,
    file: File,
) -> Result<Result<Report, Unreadable>, Error> {
    let held = Arc::clone(&snapshot);
    let mut report = CHECKS.run(move |stop| Report::new(&held, &settings, &file, stop)).await?;
    if let Ok(report) = &mut report {
        report.count(pool, &snapshot).await;
    }
    Ok(report)
}
