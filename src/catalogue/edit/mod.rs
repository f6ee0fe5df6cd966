//! Staff change the catalogue: an image with its lines, renewals in one act, and acts undone.

pub mod fields;
mod image;
pub mod merge;
mod renewals;
pub mod save;
mod undo;

use axum::Router;

use crate::App;
use crate::changes::UNDO;
use crate::web::routes::{Bilingual, Route};

pub const NEW: Route = Route::new("/en/staff/images/new", "/fr/personnel/images/nouvelle");
pub const EDIT: Route = Route::new("/en/staff/images/{slug}", "/fr/personnel/images/{slug}");
pub const RENEWALS: Route = Route::new("/en/staff/renewals", "/fr/personnel/renouvellements");

/// The addresses for staff.
pub fn routes() -> Router<App> {
    Router::new()
        .page(NEW, image::new)
        .act(NEW, image::add)
        .page(EDIT, image::edit)
        .act(EDIT, image::change)
        .page(RENEWALS, renewals::show)
        .act(RENEWALS, renewals::decide)
        .page(UNDO, undo::show)
        .act(UNDO, undo::undo)
}
