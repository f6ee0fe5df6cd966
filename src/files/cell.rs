//! A cell of a table as it was read.

/// A cell: its text, and its source where that is marked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub markup: Option<String>,
}
