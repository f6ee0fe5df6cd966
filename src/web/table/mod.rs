//! Tables that people take away: their columns, their rows made one by one, and the files that they become.

mod csv;
mod file;
mod json;
mod markdown;
mod writer;
mod xlsx;

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};

use crate::clock;
use crate::i18n::Lang;

pub use file::{FileFormat, FileName, Take, download, file_name, links, send, take_read, text_pieces, whole_file};
pub use writer::Pages;
pub use xlsx::workbook;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Empty,
    /// What a person wrote: no spreadsheet runs it.
    Text(String),
    /// What a person wrote, and the page of this site that is about it.
    Link(String, String),
    /// The program's own words.
    Words(Cow<'static, str>),
    /// Names that programs read one by one.
    List(Vec<String>),
    Number(i64),
    Day(NaiveDate),
    /// A moment in America/Toronto.
    Moment(NaiveDateTime),
    /// Canadian dollars, in cents.
    Money(i64),
}

impl Cell {
    /// A count.
    pub fn count(count: usize) -> Cell {
        Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A day, where one is known.
    pub fn day(day: Option<NaiveDate>) -> Cell {
        day.map_or(Cell::Empty, Cell::Day)
    }

    /// A moment, as it is told in America/Toronto to the second.
    pub fn moment(moment: DateTime<Utc>) -> Cell {
        Cell::Moment(clock::local(moment))
    }

    /// A text that nobody has to have given.
    pub fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// The cell as people read it in a language: `1 750`, `12,50 $`.
    pub fn shown(&self, lang: Lang) -> Cow<'_, str> {
        match self {
            Cell::Number(number) => Cow::Owned(lang.signed(*number)),
            Cell::Money(cents) => Cow::Owned(lang.money(*cents)),
            other => other.plain(),
        }
    }

    /// The cell as programs read it: no spaces in numbers, days as in ISO 8601, dollars with two decimals.
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Link(text, _) => Cow::Borrowed(text),
            Cell::Words(words) => Cow::Borrowed(words),
            Cell::List(texts) => Cow::Owned(texts.join(", ")),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Day(day) => Cow::Owned(day.to_string()),
            Cell::Moment(moment) => Cow::Owned(moment.with_nanosecond(0).unwrap_or(*moment).to_string()),
            Cell::Money(cents) => Cow::Owned(dollars(*cents)),
        }
    }
}

/// Cents as dollars with two decimals: `1234.50`.
pub fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A text of more than a few words.
    Long,
    Number,
    /// A few characters that stay together: a day, a fiscal year.
    Short,
    Money,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in JSON, the same in both languages.
    pub key: Cow<'static, str>,
    pub heading: String,
    pub kind: Kind,
}

impl Column {
    /// A column with its heading.
    pub fn new(key: impl Into<Cow<'static, str>>, heading: impl Into<String>, kind: Kind) -> Column {
        Column { key: key.into(), heading: heading.into(), kind }
    }

    /// The class of its cells on pages.
    pub fn class(&self) -> &'static str {
        match self.kind {
            Kind::Text | Kind::Long => "",
            Kind::Number | Kind::Money => "num",
            Kind::Short => "nowrap",
        }
    }
}

/// The rows of a table, made as they are asked for.
pub type Rows = Box<dyn Iterator<Item = Vec<Cell>> + Send>;

/// A table: what it shows, from where and of when.
pub struct Table {
    /// Its name in addresses and JSON, the same in both languages.
    pub key: &'static str,
    pub title: String,
    /// Where its figures come from, and how they are counted.
    pub source: String,
    pub columns: Vec<Column>,
    /// How many rows there are.
    pub total: usize,
    pub rows: Rows,
}

impl Table {
    /// A table of rows that are all there.
    pub fn of(
        key: &'static str,
        title: impl Into<String>,
        source: impl Into<String>,
        columns: Vec<Column>,
        rows: Vec<Vec<Cell>>,
    ) -> Table {
        let (title, source, total) = (title.into(), source.into(), rows.len());
        Table { key, title, source, columns, total, rows: Box::new(rows.into_iter()) }
    }

    /// A table whose rows are made one by one from what little is held of each.
    pub fn made<T: Send + 'static>(
        key: &'static str,
        title: impl Into<String>,
        source: impl Into<String>,
        columns: Vec<Column>,
        held: Vec<T>,
        make: impl FnMut(T) -> Vec<Cell> + Send + 'static,
    ) -> Table {
        let (title, source, total) = (title.into(), source.into(), held.len());
        Table { key, title, source, columns, total, rows: Box::new(held.into_iter().map(make)) }
    }

    /// The table with these of its columns, in this order. What it does not have is passed over, and where nothing is
    /// left it stays as it is.
    pub fn select(mut self, keys: &[String]) -> Table {
        let places = keys.iter().filter_map(|key| self.columns.iter().position(|column| column.key == key.as_str()));
        let places: Vec<usize> = places.collect();
        if places.is_empty() {
            return self;
        }
        self.columns = places.iter().map(|place| self.columns[*place].clone()).collect();
        let pick = move |row: Vec<Cell>| places.iter().map(|place| row[*place].clone()).collect();
        Table { rows: Box::new(self.rows.map(pick)), ..self }
    }

    /// Its first rows, as a page shows them.
    pub fn shown(self, most: usize) -> Shown {
        let (key, title, source, columns, total) = (self.key, self.title, self.source, self.columns, self.total);
        Shown { key, title, source, columns, total, rows: self.rows.take(most).collect() }
    }
}

/// The first rows of a table.
#[derive(Clone, Debug)]
pub struct Shown {
    pub key: &'static str,
    pub title: String,
    pub source: String,
    pub columns: Vec<Column>,
    /// How many rows the whole table has.
    pub total: usize,
    pub rows: Vec<Vec<Cell>>,
}

impl Shown {
    /// How many rows of the whole table are not among them.
    pub fn more(&self) -> usize {
        self.total - self.rows.len()
    }
}
