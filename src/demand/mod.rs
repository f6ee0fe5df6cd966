//! How many departments need which images, how surely and by when: a page, and the same rows as files.

mod download;
mod pages;
mod query;
mod rows;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub use download::whole;
pub use query::{OFFERED, Query, Sureness};

pub const DEMAND: Route = Route::new("/en/demand", "/fr/besoins");
pub const CSV: Route = Route::new("/en/demand.csv", "/fr/besoins.csv");
pub const XLSX: Route = Route::new("/en/demand.xlsx", "/fr/besoins.xlsx");
pub const JSON: Route = Route::new("/en/demand.json", "/fr/besoins.json");
pub const MARKDOWN: Route = Route::new("/en/demand.md", "/fr/besoins.md");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Anew)
                .long_page(DEMAND, pages::demand)
                .page(CSV, download::file)
                .page(XLSX, download::file)
                .page(JSON, download::file)
                .page(MARKDOWN, download::file),
        )
        .menu(2, "menu-demand", DEMAND)
}
