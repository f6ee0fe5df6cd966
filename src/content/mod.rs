//! Administrators edit the site's texts in the browser: guides, statements, and the banner.

mod edit;
mod pages;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub const LIST: Route = Route::new("/en/staff/content", "/fr/personnel/contenu");
pub const ONE: Route = Route::new("/en/staff/content/{name}", "/fr/personnel/contenu/{name}");

/// The addresses for administrators.
pub fn routes() -> Router<App> {
    Router::new().page(LIST, pages::list).page(ONE, pages::open).act(ONE, edit::save)
}
