//! The first page: what is here, what needs attention, ways in.

mod pages;

use axum::routing::get;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub const HOME: Route = Route::new("/en", "/fr");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(Door::new(Access::Kept).with(|router| router.route("/", get(pages::root))).page(HOME, pages::home))
}
