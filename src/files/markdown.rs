//! Reading the page: its tables are found by what their headings mean, their columns by their names.

use comrak::Arena;
use comrak::nodes::{AstNode, NodeValue};

use crate::catalogue::Status;
use crate::files::cell::Cell;
use crate::files::columns::Columns;
use crate::files::folded::{Fold, Folded, SHORTEST};
use crate::files::markup::written;
use crate::files::markup::{MOST_PARTS, parse, text_of};
use crate::files::{FileRow, Format, Problem, ProblemKind, Remark, RemarkKind, RowFile};
use crate::i18n::Lang;
use crate::text::words;
use crate::web::budget::{Budget, Spent};

/// A page is parsed into so many parts at most, and one more for so many bytes.
const LEAST_PARTS: usize = 20_000;
const BYTES_A_PART: usize = 32;
/// Rows of a long table, and bytes of them, that are parsed at once.
const ROWS_AT_ONCE: usize = 200;
const BYTES_AT_ONCE: usize = 64 * 1024;
/// Bars in one line, at most: no table has as many.
const MOST_BARS: usize = 1_000;
/// So many characters of a heading or an introduction tell what the table below it is.
const LONGEST_MEANING: usize = 4_000;

/// Why reading ends before the page does.
enum Ended {
    Spent(usize, Spent),
    /// What was folded is not the end of a table.
    Unfoldable,
}

/// Reads the tables of images from a page: the rows that are right, and all that is wrong.
pub fn read(text: &str, budget: &mut Budget) -> (RowFile, Vec<Problem>) {
    let before = budget.clone();
    let read = read_folded(text, SHORTEST, budget).or_else(|ended| match ended {
        Ended::Unfoldable => {
            *budget = before;
            read_folded(text, usize::MAX, budget)
        }
        spent @ Ended::Spent(..) => Err(spent),
    });
    let page = read.unwrap_or_else(|ended| {
        let problem = match ended {
            Ended::Spent(line, spent) => {
                Problem { line: (line > 0).then_some(line), kind: ProblemKind::spent(spent, budget) }
            }
            Ended::Unfoldable => Problem { line: None, kind: ProblemKind::NoTable },
        };
        Page { problems: vec![problem], ..Page::default() }
    });
    let language = page.language.unwrap_or(Lang::En);
    (RowFile { language, format: Format::Markdown, rows: page.rows, remarks: page.remarks }, page.problems)
}

/// Reads a page with its tables of more rows than `shortest` folded.
fn read_folded(text: &str, shortest: usize, budget: &mut Budget) -> Result<Page, Ended> {
    let bars = |line: &str| line.bytes().filter(|byte| *byte == b'|').count();
    if let Some((place, line)) = text.lines().enumerate().find(|(_, line)| bars(line) > MOST_BARS) {
        let kind = ProblemKind::ManyColumns { found: bars(line) };
        return Ok(Page { problems: vec![Problem { line: Some(place + 1), kind }], ..Page::default() });
    }
    let most = (LEAST_PARTS + text.len() / BYTES_A_PART).min(MOST_PARTS);
    let folded = Folded::new(text, shortest, most).ok_or(Ended::Spent(0, Spent::Nodes(most)))?;
    let arena = Arena::new();
    let document = parse(&arena, &folded.text, most, budget).map_err(|spent| Ended::Spent(0, spent))?;
    let mut page = Page::default();
    for node in document.descendants() {
        page.block(node, &folded, budget)?;
    }
    if page.unfolded != folded.folds.len() {
        return Err(Ended::Unfoldable);
    }
    if !page.found && page.problems.is_empty() {
        page.problems.push(Problem { line: None, kind: ProblemKind::NoTable });
    }
    Ok(page)
}

