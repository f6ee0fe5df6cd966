//! SSC's right to an image: its terms, and what a renewal date means today.

pub mod db;

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::codes::codes;
use crate::i18n::{Lang, Word};

pub use db::LastKnown;

/// A renewal within this many days is near.
pub const SOON_DAYS: u64 = 90;

codes! {
    /// What a renewal date means on a day, the most pressing first. Worked out, never stored.
    #[derive(Serialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    #[schema(as = RenewalCode)]
    pub enum RenewalState(code) {
        /// The date is past, and nobody has said what happened: neither expired nor dropped.
        Passed("passed"),
        /// Renews within [`SOON_DAYS`].
        Soon("soon"),
        /// Renews after that.
        Later("later"),
        /// No date is known.
        Undetermined("undetermined"),
    }
}

impl RenewalState {
    /// The state of a renewal date on a day.
    pub fn of(renewal_date: Option<NaiveDate>, today: NaiveDate) -> RenewalState {
        match renewal_date {
            None => RenewalState::Undetermined,
            Some(date) if date < today => RenewalState::Passed,
            Some(date) if date <= today + Days::new(SOON_DAYS) => RenewalState::Soon,
            Some(_) => RenewalState::Later,
        }
    }

    /// Its name as a filter: a class of dates, not one date.
    pub fn label(self, lang: Lang) -> String {
        let key = match self {
            RenewalState::Passed => "renewal-passed",
            RenewalState::Soon => return lang.n("renewal-soon", 90_usize),
            RenewalState::Later => return lang.n("renewal-later", 90_usize),
            RenewalState::Undetermined => "renewal-undetermined",
        };
        lang.t(key).into_owned()
    }
}

/// When a licence is to be renewed, or what is known in place of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal<'a> {
    On(NaiveDate),
    /// Nobody knows the date (any more).
    Unknown {
        /// The date that it had, and since when the next one has not been known.
        last_known: Option<LastKnown>,
        /// Who owes the next one, where somebody said so.
        owed_by: Option<&'a str>,
    },
}

impl Renewal<'_> {
    /// The date, or the last one that was known: a licence is sorted by it and overdue from it on, until a person has
    /// given the next one.
    pub fn last_date(self) -> Option<NaiveDate> {
        match self {
            Renewal::On(date) => Some(date),
            Renewal::Unknown { last_known, .. } => last_known.map(|last| last.date),
        }
    }

    /// Since when the next date has not been known: since the last one passed, or since somebody said so before that.
    pub fn unknown_since(self) -> Option<NaiveDate> {
        match self {
            Renewal::On(_) => None,
            Renewal::Unknown { last_known, .. } => last_known.map(|last| last.date.min(last.since)),
        }
    }

    /// What it means on a day. A date that was passed stays passed when the next one is not known.
    pub fn state(self, today: NaiveDate) -> RenewalState {
        match self {
            Renewal::On(date) => RenewalState::of(Some(date), today),
            Renewal::Unknown { .. } => RenewalState::of(self.last_date().filter(|date| *date < today), today),
        }
    }

    /// What it means today, in words.
    pub fn in_words(self, today: NaiveDate, lang: Lang) -> String {
        match self {
            Renewal::On(date) => in_words(Some(date), today, lang),
            Renewal::Unknown { .. } if self.state(today) == RenewalState::Passed => {
                lang.t("renewal-next-unknown").into_owned()
            }
            Renewal::Unknown { .. } => lang.t("renewal-undetermined").into_owned(),
        }
    }

    /// How long ago its date was, in words; nothing where it is not past.
    pub fn overdue(self, today: NaiveDate, lang: Lang) -> Option<String> {
        overdue(self.last_date(), today, lang)
    }

    /// Who owes the next date and since when, in words; nothing where the date is known.
    pub fn owed(self, since: Option<NaiveDate>, lang: Lang) -> Option<String> {
        let Renewal::Unknown { owed_by, .. } = self else { return None };
        let owed = match owed_by {
            Some(name) => lang.named("renewal-owed-by", name),
            None => lang.t("renewal-owed").into_owned(),
        };
        let Some(since) = self.unknown_since().or(since) else { return Some(owed) };
        let day = since.to_string();
        Some(lang.tell("renewal-owed-since", &[("owed", Word::Text(&owed)), ("day", Word::Text(&day))]))
    }
}

/// What a renewal date means today, in words: `Renews in 12 days`.
pub fn in_words(renewal_date: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> String {
    let Some(date) = renewal_date else {
        return lang.t("renewal-undetermined").into_owned();
    };
    match usize::try_from((date - today).num_days()) {
        Ok(0) => lang.t("renewal-today").into_owned(),
        Ok(days) => lang.n("renewal-in-days", days),
        Err(_) => lang.t("renewal-passed").into_owned(),
    }
}

/// How long ago a renewal date was, in words: `266 days ago`. Nothing where it is not past.
pub fn overdue(renewal_date: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> Option<String> {
    let days = (today - renewal_date?).num_days();
    let days = usize::try_from(days).ok().filter(|days| *days > 0)?;
    Some(lang.tell("renewal-days-ago", &[("n", Word::Number(days))]))
}
