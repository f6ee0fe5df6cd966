//! Tables as Markdown: a heading, where the figures come from, and a pipe table each.

use std::fmt::Write;

use super::{Kind, Table, Take};
use crate::web::csv::PIECE;

/// The tables in pieces.
pub fn pieces(take: Take) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let mut piece = format!("# {}\n\n{}\n", cell(&take.title), cell(&take.about));
    let mut tables = take.tables.into_iter();
    let mut current: Option<Table> = None;
    std::iter::from_fn(move || {
        while piece.len() < PIECE {
            let Some(table) = &mut current else {
                let Some(table) = tables.next() else { break };
                head(&mut piece, &table);
                current = Some(table);
                continue;
            };
            match table.rows.next() {
                Some(row) => {
                    for one in &row {
                        let _ = write!(piece, "| {} ", cell(&one.plain()));
                    }
                    piece.push_str("|\n");
                }
                None => current = None,
            }
        }
        Some(std::mem::take(&mut piece).into_bytes()).filter(|piece| !piece.is_empty())
    })
}

fn head(piece: &mut String, table: &Table) {
    let _ = write!(piece, "\n## {}\n\n{}\n\n", cell(&table.title), cell(&table.source));
    for column in &table.columns {
        let _ = write!(piece, "| {} ", cell(&column.heading));
    }
    piece.push_str("|\n");
    for column in &table.columns {
        piece.push_str(if matches!(column.kind, Kind::Number | Kind::Money) { "|--:" } else { "|---" });
    }
    piece.push_str("|\n");
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
