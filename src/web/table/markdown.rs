//! Tables as Markdown: a heading, where the figures come from, and a pipe table each.

use std::fmt::Write;

use super::writer::Writer;
use super::{Cell, Column, Kind, Table, Take};
use crate::i18n::Lang;

/// The text as it is written, and its language.
pub struct Markdown {
    lang: Lang,
    text: String,
}

impl Markdown {
    /// With all that is said of the tables together.
    pub fn new(take: &Take) -> Markdown {
        Markdown { lang: take.lang, text: format!("# {}\n\n{}\n", cell(&take.title), cell(&take.about)) }
    }
}

impl Writer for Markdown {
    fn open(&mut self, table: &Table) {
        let source = self.lang.named("source-of", &table.source);
        let out = &mut self.text;
        let _ = write!(out, "\n## {}\n\n{}\n\n", cell(&table.title), cell(&source));
        for column in &table.columns {
            let _ = write!(out, "| {} ", cell(&column.heading));
        }
        out.push_str("|\n");
        for column in &table.columns {
            out.push_str(if matches!(column.kind, Kind::Number | Kind::Money) { "|--:" } else { "|---" });
        }
        out.push_str("|\n");
    }

    fn row(&mut self, _: &[Column], row: &[Cell]) {
        for one in row {
            let _ = write!(self.text, "| {} ", cell(&one.plain()));
        }
        self.text.push_str("|\n");
    }

    fn waiting(&self) -> usize {
        self.text.len()
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text).into_bytes()
    }
}

/// A text on one line, none of it taken for markup.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' => out.extend(['\\', character]),
            '\r' => {}
            '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
