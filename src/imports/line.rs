//! A line of the catalogue as the record tells it, and as a row of a file makes it.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::catalogue::store::db::LineRow;
use crate::fields::{Fields, describe, parse};
use crate::imports::Take;
use crate::imports::merge::FieldVerdict;
use crate::imports::verdict::Verdict;

/// A line to be written: as it was, where it was there, and as it will be.
#[derive(Debug)]
pub struct PlannedLine {
    /// Its line in the file.
    pub line: usize,
    pub before: Option<Box<LineRow>>,
    pub after: LineRow,
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
pub fn mark(verdict: Verdict, fields: &[FieldVerdict], added: Option<&LineRow>, taken: (i64, bool)) -> u64 {
    let mut hasher = DefaultHasher::new();
    taken.hash(&mut hasher);
    verdict.hash(&mut hasher);
    for field in fields {
        (field.name, field.outcome, field.ours.to_string(), field.taken.to_string()).hash(&mut hasher);
    }
    added.map(|line| Value::Object(record_of(line)).to_string()).hash(&mut hasher);
    hasher.finish()
}

/// A line's fields as the record has them.
pub fn record_of(line: &LineRow) -> Fields {
    describe(&line.fields).unwrap_or_default() // plain values
}
