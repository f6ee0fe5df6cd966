//! Writing the page's tables: what was read comes out again, cell for cell.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::catalogue::Status;
use crate::fields::Label;
use crate::files::markup::cell_text;
use crate::files::markup::written;
use crate::files::{Column, OutRow};
use crate::i18n::Lang;
use crate::web::csv::PIECE;

/// Rows that can be gone through more than once.
pub trait RowSource {
    /// How many there are.
    fn count(&self) -> usize;
    /// The row at a place.
    fn row(&self, place: usize) -> OutRow<'_>;
}

/// Rows that are measured before one piece is made.
const MEASURED: usize = 1_000;

/// Rows as the page's tables, a table a status, in pieces. The rows are gone through twice, to see how wide their columns
/// are and to write them, and none is kept: while they are measured, the pieces are empty.
pub struct MarkdownPieces<S> {
    lang: Lang,
    rows: S,
    tables: [Table; 4],
    measured: usize,
    /// The table that is written, by its place among the statuses, and the place of its next row.
    at: (usize, usize),
    is_begun: bool,
}

/// What the rows of one status have together.
#[derive(Debug, Default)]
struct Table {
    count: usize,
    has: [bool; Label::COUNT],
    /// The widest of the known cells.
    widths: [usize; CELLS.len()],
    /// … and of the columns that the catalogue does not know.
    extra: BTreeMap<String, usize>,
    columns: Vec<Laid>,
}

/// A column of a table as it is written.
#[derive(Debug)]
struct Laid {
    heading: String,
    width: usize,
    /// Its place among the known cells; none: it is one that the catalogue does not know, by its name.
    known: Result<usize, String>,
}

/// The columns of a table that the catalogue knows: its status is the table's.
const CELLS: [Column; 4 + Label::COUNT] = {
    let mut all = [Column::Notes; 4 + Label::COUNT];
    (all[0], all[1], all[2]) = (Column::Name, Column::Renewal, Column::Department);
    all[3] = Column::Label(Label::Kind);
    let mut at = 1;
    while at < Label::COUNT {
        all[4 + at] = Column::Label(Label::ALL[at]);
        at += 1;
    }
    all
};

/// The widest that a column is drawn.
const WIDEST: usize = 60;

impl<S: RowSource> MarkdownPieces<S> {
    /// These rows in a language.
    pub fn new(rows: S, lang: Lang) -> MarkdownPieces<S> {
        MarkdownPieces { lang, rows, tables: Default::default(), measured: 0, at: (0, 0), is_begun: false }
    }

    /// All of it at once.
    pub fn whole(self) -> Vec<u8> {
        self.flatten().collect()
    }

    fn measure(&mut self) {
        let end = self.rows.count().min(self.measured + MEASURED);
        for place in self.measured..end {
            let row = self.rows.row(place);
            let table = &mut self.tables[row.status as usize];
            table.count += 1;
            for label in Label::ALL {
                table.has[label as usize] |= label.is_said(row.labels[label as usize]);
            }
            for (width, cell) in table.widths.iter_mut().zip(cells(&row, self.lang)) {
                *width = cell.chars().count().max(*width);
            }
            for (heading, cell) in row.extra.into_iter().flatten() {
                let width = table.extra.entry(heading.clone()).or_default();
                *width = written(cell).chars().count().max(*width);
            }
        }
        self.measured = end;
    }

    /// Writes the next rows of the current table, or the beginning of the next one.
    fn write(&mut self, text: &mut String) {
        let status = Status::ALL[self.at.0];
        let table = &mut self.tables[self.at.0];
        // The page's own tables are always there.
        let is_shown = table.count > 0 || matches!(status, Status::Procured | Status::UnderConsideration);
        if is_shown && self.at.1 == 0 {
            if std::mem::replace(&mut self.is_begun, true) {
                text.push('\n');
            }
            table.lay_out(self.lang, status);
            table.open(text, self.lang, status);
        }
        while is_shown && self.at.1 < self.rows.count() && text.len() < PIECE {
            let row = self.rows.row(self.at.1);
            self.at.1 += 1;
            if row.status == status {
                table.row(text, self.lang, &row);
            }
        }
        if !is_shown || self.at.1 == self.rows.count() {
            self.at = (self.at.0 + 1, 0);
        }
    }
}

