//! What rows of a file are warned of, as a form would warn whoever typed the same.

use crate::catalogue::warnings::{NEAR_NAME, OfLine, Warning, of_names};
use crate::i18n::Lang;
use crate::imports::verdict::Row;

/// Warnings that are told of one file; more are counted.
const MOST_TOLD: usize = 20;

/// What rows are warned of, by their places among all.
#[derive(Debug, Default)]
pub struct Warned {
    /// What is to be said of lines, in the order of the rows.
    pub lines: Vec<(usize, OfLine)>,
    pub near: Vec<NearName>,
    /// The file has more new names than are compared.
    pub is_cut: bool,
}

/// A new image's name that is nearly another's.
#[derive(Debug)]
pub struct NearName {
    /// The rows that have the new name.
    pub rows: Vec<usize>,
    pub name: String,
    pub other: String,
    /// Where the other image is; none: it is new as well.
    pub address: Option<String>,
}

impl NearName {
    fn warning(&self, lang: Lang) -> Warning {
        let words = if self.address.is_some() { NEAR_NAME } else { "import-warn-near-new" };
        of_names(String::new(), words, [&self.name, &self.other], self.address.as_deref(), lang)
    }
}

impl Warned {
    /// The warnings of the rows that are to be told of, those about names first: the first of them, and how many more.
    pub fn of(&self, rows: &[Row], lang: Lang, is_told: impl Fn(&Row) -> bool) -> Vec<Warning> {
        let has_told = |near: &&NearName| near.rows.iter().any(|place| is_told(&rows[*place]));
        let near = self.near.iter().filter(has_told).map(|near| near.warning(lang));
        let lines = self.lines.iter().filter(|(place, _)| is_told(&rows[*place]));
        let mut all = near.chain(lines.map(|(place, of)| of_row(*of, &rows[*place], lang)));
        let mut told: Vec<Warning> = all.by_ref().take(MOST_TOLD).collect();
        let more = all.count();
        told.extend((more > 0).then(|| plain(lang.n("import-warn-more", more))));
        told.extend(self.is_cut.then(|| plain(lang.t("import-warn-cut").into_owned())));
        told
    }

    /// The warnings of one row.
    pub fn of_place(&self, place: usize, row: &Row, lang: Lang) -> Vec<Warning> {
        let near = self.near.iter().filter(|near| near.rows.binary_search(&place).is_ok());
        let from = self.lines.partition_point(|(other, _)| *other < place);
        let lines = self.lines[from..].iter().take_while(|(other, _)| *other == place);
        near.map(|near| near.warning(lang)).chain(lines.map(|(_, of)| of_row(*of, row, lang))).collect()
    }
}

fn of_row(of: OfLine, row: &Row, lang: Lang) -> Warning {
    plain(of.words(&row.subject(lang), lang))
}

fn plain(words: String) -> Warning {
    Warning { code: String::new(), words, image: None }
}
