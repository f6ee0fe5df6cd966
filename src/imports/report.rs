//! What a file changes, in numbers and in words.

use std::collections::BTreeMap;

use super::Take;
use super::named::Named;
use super::verdict::{Missing, Row, Verdict};
use super::warned::Warned;
use crate::catalogue::warnings::Warning;
use crate::changes::record::Change;
use crate::files::Remark;
use crate::i18n::{Lang, Word};

/// What a file changes.
#[derive(Debug, Default)]
pub struct Report {
    /// A verdict for each row of the file, in its order.
    pub rows: Vec<Row>,
    /// Rows of the catalogue that the file does not have. They are left alone.
    pub missing: Vec<Missing>,
    /// What rows are warned of, as forms warn.
    pub warned: Warned,
    pub remarks: Vec<Remark>,
    /// Names of the file that are no image's present one, and that a person was asked about or is.
    pub named: Vec<Named>,
    /// Names of the file that images had before: as the file has them, and as the images are called now.
    pub renamed: Vec<(String, String)>,
    /// The rows of the page that was asked for: their places among all, and what a new one brings.
    pub shown: Vec<(usize, Option<Change>)>,
    /// The file is older than the last revision of its source.
    pub is_older: bool,
    /// Departments that nobody knew: added, to be confirmed.
    pub new_departments: Vec<String>,
    /// The change set that was written; none where nothing changed or nothing was to be written.
    pub change_set: Option<i64>,
}

impl Report {
    /// How many rows have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    /// How many rows have which verdict, by its word; those that the file does not have too.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let counts = Verdict::ALL.map(|verdict| (verdict.code(), self.count(verdict)));
        counts.into_iter().chain([("missing", self.missing.len())]).collect()
    }

    /// Whether somebody has to say which image a name means before its rows are written.
    pub fn has_open_names(&self) -> bool {
        self.named.iter().any(|named| named.is_open)
    }

    /// What a command or a program has to say before anything is written: the choices of each name.
    pub fn open_names(&self) -> Vec<Vec<String>> {
        self.named.iter().filter(|named| named.is_open).map(Named::options).collect()
    }

    /// Whether somebody has to say whose values remain, or which image is meant, before anything is written.
    pub fn is_undecided(&self, take: Option<Take>) -> bool {
        self.has_open_names() || (take.is_none() && self.has_undecided_values())
    }

    /// Whether somebody has to say whose values remain.
    pub fn has_undecided_values(&self) -> bool {
        let brings = self.count(Verdict::New) + self.count(Verdict::Changed) > 0;
        self.count(Verdict::Conflict) > 0 || (self.is_older && brings)
    }

    /// What is worth saying besides the verdicts, a sentence each.
    pub fn notes(&self, lang: Lang) -> Vec<String> {
        let older = self.is_older.then(|| lang.t("import-older").into_owned());
        let named = self.named.iter().map(|named| named.in_words(lang));
        let warned = self.warnings(lang, |row| row.verdict != Verdict::Kept);
        let warned = warned.iter().map(Warning::sentence);
        older.into_iter().chain(named).chain(self.remarks_in_words(lang)).chain(warned).collect()
    }

    /// What forms would warn of before these rows are written; the last says how many more there are.
    pub fn warnings(&self, lang: Lang, is_told: impl Fn(&Row) -> bool) -> Vec<Warning> {
        self.warned.of(&self.rows, lang, is_told)
    }

    /// What is worth saying besides the verdicts and the names that are asked about.
    pub fn remarks_in_words(&self, lang: Lang) -> Vec<String> {
        let renamed = self
            .renamed
            .iter()
            .map(|(name, now)| lang.tell("import-renamed", &[("name", Word::Text(name)), ("now", Word::Text(now))]));
        let remarks = self.remarks.iter().map(|remark| remark.in_words(lang));
        let departments = self.new_departments.iter().map(|name| lang.named("import-new-department", name));
        renamed.chain(remarks).chain(departments).collect()
    }

    /// What happened to how many rows, in one sentence.
    pub fn summary(&self, lang: Lang) -> String {
        let mut counts = vec![("rows", Word::Number(self.rows.len())), ("missing", Word::Number(self.missing.len()))];
        counts.extend(Verdict::ALL.map(|verdict| (verdict.code(), Word::Number(self.count(verdict)))));
        lang.tell("import-summary", &counts)
    }

    /// How many rows were changed here since the last import; none where there are none.
    pub fn summary_of_kept(&self, lang: Lang) -> Option<String> {
        let counts = [Verdict::Kept, Verdict::Conflict].map(|verdict| (verdict.code(), self.count(verdict)));
        let words = || counts.map(|(word, count)| (word, Word::Number(count)));
        counts.iter().any(|(_, count)| *count > 0).then(|| lang.tell("import-summary-kept", &words()))
    }
}
