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

/// Lets rows hold one of a few things as such, and lists of them: reading a code that is not known is an error that
/// names it.
macro_rules! coded {
    ($thing:ty, $table:literal, $column:literal) => {
        impl sqlx::Type<sqlx::Postgres> for $thing {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <str as sqlx::Type<sqlx::Postgres>>::type_info()
            }

            fn compatible(held: &sqlx::postgres::PgTypeInfo) -> bool {
                <str as sqlx::Type<sqlx::Postgres>>::compatible(held)
            }
        }

        impl sqlx::postgres::PgHasArrayType for $thing {
            fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                <String as sqlx::postgres::PgHasArrayType>::array_type_info()
            }

            fn array_compatible(held: &sqlx::postgres::PgTypeInfo) -> bool {
                <String as sqlx::postgres::PgHasArrayType>::array_compatible(held)
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Postgres> for $thing {
            fn decode(held: sqlx::postgres::PgValueRef<'r>) -> Result<$thing, sqlx::error::BoxDynError> {
                let code = <&str as sqlx::Decode<'r, sqlx::Postgres>>::decode(held)?;
                Ok($crate::database::known::known($table, $column, code, <$thing>::from_code)?)
            }
        }
    };
}
pub(crate) use coded;
