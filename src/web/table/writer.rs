//! What writes tables as text, row by row, and the pieces that come of it: of rows that are at hand, and of rows that
//! have to be waited for.

use futures_util::stream::BoxStream;
use futures_util::{Stream, TryStreamExt, future, stream};

use super::{Cell, Column, Table};
use crate::web::csv::PIECE;

/// Rows as they are read, some at a time.
pub type Pages = BoxStream<'static, sqlx::Result<Vec<Vec<Cell>>>>;

/// A kind of file that is written row by row.
pub trait Writer: Send {
    /// Begins a table.
    fn open(&mut self, table: &Table);
    /// Writes a row of it.
    fn row(&mut self, columns: &[Column], row: &[Cell]);
    /// Ends it.
    fn close(&mut self) {}
    /// Ends the file.
    fn end(&mut self) {}
    /// So many bytes wait.
    fn waiting(&self) -> usize;
    /// Takes what was written so far.
    fn take(&mut self) -> Vec<u8>;
}

/// The file in pieces, of tables whose rows are at hand.
pub fn pieces(mut writer: Box<dyn Writer>, tables: Vec<Table>) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let mut tables = tables.into_iter();
    let mut current: Option<Table> = None;
    let mut is_ended = false;
    std::iter::from_fn(move || {
        while !is_ended && writer.waiting() < PIECE {
            let Some(table) = &mut current else {
                current = tables.next();
                if let Some(table) = &current {
                    writer.open(table);
                } else {
                    writer.end();
                    is_ended = true;
                }
                continue;
            };
            if let Some(row) = table.rows.next() {
                writer.row(&table.columns, &row);
            } else {
                writer.close();
                current = None;
            }
        }
        Some(writer.take()).filter(|piece| !piece.is_empty())
    })
}

/// The file in pieces, of one table whose rows are read while it is sent.
pub fn read_pieces(
    mut writer: Box<dyn Writer>,
    table: Table,
    pages: Pages,
) -> impl Stream<Item = sqlx::Result<Vec<u8>>> + Send + 'static {
    writer.open(&table);
    let columns = table.columns;
    let pieces = stream::try_unfold(Some((writer, columns, pages)), |state| async {
        let Some((mut writer, columns, mut pages)) = state else { return Ok(None) };
        if let Some(rows) = pages.try_next().await? {
            for row in rows {
                writer.row(&columns, &row);
            }
            Ok(Some((writer.take(), Some((writer, columns, pages)))))
        } else {
            writer.close();
            writer.end();
            Ok(Some((writer.take(), None)))
        }
    });
    pieces.try_filter(|piece: &Vec<u8>| future::ready(!piece.is_empty()))
}
