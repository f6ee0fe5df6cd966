//! Which file is asked for, what it is called, and the answer that sends it while it is made.

use axum::response::Response;
use chrono::NaiveDate;
use tokio::sync::Semaphore;

use super::{Table, csv, json, markdown, xlsx};
use crate::i18n::Lang;
use crate::web::csv::CsvOptions;
use crate::web::error::Error;
use crate::web::file::file;
use crate::web::page::Visit;

/// So many workbooks are made at a time: each keeps a core busy.
static WORKBOOKS: Semaphore = Semaphore::const_new(2);

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Csv,
    Xlsx,
    Json,
    Markdown,
}

impl FileFormat {
    /// All of them, in the order in which pages offer them.
    pub const ALL: [FileFormat; 4] = [FileFormat::Csv, FileFormat::Xlsx, FileFormat::Json, FileFormat::Markdown];

    /// Those that hold several tables.
    pub const WHOLE: [FileFormat; 3] = [FileFormat::Xlsx, FileFormat::Json, FileFormat::Markdown];

    /// The end of a file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Xlsx => "xlsx",
            FileFormat::Json => "json",
            FileFormat::Markdown => "md",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            FileFormat::Csv => "CSV",
            FileFormat::Xlsx => "Excel (XLSX)",
            FileFormat::Json => "JSON",
            FileFormat::Markdown => "Markdown",
        }
    }

    /// What the web and mail call it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            FileFormat::Csv => "text/csv; charset=utf-8",
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileFormat::Json => "application/json",
            FileFormat::Markdown => "text/markdown; charset=utf-8",
        }
    }

    /// The kind of file that ends so.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<FileFormat> {
        FileFormat::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// A file's name without its extension, and what kind of file it is.
    #[must_use]
    pub fn split(name: &str) -> Option<(&str, FileFormat)> {
        let (stem, extension) = name.rsplit_once('.')?;
        Some((stem, FileFormat::from_extension(extension)?))
    }

    /// What an address needs besides, so that a spreadsheet of a language opens the file.
    #[must_use]
    pub const fn options(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (FileFormat::Csv, Lang::En) => "bom=1",
            (FileFormat::Csv, Lang::Fr) => "bom=1&separator=semicolon",
            _ => "",
        }
    }
}

/// Tables to take away, with what they are called and of when they are.
pub struct Take {
    pub lang: Lang,
    pub title: String,
    /// A sentence: of which day the tables are, and when they were made.
    pub about: String,
    /// The day that they show.
    pub as_at: NaiveDate,
    /// When they were made, in America/Toronto.
    pub made_at: String,
    pub tables: Vec<Table>,
}

/// A file's name from its parts: `renewals-ssc-2026-11-22.csv`. What no file system takes everywhere is left out.
#[must_use]
pub fn file_name(parts: &[&str], day: NaiveDate, format: FileFormat) -> String {
    let mut name = String::new();
    for part in parts {
        for character in part.to_lowercase().chars().take(40) {
            if character.is_ascii_alphanumeric() {
                name.push(character);
            } else if !name.ends_with('-') && !name.is_empty() {
                name.push('-');
            }
        }
        if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    format!("{name}{day}.{}", format.extension())
}

/// The tables as a file. Of CSV there is one table a file: the one that the address names by `table`, or the first.
///
/// # Errors
/// When the address asks for what is not offered, or a workbook cannot be made.
pub async fn take(visit: &Visit, name: &str, format: FileFormat, mut take: Take) -> Result<Response, Error> {
    if let Some(key) = visit.parameter("table") {
        let offered: Vec<&str> = take.tables.iter().map(|table| table.key).collect();
        if !offered.contains(&&*key) {
            return Err(visit.not_offered("table", &key, &offered.join(", ")));
        }
        take.tables.retain(|table| table.key == key);
    }
    let options = CsvOptions::asked(visit)?;
    Ok(file(name, format.content_type(), pieces(take, format, options).await?))
}

/// The tables as a file that is kept in memory; none where it has more bytes than `most`.
///
/// # Errors
/// When there is no table, or a workbook cannot be made.
pub async fn whole_file(
    take: Take,
    format: FileFormat,
    options: CsvOptions,
    most: usize,
) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    for piece in pieces(take, format, options).await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// A file in pieces that are made as they are asked for.
type Pieces = Box<dyn Iterator<Item = Vec<u8>> + Send>;

async fn pieces(mut take: Take, format: FileFormat, options: CsvOptions) -> Result<Pieces, Error> {
    Ok(match format {
        FileFormat::Csv => {
            take.tables.truncate(1);
            Box::new(csv::pieces(take.tables.pop().ok_or(Error::NotFound)?, options))
        }
        FileFormat::Json => Box::new(json::pieces(take)),
        FileFormat::Markdown => Box::new(markdown::pieces(take)),
        FileFormat::Xlsx => {
            let _turn = WORKBOOKS.acquire().await.map_err(anyhow::Error::from)?;
            let pieces = tokio::task::spawn_blocking(move || xlsx::workbook(take)).await;
            Box::new(pieces.map_err(anyhow::Error::from)??)
        }
    })
}
