//! A line of the catalogue as the record tells it, and as a row of a file makes it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use crate::catalogue::store::db::LineRow;
use crate::imports::Take;
use crate::imports::merge::{FieldVerdict, Fields};
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
    for field in fields {
        let value = match decided {
            Take::File if is_kept => &field.theirs,
            Take::File => &field.taken,
            Take::Catalogue => &field.left,
        };
        set(&mut after, field.name, value.clone());
    }
    after
}

/// Gives a line the value of a field of the record.
fn set(line: &mut LineRow, name: &str, value: Value) {
    let cells = |value| sqlx::types::Json(serde_json::from_value(value).unwrap_or_default());
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match name {
        "name" => line.name = text(&value).unwrap_or_default(),
        "status" => line.status = text(&value).unwrap_or_default(),
        "department" => line.department = text(&value).unwrap_or_default(),
        "type" => line.kind = text(&value),
        "notes_en" => line.notes_en = text(&value),
        "notes_fr" => line.notes_fr = text(&value),
        "extra" => line.extra = cells(value),
        "markup" => line.markup = cells(value),
        "renewal_date" => {
            let date = value.as_str().and_then(|date| date.parse().ok());
            (line.renewal_date, line.term_months, line.owed_by) = (date, None, None);
        }
        _ => {}
    }
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
    fields(line).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub fn markup<C: ToString>(cells: impl IntoIterator<Item = (C, String)>) -> BTreeMap<String, String> {
    cells.into_iter().map(|(column, cell)| (column.to_string(), cell)).collect()
}

/// The fields of a line in the record, with their values.
pub fn fields(line: &LineRow) -> [(&'static str, Value); 11] {
    [
        ("name", json!(line.name)),
        ("status", json!(line.status)),
        ("renewal_date", json!(line.renewal_date)),
        ("term_months", json!(line.term_months)),
        ("owed_by", json!(line.owed_by)),
        ("department", json!(line.department)),
        ("type", json!(line.kind)),
        ("notes_en", json!(line.notes_en)),
        ("notes_fr", json!(line.notes_fr)),
        ("extra", json!(line.extra.0)),
        ("markup", json!(line.markup.0)),
    ]
}

pub fn differences(before: &LineRow, after: &LineRow) -> Vec<&'static str> {
    let pairs = fields(before).into_iter().zip(fields(after));
    pairs.filter(|(before, after)| before != after).map(|((name, _), _)| name).collect()
}

/// A line's change for the record: all fields of a new one, of another only those that differ.
pub fn before_and_after(line: &PlannedLine) -> (Option<Value>, Value) {
    let Some(before) = &line.before else {
        return (
            None,
            Value::Object(fields(&line.after).into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        );
    };
    let mut was = Map::new();
    let mut is = Map::new();
    for ((name, before), (_, after)) in fields(before).into_iter().zip(fields(&line.after)) {
        if before != after {
            was.insert(name.to_owned(), before);
            is.insert(name.to_owned(), after);
        }
    }
    (Some(Value::Object(was)), Value::Object(is))
}
