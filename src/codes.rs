//! Values of the database that stand for one of a few things.

use std::marker::PhantomData;

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgValueRef};
use sqlx::{Decode, Postgres};

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

/// A column with codes that columns of other tables have too.
pub trait Column {
    /// Its table, and its own name.
    const NAME: (&'static str, &'static str);
}

/// One of a few things, by its code.
pub trait Coded: Sized {
    /// The one that a code names.
    fn of(code: &str) -> Option<Self>;
}

/// What a column can hold: one of a few things, or one or none.
pub trait Content: Sized {
    /// What stands for a code, or for none.
    fn of(code: Option<&str>) -> Option<Self>;
}

impl<T: Coded> Content for T {
    fn of(code: Option<&str>) -> Option<T> {
        T::of(code?)
    }
}

impl<T: Coded> Content for Option<T> {
    fn of(code: Option<&str>) -> Option<Option<T>> {
        code.map_or(Some(None), |code| T::of(code).map(Some))
    }
}

/// What a column holds: rows read it by `try_from`, so that the error which names a code that is not known names the
/// column too.
pub struct Held<C, T>(pub T, PhantomData<C>);

impl<C, T> sqlx::Type<Postgres> for Held<C, T> {
    fn type_info() -> PgTypeInfo {
        <str as sqlx::Type<Postgres>>::type_info()
    }

    fn compatible(held: &PgTypeInfo) -> bool {
        <str as sqlx::Type<Postgres>>::compatible(held)
    }
}

impl<'r, C: Column, T: Content> Decode<'r, Postgres> for Held<C, T> {
    fn decode(held: PgValueRef<'r>) -> Result<Held<C, T>, BoxDynError> {
        let code = Option::<&str>::decode(held)?;
        let (table, column) = C::NAME;
        let unknown = || UnknownValue { table, column, value: code.unwrap_or_default().to_owned() };
        Ok(Held(T::of(code).ok_or_else(unknown)?, PhantomData))
    }
}

/// Columns of which other tables have the like.
macro_rules! columns {
    ($($name:ident: $table:literal . $column:literal),+ $(,)?) => {
        $(
            /// The column, for what reads it.
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl $crate::codes::Column for $name {
                const NAME: (&'static str, &'static str) = ($table, $column);
            }
        )+
    };
}
pub(crate) use columns;

/// Lets columns of several tables hold a thing, or none.
macro_rules! held {
    ($thing:ty, $meaning:expr) => {
        impl $crate::codes::Coded for $thing {
            fn of(code: &str) -> Option<$thing> {
                $meaning(code)
            }
        }

        impl<C> From<$crate::codes::Held<C, $thing>> for $thing {
            fn from(held: $crate::codes::Held<C, $thing>) -> $thing {
                held.0
            }
        }

        impl<C> From<$crate::codes::Held<C, Option<$thing>>> for Option<$thing> {
            fn from(held: $crate::codes::Held<C, Option<$thing>>) -> Option<$thing> {
                held.0
            }
        }
    };
}
pub(crate) use held;

/// Lets rows hold one of a few things as such, and lists of them: reading a code that is not known is an error that
/// names it.
macro_rules! coded {
    ($thing:ty, $table:literal, $column:literal) => {
        $crate::codes::coded!($thing, $table, $column, <$thing>::from_code);
    };
    ($thing:ty, $table:literal, $column:literal, $meaning:expr) => {
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
                Ok($crate::codes::known($table, $column, code, $meaning)?)
            }
        }
    };
}
pub(crate) use coded;

/// A code of a column as a type of its own that reads as the text it is: rows hold it as such.
macro_rules! codes {
    ($(#[$about:meta])* $name:ident, $table:literal, $column:literal, [$($code:literal),+ $(,)?]) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $name(&'static str);

        impl $name {
            /// All codes.
            pub const ALL: [&'static str; [$($code),+].len()] = [$($code),+];

            /// The one that a code names.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|known| *known == code).map($name)
            }

            /// As in the database.
            #[allow(dead_code)] // not every column's code is asked for its text
            pub const fn as_str(self) -> &'static str {
                self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                self.0
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                to.write_str(self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(to, "{:?}", self.0)
            }
        }

        $crate::codes::coded!($name, $table, $column);
    };
}
pub(crate) use codes;
