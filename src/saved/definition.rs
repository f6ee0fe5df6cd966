//! A saved report: what it shows of which days, in which columns and language, and who gets it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::filters;
use super::period::{Period, due_at, month_after, month_of};
use super::source::{Inputs, Source};
use crate::clock;
use crate::i18n::Lang;
use crate::people::db::accounts::Account;
use crate::web::address::is_mailbox;
use crate::web::error::Error;
use crate::web::parameters::Parameters;
use crate::web::table::{FileFormat, Take};
use crate::web::visitor::Role;

/// What a manager wants to see again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// In its own language.
    pub name: String,
    pub source: Source,
    /// The table's key.
    pub table: String,
    /// What narrows it, as in the source's addresses.
    pub filters: String,
    pub period: Period,
    /// The columns' keys in the order chosen; none: all as the table has them.
    pub columns: Vec<String>,
    pub lang: Lang,
    /// Of the file that mail carries.
    pub format: FileFormat,
    /// The numbers of the accounts that get it every month.
    pub recipients: Vec<i64>,
}

/// A saved report as it is kept.
#[derive(Clone, Debug)]
pub struct Saved {
    pub id: i64,
    pub definition: Definition,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    /// Raised by each change.
    pub version: i32,
    /// Since when somebody gets it every month.
    pub monthly_since: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was last mailed for a month, and for which.
    pub mailed_at: Option<DateTime<Utc>>,
    pub mailed_month: Option<NaiveDate>,
    /// Its recipients' names, in the order of their names.
    pub recipient_names: Vec<String>,
}

impl Definition {
    /// What it asks its source for on a day.
    pub fn parameters(&self, today: NaiveDate) -> String {
        let days = self.period.parameters(self.source, today);
        let parts = [self.filters.as_str(), &days];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&")
    }

    /// Its table as it is now, with every column.
    ///
    /// # Errors
    /// A sentence where its source does not offer what it asks for any more; when the database does not answer.
    pub async fn run(&self, inputs: &Inputs, lang: Lang) -> Result<Take, Error> {
        let given = Parameters::of(lang, &self.parameters(inputs.catalogue.now().today));
        let mut take = self.source.whole(&given, inputs).await?;
        take.tables.retain(|table| table.key == self.table);
        if take.tables.is_empty() {
            return Err(Error::BadAddress(vec![lang.named("saved-table-gone", &self.table)]));
        }
        Ok(take)
    }

    /// Its table as it is now, in its own language, with the columns that were chosen.
    ///
    /// # Errors
    /// As [`Definition::run`].
    pub async fn take(&self, inputs: &Inputs) -> Result<Take, Error> {
        let take = self.run(inputs, self.lang).await?;
        let tables = take.tables.into_iter().map(|table| table.select(&self.columns)).collect();
        Ok(Take { title: self.name.clone(), tables, ..take })
    }

    /// The fields as the record keeps them: names and values.
    pub fn told(&self, names: &HashMap<i64, String>) -> Vec<(String, String)> {
        let name = |id| names.get(id).cloned().unwrap_or_else(|| format!("#{id}"));
        let mut recipients: Vec<String> = self.recipients.iter().map(name).collect();
        recipients.sort_by_cached_key(|name| crate::text::key(name));
        let fields = [
            ("name", self.name.clone()),
            ("report", format!("{} {}", self.source.code(), self.table)),
            ("filters", self.filters.clone()),
            ("period", self.period.told()),
            ("columns", self.columns.join(", ")),
            ("language", self.lang.code().to_owned()),
            ("format", self.format.code().to_owned()),
            ("recipients", recipients.join(", ")),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl Saved {
    /// The first day of the month whose mail is next; none where nobody gets it.
    pub fn next(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let since = self.monthly_since.filter(|_| self.ended_at.is_none())?;
        let month = month_of(clock::day_of(now));
        let is_open = clock::local(since) < due_at(month) && self.mailed_month.is_none_or(|mailed| mailed < month);
        Some(if is_open { month } else { month_after(month) })
    }

    /// Whether the mail of this month is to be written now.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next(now).is_some_and(|month| clock::local(now) >= due_at(month))
    }
}

/// The words of a field's value as the record keeps it.
pub fn value_in_words(field: &str, value: &str, source: Source, lang: Lang) -> String {
    match field {
        "filters" => filters::in_words(source, value, lang),
        "period" => Period::from_told(value).map_or_else(|| value.to_owned(), |period| period.in_words(source, lang)),
        "columns" if value.is_empty() => lang.t("saved-all-columns").into_owned(),
        "language" => Lang::from_code(value).map_or_else(|| value.to_owned(), |known| language(known, lang)),
        "format" => FileFormat::from_code(value).map_or_else(|| value.to_owned(), |one| one.name().to_owned()),
        "recipients" if value.is_empty() => lang.t("saved-nobody").into_owned(),
        "report" => {
            let known = value.split(' ').next().and_then(Source::from_code);
            known.map_or_else(|| value.to_owned(), |one| one.title(lang).into_owned())
        }
        _ => value.to_owned(),
    }
}

/// A language's name.
pub fn language(one: Lang, lang: Lang) -> String {
    lang.t(one.of("saved-english", "saved-french")).into_owned()
}

/// Whether an account may get saved reports by mail: a manager or administrator that is enabled and has an address.
pub fn may_get(account: &Account) -> bool {
    account.role >= Role::Manager && account.disabled_at.is_none() && is_mailbox(&account.email)
}