impl<S: RowSource> Iterator for MarkdownPieces<S> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut text = String::new();
        if self.measured < self.rows.count() {
            self.measure();
            return Some(Vec::new());
        }
        if self.at.0 == Status::ALL.len() {
            return None;
        }
        while self.at.0 < Status::ALL.len() && text.len() < PIECE {
            self.write(&mut text);
        }
        Some(text.into_bytes())
    }
}

/// The known columns' cells: as their source marked them up, where that still says the same.
fn cells<'r>(row: &OutRow<'r>, lang: Lang) -> [Cow<'r, str>; CELLS.len()] {
    let marked = |column: Column, text: &'r str| -> Cow<'r, str> {
        let source = row.markdown.and_then(|cells| cells.get(column.code()));
        match source.filter(|source| cell_text(source) == text) {
            Some(source) => Cow::Borrowed(source.as_str()),
            None => written(text),
        }
    };
    CELLS.map(|column| match column {
        Column::Name => marked(column, row.name),
        Column::Renewal => match row.renewal_date {
            Some(date) => date.to_string().into(),
            None => lang.of("TBD".into(), lang.t("renewal-undetermined")),
        },
        Column::Department => marked(column, row.department),
        Column::Label(label) => marked(column, row.labels[label as usize].unwrap_or_default()),
        Column::Status => row.status.label(lang),
        Column::Notes => marked(column, row.notes.unwrap_or_default()),
    })
}

impl Table {
    /// Decides which columns there are and how wide each is: as its widest cell, within reason.
    fn lay_out(&mut self, lang: Lang, status: Status) {
        let is_laid = |column: Column| match column {
            Column::Label(Label::Kind) if status != Status::Procured => true,
            Column::Label(label) => self.has[label as usize],
            _ => true,
        };
        let known = CELLS.into_iter().zip(self.widths).enumerate().filter(|(_, (column, _))| is_laid(*column));
        let known = known.map(|(place, (column, width))| {
            let words = format!("page-column-{}", column.code().replace('_', "-"));
            (format!("**{}**", lang.t(&words)), width, Ok(place))
        });
        let extra =
            self.extra.iter().map(|(name, width)| (format!("**{}**", written(name)), *width, Err(name.clone())));
        let laid = known.chain(extra).map(|(heading, width, known)| {
            let width = width.max(heading.chars().count()).min(WIDEST);
            Laid { heading, width, known }
        });
        self.columns = laid.collect();
    }

    /// The heading, the introduction and the head of the table.
    fn open(&self, text: &mut String, lang: Lang, status: Status) {
        let name = status.code().replace('_', "-");
        let (heading, introduction) = (lang.t(&format!("page-{name}")), lang.t(&format!("page-{name}-lead")));
        let _ = write!(text, "### {heading}\n\n{introduction}\n\n");
        for Laid { heading, width, .. } in &self.columns {
            let _ = write!(text, "| {heading:width$} ");
        }
        text.push_str("|\n");
        for column in &self.columns {
            let _ = write!(text, "|{}", "-".repeat(column.width + 2));
        }
        text.push_str("|\n");
    }

    fn row(&self, text: &mut String, lang: Lang, row: &OutRow<'_>) {
        let cells = cells(row, lang);
        for Laid { width, known, .. } in &self.columns {
            let cell = match known {
                Ok(place) => Cow::Borrowed(&*cells[*place]),
                Err(name) => row.extra.and_then(|extra| extra.get(name)).map(|cell| written(cell)).unwrap_or_default(),
            };
            let _ = write!(text, "| {cell:width$} ");
        }
        text.push_str("|\n");
    }
}
