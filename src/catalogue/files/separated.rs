//! Reading CSV: header in either language, comma, semicolon or tab between the cells.

use super::column::Columns;
use super::value::Cell;
use super::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;
use crate::web::formula::restore;

/// Reads a CSV: the rows that are right, and all that is wrong.
pub fn read(text: &str) -> (RowFile, Vec<Problem>) {
    let separator = separator(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut file = RowFile { language: Lang::En, format: Format::Csv, rows: Vec::new(), remarks: Vec::new() };
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Columns> = None;
    let mut problems = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    if let Some(line) = open_quote(text, separator) {
        return (file, vec![Problem { line: Some(line), kind: ProblemKind::OpenQuote }]);
    }
    while reader.read_record(&mut record).is_ok_and(|more| more) {
        let byte = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        let line = lines.line_at(byte);
        let Some(columns) = &columns else {
            match header(&record, line) {
                Ok(found) => columns = Some(found),
                Err(problems) => return (file, problems),
            }
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match row(columns, &record, line) {
            Ok(row) => file.rows.push(row),
            Err(found) => problems.extend(found),
        }
    }
    if let Some(columns) = columns {
        file.language = columns.language;
        file.remarks = columns.remarks;
    }
    (file, problems)
}

/// The line in which a quote opens that is not closed where its cell ends: it would swallow what follows.
fn open_quote(text: &str, separator: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| bytes.get(at).is_none_or(|byte| [separator, b'\r', b'\n'].contains(byte));
    let (mut line, mut at) = (1, 0);
    while at < bytes.len() {
        if bytes[at] == b'"' {
            let opened = line;
            at += 1;
            loop {
                match bytes.get(at) {
                    Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') if is_end(at + 1) => break,
                    Some(b'"') | None => return Some(opened),
                    Some(byte) => {
                        line += usize::from(*byte == b'\n');
                        at += 1;
                    }
                }
            }
        }
        while !is_end(at) {
            at += 1;
        }
        line += usize::from(bytes.get(at) == Some(&b'\n'));
        at += 1;
    }
    None
}

/// Counts the lines of a text. The reader's own count is one short after CRLF, and before blank lines.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line, from 1, of the first cell at or after a byte; bytes are asked for in their order.
    fn line_at(&mut self, byte: usize) -> usize {
        while let Some(letter) = self.text.get(self.at)
            && (self.at < byte || matches!(letter, b'\r' | b'\n'))
        {
            self.line += usize::from(*letter == b'\n');
            self.at += 1;
        }
        self.line
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_name_the_line_that_an_editor_shows() {
        let text = "\nNotes,Image name,Department\n\"Two\nlines\",redis,SSC\n\n,,SSC\n,open,\n";
        for end in ["\n", "\r\n"] {
            let (file, problems) = read(&text.replace('\n', end));
            let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
            assert_eq!((file.rows[0].line, &*lines), (3, &[Some(6), Some(7)][..]), "{end:?}");
        }
    }
}
