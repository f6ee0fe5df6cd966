//! Reading CSV: header in either language, comma, semicolon or tab between the cells.

use super::column::Columns;
use super::formula::restore;
use super::value::Cell;
use super::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;

/// Stands after the file, so that a quote that is never closed shows by swallowing it. No file has a NUL.
const END: &str = "\r\n\0\r\n";

/// Reads a CSV: the rows that are right, and all that is wrong.
pub fn read(text: &str) -> (RowFile, Vec<Problem>) {
    let whole = format!("{text}{END}");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(whole.as_bytes());
    let mut file = RowFile { language: Lang::En, format: Format::Csv, rows: Vec::new(), remarks: Vec::new() };
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Columns> = None;
    let mut problems = Vec::new();
    let mut is_whole = false;
    let mut last = 1;
    while !is_whole && reader.read_record(&mut record).is_ok_and(|more| more) {
        if record.len() == 1 && &record[0] == "\0" {
            is_whole = true;
            continue;
        }
        last = record.position().map_or(last, |position| usize::try_from(position.line()).unwrap_or(last));
        let Some(columns) = &columns else {
            match header(&record, last) {
                Ok(found) => columns = Some(found),
                Err(problems) => return (file, problems),
            }
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match row(columns, &record, last) {
            Ok(row) => file.rows.push(row),
            Err(found) => problems.extend(found),
        }
    }
    if !is_whole {
        problems.retain(|problem: &Problem| problem.line != Some(last));
        problems.push(Problem { line: Some(last), kind: ProblemKind::OpenQuote });
    }
    if let Some(columns) = columns {
        file.language = columns.language;
        file.remarks = columns.remarks;
    }
    (file, problems)
}

fn header(record: &csv::StringRecord, line: usize) -> Result<Columns, Vec<Problem>> {
    let headings: Vec<&str> = record.iter().map(|heading| restore(heading.trim())).collect();
    let no_table = || vec![Problem { line: Some(line), kind: ProblemKind::NoTable }];
    Columns::read(&headings, line)?.ok_or_else(no_table)
}

fn row(columns: &Columns, record: &csv::StringRecord, line: usize) -> Result<FileRow, Vec<Problem>> {
    if record.len() != columns.len() {
        let kind = ProblemKind::Cells { found: record.len(), expected: columns.len() };
        return Err(vec![Problem { line: Some(line), kind }]);
    }
    let cells: Vec<Cell> = record.iter().map(cell).collect();
    columns.row(&cells, None, line)
}

fn cell(written: &str) -> Cell {
    let lines =
        if written.contains('\r') { written.replace("\r\n", "\n").replace('\r', "\n") } else { written.to_owned() };
    Cell { text: restore(lines.trim()).trim().to_owned(), markup: None }
}

/// What stands between the cells: whichever is most frequent in the first line.
fn separator(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}
