//! What an address asks for by its parameters, in the language of whoever reads the answer.

use chrono::NaiveDate;

use super::address::pairs;
use super::error::Error;
use crate::clock;
use crate::i18n::{Lang, Word};

/// The parameters of an address, in order.
#[derive(Clone, Debug)]
pub struct Parameters {
    pub lang: Lang,
    given: Vec<(String, String)>,
}

impl Parameters {
    /// The parameters that stand after the `?` of an address.
    pub fn of(lang: Lang, query: &str) -> Parameters {
        Parameters { lang, given: pairs(query) }
    }

    /// All of them, as given.
    pub fn all(&self) -> &[(String, String)] {
        &self.given
    }

    /// The first value of a parameter, trimmed; none where it is not given or empty.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let (_, value) = self.given.iter().find(|(given, _)| given == name)?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// That a parameter has a value that is not offered.
    pub fn not_offered(&self, parameter: &'static str, value: &str, offered: &str) -> Error {
        Error::BadAddress(vec![self.said_not_offered(parameter, value, offered)])
    }

    /// That something has a value that is not offered, in a sentence.
    pub fn said_not_offered(&self, parameter: &str, value: &str, offered: &str) -> String {
        let value: String = value.chars().take(60).collect();
        let words =
            [("parameter", Word::Text(parameter)), ("value", Word::Text(&value)), ("offered", Word::Text(offered))];
        self.lang.tell("not-offered", &words)
    }

    /// Which of what is offered a parameter asks for, where it is given.
    ///
    /// # Errors
    /// A sentence where it is none of them.
    pub fn one_of(&self, parameter: &'static str, offered: &[&'static str]) -> Result<Option<&'static str>, Error> {
        let Some(value) = self.parameter(parameter) else { return Ok(None) };
        let known = offered.iter().find(|known| **known == value).copied();
        known.map(Some).ok_or_else(|| self.not_offered(parameter, &value, &offered.join(", ")))
    }

    /// The number that a parameter gives, where it is given.
    ///
    /// # Errors
    /// A sentence where it is not a number.
    pub fn number(&self, parameter: &'static str) -> Result<Option<i64>, Error> {
        let Some(value) = self.parameter(parameter) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| self.not_offered(parameter, &value, "1, 2, 3…"))
    }

    /// The day that a parameter gives, where it is given.
    ///
    /// # Errors
    /// A sentence where it is not a day.
    pub fn day(&self, parameter: &'static str) -> Result<Option<NaiveDate>, Error> {
        let Some(value) = self.parameter(parameter) else { return Ok(None) };
        clock::day(&value).map(Some).ok_or_else(|| self.not_offered(parameter, &value, &self.lang.t("day-format")))
    }
}
