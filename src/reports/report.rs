//! Which reports there are, and what one is made of.

use serde::Deserialize;

use crate::codes::codes;
use crate::i18n::Lang;
use crate::web::table::FileFormat;

codes! {
    /// A report that everyone may read, in the order in which they are offered: how addresses of each language call it, and the
    /// keys of its title and of what it is for.
    pub enum Report(english, french, title, lead) {
        /// Images procured and asked for, renewals that are due, requests and feedback.
        Overview("overview", "apercu", "report-overview", "report-overview-lead"),
        /// What changed between two days.
        Changed("changed", "changements", "report-changed", "report-changed-lead"),
        /// What has to be renewed, and by when that has to be decided.
        Renewals("renewals", "renouvellements", "report-renewals", "report-renewals-lead"),
        /// What buying together came to.
        Pooling("pooling", "mise-en-commun", "report-pooling", "report-pooling-lead"),
    }
}

impl Report {
    /// As in addresses of a language.
    pub fn code(self, lang: Lang) -> &'static str {
        lang.of(self.english(), self.french())
    }

    /// The report that an address names, in either language.
    pub fn from_code(code: &str) -> Option<Report> {
        Report::ALL.into_iter().find(|report| [report.english(), report.french()].contains(&code))
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
