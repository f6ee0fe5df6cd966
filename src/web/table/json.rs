//! Tables as one JSON object, with where their figures come from.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::{Cell, Column, Take};
use crate::web::csv::PIECE;

/// A row as an object.
struct Row<'r>(&'r [Column], &'r [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            match cell {
                Cell::Empty => map.serialize_entry(&column.key, &())?,
                Cell::Number(number) => map.serialize_entry(&column.key, number)?,
                // A decimal number that is exact: as a text.
                other => map.serialize_entry(&column.key, &other.plain())?,
            }
        }
        map.end()
    }
}

/// The tables in pieces.
pub fn pieces(take: Take) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let head = json!({ "title": take.title, "lang": take.lang.code(), "as_at": take.as_at, "made_at": take.made_at });
    let mut head = head.to_string().into_bytes();
    head.pop(); // the object goes on
    head.extend_from_slice(b",\"tables\":[");
    let mut tables = take.tables.into_iter().peekable();
    let mut current = None;
    let mut piece = head;
    let mut ended = false;
    std::iter::from_fn(move || {
        while !ended && piece.len() < PIECE {
            let Some((table, is_first)) = &mut current else {
                if let Some(table) = tables.next() {
                    let head = json!({ "table": table.key, "title": table.title, "source": table.source });
                    piece.extend_from_slice(head.to_string().trim_end_matches('}').as_bytes());
                    piece.extend_from_slice(b",\"rows\":[");
                    current = Some((table, true));
                } else {
                    piece.extend_from_slice(b"]}\n");
                    ended = true;
                }
                continue;
            };
            if let Some(row) = table.rows.next() {
                piece.extend_from_slice(if std::mem::take(is_first) { b"\n" } else { b",\n" });
                let _ = serde_json::to_writer(&mut piece, &Row(&table.columns, &row));
            } else {
                piece.extend_from_slice(if tables.peek().is_some() { b"]},\n" } else { b"]}" });
                current = None;
            }
        }
        Some(std::mem::take(&mut piece)).filter(|piece| !piece.is_empty())
    })
}
