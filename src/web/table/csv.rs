//! A table as CSV.

use super::{Cell, Table};
use crate::web::csv::{CsvOptions, CsvTable};

/// The table in pieces.
pub fn pieces(mut table: Table, options: CsvOptions) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let mut out = CsvTable::new(options);
    for column in &table.columns {
        out.cell(&column.heading);
    }
    out.end();
    std::iter::from_fn(move || {
        while !out.is_full() {
            let Some(row) = table.rows.next() else { break };
            for cell in &row {
                match cell {
                    Cell::Text(text) | Cell::Link(text, _) => out.text(text),
                    other => out.cell(&other.plain()),
                }
            }
            out.end();
        }
        Some(out.take()).filter(|piece| !piece.is_empty())
    })
}
