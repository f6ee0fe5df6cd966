//! Writing CSV: RFC 4180, in either language, for programs and for spreadsheets.

use std::borrow::Cow;

use super::OutRow;
use super::formula::neutralise;
use crate::i18n::Lang;

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

/// Writes rows into a buffer that is taken away in pieces.
#[derive(Debug)]
pub struct CsvWriter {
    lang: Lang,
    separator: u8,
    buffer: Vec<u8>,
    unknown_date: Cow<'static, str>,
    status: [Cow<'static, str>; 4],
}

impl CsvWriter {
    /// A writer that has written the header.
    #[must_use]
    pub fn new(lang: Lang, options: CsvOptions) -> CsvWriter {
        let mut writer = CsvWriter {
            lang,
            separator: match options.separator {
                Separator::Comma => b',',
                Separator::Semicolon => b';',
            },
            buffer: if options.bom { b"\xef\xbb\xbf".to_vec() } else { Vec::new() },
            unknown_date: lang.of("TBD".into(), lang.t("renewal-undetermined")),
            status: crate::catalogue::Status::ALL.map(|status| status.label(lang)),
        };
        let words =
            ["field-name", "field-renewal-date", "field-department", "field-type", "field-status", "field-notes"];
        for (place, words) in words.into_iter().enumerate() {
            writer.cell(place, &writer.lang.t(words));
        }
        writer.end();
        writer
    }

    /// Writes a row.
    pub fn row(&mut self, row: &OutRow<'_>) {
        self.cell(0, &neutralise(row.name));
        match row.renewal_date {
            Some(date) => self.cell(1, &date.to_string()),
            None => self.cell(1, &self.unknown_date.clone()),
        }
        self.cell(2, &neutralise(row.department));
        self.cell(3, &neutralise(row.kind.unwrap_or_default()));
        self.cell(4, &self.status[row.status as usize].clone());
        self.cell(5, &neutralise(row.notes.unwrap_or_default()));
        self.end();
    }

    /// How many bytes wait to be taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether nothing waits to be taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Takes what was written so far.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    fn cell(&mut self, place: usize, text: &str) {
        if place > 0 {
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

    fn end(&mut self) {
        self.buffer.extend_from_slice(b"\r\n");
    }
}
