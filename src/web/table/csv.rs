//! A table as CSV: RFC 4180, for programs and for spreadsheets.

use std::borrow::Cow;
use std::mem;

use csv::{Terminator, WriterBuilder};

use super::writer::Writer;
use super::{Cell, Column, Table};
use crate::web::csv::CsvOptions;
use crate::web::formula::neutralise;

/// One table: a CSV has no place for more.
pub struct Csv {
    builder: WriterBuilder,
    out: csv::Writer<Vec<u8>>,
}

impl Csv {
    pub fn new(options: CsvOptions) -> Csv {
        let [separator, other] = options.separator.bytes();
        let mut builder = WriterBuilder::new();
        builder.delimiter(separator).terminator(Terminator::CRLF).flexible(true);
        // Quoted as a sign of comments would be: whoever guesses the separator is not led to the other one.
        builder.comment(Some(other));
        let mark: &[u8] = if options.bom { b"\xef\xbb\xbf" } else { b"" };
        Csv { out: builder.from_writer(mark.to_vec()), builder }
    }

    /// Writes cells as a row. Writing to memory does not fail.
    fn write<'c>(&mut self, cells: impl Iterator<Item = Cow<'c, str>>) {
        for cell in cells {
            let _ = self.out.write_field(cell.as_bytes());
        }
        let _ = self.out.write_record(None::<&[u8]>);
    }
}

impl Writer for Csv {
    fn open(&mut self, table: &Table) {
        self.write(table.columns.iter().map(|column| column.heading.as_str().into()));
    }

    fn row(&mut self, _: &[Column], row: &[Cell]) {
        self.write(row.iter().map(|cell| match cell {
            // What a person wrote is never run by a spreadsheet.
            Cell::Text(text) | Cell::Link(text, _) => neutralise(text),
            other => other.plain(),
        }));
    }

    fn waiting(&self) -> usize {
        self.out.get_ref().len()
    }

    fn take(&mut self) -> Vec<u8> {
        let next = self.builder.from_writer(Vec::new());
        mem::replace(&mut self.out, next).into_inner().unwrap_or_default()
    }
}
