//! Tables as CSV: RFC 4180, for programs and for spreadsheets, made in pieces while they are sent.

use super::error::Error;
use super::formula::neutralise;
use super::page::Visit;
use crate::i18n::Lang;

/// About so many bytes are made at a time.
pub const PIECE: usize = 32 * 1024;

/// What stands between the cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    #[default]
    Comma,
    /// As French spreadsheets take it.
    Semicolon,
}

/// How a CSV is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsvOptions {
    /// Whether it begins with a byte-order mark.
    pub bom: bool,
    pub separator: Separator,
}

impl CsvOptions {
    /// So that a spreadsheet of a language opens it.
    pub const fn for_spreadsheets(lang: Lang) -> CsvOptions {
        let separator = match lang {
            Lang::En => Separator::Comma,
            Lang::Fr => Separator::Semicolon,
        };
        CsvOptions { bom: true, separator }
    }

    /// What the address asks for by `separator` and `bom`.
    ///
    /// # Errors
    /// A sentence where it asks for what is not offered.
    pub fn asked(visit: &Visit) -> Result<CsvOptions, Error> {
        let separator = match visit.one_of("separator", &["comma", "semicolon"])? {
            Some("semicolon") => Separator::Semicolon,
            _ => Separator::Comma,
        };
        Ok(CsvOptions { bom: visit.one_of("bom", &["0", "1"])? == Some("1"), separator })
    }
}

/// A table that is written cell by cell into a buffer, which is taken away in pieces.
#[derive(Debug)]
pub struct CsvTable {
    separator: u8,
    buffer: Vec<u8>,
    is_begun: bool,
}

impl CsvTable {
    /// An empty table.
    pub fn new(options: CsvOptions) -> CsvTable {
        CsvTable {
            separator: match options.separator {
                Separator::Comma => b',',
                Separator::Semicolon => b';',
            },
            buffer: if options.bom { b"\xef\xbb\xbf".to_vec() } else { Vec::new() },
            is_begun: false,
        }
    }

    /// Writes a cell that a person filled: never one that a spreadsheet runs.
    pub fn text(&mut self, text: &str) {
        self.cell(&neutralise(text));
    }

    /// Writes a cell of the program's own: a word, a date, a number.
    pub fn cell(&mut self, text: &str) {
        if std::mem::replace(&mut self.is_begun, true) {
            self.buffer.push(self.separator);
        }
        let special =
            |byte: u8| byte == b'"' || byte == b'\n' || byte == b'\r' || byte == b',' || byte == b';' || byte == b'\t';
        if !text.bytes().any(special) {
            self.buffer.extend_from_slice(text.as_bytes());
            return;
        }
        self.buffer.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                self.buffer.push(b'"');
            }
            self.buffer.push(byte);
        }
        self.buffer.push(b'"');
    }

    /// Ends a row.
    pub fn end(&mut self) {
        self.buffer.extend_from_slice(b"\r\n");
        self.is_begun = false;
    }

    /// Whether enough waits to be sent.
    pub fn is_full(&self) -> bool {
        self.buffer.len() >= PIECE
    }

    /// So many bytes wait to be sent.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Takes what was written so far.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }
}
