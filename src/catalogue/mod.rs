//! The catalogue: browse and search it, an image's page, and files in and out.

mod alike;
mod assemble;
pub mod bits;
mod build;
mod calendar;
mod counts;
mod days;
pub mod db;
mod delta;
pub mod demand;
pub mod download;
pub mod edit;
mod facets;
pub mod files;
mod firmness;
pub mod import;
mod kinds;
mod known;
mod list;
pub mod meant;
pub mod memory;
mod one;
mod order;
pub mod past;
mod pieces;
pub mod quality;
pub mod query;
mod reading;
pub mod reference;
pub mod resolve;
pub mod search;
pub mod sheet;
pub mod snapshot;
pub mod source;
pub mod variant;
pub mod verdict;
pub mod view;

use axum::Router;

use crate::App;
use crate::i18n::Lang;
use crate::web::routes::{Bilingual, Route};

pub use calendar::{calendar_of, with_every_day};
pub use firmness::Firmness;
pub use list::{asked, read as read_query, renewal_badge, respelled};
pub use memory::Catalogue;
pub use reference::{Reference, is_pulled, whole as references};
pub use snapshot::Snapshot;

pub const LIST: Route = Route::new("/en/images", "/fr/images");
pub const ONE: Route = Route::new("/en/images/{slug}", "/fr/images/{slug}");
pub const CSV: Route = Route::new("/en/images.csv", "/fr/images.csv");
pub const JSON: Route = Route::new("/en/images.json", "/fr/images.json");
pub const MARKDOWN: Route = Route::new("/en/images.md", "/fr/images.md");
pub const XLSX: Route = Route::new("/en/images.xlsx", "/fr/images.xlsx");

/// The renewals as a calendar.
pub const CALENDAR: Route = Route::new("/en/renewals.ics", "/fr/renouvellements.ics");

/// Where visitors suggest a correction of an image.
pub const SUGGEST: Route = Route::new("/en/images/{slug}/suggest", "/fr/images/{slug}/proposer");

/// Where visitors follow an image or a department by mail.
pub const FOLLOW: Route = Route::new("/en/follow", "/fr/suivre");

/// How many departments need which images.
pub const DEMAND: Route = Route::new("/en/demand", "/fr/besoins");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .page(LIST, list::list)
        .page(ONE, one::one)
        .page(CSV, download::csv)
        .page(JSON, download::json)
        .page(MARKDOWN, download::markdown)
        .page(XLSX, download::xlsx)
        .page(CALENDAR, calendar::calendar)
}

/// What SSC has decided about an image for a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Status::Procured => "procured",
            Status::UnderConsideration => "under_consideration",
            Status::Declined => "declined",
            Status::Retired => "retired",
        }
    }

    /// The status that a code names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Its name, of one image.
    #[must_use]
    pub fn label(self, lang: Lang) -> std::borrow::Cow<'static, str> {
        lang.t(match self {
            Status::Procured => "status-procured",
            Status::UnderConsideration => "status-under-consideration",
            Status::Declined => "status-declined",
            Status::Retired => "status-retired",
        })
    }
}
