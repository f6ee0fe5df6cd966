//! Reading CSV: header in either language, comma, semicolon or tab between the cells.

use crate::files::cell::Cell;
use crate::files::column::Column;
use crate::files::columns::Columns;
use crate::files::{FileRow, Format, Problem, ProblemKind, RowFile};
use crate::i18n::Lang;
use crate::web::budget::Budget;
use crate::web::formula::restore;

/// So many lines may stand above the headings: a title, a date, nothing.
const LINES_ABOVE: usize = 20;
/// Cells in one line, at most: as many as spreadsheets have columns.
const MOST_CELLS: usize = 16_384;
/// What may stand between cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a CSV: the rows that are right, and all that is wrong.
pub fn read(text: &str, budget: &mut Budget) -> (RowFile, Vec<Problem>) {
    let separator = separator(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut file = RowFile { language: Lang::En, format: Format::Csv, rows: Vec::new(), remarks: Vec::new() };
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Columns> = None;
    let mut above = 0;
    let mut problems = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    if let Some(problem) = unreadable(text, separator) {
        return (file, vec![problem]);
    }
    while reader.read_record(&mut record).is_ok_and(|more| more) {
        let byte = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        let line = lines.line_at(byte);
        let Some(columns) = &columns else {
            match header(&record, line) {
                Ok(found) => columns = found,
                Err(problems) => return (file, problems),
            }
            above += 1;
            if columns.is_none() && above > LINES_ABOVE {
                break;
            }
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if let Err(spent) = columns.count(record.as_slice().len(), budget) {
            return (file, vec![Problem { line: Some(line), kind: ProblemKind::spent(spent, budget) }]);
        }
        match row(columns, &record, line) {
            Ok(row) => file.rows.push(row),
            Err(found) => problems.extend(found),
        }
    }
    match columns {
        Some(columns) => (file.language, file.remarks) = (columns.language, columns.remarks),
        None => problems.push(Problem { line: Some(first_line(text)), kind: ProblemKind::NoTable }),
    }
    (file, problems)
}

/// A quote that opens and is not closed where its cell ends, which would swallow what follows, or a line of more cells
/// than any spreadsheet has.
fn unreadable(text: &str, separator: u8) -> Option<Problem> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| bytes.get(at).is_none_or(|byte| [separator, b'\r', b'\n'].contains(byte));
    let (mut line, mut at, mut cells) = (1, 0, 0);
    while at < bytes.len() {
        cells += 1;
        if cells > MOST_CELLS {
            return Some(Problem { line: Some(line), kind: ProblemKind::ManyColumns { found: cells } });
        }
        if bytes[at] == b'"' {
            let opened = line;
            at += 1;
            loop {
                match bytes.get(at) {
                    Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                    Some(b'"') if is_end(at + 1) => break,
                    Some(b'"') | None => {
                        return Some(Problem { line: Some(opened), kind: ProblemKind::OpenQuote });
                    }
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
        if let Some(b'\r' | b'\n') = bytes.get(at) {
            cells = 0;
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

/// The line, from 1, of the first text.
fn first_line(text: &str) -> usize {
    1 + text.lines().take_while(|line| line.trim().is_empty()).count()
}

/// The columns under a line of headings; none where the line is not one.
fn header(record: &csv::StringRecord, line: usize) -> Result<Option<Columns>, Vec<Problem>> {
    let mut headings: Vec<&str> = record.iter().map(|heading| restore(heading.trim())).collect();
    while headings.last().is_some_and(|last| last.is_empty()) {
        headings.pop();
    }
    if headings.len() < 2 {
        return Ok(None); // a title
    }
    Columns::read(&headings, line)
}

fn row(columns: &Columns, record: &csv::StringRecord, line: usize) -> Result<FileRow, Vec<Problem>> {
    let is_cell_too_many = record.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty());
    if record.len() < columns.len() || is_cell_too_many {
        let kind = ProblemKind::Cells { found: record.len(), expected: columns.len() };
        return Err(vec![Problem { line: Some(line), kind }]);
    }
    let cells: Vec<Cell> = record.iter().take(columns.len()).map(cell).collect();
    columns.row(&cells, None, line)
}

fn cell(written: &str) -> Cell {
    let lines =
        if written.contains('\r') { written.replace("\r\n", "\n").replace('\r', "\n") } else { written.to_owned() };
    Cell { text: restore(lines.trim()).trim().to_owned(), markup: None }
}

/// What stands between the cells: what a first line `sep=;` says, as spreadsheets write it, else what makes headings of
/// one of the first lines, else whichever is most frequent in the first line.
fn separator(text: &str) -> u8 {
    let mut first_lines = text.trim_start().lines().filter(|line| !line.trim().is_empty()).take(LINES_ABOVE);
    let first = first_lines.clone().next().unwrap_or_default();
    if let Some([said]) = first.trim().strip_prefix("sep=").map(str::as_bytes)
        && SEPARATORS.contains(said)
    {
        return *said;
    }
    let is_heading = |line: &str, separator: u8| {
        let known = line.split(char::from(separator)).filter(|cell| Column::is_known(cell.trim().trim_matches('"')));
        known.count() > 1
    };
    let of_headings =
        first_lines.find_map(|line| SEPARATORS.into_iter().find(|separator| is_heading(line, *separator)));
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    let most_frequent = || SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator));
    of_headings.or_else(most_frequent).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (RowFile, Vec<Problem>) {
        let budget = &mut Budget::new(crate::files::ALLOWED, &crate::web::work::Stop::default());
        super::read(text, budget)
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_write_it() {
        let heading = "Image name,Renewal date,Department,Type,Status,Notes";
        let day = chrono::NaiveDate::from_ymd_opt(2027, 3, 1);
        for text in [
            format!("{heading}\nredis,2027-03-01 00:00:00,SSC,Application,Procured,x\n"),
            format!("{heading}\nredis,2027/03/01,SSC,Application,Procured,x\n"),
            format!("{heading}\nredis,2027\u{2011}03\u{2011}01,SSC,Application,Procured,x\n"),
            format!("{heading}\nredis,2027-03-01T00:00:00Z,SSC,Application,Procured,x\n"),
            format!("{heading}\nredis,2027-03-01,SSC,Application,Procured,x,,,\n"),
            format!("Images of our branch,,,,,\n,,,,,\n{heading}\nredis,2027-03-01,SSC,Application,Procured,x\n"),
            format!("Images, as of today\n\n{}\n", heading.replace(',', ";"))
                + "redis;2027-03-01;SSC;Application;Procured;x, y\n",
            "sep=;\nNom de l’image;Date de renouvellement;Ministère;Type;État\nredis;2027-03-01;SPC;x;Acquise\n"
                .to_owned(),
            "Image,Renewal,Dept.,Status,Comments\nredis,2027-03-01,SSC,Procured,x\n".to_owned(),
            "Name,Expiry date,Department,Status\nredis,2027-03-01,SSC,Procured\n".to_owned(),
            "Nom,Date d’expiration,Ministère,État\nredis,2027-03-01,SPC,Acquise\n".to_owned(),
            "Image Name (EN),Renewal Date (YYYY-MM-DD),Department / Agency,Status\nredis,2027-03-01,SSC,Procured\n"
                .to_owned(),
        ] {
            let (file, problems) = read(&text);
            assert_eq!((problems.as_slice(), file.rows.len()), (&[][..], 1), "{text}");
            assert_eq!(file.rows[0].renewal_date, Some(day), "{text}");
            assert!(file.rows[0].extra.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_date_or_a_table_is_refused() {
        let heading = "Image name,Renewal date,Department";
        for (text, line) in [
            (format!("{heading}\nredis,01/03/2027,SSC\n"), 2),
            (format!("{heading}\nredis,2027-03-01 12:30:00,SSC\n"), 2),
            (format!("{heading}\nredis,2027-03-01,SSC,x,,\n"), 2),
            ("\nA title\nand,nothing\n".to_owned(), 2),
        ] {
            let (_, problems) = read(&text);
            assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [Some(line)], "{text}");
        }
    }

    #[test]
    fn a_heading_with_a_qualifier_never_takes_the_place_of_a_plain_one() {
        let (file, problems) = read("Image name,Notes,Notes (draft),Department\nredis,a,b,SSC\n");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(file.rows[0].notes, Some(Some("a".to_owned())));
        assert_eq!(file.rows[0].extra["Notes (draft)"], "b");
    }

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
