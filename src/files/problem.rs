//! What is wrong with a file, or worth a remark: kept as facts, told in either language.

use crate::files::column::Column;
use crate::files::columns::NODES_OF_ROW;
use crate::i18n::{Lang, Word};
use crate::web::budget::{Budget, Spent};

/// Something that keeps a file from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, from 1; none where the whole file is meant.
    pub line: Option<usize>,
    pub kind: ProblemKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    Empty,
    Utf16,
    NotUtf8 {
        byte: u8,
    },
    /// A file of another kind: the key of the kind's name.
    OtherKind {
        kind: &'static str,
    },
    NoTable,
    /// A column that a table of images must have.
    NoColumn {
        column: Column,
    },
    DoubleColumn {
        heading: String,
    },
    /// A table that is neither of procured images nor of those under consideration.
    NoStatus,
    ManyColumns {
        found: usize,
    },
    /// A row of a table that stands outside of it.
    LooseRow,
    Cells {
        found: usize,
        expected: usize,
    },
    OpenQuote,
    Missing {
        column: Column,
    },
    TooLong {
        column: String,
        length: usize,
        most: usize,
    },
    Character {
        character: char,
    },
    /// A cell of one line has several.
    LineBreak {
        column: Column,
    },
    /// A cell names several organisations.
    SeveralDepartments {
        text: String,
    },
    Date {
        text: String,
    },
    Status {
        text: String,
    },
    Duplicate {
        name: String,
        department: String,
        first: usize,
    },
    /// Somebody said which image a name means, and it does not fit the file or the catalogue.
    ImageChoice {
        text: String,
    },
    /// It takes more to read than it may, and so many rows may be read.
    Spent {
        spent: Spent,
        rows: usize,
    },
    /// So many more were found.
    More {
        count: usize,
    },
}

impl Problem {
    /// `line 12: …`, what is wrong and what to do.
    pub fn in_words(&self, lang: Lang) -> String {
        let sentence = self.kind.in_words(lang);
        match self.line {
            Some(line) => {
                // A line number is a name, not a quantity: its thousands are not set apart.
                let line = line.to_string();
                lang.tell("import-at-line", &[("line", Word::Text(&line)), ("sentence", Word::Text(&sentence))])
            }
            None => sentence,
        }
    }
}

impl ProblemKind {
    /// That a file takes more to read than a budget has.
    pub fn spent(spent: Spent, budget: &Budget) -> ProblemKind {
        ProblemKind::Spent { spent, rows: budget.allowed().nodes / NODES_OF_ROW }
    }

    fn in_words(&self, lang: Lang) -> String {
        let tell = |key: &str, words: &[(&'static str, Word<'_>)]| lang.tell(key, words);
        match self {
            ProblemKind::Empty => lang.t("import-empty").into_owned(),
            ProblemKind::Utf16 => lang.t("import-utf16").into_owned(),
            ProblemKind::NotUtf8 { byte } => lang.named("import-not-utf8", format!("0x{byte:02X}")),
            ProblemKind::OtherKind { kind } => lang.named("import-other-kind", lang.t(kind)),
            ProblemKind::NoTable => lang.t("import-no-table").into_owned(),
            ProblemKind::NoColumn { column } => lang.named("import-no-column", lang.t(column.words())),
            ProblemKind::DoubleColumn { heading } => lang.named("import-double-column", heading),
            ProblemKind::NoStatus => lang.t("import-no-status").into_owned(),
            ProblemKind::Cells { found, expected } => {
                let key = if found < expected { "import-few-cells" } else { "import-many-cells" };
                tell(key, &[("found", Word::Number(*found)), ("expected", Word::Number(*expected))])
            }
            ProblemKind::ManyColumns { found } => lang.n("import-many-columns", found),
            ProblemKind::LooseRow => lang.t("import-loose-row").into_owned(),
            ProblemKind::OpenQuote => lang.t("import-open-quote").into_owned(),
            ProblemKind::Missing { column } => lang.named("import-missing", lang.t(column.words())),
            ProblemKind::TooLong { column, length, most } => tell(
                "import-too-long",
                &[("name", Word::Text(column)), ("length", Word::Number(*length)), ("most", Word::Number(*most))],
            ),
            ProblemKind::Character { character } => {
                lang.named("import-character", format!("U+{:04X}", u32::from(*character)))
            }
            ProblemKind::LineBreak { column } => lang.named("import-line-break", lang.t(column.words())),
            ProblemKind::SeveralDepartments { text } => lang.named("import-several-departments", short(text)),
            ProblemKind::Date { text } => lang.named("import-date", short(text)),
            ProblemKind::Status { text } => lang.named("import-status", short(text)),
            ProblemKind::Duplicate { name, department, first } => tell(
                "import-duplicate",
                &[
                    ("name", Word::Text(name)),
                    ("department", Word::Text(department)),
                    ("first", Word::Text(&first.to_string())),
                ],
            ),
            ProblemKind::ImageChoice { text } => lang.named("import-image-choice", short(text)),
            ProblemKind::Spent { spent: spent @ (Spent::Bytes(_) | Spent::Stopped), .. } => spent.in_words(lang),
            ProblemKind::Spent { rows, .. } => lang.n("import-spent", *rows),
            ProblemKind::More { count } => lang.n("import-more", count),
        }
    }
}

/// A text short enough to be quoted.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Something about a file that does not keep it from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub line: usize,
    pub kind: RemarkKind,
}

/// What is worth a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemarkKind {
    /// A column that the catalogue does not know: kept with each line, as written.
    ExtraColumn { heading: String },
    /// A table without image names: not read.
    OtherTable,
}

impl Remark {
    /// The remark in words.
    pub fn in_words(&self, lang: Lang) -> String {
        let sentence = match &self.kind {
            RemarkKind::ExtraColumn { heading } => lang.named("import-extra-column", short(heading)),
            RemarkKind::OtherTable => lang.t("import-other-table").into_owned(),
        };
        let line = self.line.to_string();
        lang.tell("import-at-line", &[("line", Word::Text(&line)), ("sentence", Word::Text(&sentence))])
    }
}
