//! Writing the page's tables: what was read comes out again, cell for cell.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;

use super::markdown::cell_text;
use super::{Column, OutRow};
use crate::catalogue::Status;
use crate::i18n::Lang;

/// A text as a cell of a table: as it stands where Markdown reads it so, else with its marks escaped.
#[must_use]
pub fn written(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '`', '*', '_', '[', ']', '<', '>', '&', '!', '|', '\n']) {
        return Cow::Borrowed(text);
    }
    let plain = text.replace('|', "\\|").replace('\n', "<br>");
    if !text.contains('<') && cell_text(&plain) == text {
        return Cow::Owned(plain);
    }
    let mut escaped = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        match letter {
            '\n' => escaped.push_str("<br>"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '!' | '|' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    Cow::Owned(escaped)
}

/// Collects rows and writes them as the page's tables, a table a status.
#[derive(Debug)]
pub struct MarkdownWriter {
    lang: Lang,
    tables: [Table; 4],
}

/// The rows of one status.
#[derive(Debug, Default)]
struct Table {
    rows: Vec<Row>,
    extra: BTreeSet<String>,
    has_kind: bool,
}

#[derive(Debug)]
struct Row {
    /// Name, date, department, type, notes.
    cells: [String; 5],
    extra: Vec<(String, String)>,
}

impl MarkdownWriter {
    /// A writer in a language.
    #[must_use]
    pub fn new(lang: Lang) -> MarkdownWriter {
        MarkdownWriter { lang, tables: Default::default() }
    }

    /// Takes a row.
    pub fn row(&mut self, row: &OutRow<'_>) {
        let marked = |column: Column, text: &str| -> String {
            let source = row.markdown.and_then(|cells| cells.get(column.code()));
            match source.filter(|source| cell_text(source) == text) {
                Some(source) => source.clone(),
                None => written(text).into_owned(),
            }
        };
        let date = match row.renewal_date {
            Some(date) => date.to_string(),
            None => self.lang.of("TBD".into(), self.lang.t("renewal-undetermined")).into_owned(),
        };
        let cells = [
            marked(Column::Name, row.name),
            date,
            marked(Column::Department, row.department),
            marked(Column::Kind, row.kind.unwrap_or_default()),
            marked(Column::Notes, row.notes.unwrap_or_default()),
        ];
        let extra = row.extra.into_iter().flatten();
        let table = &mut self.tables[row.status as usize];
        table.has_kind |= row.kind.is_some();
        table.extra.extend(row.extra.into_iter().flat_map(|cells| cells.keys().cloned()));
        let extra = extra.map(|(heading, cell)| (heading.clone(), written(cell).into_owned())).collect();
        table.rows.push(Row { cells, extra });
    }

    /// The page's tables. Those of procured images and of images under consideration are always there.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let mut text = String::new();
        for (status, table) in Status::ALL.into_iter().zip(&self.tables) {
            let is_the_pages = matches!(status, Status::Procured | Status::UnderConsideration);
            if table.rows.is_empty() && !is_the_pages {
                continue;
            }
            if !text.is_empty() {
                text.push('\n');
            }
            let name = status.code().replace('_', "-");
            let heading = self.lang.t(&format!("page-{name}"));
            let introduction = self.lang.t(&format!("page-{name}-lead"));
            let _ = write!(text, "### {heading}\n\n{introduction}\n\n");
            table.write(&mut text, self.lang, status);
        }
        text.into_bytes()
    }
}

impl Table {
    fn write(&self, text: &mut String, lang: Lang, status: Status) {
        let has_kind = self.has_kind || status != Status::Procured;
        let mut headings =
            vec![lang.t("page-column-name"), lang.t("page-column-renewal"), lang.t("page-column-department")];
        if has_kind {
            headings.push(lang.t("page-column-type"));
        }
        headings.push(lang.t("page-column-notes"));
        let mut lines = vec![headings.iter().map(|heading| format!("**{heading}**")).collect::<Vec<String>>()];
        lines[0].extend(self.extra.iter().map(|heading| format!("**{}**", written(heading))));
        for row in &self.rows {
            let known = row.cells.iter().enumerate().filter(|(place, _)| has_kind || *place != 3);
            let mut cells: Vec<String> = known.map(|(_, cell)| cell.clone()).collect();
            cells.extend(self.extra.iter().map(|heading| {
                let cell = row.extra.iter().find(|(name, _)| name == heading);
                cell.map(|(_, cell)| cell.clone()).unwrap_or_default()
            }));
            lines.push(cells);
        }
        let widths = widths(&lines);
        for (place, line) in lines.iter().enumerate() {
            for (cell, width) in line.iter().zip(&widths) {
                let _ = write!(text, "| {cell:width$} ");
            }
            text.push_str("|\n");
            if place == 0 {
                for width in &widths {
                    let _ = write!(text, "|{}", "-".repeat(width + 2));
                }
                text.push_str("|\n");
            }
        }
    }
}

/// How wide each column is: as its widest cell, within reason.
fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    const WIDEST: usize = 60;
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    (0..columns).map(|column| width(column).min(WIDEST)).collect()
}
