//! What a report's address asks for: the day or days, and what narrows it.

use std::fmt::Write;

use chrono::{Days, NaiveDate};

use crate::clock::FiscalYear;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::parameters::Parameters;

/// Changes are told of so many days where the address does not say since when.
const USUAL_DAYS: u64 = 30;
const LONGEST_DEPARTMENT: usize = 200;

/// What a report is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The day at whose end the catalogue is looked at; none for now.
    pub as_at: Option<NaiveDate>,
    /// Changes are told from the end of this day.
    pub from: Option<NaiveDate>,
    /// … to the end of this one.
    pub to: Option<NaiveDate>,
    /// A spelling of a department.
    pub department: String,
    /// The fiscal year of a renewal date.
    pub year: Option<FiscalYear>,
}

impl Asked {
    /// What an address asks for.
    ///
    /// # Errors
    /// A sentence where it asks for what is not offered.
    pub fn of(given: &Parameters, today: NaiveDate) -> Result<Asked, Error> {
        let year = given.parameter("year").map(|code| {
            FiscalYear::from_code(&code).ok_or_else(|| given.not_offered("year", &code, "2026-2027, 2027-2028…"))
        });
        let department = given.parameter("department").unwrap_or_default();
        let asked = Asked {
            as_at: given.day("as-at")?,
            from: given.day("from")?,
            to: given.day("to")?,
            department: department.chars().take(LONGEST_DEPARTMENT).collect(),
            year: year.transpose()?,
        };
        let until = asked.to.unwrap_or(today).min(today);
        if asked.since(until) > until {
            return Err(Error::BadAddress(vec![given.lang.t("report-days-turned").into_owned()]));
        }
        Ok(asked)
    }

    /// The day at whose end the report looks at the catalogue; none for now.
    pub fn until(&self) -> Option<NaiveDate> {
        self.to.or(self.as_at)
    }

    /// The day since whose end changes are told.
    pub fn since(&self, until: NaiveDate) -> NaiveDate {
        self.from.unwrap_or(until - Days::new(USUAL_DAYS))
    }

    /// The parameters of an address that asks for the same.
    pub fn parameters(&self) -> String {
        let mut text = String::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let _ = write!(text, "{}{name}={}", if text.is_empty() { "" } else { "&" }, encode(&value));
            }
        };
        add("as-at", self.as_at.map(|day| day.to_string()));
        add("from", self.from.map(|day| day.to_string()));
        add("to", self.to.map(|day| day.to_string()));
        add("department", Some(self.department.clone()));
        add("year", self.year.map(|year| year.to_string()));
        text
    }
}
