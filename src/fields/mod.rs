//! What the record tells of images and lines: each field is declared here once, as a member of its record and as a row of
//! a table that the record's pages, forms, files, imports and answers go through.

mod firmness;
mod image;
mod line;
mod status;

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::i18n::Lang;

pub use firmness::Firmness;
pub use image::{IMAGE, ImageFields};
pub use line::{LINE, Label, LineFields};
pub use status::Status;

/// Fields as the record tells them: name and value.
pub type Fields = Map<String, Value>;

/// A field of the record.
#[derive(Debug)]
pub struct Field {
    /// As in the record, and in programs' answers.
    pub name: &'static str,
    pub shape: Shape,
    /// Whether files of lines can say it.
    pub in_files: bool,
    /// Whether the form of an image has it for each line.
    pub in_forms: bool,
}

/// What a field holds, and so how it is typed, checked and told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line of so many characters at most.
    Text(usize),
    /// Several lines of text.
    Notes,
    Texts,
    Number,
    YesNo,
    /// A day, and the key of the words for one that nobody knows.
    Day(Option<&'static str>),
    /// One of a few: what the keys of their words begin with.
    Code(&'static str),
    /// Texts by their headings.
    Cells,
    /// An organisation, by its acronyms.
    Organisation,
}

impl Field {
    pub const fn new(name: &'static str, shape: Shape) -> Field {
        Field { name, shape, in_files: false, in_forms: false }
    }

    const fn in_files(self) -> Field {
        Field { in_files: true, ..self }
    }

    const fn in_forms(self) -> Field {
        Field { in_forms: true, ..self }
    }

    /// The key of its name in words.
    pub fn words(&self) -> String {
        format!("field-{}", self.in_keys())
    }

    /// As forms and the keys of words write it.
    pub fn in_keys(&self) -> String {
        self.name.replace('_', "-")
    }

    /// Whether it is words that a person writes, and not something that is decided.
    pub fn is_text(&self) -> bool {
        matches!(self.shape, Shape::Text(_) | Shape::Notes)
    }
}

/// The language of a field's content, where it has one.
pub fn language_of(name: &str) -> Option<Lang> {
    Lang::BOTH.into_iter().find(|lang| name.strip_suffix(lang.code()).is_some_and(|name| name.ends_with('_')))
}

/// The fields of an image or a line as the record tells them.
///
/// # Errors
/// Never: they are plain values.
pub fn describe<T: Serialize>(fields: &T) -> anyhow::Result<Fields> {
    match serde_json::to_value(fields).context("fields for the record")? {
        Value::Object(fields) => Ok(fields),
        _ => anyhow::bail!("fields for the record are no object"),
    }
}

/// What the record told of an image or a line.
///
/// # Errors
/// Where it told of one what none can have.
pub fn parse<T: DeserializeOwned>(fields: Fields) -> anyhow::Result<T> {
    serde_json::from_value(Value::Object(fields)).context("fields of the record")
}

/// The fields that differ: as they were and as they are.
pub fn differing(before: &Fields, after: &Fields) -> (Fields, Fields) {
    let mut was = Fields::new();
    let mut is = Fields::new();
    for (name, value) in after {
        let earlier = before.get(name).cloned().unwrap_or(Value::Null);
        if earlier != *value {
            was.insert(name.clone(), earlier);
            is.insert(name.clone(), value.clone());
        }
    }
    (was, is)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_field_of_a_record_has_its_row_in_the_table_and_no_other_has() {
        let records = [
            (describe(&ImageFields::default()), IMAGE.as_slice()),
            (describe(&LineFields::default()), LINE.as_slice()),
        ];
        for (record, table) in records {
            let record = record.expect("plain values");
            let names: BTreeSet<&str> = record.keys().map(String::as_str).collect();
            assert_eq!(table.iter().map(|field| field.name).collect::<BTreeSet<_>>(), names);
            assert_eq!(table.len(), names.len(), "each once");
        }
    }

    #[test]
    fn every_field_has_its_name_in_both_languages() {
        for field in IMAGE.iter().chain(&LINE) {
            for lang in Lang::BOTH {
                assert!(!lang.t(&field.words()).contains('⟦'), "{} in {}", field.name, lang.code());
            }
        }
    }
}
