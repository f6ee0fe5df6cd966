//! Columns by the names of their headings, in either language and in any order.

use std::collections::BTreeMap;
use std::fmt;

use super::value::{self, Cell};
use super::{FileRow, Problem, ProblemKind, Remark, RemarkKind};
use crate::catalogue::Status;
use crate::i18n::Lang;
use crate::text::words;
use crate::web::budget::{Budget, Spent};

/// A column that the catalogue knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    Name,
    Renewal,
    Department,
    Kind,
    Status,
    Notes,
}

/// What headings call the columns, as words without case and accents, with the language that it tells.
const HEADINGS: &[(Column, Option<Lang>, &[&str])] = &[
    (Column::Name, Some(Lang::En), &["image name", "image names", "name", "container image", "image"]),
    (Column::Name, Some(Lang::Fr), &["nom de l image", "nom d image", "nom", "image de conteneur"]),
    (
        Column::Renewal,
        Some(Lang::En),
        &[
            "renewal date",
            "renewal",
            "renewal dates",
            "renews",
            "expiry date",
            "expiry",
            "expiration date",
            "expires",
            "valid until",
            "end date",
        ],
    ),
    (
        Column::Renewal,
        Some(Lang::Fr),
        &[
            "date de renouvellement",
            "renouvellement",
            "date d expiration",
            "expiration",
            "date d echeance",
            "echeance",
            "date de fin",
        ],
    ),
    (
        Column::Department,
        Some(Lang::En),
        &[
            "department",
            "departments",
            "dept",
            "dept name",
            "department name",
            "organization",
            "organisation",
            "agency",
        ],
    ),
    (Column::Department, Some(Lang::Fr), &["ministere", "ministeres", "organisme", "nom du ministere"]),
    (Column::Kind, None, &["type", "types"]),
    (Column::Status, Some(Lang::En), &["status", "state"]),
    (Column::Status, Some(Lang::Fr), &["etat", "statut"]),
    (Column::Notes, None, &["notes", "note"]),
    (Column::Notes, Some(Lang::En), &["comments", "comment", "description"]),
    (Column::Notes, Some(Lang::Fr), &["remarques", "remarque", "commentaires"]),
];

impl Column {
    /// As in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Renewal => "renewal_date",
            Column::Department => "department",
            Column::Kind => "type",
            Column::Status => "status",
            Column::Notes => "notes",
        }
    }

    /// The key of its name in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Column::Name => "field-name",
            Column::Renewal => "field-renewal-date",
            Column::Department => "field-department",
            Column::Kind => "field-type",
            Column::Status => "field-status",
            Column::Notes => "field-notes",
        }
    }

    /// Whether a heading names a column that the catalogue knows.
    pub fn is_known(heading: &str) -> bool {
        Column::named(heading).is_some() || Column::named_with_qualifier(heading).is_some()
    }

    /// The column that a heading names, and the language that the heading is in.
    fn named(heading: &str) -> Option<(Column, Option<Lang>)> {
        let heading = words(heading).join(" ");
        HEADINGS.iter().find(|(_, _, names)| names.contains(&&*heading)).map(|(column, lang, _)| (*column, *lang))
    }

    /// The column that a heading names beside a qualifier: `Renewal date (YYYY-MM-DD)`, `Department / Agency`.
    fn named_with_qualifier(heading: &str) -> Option<(Column, Option<Lang>)> {
        let plain = heading.split(['(', '[']).next().unwrap_or_default();
        plain.split(['/', '|']).find_map(Column::named)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

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
    #[must_use]
    pub fn len(&self) -> usize {
        self.each.len()
    }

    /// Whether there is a status column.
    #[must_use]
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
            kind: None,
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
