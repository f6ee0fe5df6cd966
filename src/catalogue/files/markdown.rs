//! Reading the page: its tables are found by what their headings mean, their columns by their names.

use std::borrow::Cow;

use comrak::arena_tree::Node;
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::column::Columns;
use super::value::Cell;
use super::write_markdown::written;
use super::{FileRow, Format, Problem, ProblemKind, Remark, RemarkKind, RowFile};
use crate::catalogue::Status;
use crate::i18n::Lang;
use crate::text::words;

/// Reads the tables of images from a page: the rows that are right, and all that is wrong.
pub fn read(text: &str) -> (RowFile, Vec<Problem>) {
    let arena = Arena::new();
    let document = parse_document(&arena, text, &options());
    let lines: Vec<&str> = text.lines().collect();
    let mut page = Page::default();
    for node in document.descendants() {
        page.block(node, &lines);
    }
    if !page.found && page.problems.is_empty() {
        page.problems.push(Problem { line: None, kind: ProblemKind::NoTable });
    }
    let language = page.language.unwrap_or(Lang::En);
    (RowFile { language, format: Format::Markdown, rows: page.rows, remarks: page.remarks }, page.problems)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options
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
}

impl Page {
    fn block<'a>(&mut self, node: &'a AstNode<'a>, lines: &[&str]) {
        let line = line_of(node);
        match &node.data().value {
            NodeValue::Heading(_) => {
                (self.heading, self.introduction) = (meaning(&text_of(node)), None);
                self.is_first_table = true;
                return;
            }
            NodeValue::Paragraph if lines.get(line - 1).is_some_and(|line| line.trim_start().starts_with('|')) => {
                self.problems.push(Problem { line: Some(line), kind: ProblemKind::LooseRow });
                return;
            }
            NodeValue::Paragraph => {
                self.introduction = meaning(&text_of(node));
                return;
            }
            NodeValue::Table(_) => {}
            _ => return,
        }
        self.table(node, lines);
        (self.introduction, self.is_first_table) = (None, false);
    }

    /// What a table stands for: by its heading; a further table below the same heading by its own introduction.
    fn status(&self) -> Option<Status> {
        if self.is_first_table { self.heading.or(self.introduction) } else { self.introduction.or(self.heading) }
    }

    fn table<'a>(&mut self, table: &'a AstNode<'a>, lines: &[&str]) {
        let mut rows = table.children();
        let Some(header) = rows.next() else { return };
        let line = line_of(header);
        let headings: Vec<String> = header.children().map(|cell| text_of(cell)).collect();
        let headings: Vec<&str> = headings.iter().map(|heading| heading.trim()).collect();
        let columns = match Columns::read(&headings, line) {
            Ok(Some(columns)) => columns,
            Ok(None) => {
                self.remarks.push(Remark { line, kind: RemarkKind::OtherTable });
                return;
            }
            Err(problems) => {
                self.problems.extend(problems);
                return;
            }
        };
        self.found = true;
        let status = self.status();
        if status.is_none() && !columns.has_status() {
            self.problems.push(Problem { line: Some(line), kind: ProblemKind::NoStatus });
            return;
        }
        self.language = self.language.or(Some(columns.language));
        self.remarks.extend(columns.remarks.iter().cloned());
        for row in rows {
            if row.children().all(|cell| text_of(cell).trim().is_empty()) {
                continue;
            }
            match read_row(row, &columns, status, lines) {
                Ok(row) => self.rows.push(row),
                Err(problems) => self.problems.extend(problems),
            }
        }
    }
}

fn read_row<'a>(
    row: &'a AstNode<'a>,
    columns: &Columns,
    status: Option<Status>,
    lines: &[&str],
) -> Result<FileRow, Vec<Problem>> {
    let place = row.data().sourcepos.start;
    let source = lines.get(place.line - 1).map_or("", |line| line.get(place.column - 1..).unwrap_or(line));
    let sources = split(source);
    if sources.len() != columns.len() {
        let kind = ProblemKind::Cells { found: sources.len(), expected: columns.len() };
        return Err(vec![Problem { line: Some(place.line), kind }]);
    }
    let cells: Vec<Cell> =
        row.children().zip(sources).map(|(cell, source)| read_cell(&text_of(cell), source)).collect();
    columns.row(&cells, status, place.line)
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

/// The text of a cell as it would be read from its source.
pub fn cell_text(source: &str) -> Cow<'_, str> {
    if !source.contains(['\\', '`', '*', '_', '[', ']', '<', '>', '&', '!', '|', '\n']) {
        return Cow::Borrowed(source);
    }
    let arena = Arena::new();
    let table = format!("|a|\n|-|\n|{source} |\n");
    let document = parse_document(&arena, &table, &options());
    let cell = document.first_child().and_then(Node::last_child).and_then(Node::first_child);
    Cow::Owned(cell.map(|cell| text_of(cell).trim().to_owned()).unwrap_or_default())
}

/// The plain text inside a node: without marks, escapes and entities resolved, `<br>` as a line's end.
fn text_of<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match &part.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::HtmlInline(tag) if is_line_break(tag) => text.push('\n'),
            NodeValue::HtmlInline(html) => text.push_str(html),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

fn is_line_break(tag: &str) -> bool {
    tag.trim_matches(['<', '>', '/', ' ']).eq_ignore_ascii_case("br")
}

/// What a heading or an introduction says of the images in the table below it.
fn meaning(text: &str) -> Option<Status> {
    let words = words(text);
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
mod tests {
    use super::*;
    use crate::catalogue::files::Column;

    #[test]
    fn headings_are_understood_by_what_they_mean() {
        for (text, expected) in [
            ("Procured Chainguard Images", Some(Status::Procured)),
            ("The following hardened container images have already been procured:", Some(Status::Procured)),
            ("Potential Chainguard Images", Some(Status::UnderConsideration)),
            (
                "The following hardened container images are under active consideration:",
                Some(Status::UnderConsideration),
            ),
            ("Images not yet procured", Some(Status::UnderConsideration)),
            ("Images acquises", Some(Status::Procured)),
            ("Images à l’étude", Some(Status::UnderConsideration)),
            ("Images refusées", Some(Status::Declined)),
            ("Retired images", Some(Status::Retired)),
            ("Contacts", None),
        ] {
            assert_eq!(meaning(text), expected, "{text}");
        }
    }

    #[test]
    fn an_empty_row_is_passed_over_and_a_line_break_in_a_name_is_said() {
        let heading = "## Procured images\n| Image name | Renewal date | Department | Notes |\n|---|---|---|---|\n";
        let (file, problems) = read(&format!("{heading}| redis | 2027-03-01 | SSC | a |\n|  |  |  |  |\n"));
        assert_eq!((problems.as_slice(), file.rows.len()), (&[][..], 1));
        let (_, problems) = read(&format!("{heading}| redis<br>valkey | 2027-03-01 | SSC | a<br>b |\n"));
        assert_eq!(problems, [Problem { line: Some(4), kind: ProblemKind::LineBreak { column: Column::Name } }]);
    }

    #[test]
    fn a_line_of_a_table_is_split_at_its_bars() {
        assert_eq!(split("| a | b |"), ["a", "b"]);
        assert_eq!(split("a | b"), ["a", "b"]);
        assert_eq!(split(r"| a \| b |  | c"), [r"a \| b", "", "c"]);
        assert_eq!(split("| a |"), ["a"]);
    }
}
