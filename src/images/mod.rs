//! The catalogue's pages: the list, an image's page, the renewals as a calendar, and the list as files.

mod calendar;
mod download;
mod item;
mod list;
mod narrowing;

use crate::app::App;
use crate::catalogue::address::IMAGE;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub use calendar::{calendar_of, with_every_day};
pub use download::Rows;

pub const LIST: Route = Route::new("/en/images", "/fr/images");
pub const CSV: Route = Route::new("/en/images.csv", "/fr/images.csv");
pub const JSON: Route = Route::new("/en/images.json", "/fr/images.json");
pub const MARKDOWN: Route = Route::new("/en/images.md", "/fr/images.md");
pub const XLSX: Route = Route::new("/en/images.xlsx", "/fr/images.xlsx");

/// The renewals as a calendar.
pub const CALENDAR: Route = Route::new("/en/renewals.ics", "/fr/renouvellements.ics");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Kept)
                .page(LIST, list::list)
                .page(IMAGE, item::show_item)
                .page(CSV, download::file)
                .page(JSON, download::file)
                .page(MARKDOWN, download::file)
                .page(XLSX, download::file)
                .page(CALENDAR, calendar::calendar),
        )
        .menu(0, "menu-images", LIST)
}
