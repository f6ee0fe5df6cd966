//! A saved report as the file that mail carries.

use chrono::NaiveDate;

use super::definition::Definition;
use super::source::Inputs;
use crate::mail::LARGEST_FILE;
use crate::text::slug;
use crate::web::csv::CsvOptions;
use crate::web::error::Error;
use crate::web::table::{FileFormat, file_name, whole_file};

/// What became of making the file.
pub enum Made {
    File {
        name: String,
        bytes: Vec<u8>,
        as_at: NaiveDate,
    },
    /// It has more bytes than mail carries.
    TooLarge {
        name: String,
        as_at: NaiveDate,
    },
    /// Its source does not offer any more what it asks for: a sentence for each.
    Refused(Vec<String>),
}

/// Makes the file.
pub async fn make(definition: &Definition, inputs: &Inputs) -> Result<Made, Error> {
    let take = match definition.take(inputs).await {
        Ok(take) => take,
        Err(Error::BadAddress(sentences)) => return Ok(Made::Refused(sentences)),
        Err(problem) => return Err(problem),
    };
    let (as_at, format) = (take.as_at, definition.format);
    let name = name(definition, as_at, format);
    let options = CsvOptions::for_spreadsheets(definition.lang);
    Ok(match whole_file(take, format, options, LARGEST_FILE).await? {
        Some(bytes) => Made::File { name, bytes, as_at },
        None => Made::TooLarge { name, as_at },
    })
}

/// What its file is called: `renewals-of-ssc-2026-11-22.csv`.
pub fn name(definition: &Definition, day: NaiveDate, format: FileFormat) -> String {
    file_name(&[&slug(&definition.name)], day, format)
}

impl Made {
    /// What the record keeps of it.
    pub fn told(&self) -> Vec<(String, String)> {
        let fields = match self {
            Made::File { name, bytes, .. } => vec![("file", name.clone()), ("size", bytes.len().to_string())],
            Made::TooLarge { name, .. } => vec![("file", name.clone()), ("size", "too-large".to_owned())],
            Made::Refused(sentences) => vec![("problem", sentences.join(" "))],
        };
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
