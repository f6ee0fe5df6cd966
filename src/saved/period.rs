//! Of which days a saved report is: of those on which it is made, of the month before, or always of the same. And when
//! the mail of a month is due.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};

use super::source::Source;
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::web::error::Error;
use crate::web::parameters::Parameters;

/// From this hour on, in America/Toronto, the first day's mail is sent.
const HOUR: u32 = 7;

/// Of which days a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// As it is when it is made; what changed: in the 30 days before.
    Latest,
    /// As it was at the end of the month before; what changed: in that month.
    PreviousMonth,
    /// As it was at the end of a day; what changed: since the end of another.
    Fixed { from: Option<NaiveDate>, to: NaiveDate },
}

impl Period {
    /// The days that the address of what is saved gives.
    ///
    /// # Errors
    /// A sentence where it gives none that are days.
    pub fn asked(source: Source, given: &Parameters) -> Result<Period, Error> {
        let (from, to) =
            if source.is_between_days() { (given.day("from")?, given.day("to")?) } else { (None, given.day("as-at")?) };
        Ok(match (from, to) {
            (from, Some(to)) => Period::Fixed { from, to },
            (..) if source.is_between_days() => Period::PreviousMonth,
            (..) => Period::Latest,
        })
    }

    /// As in forms and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Period::Latest => "latest",
            Period::PreviousMonth => "previous-month",
            Period::Fixed { .. } => "fixed",
        }
    }

    /// The one with this code and these days.
    pub fn from_code(code: &str, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<Period> {
        match code {
            "latest" => Some(Period::Latest),
            "previous-month" => Some(Period::PreviousMonth),
            "fixed" => to.map(|to| Period::Fixed { from, to }),
            _ => None,
        }
    }

    /// The fixed days: the first one, where there is one, and the last one.
    pub const fn days(self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        match self {
            Period::Fixed { from, to } => (from, Some(to)),
            _ => (None, None),
        }
    }

    /// The parameters by which a report's address asks for it on a day.
    pub fn parameters(self, source: Source, today: NaiveDate) -> String {
        let (from, to) = match self {
            Period::Latest => return String::new(),
            Period::Fixed { from, to } => (from, to),
            Period::PreviousMonth => {
                let end = month_of(today) - Days::new(1);
                (Some(month_of(end) - Days::new(1)), end)
            }
        };
        match (source.is_between_days(), from) {
            (true, Some(from)) => format!("from={from}&to={to}"),
            (true, None) => format!("to={to}"),
            (false, _) => format!("as-at={to}"),
        }
    }

    /// In words.
    pub fn in_words(self, source: Source, lang: Lang) -> String {
        let is_between = source.is_between_days();
        match self {
            Period::Latest if is_between => lang.t("saved-last-days").into_owned(),
            Period::Latest => lang.t("saved-latest").into_owned(),
            Period::PreviousMonth if is_between => lang.t("saved-in-previous-month").into_owned(),
            Period::PreviousMonth => lang.t("saved-end-of-previous-month").into_owned(),
            Period::Fixed { from: Some(from), to } if is_between => {
                let (from, to) = (from.to_string(), to.to_string());
                lang.tell("saved-between", &[("from", Word::Text(&from)), ("to", Word::Text(&to))])
            }
            Period::Fixed { to, .. } => lang.named("saved-as-at", to.to_string()),
        }
    }

    /// As the record keeps it: `fixed 2026-09-01 2026-09-30`.
    pub fn told(self) -> String {
        let (from, to) = self.days();
        let days = from.into_iter().chain(to).map(|day| day.to_string());
        std::iter::once(self.code().to_owned()).chain(days).collect::<Vec<_>>().join(" ")
    }

    /// What the record keeps.
    pub fn from_told(told: &str) -> Option<Period> {
        let mut parts = told.split(' ');
        let code = parts.next()?;
        let days: Vec<NaiveDate> = parts.filter_map(clock::day).collect();
        Period::from_code(code, days.first().copied().filter(|_| days.len() > 1), days.last().copied())
    }
}

/// The first day of a day's month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The first day of the month after a day's.
pub fn month_after(day: NaiveDate) -> NaiveDate {
    month_of(day).checked_add_months(Months::new(1)).unwrap_or(day)
}

/// The wall clock in America/Toronto from which on a month's mail is due.
pub fn due_at(month: NaiveDate) -> NaiveDateTime {
    month.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::Report;

    #[test]
    fn the_month_before_is_a_whole_month_whenever_it_is_asked_for() {
        let changed = Source::Report(Report::Changed);
        let on = |day: &str, source| Period::PreviousMonth.parameters(source, day.parse().expect("a day"));
        assert_eq!(on("2026-12-01", changed), "from=2026-10-31&to=2026-11-30");
        assert_eq!(on("2027-01-31", changed), "from=2026-11-30&to=2026-12-31");
        assert_eq!(on("2028-03-29", Source::Images), "as-at=2028-02-29");
    }

    #[test]
    fn a_period_comes_back_from_what_the_record_keeps() {
        let day = |day: &str| day.parse::<NaiveDate>().expect("a day");
        let (from, to) = (Some(day("2026-09-01")), day("2026-09-30"));
        for period in
            [Period::Latest, Period::PreviousMonth, Period::Fixed { from, to }, Period::Fixed { from: None, to }]
        {
            assert_eq!(Period::from_told(&period.told()), Some(period));
        }
    }
}
