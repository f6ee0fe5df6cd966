//! The fields of a line.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{Field, Shape};

/// A line's fields in the record, with the renewal date of its newest term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(default)]
pub struct LineFields {
    pub name: String,
    pub status: String,
    pub renewal_date: Option<NaiveDate>,
    /// How long its term is, where somebody said so.
    pub term_months: Option<i32>,
    /// Who owes the date, where it is not known.
    pub owed_by: Option<String>,
    pub department: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub notes_en: Option<String>,
    pub notes_fr: Option<String>,
    /// The day by which the department needs it, where it said so.
    pub needed_by: Option<NaiveDate>,
    /// How sure the department is, where it said so.
    pub firmness: Option<String>,
    /// Cells of columns that the catalogue does not know, by heading.
    #[sqlx(json)]
    pub extra: BTreeMap<String, String>,
    /// Cells as their source marked them up, by column.
    #[sqlx(json)]
    pub markup: BTreeMap<String, String>,
}

/// The same, in the order in which they are told.
pub const LINE: [Field; 13] = [
    Field::new("name", Shape::Text(200)).in_files(),
    Field::new("status", Shape::Code("status")).in_files().in_forms(),
    Field::new("renewal_date", Shape::Day(Some("renewal-undetermined"))).in_files(),
    Field::new("term_months", Shape::Number),
    Field::new("owed_by", Shape::Text(200)),
    Field::new("department", Shape::Text(200)).in_files(),
    Field::new("type", Shape::Text(100)).in_files().in_forms(),
    Field::new("notes_en", Shape::Notes).in_files().in_forms(),
    Field::new("notes_fr", Shape::Notes).in_files().in_forms(),
    Field::new("needed_by", Shape::Day(None)).in_forms(),
    Field::new("firmness", Shape::Code("firmness")).in_forms(),
    Field::new("extra", Shape::Cells).in_files(),
    Field::new("markup", Shape::Cells).in_files(),
];
