//! Which file is asked for, what it is called, and the answer that sends it while it is made.

use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use serde::Deserialize;
use tokio::runtime::Handle;

use super::csv::Csv;
use super::json::Json;
use super::markdown::Markdown;
use super::writer::{self, Pages, Writer, read_pieces};
use super::xlsx::{self, TooLong};
use super::{Rows, Table};
use crate::clock;
use crate::codes::codes;
use crate::i18n::{Lang, Word};
use crate::web::csv::CsvOptions;
use crate::web::error::Error;
use crate::web::file::{Pieces, drawn, file, stream_file};
use crate::web::limits::LONGEST_FILE;
use crate::web::page::Visit;
use crate::web::work::Places;

/// So many workbooks are made at a time: each keeps a core busy. The others wait nearly as long as a file may take.
static WORKBOOKS: LazyLock<Places> =
    LazyLock::new(|| Places::new(2, LONGEST_FILE.saturating_sub(Duration::from_secs(10))));

codes! {
    /// A kind of file, in the order in which pages offer them: the end of a file's name, what people call it, and what the web
    /// and mail call it.
    pub enum FileFormat("format of a file", code, name, content_type) {
        Csv("csv", "CSV", "text/csv; charset=utf-8"),
        Xlsx("xlsx", "Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Json("json", "JSON", "application/json"),
        Markdown("md", "Markdown", "text/markdown; charset=utf-8"),
    }
}

impl FileFormat {
    /// Those that hold several tables.
    pub const WHOLE: [FileFormat; 3] = [FileFormat::Xlsx, FileFormat::Json, FileFormat::Markdown];

    /// A file's name without its extension, and what kind of file it is.
    pub fn split(name: &str) -> Option<(&str, FileFormat)> {
        let (stem, extension) = name.rsplit_once('.')?;
        Some((stem, FileFormat::from_code(extension)?))
    }

    /// What an address needs besides, so that a spreadsheet of a language opens the file.
    pub const fn options(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (FileFormat::Csv, Lang::En) => "bom=1",
            (FileFormat::Csv, Lang::Fr) => "bom=1&separator=semicolon",
            _ => "",
        }
    }
}

/// The kind of file that an address ends in.
impl<S: Sync> FromRequestParts<S> for FileFormat {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<FileFormat, Error> {
        Ok(FileFormat::split(parts.uri.path()).ok_or(Error::NotFound)?.1)
    }
}

/// The name of a file as the last part of an address.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct FileName {
    pub stem: String,
    pub format: FileFormat,
}

impl TryFrom<String> for FileName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<FileName, &'static str> {
        let (stem, format) = FileFormat::split(&name).ok_or("no such kind of file")?;
        Ok(FileName { stem: stem.to_owned(), format })
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
    /// The version of the catalogue, where the tables are of it as it is now.
    pub version: Option<i64>,
    /// Whether JSON has the rows alone, as programs know those of the list.
    pub is_bare: bool,
    pub tables: Vec<Table>,
}

impl Take {
    /// Tables of a day, made now.
    pub fn made(
        lang: Lang,
        title: impl Into<String>,
        as_at: NaiveDate,
        now: DateTime<Utc>,
        tables: Vec<Table>,
    ) -> Take {
        let made_at = clock::local(now).format("%Y-%m-%d %H:%M").to_string();
        let day = as_at.to_string();
        let about = lang.tell("table-made", &[("day", Word::Text(&day)), ("now", Word::Text(&made_at))]);
        Take { lang, title: title.into(), about, as_at, made_at, version: None, is_bare: false, tables }
    }
}

/// A file's name from its parts: `renewals-ssc-2026-11-22.csv`. What no file system takes everywhere is left out.
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
    format!("{name}{day}.{}", format.code())
}

/// The tables as a file. Of CSV there is one table a file: the one that the address names by `table`, or the first.
///
/// # Errors
/// When the address asks for what is not offered, or a workbook cannot be made.
pub async fn download(visit: &Visit, name: &str, format: FileFormat, mut take: Take) -> Result<Response, Error> {
    if let Some(key) = visit.parameter("table") {
        let offered: Vec<&str> = take.tables.iter().map(|table| table.key).collect();
        if !offered.contains(&&*key) {
            return Err(visit.not_offered("table", &key, &offered.join(", ")));
        }
        take.tables.retain(|table| table.key == key);
    }
    let options = CsvOptions::asked(visit)?;
    let is_held = take.version.is_some() || format == FileFormat::Xlsx;
    send(name, format, is_held, pieces(take, format, options).await?).await
}

