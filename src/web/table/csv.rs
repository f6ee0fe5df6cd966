//! A table as CSV.

use super::writer::Writer;
use super::{Cell, Column, Table};
use crate::web::csv::{CsvOptions, CsvTable};

/// One table: a CSV has no place for more.
pub struct Csv(CsvTable);

impl Csv {
    pub fn new(options: CsvOptions) -> Csv {
        Csv(CsvTable::new(options))
    }
}

impl Writer for Csv {
    fn open(&mut self, table: &Table) {
        for column in &table.columns {
            self.0.cell(&column.heading);
        }
        self.0.end();
    }

    fn row(&mut self, _: &[Column], row: &[Cell]) {
        for cell in row {
            match cell {
                Cell::Text(text) | Cell::Link(text, _) => self.0.text(text),
                other => self.0.cell(&other.plain()),
            }
        }
        self.0.end();
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }

    fn take(&mut self) -> Vec<u8> {
        self.0.take()
    }
}
