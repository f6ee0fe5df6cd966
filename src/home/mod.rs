//! The first page: what is here, what needs attention, ways in.

mod pages;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub const HOME: Route = Route::new("/en", "/fr");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().route("/", get(pages::root)).page(HOME, pages::home)
}
