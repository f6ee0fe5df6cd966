//! Values of the database that stand for one of a few things.

/// A value that this program does not know, where one of a few stands: it is never taken for another.
#[derive(Debug, thiserror::Error)]
#[error("{table}.{column} holds “{value}”, which this version of the program does not know")]
pub struct UnknownValue {
    pub table: &'static str,
    pub column: &'static str,
    pub value: String,
}

/// What a value of a column stands for.
///
/// # Errors
/// An error that names table, column and value, where it is none that is known.
pub fn known<T>(
    table: &'static str,
    column: &'static str,
    value: &str,
    meaning: impl FnOnce(&str) -> Option<T>,
) -> sqlx::Result<T> {
    let unknown = || sqlx::Error::Decode(UnknownValue { table, column, value: value.to_owned() }.into());
    meaning(value).ok_or_else(unknown)
}
