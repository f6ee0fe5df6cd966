//! The departments' pages: all of them, and what one holds and wants.

mod edit;
mod pages;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub const LIST: Route = Route::new("/en/departments", "/fr/ministeres");
pub const ONE: Route = Route::new("/en/departments/{acronym}", "/fr/ministeres/{acronym}");

pub const EDIT_LIST: Route = Route::new("/en/staff/departments", "/fr/personnel/ministeres");
/// `new` stands for one that is to be added.
pub const EDIT: Route = Route::new("/en/staff/departments/{id}", "/fr/personnel/ministeres/{id}");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().page(LIST, pages::list).page(ONE, pages::one)
}

/// The addresses for administrators.
pub fn administrators_routes() -> Router<App> {
    Router::new().page(EDIT_LIST, edit::list).page(EDIT, edit::open).act(EDIT, edit::save)
}
