//! The departments' pages: all of them, and what one holds and wants.

mod pages;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub const LIST: Route = Route::new("/en/departments", "/fr/ministeres");
pub const ONE: Route = Route::new("/en/departments/{acronym}", "/fr/ministeres/{acronym}");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().page(LIST, pages::list).page(ONE, pages::one)
}
