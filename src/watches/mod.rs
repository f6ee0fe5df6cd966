//! Following an image or a department by mail: asked for, confirmed by a link, told of changes, ended by one click.

mod db;
mod pages;
mod tell;

use axum::Router;

use crate::App;
use crate::catalogue::FOLLOW;
use crate::web::routes::{Bilingual, Route};

pub use tell::{keep_telling, tell};

/// What the links in mails lead to.
pub const LINK: Route = Route::new("/en/follow/{token}", "/fr/suivre/{token}");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().page(FOLLOW, pages::ask).act(FOLLOW, pages::send).page(LINK, pages::link).act(LINK, pages::press)
}
