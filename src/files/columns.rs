//! The columns of a table, by its headings.

use std::collections::BTreeMap;

use crate::catalogue::Status;
use crate::files::cell::Cell;
use crate::files::column::Column;
use crate::files::value;
use crate::files::{FileRow, Problem, ProblemKind, Remark, RemarkKind};
use crate::i18n::Lang;
use crate::web::budget::{Budget, Spent};

/// What a column that the catalogue does not know is called: by its place where it has no heading.
fn heading_of(heading: &str, place: usize) -> String {
    if heading.is_empty() { format!("#{}", place + 1) } else { heading.to_owned() }
}

/// What each heading names. A heading with a qualifier names a column only where no other heading does.
fn name_columns(headings: &[&str]) -> Vec<Option<(Column, Option<Lang>)>> {
    let mut named: Vec<_> = headings.iter().map(|heading| Column::named(heading)).collect();
    for (place, heading) in headings.iter().enumerate() {
        let Some((column, lang)) = Column::named_with_qualifier(heading) else { continue };
        if named[place].is_none() && !named.iter().flatten().any(|(other, _)| *other == column) {
            named[place] = Some((column, lang));
        }
    }
    named
}

/// More columns than this are no table of images.
const MOST_COLUMNS: usize = 100;

/// What a row counts for in the budget, and each cell of a column that the catalogue does not know.
pub const NODES_OF_ROW: usize = 10;
const NODES_OF_CELL: usize = 2;

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Of each column: what it is, or its heading where the catalogue does not know it.
    each: Vec<Result<Column, String>>,
    pub language: Lang,
    pub remarks: Vec<Remark>,
}

impl Columns {
    /// The columns under these headings; none where no column has image names.
    ///
    /// # Errors
    /// No department column, or two columns of one kind.
    pub fn read(headings: &[&str], line: usize) -> Result<Option<Columns>, Vec<Problem>> {
        if headings.len() > MOST_COLUMNS {
            return Err(vec![Problem { line: Some(line), kind: ProblemKind::ManyColumns { found: headings.len() } }]);
        }
        let named = name_columns(headings);
        let has = |wanted: Column| named.iter().flatten().any(|(column, _)| *column == wanted);
        if !has(Column::Name) {
            return Ok(None);
        }
        let mut problems = Vec::new();
        if !has(Column::Department) {
            problems.push(Problem { line: Some(line), kind: ProblemKind::NoColumn { column: Column::Department } });
        }
        for (place, heading) in headings.iter().enumerate() {
            let same = |other: usize| match named[place] {
                Some((column, _)) => named[other].is_some_and(|(before, _)| before == column),
                None => !heading.is_empty() && headings[other] == *heading,
            };
            if (0..place).any(same) {
                let kind = ProblemKind::DoubleColumn { heading: (*heading).to_owned() };
                problems.push(Problem { line: Some(line), kind });
            }
        }
        let french = named.iter().flatten().filter(|(_, lang)| *lang == Some(Lang::Fr)).count();
        let english = named.iter().flatten().filter(|(_, lang)| *lang == Some(Lang::En)).count();
        let unknown = |place: &usize| named[*place].is_none() && !headings[*place].is_empty();
        let remarks = (0..headings.len())
            .filter(unknown)
            .map(|place| Remark { line, kind: RemarkKind::ExtraColumn { heading: headings[place].to_owned() } });
        let columns = Columns {
            remarks: remarks.collect(),
            language: if french > english { Lang::Fr } else { Lang::En },
            each: named
                .iter()
                .zip(headings)
                .enumerate()
                .map(|(place, (named, heading))| {
                    named.map(|(column, _)| column).ok_or_else(|| heading_of(heading, place))
                })
                .collect(),
        };
        if problems.is_empty() { Ok(Some(columns)) } else { Err(problems) }
    }

    /// Counts a row of so many bytes before it is made.
    ///
    /// # Errors
    /// When the file has more rows and cells than are brought in.
    pub fn count(&self, bytes: usize, budget: &mut Budget) -> Result<(), Spent> {
        let others = self.each.iter().filter_map(|column| column.as_ref().err());
        let (count, length) = others.fold((0, 0), |(count, length), heading| (count + 1, length + heading.len()));
        budget.nodes(NODES_OF_ROW + NODES_OF_CELL * count)?;
        budget.characters(bytes.saturating_add(length))
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.each.len()
    }

    /// Whether there is a status column.
    pub fn has_status(&self) -> bool {
        self.each.contains(&Ok(Column::Status))
    }

    /// A row of these columns. `status` is what its table stands for; a status cell wins over it.
    ///
    /// # Errors
    /// Everything that is wrong with the cells.
    pub fn row(&self, cells: &[Cell], status: Option<Status>, line: usize) -> Result<FileRow, Vec<Problem>> {
        let mut row = FileRow {
            line,
            name: String::new(),
            department: String::new(),
            status,
            renewal_date: None,
            labels: Default::default(),
            notes: None,
            extra: BTreeMap::new(),
            markdown: Vec::new(),
        };
        let mut problems = Vec::new();
        for (column, cell) in self.each.iter().zip(cells) {
            if let Err(kind) = value::put(&mut row, column.as_ref(), cell) {
                problems.push(Problem { line: Some(line), kind });
            }
        }
        row.markdown.shrink_to_fit();
        if problems.is_empty() { Ok(row) } else { Err(problems) }
    }
}
