//! What can be saved: the tables of every report, the list of images, and the demand.

use std::borrow::Cow;

use sqlx::PgPool;

use crate::catalogue::{self, Catalogue};
use crate::demand;
use crate::demand::DEMAND;
use crate::i18n::Lang;
use crate::images::{LIST, Rows};
use crate::reports::{self, Asked, Report};
use crate::web::error::Error;
use crate::web::parameters::Parameters;
use crate::web::table::Take;

/// Where a saved report's rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Report(Report),
    /// The list of images.
    Images,
    Demand,
}

/// What reports are made from.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub catalogue: Catalogue,
    pub pool: PgPool,
    /// So many days before a renewal date it has to be decided.
    pub lead_days: u32,
}

impl Source {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Source; 6] = [
        Source::Report(Report::Overview),
        Source::Report(Report::Changed),
        Source::Report(Report::Renewals),
        Source::Report(Report::Pooling),
        Source::Images,
        Source::Demand,
    ];

    /// As in addresses and the database.
    pub fn code(self) -> &'static str {
        match self {
            Source::Report(report) => report.code(Lang::En),
            Source::Images => "images",
            Source::Demand => "demand",
        }
    }

    /// The one that a code names.
    pub fn from_code(code: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.code() == code)
    }

    /// Whether it tells what changed between two days, rather than how things are on one.
    pub fn is_between_days(self) -> bool {
        self == Source::Report(Report::Changed)
    }

    /// Its name.
    pub fn title(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Source::Report(report) => report.title(),
            Source::Images => "list-title",
            Source::Demand => "demand-title",
        })
    }

    /// The page that everyone reads, with the same parameters.
    pub fn page(self, lang: Lang, parameters: &str) -> String {
        let path = match self {
            Source::Report(report) => reports::ONE.with(lang, report.code(lang)),
            Source::Images => LIST.pattern(lang).to_owned(),
            Source::Demand => DEMAND.pattern(lang).to_owned(),
        };
        if parameters.is_empty() { path } else { format!("{path}?{parameters}") }
    }

    /// What narrows it, as its own addresses say it: without days and pages, and without what it does not take.
    ///
    /// # Errors
    /// A sentence where it is asked for what is not offered.
    pub fn canonical(self, given: &Parameters, inputs: &Inputs) -> Result<String, Error> {
        Ok(match self {
            Source::Report(Report::Renewals) => {
                let asked = Asked::of(given, inputs.catalogue.now().today)?;
                Asked { as_at: None, from: None, to: None, ..asked }.parameters()
            }
            Source::Report(_) => String::new(),
            Source::Images => {
                let query = catalogue::query::read(given)?;
                let usual = catalogue::query::Query::default();
                catalogue::query::Query { as_at: None, page: 1, per_page: usual.per_page, ..query }.parameters()
            }
            Source::Demand => {
                let query = demand::Query { as_at: None, page: 1, ..demand::Query::asked(given)? };
                query.address("").trim_start_matches('?').to_owned()
            }
        })
    }

    /// All its tables.
    ///
    /// # Errors
    /// A sentence where it is asked for what is not offered; when the database does not answer.
    pub async fn whole(self, given: &Parameters, inputs: &Inputs) -> Result<Take, Error> {
        let (catalogue, pool) = (&inputs.catalogue, &inputs.pool);
        match self {
            Source::Report(report) => reports::whole(report, given, catalogue, pool.clone(), inputs.lead_days).await,
            Source::Images => {
                let query = catalogue::query::read(given)?;
                let rows = Rows::new(catalogue.as_at(query.as_at).await?, &query, given.lang);
                Ok(rows.whole(catalogue.clock()))
            }
            Source::Demand => demand::whole(&demand::Query::asked(given)?, catalogue, given.lang).await,
        }
    }
}
