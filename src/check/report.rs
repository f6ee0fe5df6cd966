//! The answers to a whole file: what it is, what it names, how many of each.

use std::collections::HashSet;
use std::sync::Arc;

use super::answer::{self, Answer, Verdict};
use super::kind::Kind;
use super::parse::{self, Unreadable};
use crate::catalogue::Snapshot;
use crate::config::Settings;
use crate::web::error::Error;
use crate::web::work::{CHECKS, Stop};

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

    /// How many images have this answer.
    pub fn number(&self, verdict: Verdict) -> usize {
        self.answers.iter().filter(|answer| answer.verdict == verdict).count()
    }

    /// Whether SSC has procured all of them.
    pub fn is_all_procured(&self) -> bool {
        self.answers.iter().all(|answer| matches!(answer.verdict, Verdict::Procured | Verdict::AlreadyRight))
    }

    /// The names that nobody has asked for yet, each once.
    pub fn missing(&self) -> Vec<&str> {
        self.asking(|verdict| verdict != Verdict::UnderConsideration)
    }

    /// The names of those that are under consideration, to be joined, each once.
    pub fn to_join(&self) -> Vec<&str> {
        self.asking(|verdict| verdict == Verdict::UnderConsideration)
    }

    fn asking(&self, counts: impl Fn(Verdict) -> bool) -> Vec<&str> {
        let mut seen = HashSet::new();
        let asked = self.answers.iter().filter(|answer| counts(answer.verdict));
        asked.filter_map(|answer| answer.ask.as_deref()).filter(|name| seen.insert(*name)).collect()
    }

    /// Whether nothing is left to look at: each can be used, and no tag or digest stands that nobody has looked up.
    pub fn is_all_clear(&self) -> bool {
        let is_clear = |answer: &Answer| answer.is_usable() && answer.unseen().is_none();
        self.is_all_procured() && self.answers.iter().all(is_clear)
    }
}

/// The report for a visit, made beside the visits that wait.
///
/// # Errors
/// When the program breaks off.
pub async fn make(
    snapshot: Arc<Snapshot>,
    settings: Arc<Settings>,
    file: File,
) -> Result<Result<Report, Unreadable>, Error> {
    Ok(CHECKS.run(move |stop| Report::new(&snapshot, &settings, &file, stop)).await?)
}
