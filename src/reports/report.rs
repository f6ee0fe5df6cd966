//! Which reports there are, and what one is made of.

use serde::Deserialize;

use crate::i18n::Lang;
use crate::web::table::FileFormat;

/// A report that everyone may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// What is held, wanted and lapsing; requests and feedback.
    Overview,
    /// What changed between two days.
    Changed,
    /// What has to be renewed, and by when that has to be decided.
    Renewals,
    /// What buying together came to.
    Pooling,
}

impl Report {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Report; 4] = [Report::Overview, Report::Changed, Report::Renewals, Report::Pooling];

    /// As in addresses of a language.
    pub fn code(self, lang: Lang) -> &'static str {
        match self {
            Report::Overview => lang.of("overview", "apercu"),
            Report::Changed => lang.of("changed", "changements"),
            Report::Renewals => lang.of("renewals", "renouvellements"),
            Report::Pooling => lang.of("pooling", "mise-en-commun"),
        }
    }

    /// The report that an address names, in either language.
    pub fn from_code(code: &str) -> Option<Report> {
        Report::ALL.into_iter().find(|report| Lang::BOTH.iter().any(|lang| report.code(*lang) == code))
    }

    /// The keys of its title and of what it is for.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Report::Overview => ("report-overview", "report-overview-lead"),
            Report::Changed => ("report-changed", "report-changed-lead"),
            Report::Renewals => ("report-renewals", "report-renewals-lead"),
            Report::Pooling => ("report-pooling", "report-pooling-lead"),
        }
    }
}

/// What the last part of an address names: a report as a page, or as a kind of file.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct ReportName {
    pub report: Report,
    pub format: Option<FileFormat>,
}

impl TryFrom<String> for ReportName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<ReportName, &'static str> {
        let (code, format) = FileFormat::split(&name).map_or((&*name, None), |(code, format)| (code, Some(format)));
        Ok(ReportName { report: Report::from_code(code).ok_or("no such report")?, format })
    }
}
