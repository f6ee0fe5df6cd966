//! What becomes of a row of a file.

use std::collections::BTreeMap;

use crate::codes::codes;
use crate::files::FileRow;
use crate::i18n::{Lang, Word};
use crate::imports::merge::{FieldVerdict, Outcome};

/// A row of the file and what becomes of it.
#[derive(Clone, Debug)]
pub struct Row {
    pub file: FileRow,
    /// The number of the image that it was taken for: of a new one a negative place, until the database gives one.
    pub image: i64,
    /// The number of its organisation, alike.
    pub organisation: i64,
    pub verdict: Verdict,
    /// The fields on which the file and a line of the catalogue differ.
    pub fields: Box<[FieldVerdict]>,
    /// The present name of its image, where the row has another name of it.
    pub called: Option<Box<str>>,
    /// It is not written before somebody says which image its name means.
    pub is_open: bool,
    /// A mark of the verdict and its differences: another mark, another outcome.
    pub mark: u64,
}

impl Row {
    /// The numbers of its image and organisation.
    pub fn identity(&self) -> (i64, i64) {
        (self.image, self.organisation)
    }

    /// Forgets what it says besides its names: only its verdict is told from now on.
    pub fn forget_cells(&mut self) {
        let file = &mut self.file;
        (file.notes, file.extra, file.markdown) = (None, BTreeMap::new(), Vec::new());
        file.labels.fill(None);
    }

    /// Its image and department.
    pub fn subject(&self, lang: Lang) -> String {
        lang.tell(
            "verdicts-row",
            &[("image", Word::Text(&self.file.name)), ("department", Word::Text(&self.file.department))],
        )
    }

    /// Whether it is in conflict only because nothing tells what the file said before.
    pub fn is_without_base(&self) -> bool {
        self.verdict == Verdict::Conflict
            && self.fields.iter().all(|field| field.outcome != Outcome::Conflict || field.base.is_none())
    }
}

/// A row of the catalogue that the file does not have: the present name of its image, and its department's acronym in
/// either language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub name: String,
    pub department: [String; 2],
}

impl Missing {
    /// The department's acronym.
    pub fn department(&self, lang: Lang) -> &str {
        &self.department[lang as usize]
    }
}

codes! {
    /// What becomes of a row, in the order in which they are counted.
    pub enum Verdict(code) {
        New("new"),
        /// Changed in the file only.
        Changed("changed"),
        /// Changed in the file and here: a person decides.
        Conflict("conflict"),
        /// Changed here, and the file says what it said before: left alone.
        Kept("kept"),
        Same("same"),
    }
}

impl Verdict {
    /// The verdict of a row with these differences.
    pub fn of(fields: &[FieldVerdict]) -> Verdict {
        let has = |outcome| fields.iter().any(|field| field.outcome == outcome);
        if has(Outcome::Conflict) {
            Verdict::Conflict
        } else if has(Outcome::Changed) {
            Verdict::Changed
        } else if has(Outcome::Kept) {
            Verdict::Kept
        } else {
            Verdict::Same
        }
    }
}
