//! What SSC has decided about an image for a department.

use serde::Serialize;
use utoipa::ToSchema;

use crate::i18n::Lang;

/// What SSC has decided about an image for a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusCode)]
pub enum Status {
    Procured,
    UnderConsideration,
    Declined,
    Retired,
}

impl Status {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Status; 4] = [Status::Procured, Status::UnderConsideration, Status::Declined, Status::Retired];

    /// As in addresses, JSON and the database.
    pub const fn code(self) -> &'static str {
        match self {
            Status::Procured => "procured",
            Status::UnderConsideration => "under_consideration",
            Status::Declined => "declined",
            Status::Retired => "retired",
        }
    }

    /// The status that a code names.
    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Its name, of one image.
    pub fn label(self, lang: Lang) -> std::borrow::Cow<'static, str> {
        lang.t(match self {
            Status::Procured => "status-procured",
            Status::UnderConsideration => "status-under-consideration",
            Status::Declined => "status-declined",
            Status::Retired => "status-retired",
        })
    }
}
