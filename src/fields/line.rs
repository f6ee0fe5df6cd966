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
    /// Who supplies it, where a file or a person said so.
    pub vendor: Option<String>,
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
pub const LINE: [Field; 14] = [
    Field::new("name", Shape::Text(200)).in_files(),
    Field::new("status", Shape::Code("status")).in_files().in_forms(),
    Field::new("renewal_date", Shape::Day(Some("renewal-undetermined"))).in_files(),
    Field::new("term_months", Shape::Number),
    Field::new("owed_by", Shape::Text(200)),
    Field::new("department", Shape::Text(200)).in_files(),
    Field::new("type", Shape::Text(Label::Kind.most())).in_files().in_forms(),
    Field::new("vendor", Shape::Text(Label::Vendor.most())).in_files().in_forms(),
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

impl Label {
    pub const ALL: [Label; 2] = [Label::Kind, Label::Vendor];
    pub const COUNT: usize = Label::ALL.len();

    /// As in the record, in addresses and in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Label::Kind => "type",
            Label::Vendor => "vendor",
        }
    }

    /// The one that an address names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Label> {
        Label::ALL.into_iter().find(|label| label.name() == name)
    }

    /// The keys of its word, of one and of many.
    #[must_use]
    pub const fn words(self) -> [&'static str; 2] {
        match self {
            Label::Kind => ["field-type", "field-types"],
            Label::Vendor => ["field-vendor", "field-vendors"],
        }
    }

    /// What the published page means where it says nothing.
    #[must_use]
    pub const fn meant(self) -> Option<&'static str> {
        match self {
            Label::Kind => None,
            Label::Vendor => Some("Chainguard"),
        }
    }

    /// Whether a text says more than the published page means anyway.
    #[must_use]
    pub fn is_said(self, text: Option<&str>) -> bool {
        text.is_some() && text != self.meant()
    }

    /// How many characters it has at most.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Label::Kind => 100,
            Label::Vendor => 200,
        }
    }

    /// What headings of files call it, as words without case and accents: in both languages alike, in English, in French.
    #[must_use]
    pub const fn headings(self) -> [&'static [&'static str]; 3] {
        match self {
            Label::Kind => [&["type", "types"], &[], &[]],
            Label::Vendor => [&[], &["vendor", "vendors"], &["fournisseur", "fournisseurs"]],
        }
    }

    /// A line's own.
    #[must_use]
    pub const fn of(self, line: &LineFields) -> &Option<String> {
        match self {
            Label::Kind => &line.kind,
            Label::Vendor => &line.vendor,
        }
    }
}
