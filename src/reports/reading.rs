//! What a report is read from, and a part of it.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::PgPool;

use super::chart::Chart;
use super::query::Asked;
use super::report::Report;
use crate::catalogue::{Catalogue, Snapshot};
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::web::error::Error;
use crate::web::parameters::Parameters;
use crate::web::table::{Column, Kind, Table, Take};

/// A part of a report: a table, and a drawing of it where one helps.
pub struct Part {
    pub table: Table,
    pub chart: Option<Chart>,
}

impl From<Table> for Part {
    fn from(table: Table) -> Part {
        Part { table, chart: None }
    }
}

/// What a report is read from.
pub struct Reading {
    pub lang: Lang,
    pub asked: Asked,
    /// The catalogue on the day that the report shows.
    pub snapshot: Arc<Snapshot>,
    /// The catalogue on the day since which changes are told.
    pub since: Arc<Snapshot>,
    pub pool: PgPool,
    /// So many days before a renewal date it has to be decided.
    pub lead_days: u32,
    /// What else a file is called after.
    pub narrowed: Vec<String>,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Reading {
    /// Reads what a report needs.
    ///
    /// # Errors
    /// A sentence where it is asked for what is not offered; when the database does not answer.
    pub async fn new(
        report: Report,
        given: &Parameters,
        catalogue: &Catalogue,
        pool: PgPool,
        lead_days: u32,
    ) -> Result<Reading, Error> {
        let (lang, asked) = (given.lang, Asked::of(given, catalogue.now().today)?);
        let snapshot = catalogue.as_at(asked.until()).await?;
        if !asked.department.is_empty() && snapshot.organisations.find(&asked.department, lang).is_none() {
            return Err(given.not_offered("department", &asked.department, lang.of("SSC, CSE…", "SPC, CST…")));
        }
        let since = match report {
            Report::Changed => catalogue.as_at(Some(asked.since(snapshot.today))).await?,
            _ => Arc::clone(&snapshot),
        };
        let narrowed = match report {
            Report::Changed => vec![lang.of("since", "depuis").to_owned(), since.today.to_string()],
            _ => asked.year.iter().map(ToString::to_string).collect(),
        };
        Ok(Reading {
            lang,
            asked,
            snapshot,
            since,
            pool,
            lead_days,
            narrowed,
            now: catalogue.clock().now(),
            today: catalogue.now().today,
        })
    }

    /// The report to take away.
    pub fn take(&self, report: Report, parts: Vec<Part>) -> Take {
        let tables = parts.into_iter().map(|part| part.table).collect();
        Take::made(self.lang, self.t(report.title()), self.day(), self.now, tables)
    }

    /// The day that the report shows.
    pub fn day(&self) -> NaiveDate {
        self.snapshot.today
    }

    /// Whether that day is over.
    pub fn is_past(&self) -> bool {
        self.asked.until().is_some_and(|day| day == self.day()) && self.day() < self.today
    }

    /// The moment up to which things count: the end of a past day, or else all that there is.
    pub fn end(&self) -> DateTime<Utc> {
        if self.is_past() {
            clock::start_of(self.day() + Days::new(1))
        } else {
            DateTime::<Utc>::MAX_UTC - Days::new(1)
        }
    }

    /// The words of a key.
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key).into_owned()
    }

    /// Where figures of the catalogue come from, and of when they are.
    pub fn source_of_lines(&self) -> String {
        let at = clock::local(self.snapshot.version.changed_at).format("%Y-%m-%d %H:%M").to_string();
        self.snapshot.with_source(self.lang.named("report-source-lines", at), self.lang)
    }

    /// Where figures of the catalogue come from, and how they are counted.
    pub fn counted(&self, how: &str) -> String {
        format!("{} {}", self.source_of_lines(), self.lang.t(how))
    }

    /// Where figures come from that are counted in the tables of requests or feedback.
    pub fn source_of_tables(&self, how: &str) -> String {
        let day = self.day().to_string();
        let now = clock::local(self.now).format("%Y-%m-%d %H:%M").to_string();
        let when = [("day", Word::Text(&day)), ("now", Word::Text(&now))];
        format!("{} {}", self.lang.tell("report-source-tables", &when), self.lang.t(how))
    }

    /// A column with its heading.
    pub fn column(&self, key: &'static str, heading: &str, kind: Kind) -> Column {
        Column::new(key, self.lang.t(heading), kind)
    }
}
