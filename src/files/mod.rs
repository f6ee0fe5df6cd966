//! The catalogue's rows as files: the page in Markdown and tables as CSV, read and written without loss.

mod cell;
mod column;
mod columns;
mod folded;
mod markdown;
mod markup;
mod problem;
mod separated;
mod table;
mod text;
mod value;
mod write_markdown;

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};

use chrono::NaiveDate;

use crate::catalogue::Status;
use crate::fields::Label;
use crate::i18n::Lang;
use crate::text::key;
use crate::web::budget::{Allowance, Budget};
use crate::web::limits::LARGEST_FILE;
use crate::web::work::Stop;

pub use column::Column;
pub use problem::{Problem, ProblemKind, Remark, RemarkKind};
pub use table::RowTable;
pub use value::{Limit, check_field, check_text, check_words};
pub use write_markdown::{MarkdownPieces, RowSource};

/// Rows of one file that visitors and programs bring in, at most.
pub const MOST_ROWS: usize = 110_000;
/// What reading a file of theirs may take. Each row takes some 600 bytes until it is written.
pub const ALLOWED: Allowance = Allowance {
    bytes: LARGEST_FILE,
    nodes: MOST_ROWS * columns::NODES_OF_ROW,
    depth: 64,
    characters: 4 * LARGEST_FILE,
};
/// What reading a file may take for whoever runs the program: ten times as much, for which it takes some 700 MB.
pub const OWN_ALLOWED: Allowance = Allowance {
    bytes: 16 * LARGEST_FILE,
    nodes: 10 * MOST_ROWS * columns::NODES_OF_ROW,
    depth: 64,
    characters: 64 * LARGEST_FILE,
};
/// More problems than this are counted, not listed.
const MOST_PROBLEMS: usize = 1_000;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Csv,
}

/// A file that was read: its rows, and what is worth saying about it.
#[derive(Clone, Debug)]
pub struct RowFile {
    /// The language of its headings: its notes are in that language.
    pub language: Lang,
    pub format: Format,
    pub rows: Vec<FileRow>,
    pub remarks: Vec<Remark>,
}

/// A row of a file. Where the file has no such column the outer `Option` is none; an empty cell is an inner none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Its line in the file, from 1.
    pub line: usize,
    pub name: String,
    pub department: String,
    pub status: Option<Status>,
    pub renewal_date: Option<Option<NaiveDate>>,
    pub labels: [Option<Option<String>>; Label::COUNT],
    pub notes: Option<Option<String>>,
    /// Cells of columns that the catalogue does not know, by heading.
    pub extra: BTreeMap<String, String>,
    /// Markdown only: cells that are marked up, as written. A map of so few would take three times their memory.
    pub markdown: Vec<(Column, String)>,
}

/// A row to be written.
#[derive(Clone, Copy, Debug)]
pub struct OutRow<'a> {
    pub name: &'a str,
    pub renewal_date: Option<NaiveDate>,
    pub department: &'a str,
    pub labels: [Option<&'a str>; Label::COUNT],
    pub status: Status,
    pub notes: Option<&'a str>,
    pub extra: Option<&'a BTreeMap<String, String>>,
    /// Cells as once marked up, by [`Column::code`]: written again where they still mean the same text.
    pub markdown: Option<&'a BTreeMap<String, String>>,
}

/// Reads a file. Without a format, its name and content tell.
///
/// # Errors
/// Everything that is wrong with the file, in the order of its lines.
pub fn read(bytes: &[u8], format: Option<Format>, file_name: Option<&str>) -> Result<RowFile, Vec<Problem>> {
    read_within(bytes, format, file_name, &mut Budget::new(ALLOWED, &Stop::default()))
}

/// Reads a file as [`read`] does, within a budget.
///
/// # Errors
/// As there, and that the file takes more than the budget has.
pub fn read_within(
    bytes: &[u8],
    format: Option<Format>,
    file_name: Option<&str>,
    budget: &mut Budget,
) -> Result<RowFile, Vec<Problem>> {
    budget
        .length(bytes.len())
        .map_err(|spent| vec![Problem { line: None, kind: ProblemKind::spent(spent, budget) }])?;
    let text = text::decode(bytes).map_err(|problem| vec![problem])?;
    let (file, mut problems) = match format.unwrap_or_else(|| guess(text, file_name)) {
        Format::Markdown => markdown::read(text, budget),
        Format::Csv => separated::read(text, budget),
    };
    problems.extend(duplicates(&file.rows));
    if problems.is_empty() { Ok(file) } else { Err(shorten(problems)) }
}

/// A file of tables in Markdown has lines that begin with a bar; a CSV has none.
fn guess(text: &str, file_name: Option<&str>) -> Format {
    let extension = file_name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_lowercase());
    match extension.as_deref() {
        Some("md" | "markdown") => Format::Markdown,
        Some("csv" | "tsv") => Format::Csv,
        _ if text.trim_start().starts_with(['#', '|']) || text.lines().any(is_table_rule) => Format::Markdown,
        _ => Format::Csv,
    }
}

/// Whether a line is the rule below a table's heading: `|---|---|`.
fn is_table_rule(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|letter| matches!(letter, '|' | '-' | ':' | ' '))
}

/// Rows that name the same image and the same department.
fn duplicates(rows: &[FileRow]) -> Vec<Problem> {
    let identity = |row: &FileRow| (key(&row.name), key(&row.department));
    // Hashes with the rows' places: the names themselves would take as much memory again as the rows.
    let hashes = RandomState::new();
    let mut seen: HashMap<u64, usize> = HashMap::with_capacity(rows.len());
    let mut problems = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let own = identity(row);
        let first = seen.insert(hashes.hash_one(&own), place).map(|first| &rows[first]);
        if let Some(first) = first.filter(|first| identity(first) == own) {
            let (name, department, first) = (row.name.clone(), row.department.clone(), first.line);
            problems.push(Problem { line: Some(row.line), kind: ProblemKind::Duplicate { name, department, first } });
        }
    }
    problems
}

fn shorten(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.line);
    if problems.len() > MOST_PROBLEMS {
        let more = problems.len() - MOST_PROBLEMS;
        problems.truncate(MOST_PROBLEMS);
        problems.push(Problem { line: None, kind: ProblemKind::More { count: more } });
    }
    problems
}
