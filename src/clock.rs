//! What day it is where the catalogue is kept: America/Toronto, or a day that a test chose.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
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
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now(),
            Clock::Fixed(moment) => moment,
        }
    }

    /// Today's date in America/Toronto.
    pub fn today(self) -> NaiveDate {
        day_of(self.now())
    }
}

/// The date in America/Toronto at a moment.
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Toronto).date_naive()
}

/// The wall clock in America/Toronto at a moment.
pub fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&Toronto).naive_local()
}

/// The moment at which a day begins in America/Toronto.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN)
        .and_local_timezone(Toronto)
        .earliest()
        .map_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc(), |local| local.to_utc())
}

/// The years that a day of the catalogue can lie in.
const DAYS_IN: std::ops::RangeInclusive<i32> = 1990..=2200;
/// `YYYY-MM-DD`, in bytes.
const LONGEST_DAY: usize = 10;

/// The day that is written as `YYYY-MM-DD`: the one reader of days that a person, a program or a file gives. A day that no
/// contract, need or report can have is none.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let is_written_so = text.len() <= LONGEST_DAY && text.starts_with(|digit: char| digit.is_ascii_digit());
    let day: NaiveDate = text.parse().ok().filter(|_| is_written_so)?;
    DAYS_IN.contains(&day.year()).then_some(day)
}

/// The years that a fiscal year can begin in.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// A fiscal year of the Government of Canada, from April to March: `2026-2027`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(i16);

impl FiscalYear {
    /// The fiscal year that a day is in.
    pub fn of(day: NaiveDate) -> FiscalYear {
        let begins = if day.month() < 4 { day.year() - 1 } else { day.year() };
        FiscalYear(i16::try_from(begins).unwrap_or(i16::MAX - 1))
    }

    /// The fiscal year that is written so.
    pub fn from_code(code: &str) -> Option<FiscalYear> {
        let year = FiscalYear(code.get(..4)?.parse().ok().filter(|year| YEARS.contains(year))?);
        (year.to_string() == code).then_some(year)
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}-{}", self.0, self.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lies_between_1990_and_2200() {
        for fine in ["1990-01-01", "2026-11-27", " 2200-12-31 "] {
            assert!(day(fine).is_some(), "{fine}");
        }
        for wrong in [
            "1989-12-31",
            "2201-01-01",
            "-9999-01-01",
            "000000002026-12-31",
            "2026 - 12 - 31",
            "2026-12-31 and so on",
            "+12026-01-01",
            "+2026-01-01",
            "2026-02-30",
            "2026",
            "",
            "0001-01-01",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_fiscal_year_begins_in_april() {
        let of = |day: &str| FiscalYear::of(day.parse().expect("a day")).to_string();
        assert_eq!((of("2027-03-31"), of("2027-04-01")), ("2026-2027".to_owned(), "2027-2028".to_owned()));
        assert_eq!(FiscalYear::from_code("2026-2027"), Some(FiscalYear(2026)));
        for wrong in ["2026", "2026-2028", "2026-27", "é026-2027", "-100--99", ""] {
            assert_eq!(FiscalYear::from_code(wrong), None, "{wrong}");
        }
    }
}