/// Sends a file while it is made, where what it is made of is held anyway. What else it may be made of, such as a past day,
/// is not held for as long as a visitor takes: the file is drawn first.
///
/// # Errors
/// When no temporary file can be written.
pub async fn send(
    name: &str,
    format: FileFormat,
    is_held: bool,
    pieces: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> Result<Response, Error> {
    let pieces = if is_held { Box::new(pieces) } else { drawn(pieces).await.map_err(anyhow::Error::from)? };
    Ok(file(name, format.content_type(), pieces))
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

/// One table whose rows are read while it is sent, as a file. A workbook is made whole before it is sent.
///
/// # Errors
/// When the address asks for what is not offered, rows cannot be read, or a sheet does not hold them all.
pub async fn take_read(
    visit: &Visit,
    name: &str,
    format: FileFormat,
    mut take: Take,
    pages: Pages,
) -> Result<Response, Error> {
    let options = CsvOptions::asked(visit)?;
    if format == FileFormat::Xlsx {
        let failed = Arc::new(OnceLock::new());
        let table = take.tables.first_mut().ok_or(Error::NotFound)?;
        table.rows = waited_for(pages, Arc::clone(&failed));
        let pieces = pieces(take, format, options).await?;
        return match Arc::into_inner(failed).and_then(OnceLock::into_inner) {
            Some(problem) => Err(Error::from(problem)),
            None => Ok(file(name, format.content_type(), pieces)),
        };
    }
    let writer = writer(&take, format, options);
    let table = take.tables.pop().ok_or(Error::NotFound)?;
    Ok(stream_file(name, format.content_type(), read_pieces(writer, table, pages)))
}

/// Rows for a thread that may wait for them; why they ended early, where they did.
fn waited_for(mut pages: Pages, failed: Arc<OnceLock<sqlx::Error>>) -> Rows {
    let runtime = Handle::current();
    let next = move || match runtime.block_on(pages.try_next()) {
        Ok(rows) => rows,
        Err(problem) => {
            let _ = failed.set(problem);
            None
        }
    };
    Box::new(std::iter::from_fn(next).flatten())
}

/// A table's files in the order in which pages offer them: what each is called, and its address.
pub fn links(lang: Lang, addresses: [String; 4]) -> Vec<(&'static str, String)> {
    let link = |(format, address): (FileFormat, String)| {
        let (and, options) = (if address.contains('?') { '&' } else { '?' }, format.options(lang));
        (format.name(), if options.is_empty() { address } else { format!("{address}{and}{options}") })
    };
    FileFormat::ALL.into_iter().zip(addresses).map(link).collect()
}

async fn pieces(take: Take, format: FileFormat, options: CsvOptions) -> Result<Pieces, Error> {
    if format != FileFormat::Xlsx {
        return Ok(Box::new(text_pieces(take, format, options)));
    }
    let lang = take.lang;
    match WORKBOOKS.run(move |stop| xlsx::workbook(take, stop)).await? {
        Ok(pieces) => Ok(Box::new(pieces)),
        Err(problem) if problem.is::<TooLong>() => {
            Err(Error::problem(StatusCode::UNPROCESSABLE_ENTITY, lang.t("table-too-long")))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The tables as a file of text, in pieces that are made as they are asked for. A workbook is none: it is written as CSV.
pub fn text_pieces(
    mut take: Take,
    format: FileFormat,
    options: CsvOptions,
) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let writer = writer(&take, format, options);
    if format == FileFormat::Csv {
        take.tables.truncate(1);
    }
    writer::pieces(writer, take.tables)
}

/// What writes the tables as text.
fn writer(take: &Take, format: FileFormat, options: CsvOptions) -> Box<dyn Writer> {
    match format {
        FileFormat::Json => Box::new(Json::new(take)),
        FileFormat::Markdown => Box::new(Markdown::new(take)),
        FileFormat::Csv | FileFormat::Xlsx => Box::new(Csv::new(options)),
    }
}
