//! Things of which there are few: each is written as one table, with its code in the database and in addresses, and its words.

/// A value that this program does not know, where one of a few stands: it is never taken for another.
#[derive(Debug, thiserror::Error)]
#[error("{of} “{value}” is not known to this version of the program")]
pub struct UnknownCode {
    /// What it should be one of: a table with its column, or what several columns hold.
    pub of: &'static str,
    pub value: String,
}

/// What a value of a column stands for, where that is more than a code.
pub fn known<T>(of: &'static str, value: &str, meaning: impl FnOnce(&str) -> Option<T>) -> sqlx::Result<T> {
    let unknown = || sqlx::Error::Decode(UnknownCode { of, value: value.to_owned() }.into());
    meaning(value).ok_or_else(unknown)
}

/// Declares an enum as a table: a value a row, and what the head names a column. A `code` is read back by `from_code`, a
/// `label` is the key of words (`Lang` has to be known). A head that begins with what columns of the database hold lets rows and binds be the enum.
macro_rules! codes {
    (
        $(#[$about:meta])*
        $seen:vis enum $name:ident($of:literal, $($text:ident),+) {
            $($(#[$means:meta])* $one:ident($($value:literal),+),)+
        }
    ) => {
        $crate::codes::codes! {
            $(#[$about])*
            $seen enum $name($($text),+) { $($(#[$means])* $one($($value),+),)+ }
        }

        impl sqlx::Type<sqlx::Postgres> for $name {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <str as sqlx::Type<sqlx::Postgres>>::type_info()
            }

            fn compatible(held: &sqlx::postgres::PgTypeInfo) -> bool {
                <str as sqlx::Type<sqlx::Postgres>>::compatible(held)
            }
        }

        impl sqlx::postgres::PgHasArrayType for $name {
            fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                <String as sqlx::postgres::PgHasArrayType>::array_type_info()
            }

            fn array_compatible(held: &sqlx::postgres::PgTypeInfo) -> bool {
                <String as sqlx::postgres::PgHasArrayType>::array_compatible(held)
            }
        }

        impl sqlx::Encode<'_, sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                written: &mut sqlx::postgres::PgArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <&str as sqlx::Encode<sqlx::Postgres>>::encode(self.code(), written)
            }
        }

        impl sqlx::Decode<'_, sqlx::Postgres> for $name {
            fn decode(held: sqlx::postgres::PgValueRef<'_>) -> Result<$name, sqlx::error::BoxDynError> {
                let code = <&str as sqlx::Decode<sqlx::Postgres>>::decode(held)?;
                let unknown = || $crate::codes::UnknownCode { of: $of, value: code.to_owned() };
                Ok($name::from_code(code).ok_or_else(unknown)?)
            }
        }
    };
    (
        $(#[$about:meta])*
        $seen:vis enum $name:ident($($text:ident),+) {
            $($(#[$means:meta])* $one:ident($($value:literal),+),)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $seen enum $name {
            $($(#[$means])* $one),+
        }

        #[allow(dead_code)] // not all of them are asked for all of it
        impl $name {
            /// All of them, in order.
            pub const ALL: [$name; [$($name::$one),+].len()] = [$($name::$one),+];

            $crate::codes::codes! { @column [$($text)+] $($one [$($value)+])+ }
        }
    };
    (@column []  $($one:ident [])+) => {};
    (@column [code $($text:ident)*] $($one:ident [$value:literal $($more:literal)*])+) => {
        pub const fn code(self) -> &'static str {
            match self { $(Self::$one => $value),+ }
        }

        /// The one that a code names.
        pub fn from_code(code: &str) -> Option<Self> {
            Self::ALL.into_iter().find(|one| one.code() == code)
        }

        $crate::codes::codes! { @column [$($text)*] $($one [$($more)*])+ }
    };
    (@column [label $($text:ident)*] $($one:ident [$value:literal $($more:literal)*])+) => {
        /// In words.
        pub fn label(self, lang: Lang) -> std::borrow::Cow<'static, str> {
            lang.t(match self { $(Self::$one => $value),+ })
        }

        $crate::codes::codes! { @column [$($text)*] $($one [$($more)*])+ }
    };
    (@column [$column:ident $($text:ident)*] $($one:ident [$value:literal $($more:literal)*])+) => {
        pub const fn $column(self) -> &'static str {
            match self { $(Self::$one => $value),+ }
        }

        $crate::codes::codes! { @column [$($text)*] $($one [$($more)*])+ }
    };
}
pub(crate) use codes;
