//! Departments and agencies: their names in both languages, and every spelling by which files call them.

mod db;
mod directory;
mod pages;
mod seed;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub use db::{add, load, next_ids};
pub use directory::{Directory, Organisation};
pub use seed::{added, seed};

pub const LIST: Route = Route::new("/en/departments", "/fr/ministeres");
pub const ONE: Route = Route::new("/en/departments/{acronym}", "/fr/ministeres/{acronym}");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().page(LIST, pages::list).page(ONE, pages::one)
}