/// What was read of a page so far.
#[derive(Default)]
struct Page {
    /// What the heading above means for a table, and what the paragraph since then does.
    heading: Option<Status>,
    introduction: Option<Status>,
    is_first_table: bool,
    found: bool,
    language: Option<Lang>,
    rows: Vec<FileRow>,
    remarks: Vec<Remark>,
    problems: Vec<Problem>,
    /// How many folds were read.
    unfolded: usize,
}

/// A table of images.
struct Table {
    columns: Columns,
    status: Option<Status>,
}

impl Page {
    fn block<'a>(&mut self, node: &'a AstNode<'a>, folded: &Folded, budget: &mut Budget) -> Result<(), Ended> {
        let at = line_of(node);
        match &node.data().value {
            NodeValue::Heading(_) => {
                (self.heading, self.introduction) = (meaning(&text_of(node)), None);
                self.is_first_table = true;
            }
            NodeValue::Paragraph if folded.lines.get(at - 1).is_some_and(|line| line.trim_start().starts_with('|')) => {
                self.problems.push(Problem { line: Some(folded.line(at)), kind: ProblemKind::LooseRow });
            }
            NodeValue::Paragraph => self.introduction = meaning(&text_of(node)),
            NodeValue::Table(_) => {
                self.rows(node, folded, budget)?;
                (self.introduction, self.is_first_table) = (None, false);
            }
            _ => {}
        }
        Ok(())
    }

    /// What a table stands for: by its heading; a further table below the same heading by its own introduction.
    fn status(&self) -> Option<Status> {
        if self.is_first_table { self.heading.or(self.introduction) } else { self.introduction.or(self.heading) }
    }

    /// Reads the rows of a table, those that were folded where they stood.
    fn rows<'a>(&mut self, node: &'a AstNode<'a>, folded: &Folded, budget: &mut Budget) -> Result<(), Ended> {
        let mut rows = node.children();
        let table = rows.next().and_then(|header| self.table(header, folded));
        for row in rows {
            let place = row.data().sourcepos.start;
            let line = folded.lines.get(place.line - 1).copied().unwrap_or_default();
            let source = line.get(place.column - 1..).unwrap_or(line);
            if let Some(table) = &table {
                self.row(row, table, source, folded.line(place.line), budget)?;
            }
            if let Some(fold) = folded.after(place.line) {
                self.unfolded += 1;
                if let Some(table) = &table {
                    self.fold(fold, table, budget)?;
                }
            }
        }
        Ok(())
    }

    /// What a header makes of the rows below it; none where they are not read.
    fn table<'a>(&mut self, header: &'a AstNode<'a>, folded: &Folded) -> Option<Table> {
        let line = folded.line(line_of(header));
        let headings: Vec<String> = header.children().map(|cell| text_of(cell)).collect();
        let headings: Vec<&str> = headings.iter().map(|heading| heading.trim()).collect();
        let columns = match Columns::read(&headings, line) {
            Ok(Some(columns)) => columns,
            Ok(None) => {
                self.remarks.push(Remark { line, kind: RemarkKind::OtherTable });
                return None;
            }
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        };
        self.found = true;
        let status = self.status();
        if status.is_none() && !columns.has_status() {
            self.problems.push(Problem { line: Some(line), kind: ProblemKind::NoStatus });
            return None;
        }
        self.language = self.language.or(Some(columns.language));
        self.remarks.extend(columns.remarks.iter().cloned());
        Some(Table { columns, status })
    }

    /// Reads rows that were folded, so many at a time below a header of their own.
    fn fold(&mut self, fold: &Fold, table: &Table, budget: &mut Budget) -> Result<(), Ended> {
        let (header, rule) = ("|a".repeat(table.columns.len()), "|-".repeat(table.columns.len()));
        let mut from = 0;
        while from < fold.rows.len() {
            let mut text = format!("{header}|\n{rule}|\n");
            let mut length = 0;
            let is_next = |row: &&&str| {
                length += row.len();
                length <= BYTES_AT_ONCE
            };
            let count = fold.rows[from..].iter().take(ROWS_AT_ONCE).take_while(is_next).count().max(1);
            let rows = &fold.rows[from..from + count];
            for row in rows {
                text.push_str(row);
                text.push('\n');
            }
            let arena = Arena::new();
            let document = parse(&arena, &text, MOST_PARTS, budget);
            let document = document.map_err(|spent| Ended::Spent(fold.line + from, spent))?;
            let parsed = document.last_child().ok_or(Ended::Unfoldable)?;
            if parsed.children().count() != rows.len() + 1 {
                return Err(Ended::Unfoldable);
            }
            for (place, (row, source)) in parsed.children().skip(1).zip(rows).enumerate() {
                self.row(row, table, source, fold.line + from + place, budget)?;
            }
            from += count;
        }
        Ok(())
    }

    fn row<'a>(
        &mut self,
        row: &'a AstNode<'a>,
        table: &Table,
        source: &str,
        line: usize,
        budget: &mut Budget,
    ) -> Result<(), Ended> {
        table.columns.count(source.len(), budget).map_err(|spent| Ended::Spent(line, spent))?;
        if row.children().all(|cell| text_of(cell).trim().is_empty()) {
            return Ok(());
        }
        match read_row(row, table, source, line) {
            Ok(row) => self.rows.push(row),
            Err(problems) => self.problems.extend(problems),
        }
        Ok(())
    }
}

