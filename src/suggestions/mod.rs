//! Corrections of an image that visitors suggest, and what staff make of them.

mod db;
mod decide;
mod suggest;

use axum::Router;

use crate::App;
use crate::catalogue::SUGGEST;
use crate::web::routes::{Bilingual, Route};

pub const LIST: Route = Route::new("/en/staff/suggestions", "/fr/personnel/suggestions");
pub const ONE: Route = Route::new("/en/staff/suggestions/{id}", "/fr/personnel/suggestions/{id}");

/// The address for visitors.
pub fn routes() -> Router<App> {
    Router::new().page(SUGGEST, suggest::show).act(SUGGEST, suggest::send)
}

/// The addresses for staff.
pub fn staff_routes() -> Router<App> {
    Router::new().page(LIST, decide::list).page(ONE, decide::one).act(ONE, decide::decide)
}
