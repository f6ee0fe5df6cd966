//! The record of every change: writing it, its public pages, an image's history, and the feed.

pub mod db;
mod feed;
mod pages;
pub mod record;
mod told;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub use db::{ChangeRow, of_image};
pub use told::Told;

pub const LIST: Route = Route::new("/en/changes", "/fr/changements");
pub const FEED: Route = Route::new("/en/changes.atom", "/fr/changements.atom");
pub const ONE: Route = Route::new("/en/changes/{id}", "/fr/changements/{id}");
pub const OF_IMAGE: Route = Route::new("/en/images/{slug}/changes", "/fr/images/{slug}/changements");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().page(LIST, pages::list).page(FEED, feed::feed).page(ONE, pages::one).page(OF_IMAGE, pages::of_image)
}
