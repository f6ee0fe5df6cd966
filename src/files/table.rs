//! The catalogue's rows as a table, with the headings and words that files of it have in either language.

use std::borrow::Cow;

use crate::catalogue::Status;
use crate::fields::Label;
use crate::files::OutRow;
use crate::i18n::Lang;
use crate::web::table::{Cell, Column, Kind};

/// The columns that every file has, in the order of the contract: key, words of the heading, what it holds.
const COLUMNS: [(&str, &str, Kind); 6] = [
    ("name", "field-name", Kind::Text),
    ("renewal_date", "field-renewal-date", Kind::Short),
    ("department", "field-department", Kind::Short),
    ("type", "field-type", Kind::Short),
    ("status", "field-status", Kind::Text),
    ("notes", "field-notes", Kind::Long),
];

/// The columns and words of a table of rows.
#[derive(Debug)]
pub struct RowTable {
    lang: Lang,
    more: Vec<Label>,
    unknown_date: Cow<'static, str>,
    status: [Cow<'static, str>; 4],
}

impl RowTable {
    /// As people read it, with columns of more labels behind those that every file has.
    pub fn new(lang: Lang, more: &[Label]) -> RowTable {
        let (unknown_date, status) = (lang.t("renewal-undetermined"), Status::ALL.map(|status| status.label(lang)));
        RowTable { lang, more: more.to_vec(), unknown_date, status }
    }

    /// As files that are brought in again have it: an unknown date as the published page writes it.
    pub fn as_published(lang: Lang, more: &[Label]) -> RowTable {
        let table = RowTable::new(lang, more);
        RowTable { unknown_date: lang.of("TBD".into(), table.unknown_date), ..table }
    }

    pub fn columns(&self) -> Vec<Column> {
        let more = self.more.iter().map(|label| (label.name, label.words[0], Kind::Short));
        COLUMNS.into_iter().chain(more).map(|(key, words, kind)| Column::new(key, self.lang.t(words), kind)).collect()
    }

    pub fn cells(&self, row: &OutRow<'_>) -> Vec<Cell> {
        let label = |label: Label| Cell::text(row.labels[label as usize].unwrap_or_default());
        let mut cells = Vec::with_capacity(COLUMNS.len() + self.more.len());
        cells.extend([
            Cell::text(row.name),
            row.renewal_date.map_or_else(|| Cell::Words(self.unknown_date.clone()), Cell::Day),
            Cell::text(row.department),
            label(Label::Kind),
            Cell::Words(self.status[row.status as usize].clone()),
            Cell::text(row.notes.unwrap_or_default()),
        ]);
        cells.extend(self.more.iter().copied().map(label));
        cells
    }
}
