//! How sure a department is that it needs an image.

use std::borrow::Cow;

use crate::codes::held;
use crate::i18n::Lang;

/// How sure a department is, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Firmness {
    Interested,
    Planned,
    Funded,
}

impl Firmness {
    /// All of them, from least to most.
    pub const ALL: [Firmness; 3] = [Firmness::Interested, Firmness::Planned, Firmness::Funded];

    /// As in the database and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Firmness::Interested => "interested",
            Firmness::Planned => "planned",
            Firmness::Funded => "funded",
        }
    }

    /// The one that a code names.
    pub fn from_code(code: &str) -> Option<Firmness> {
        Firmness::ALL.into_iter().find(|firmness| firmness.code() == code)
    }

    /// Its word.
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Firmness::Interested => "firmness-interested",
            Firmness::Planned => "firmness-planned",
            Firmness::Funded => "firmness-funded",
        })
    }
}

held!(Firmness, Firmness::from_code);
