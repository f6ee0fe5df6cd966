//! The catalogue's rows as CSV, in either language.

use std::borrow::Cow;

use crate::catalogue::Status;
use crate::fields::Label;
use crate::files::OutRow;
use crate::i18n::Lang;
use crate::web::csv::{CsvOptions, CsvTable};

/// The words of the columns that every file has, in the order of the contract.
pub const HEADINGS: [&str; 6] =
    ["field-name", "field-renewal-date", "field-department", "field-type", "field-status", "field-notes"];

/// Writes rows into a table.
#[derive(Debug)]
pub struct CsvWriter {
    pub table: CsvTable,
    unknown_date: Cow<'static, str>,
    status: [Cow<'static, str>; 4],
    more: Vec<Label>,
}

impl CsvWriter {
    /// A writer that has written the header: with columns of more labels behind those that every file has.
    pub fn new(lang: Lang, options: CsvOptions, more: &[Label]) -> CsvWriter {
        let mut table = CsvTable::new(options);
        for words in HEADINGS.into_iter().chain(more.iter().map(|label| label.words[0])) {
            table.cell(&lang.t(words));
        }
        table.end();
        let unknown_date = lang.of("TBD".into(), lang.t("renewal-undetermined"));
        CsvWriter { table, unknown_date, status: Status::ALL.map(|status| status.label(lang)), more: more.to_vec() }
    }

    /// Writes a row.
    pub fn row(&mut self, row: &OutRow<'_>) {
        let table = &mut self.table;
        table.text(row.name);
        match row.renewal_date {
            Some(date) => table.cell(&date.to_string()),
            None => table.cell(&self.unknown_date),
        }
        table.text(row.department);
        table.text(row.labels[Label::Kind as usize].unwrap_or_default());
        table.cell(&self.status[row.status as usize]);
        table.text(row.notes.unwrap_or_default());
        for label in &self.more {
            table.text(row.labels[*label as usize].unwrap_or_default());
        }
        table.end();
    }
}
