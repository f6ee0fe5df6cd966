//! A line of the catalogue as the record tells it, and as a row of a file makes it.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::catalogue::store::db::LineRow;
use crate::fields::{Fields, describe, parse};
use crate::imports::Take;
use crate::imports::merge::FieldVerdict;
use crate::imports::verdict::{Row, Verdict};

/// A line to be written.
#[derive(Debug)]
pub struct PlannedLine {
    /// The place of its row.
    pub row: usize,
    /// 0 for a new line, until the database gives it a number.
    pub id: i64,
    /// As it was and as it will be; none for a new line, which is as its row says.
    pub edited: Option<Box<Edited>>,
}

/// A line that a file changes.
#[derive(Debug)]
pub struct Edited {
    pub before: LineRow,
    pub after: LineRow,
}

impl PlannedLine {
    pub fn before(&self) -> Option<&LineRow> {
        self.edited.as_ref().map(|edited| &edited.before)
    }

    /// The line as it will be; `said` gives what a row says.
    pub fn after(&self, rows: &[Row], said: impl Fn(&Row) -> Fields) -> Cow<'_, LineRow> {
        match &self.edited {
            Some(edited) => Cow::Borrowed(&edited.after),
            None => Cow::Owned(LineRow { id: self.id, ..added(said(&rows[self.row]), rows[self.row].identity()) }),
        }
    }
}

/// The line that a row brings.
pub fn added(said: Fields, (image_id, organisation_id): (i64, i64)) -> LineRow {
    let fields = parse(said).unwrap_or_default(); // read as what a line can hold
    LineRow { id: 0, image_id, organisation_id, fields }
}

/// A line as it is to be: with the file's values, with those that only the file changed, or as it was. A row that is kept
/// and taken all the same gets the file's values.
pub fn changed(before: &LineRow, fields: &[FieldVerdict], decided: Option<Take>) -> LineRow {
    let mut after = before.clone();
    let Some(decided) = decided else { return after };
    let is_kept = Verdict::of(fields) == Verdict::Kept;
    let mut record = record_of(before);
    for field in fields {
        let value = match decided {
            Take::File if is_kept => &field.theirs,
            Take::File => &field.taken,
            Take::Catalogue => &field.left,
        };
        record.insert(field.name.to_owned(), value.clone());
        if field.name == "renewal_date" {
            record.extend(["term_months", "owed_by"].map(|name| (name.to_owned(), Value::Null)));
        }
    }
    after.fields = parse(record).unwrap_or(after.fields); // what files say was read as what a line can hold
    after
}

/// A mark of what becomes of a row: its verdict, its differences, the image that it is taken for and whether it waits.
pub fn mark(row: &Row, added: Option<&LineRow>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (row.image.max(0), row.is_open, row.verdict).hash(&mut hasher);
    for field in &row.fields {
        (field.name, field.outcome, field.ours.to_string(), field.taken.to_string()).hash(&mut hasher);
    }
    added.map(|line| Value::Object(record_of(line)).to_string()).hash(&mut hasher);
    hasher.finish()
}

/// A line's fields as the record has them.
pub fn record_of(line: &LineRow) -> Fields {
    describe(&line.fields).unwrap_or_default() // plain values
}