fn read_row<'a>(row: &'a AstNode<'a>, table: &Table, source: &str, line: usize) -> Result<FileRow, Vec<Problem>> {
    let sources = split(source);
    if sources.len() != table.columns.len() {
        let kind = ProblemKind::Cells { found: sources.len(), expected: table.columns.len() };
        return Err(vec![Problem { line: Some(line), kind }]);
    }
    let cells: Vec<Cell> =
        row.children().zip(sources).map(|(cell, source)| read_cell(&text_of(cell), source)).collect();
    table.columns.row(&cells, table.status, line)
}

fn read_cell(text: &str, source: &str) -> Cell {
    let text = text.trim().to_owned();
    let is_plain = written(&text) == source;
    Cell { text, markup: (!is_plain).then(|| source.to_owned()) }
}

fn line_of<'a>(node: &'a AstNode<'a>) -> usize {
    node.data().sourcepos.start.line
}

/// The cells of a table's line, as written. A bar after a backslash stands in a cell.
fn split(line: &str) -> Vec<&str> {
    let line = line.trim();
    let mut cells = Vec::new();
    let mut from = usize::from(line.starts_with('|'));
    let mut escaped = false;
    for (at, letter) in line.char_indices().skip(from) {
        if letter == '|' && !escaped {
            cells.push(line[from..at].trim());
            from = at + 1;
        }
        escaped = letter == '\\';
    }
    if from < line.len() {
        cells.push(line[from..].trim());
    }
    cells
}

/// What a heading or an introduction says of the images in the table below it.
fn meaning(text: &str) -> Option<Status> {
    let end = text.char_indices().nth(LONGEST_MEANING).map_or(text.len(), |(at, _)| at);
    let words = words(&text[..end]);
    let has = |starts: &[&str]| words.iter().any(|word| starts.iter().any(|start| word.starts_with(start)));
    let spaced = format!(" {} ", words.join(" "));
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| spaced.contains(phrase));
    let not_yet =
        says(&[" not yet ", " to be procured ", " to procure ", " pas encore ", " a acquerir ", " not procured "]);
    if has(&["declin", "refus", "reject"]) {
        Some(Status::Declined)
    } else if has(&["retire", "retrait"]) {
        Some(Status::Retired)
    } else if not_yet
        || has(&["potenti", "candidat", "request", "propos", "envisag", "wanted", "souhait"])
        || says(&[" consideration ", " considered ", " l etude ", " under review ", " demandees "])
    {
        Some(Status::UnderConsideration)
    } else if has(&["procured", "purchased", "acquired", "acquis", "achete", "licensed"]) {
        Some(Status::Procured)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
