//! Tables as one JSON object, with where their figures come from, or the rows of one table alone.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::writer::Writer;
use super::{Cell, Column, Table, Take};

/// A row as an object.
struct Row<'r>(&'r [Column], &'r [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            match cell {
                Cell::Empty => map.serialize_entry(&column.key, &())?,
                Cell::Number(number) => map.serialize_entry(&column.key, number)?,
                Cell::List(texts) => map.serialize_entry(&column.key, texts)?,
                // A decimal number that is exact: as a text.
                other => map.serialize_entry(&column.key, &other.plain())?,
            }
        }
        map.end()
    }
}

/// The JSON as it is written.
pub struct Json {
    out: Vec<u8>,
    is_bare: bool,
    tables: usize,
    rows: usize,
}

impl Json {
    /// With all that is said of the tables together.
    pub fn new(take: &Take) -> Json {
        if take.is_bare {
            return Json { out: b"[".to_vec(), is_bare: true, tables: 0, rows: 0 };
        }
        let head =
            json!({ "title": take.title, "lang": take.lang.code(), "as_at": take.as_at, "made_at": take.made_at });
        let mut out = head.to_string().into_bytes();
        out.pop(); // the object goes on
        out.extend_from_slice(b",\"tables\":[");
        Json { out, is_bare: false, tables: 0, rows: 0 }
    }
}

impl Writer for Json {
    fn open(&mut self, table: &Table) {
        if self.is_bare {
            return;
        }
        if self.tables > 0 {
            self.out.extend_from_slice(b",\n");
        }
        (self.tables, self.rows) = (self.tables + 1, 0);
        let head = json!({ "table": table.key, "title": table.title, "source": table.source });
        self.out.extend_from_slice(head.to_string().trim_end_matches('}').as_bytes());
        self.out.extend_from_slice(b",\"rows\":[");
    }

    fn row(&mut self, columns: &[Column], row: &[Cell]) {
        self.out.extend_from_slice(if self.rows == 0 { b"\n" } else { b",\n" });
        self.rows += 1;
        let _ = serde_json::to_writer(&mut self.out, &Row(columns, row));
    }

    fn close(&mut self) {
        self.out.extend_from_slice(if self.is_bare { b"\n]" } else { b"]}" });
    }

    fn end(&mut self) {
        self.out.extend_from_slice(if self.is_bare { b"\n" } else { b"]}\n" });
    }

    fn waiting(&self) -> usize {
        self.out.len()
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}
