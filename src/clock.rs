//! What day it is where the catalogue is kept: America/Toronto, or a day that a test chose.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::America::Toronto;

/// Tells the time. Passed in wherever time matters, so that tests choose it.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    /// Always the same moment.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// This moment.
    #[must_use]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now(),
            Clock::Fixed(moment) => moment,
        }
    }

    /// Today's date in America/Toronto.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        day_of(self.now())
    }
}

/// The date in America/Toronto at a moment.
#[must_use]
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Toronto).date_naive()
}

/// The wall clock in America/Toronto at a moment.
#[must_use]
pub fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&Toronto).naive_local()
}

/// The moment at which a day begins in America/Toronto.
#[must_use]
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN)
        .and_local_timezone(Toronto)
        .earliest()
        .map_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc(), |local| local.to_utc())
}
