//! Reports that managers read, print and take away: each a page and four kinds of file, of today or of any past day.

mod changed;
mod chart;
mod db;
mod lapsing;
mod overview;
mod pages;
mod parts;
mod pooling;
mod query;
mod reading;
mod renewals;
mod report;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub use parts::whole;
pub use query::Asked;
pub use report::Report;

pub const INDEX: Route = Route::new("/en/reports", "/fr/rapports");
/// A report by its name, or with an extension the same report as a file.
pub const ONE: Route = Route::new("/en/reports/{report}", "/fr/rapports/{report}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default().door(Door::new(Access::Anew).page(INDEX, pages::index).long_page(ONE, pages::show_item)).menu(
        4,
        "menu-reports",
        INDEX,
    )
}
