//! In what form a department needs an image, as the types of the page say it.

use std::borrow::Cow;

use crate::i18n::Lang;

/// In what form a department needs an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Application,
    Helm,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Application, Kind::Helm];

    /// The type as the catalogue writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Application => "Application",
            Kind::Helm => "Helm",
        }
    }

    /// The form that a type of the catalogue means.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its words.
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Kind::Application => "request-type-application",
            Kind::Helm => "request-type-helm",
        })
    }
}
