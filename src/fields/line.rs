//! The fields of a line.

use std::collections::BTreeMap;
use std::ops::Deref;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::firmness::Firmness;
use super::status::Status;
use super::{Field, Shape};

/// A line's fields in the record, with the renewal date of its newest term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromRow)]
#[serde(default)]
pub struct LineFields {
    pub name: String,
    pub status: Status,
    pub renewal_date: Option<NaiveDate>,
    /// How long its term is, where somebody said so.
    pub term_months: Option<i32>,
    /// The person or team that is to give the date, while it is unknown.
    pub owed_by: Option<String>,
    pub department: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The supplier, as a file or a person gave it.
    pub vendor: Option<String>,
    pub notes_en: Option<String>,
    pub notes_fr: Option<String>,
    /// The day by which the department needs it, where it said so.
    pub needed_by: Option<NaiveDate>,
    /// How sure the department is, where it said so.
    pub firmness: Option<Firmness>,
    /// Cells of columns that the catalogue does not know, by heading.
    #[sqlx(json)]
    pub extra: BTreeMap<String, String>,
    /// Cells as their source marked them up, by column.
    #[sqlx(json)]
    pub markup: BTreeMap<String, String>,
}

/// The same, in the order in which they are told.
pub const LINE: [Field; 14] = [
    Field::new("name", Shape::Text(200)).in_files(),
    Field::new("status", Shape::Code("status")).in_files().in_forms(),
    Field::new("renewal_date", Shape::Day(Some("renewal-undetermined"))).in_files(),
    Field::new("term_months", Shape::Number),
    Field::new("owed_by", Shape::Text(200)),
    Field::new("department", Shape::Text(200)).in_files(),
    Field::new("type", Shape::Text(KIND.most)).in_files().in_forms(),
    Field::new("vendor", Shape::Text(VENDOR.most)).in_files().in_forms(),
    Field::new("notes_en", Shape::Notes).in_files().in_forms(),
    Field::new("notes_fr", Shape::Notes).in_files().in_forms(),
    Field::new("needed_by", Shape::Day(None)).in_forms(),
    Field::new("firmness", Shape::Code("firmness")).in_forms(),
    Field::new("extra", Shape::Cells).in_files(),
    Field::new("markup", Shape::Cells).in_files(),
];

/// A text of lines of which there are few different ones: memory holds each once, the list counts lines by it, and files
/// have a column of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    Kind,
    Vendor,
}

/// What is declared of a label.
#[derive(Debug)]
pub struct LabelRow {
    /// As in the record, in addresses and in answers.
    pub name: &'static str,
    /// The keys of its word, of one and of many.
    pub words: [&'static str; 2],
    /// How many characters it has at most.
    pub most: usize,
    /// What the published page means where it says nothing.
    pub meant: Option<&'static str>,
    /// What headings of files call it, as words without case and accents: in both languages alike, in English, in French.
    pub headings: [&'static [&'static str]; 3],
    /// A line's own.
    pub of: fn(&LineFields) -> Option<&str>,
}

const KIND: LabelRow = LabelRow {
    name: "type",
    words: ["field-type", "field-types"],
    most: 100,
    meant: None,
    headings: [&["type", "types"], &[], &[]],
    of: |line| line.kind.as_deref(),
};

const VENDOR: LabelRow = LabelRow {
    name: "vendor",
    words: ["field-vendor", "field-vendors"],
    most: 200,
    meant: Some("Chainguard"),
    headings: [&[], &["vendor", "vendors"], &["fournisseur", "fournisseurs"]],
    of: |line| line.vendor.as_deref(),
};

static ROWS: [LabelRow; Label::COUNT] = [KIND, VENDOR];

impl Deref for Label {
    type Target = LabelRow;

    fn deref(&self) -> &LabelRow {
        &ROWS[*self as usize]
    }
}

impl Label {
    pub const ALL: [Label; 2] = [Label::Kind, Label::Vendor];
    pub const COUNT: usize = Label::ALL.len();

    /// The one that an address names.
    pub fn from_name(name: &str) -> Option<Label> {
        Label::ALL.into_iter().find(|label| label.name == name)
    }

    /// Whether a text says more than the published page means anyway.
    pub fn is_said(self, text: Option<&str>) -> bool {
        text.is_some() && text != self.meant
    }
}
