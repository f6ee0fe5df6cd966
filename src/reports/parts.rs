//! The parts of each report.

use sqlx::PgPool;

use super::reading::{Part, Reading};
use super::report::Report;
use super::{changed, overview, pooling, renewals};
use crate::catalogue::Catalogue;
use crate::web::error::Error;
use crate::web::parameters::Parameters;
use crate::web::table::Take;

impl Report {
    /// Its parts.
    pub async fn parts(self, reading: &Reading) -> Result<Vec<Part>, Error> {
        match self {
            Report::Overview => overview::parts(reading).await,
            Report::Changed => changed::parts(reading).await,
            Report::Renewals => renewals::parts(reading).await,
            Report::Pooling => pooling::parts(reading).await,
        }
    }
}

/// A whole report to take away, as its parameters ask for it.
///
/// # Errors
/// A sentence where it is asked for what is not offered; when the database does not answer.
pub async fn whole(
    report: Report,
    given: &Parameters,
    catalogue: &Catalogue,
    pool: PgPool,
    lead_days: u32,
) -> Result<Take, Error> {
    let reading = Reading::new(report, given, catalogue, pool, lead_days).await?;
    let parts = report.parts(&reading).await?;
    Ok(reading.take(report, parts))
}
