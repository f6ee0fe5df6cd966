//! What rows of a file are warned of, as a form would warn whoever typed the same.

use crate::catalogue::warnings::{NEAR_NAME, OfLine, Warning, of_names};
use crate::i18n::{Lang, Word};
use crate::imports::verdict::Row;

/// Warnings that are told of one file; more are counted.
const MOST_TOLD: usize = 20;

/// What rows are warned of, by their places among all.
#[derive(Debug, Default)]
pub struct Warned {
    /// What is to be said of lines, in the order of the rows.
    pub lines: Vec<(usize, OfLine)>,
    pub names: Vec<NameWarning>,
    /// The file has more new names than are compared.
    pub is_cut: bool,
}

/// A new image's name that is nearly another's, or a registry name that it gets and another has.
#[derive(Debug)]
pub struct NameWarning {
    /// The rows that have the new name.
    pub rows: Vec<usize>,
    pub name: String,
    /// What the registry calls both.
    pub registry_name: Option<String>,
    pub other: String,
    /// Where the other image is; none: it is new as well.
    pub address: Option<String>,
}

impl NameWarning {
    fn warning(&self, lang: Lang) -> Warning {
        let words = match (&self.registry_name, &self.address) {
            (Some(_), _) => "import-warn-registry-name",
            (None, Some(_)) => NEAR_NAME,
            (None, None) => "import-warn-near-new",
        };
        let names = [
            ("one", Word::Text(&self.name)),
            ("other", Word::Text(&self.other)),
            ("registry", Word::Text(self.registry_name.as_deref().unwrap_or_default())),
        ];
        of_names(String::new(), lang.tell(words, &names), &self.other, self.address.as_deref(), lang)
    }
}

impl Warned {
    /// The warnings of the rows that are to be told of, those about names first: the first of them, and how many more.
    pub fn of(&self, rows: &[Row], lang: Lang, is_told: impl Fn(&Row) -> bool) -> Vec<Warning> {
        let has_told = |of: &&NameWarning| of.rows.iter().any(|place| is_told(&rows[*place]));
        let names = self.names.iter().filter(has_told).map(|of| of.warning(lang));
        let lines = self.lines.iter().filter(|(place, _)| is_told(&rows[*place]));
        let mut all = names.chain(lines.map(|(place, of)| of_row(*of, &rows[*place], lang)));
        let mut told: Vec<Warning> = all.by_ref().take(MOST_TOLD).collect();
        let more = all.count();
        told.extend((more > 0).then(|| plain(lang.n("import-warn-more", more))));
        told.extend(self.is_cut.then(|| plain(lang.t("import-warn-cut").into_owned())));
        told
    }

    /// The warnings of one row.
    pub fn of_place(&self, place: usize, row: &Row, lang: Lang) -> Vec<Warning> {
        let names = self.names.iter().filter(|of| of.rows.binary_search(&place).is_ok());
        let from = self.lines.partition_point(|(other, _)| *other < place);
        let lines = self.lines[from..].iter().take_while(|(other, _)| *other == place);
        names.map(|of| of.warning(lang)).chain(lines.map(|(_, of)| of_row(*of, row, lang))).collect()
    }
}

fn of_row(of: OfLine, row: &Row, lang: Lang) -> Warning {
    plain(of.words(&row.subject(lang), lang))
}

fn plain(words: String) -> Warning {
    Warning { code: String::new(), words, image: None }
}
