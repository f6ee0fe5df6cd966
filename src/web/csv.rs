//! How a table as CSV is asked for.

use super::error::Error;
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

impl Separator {
    /// Its byte, and the other one's.
    pub const fn bytes(self) -> [u8; 2] {
        match self {
            Separator::Comma => *b",;",
            Separator::Semicolon => *b";,",
        }
    }
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
