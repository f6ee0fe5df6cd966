//! Staff change the catalogue: an image with its lines, renewals in one act, files brought in, and acts undone.

pub mod fields;
mod image;
pub mod merge;
pub mod renewals;
pub mod save;
mod undo;
mod upload;
mod verdicts;

use axum::Router;
use axum::extract::DefaultBodyLimit;

use crate::App;
use crate::changes::UNDO;
use crate::web::routes::{Bilingual, Route};

pub const NEW: Route = Route::new("/en/staff/images/new", "/fr/personnel/images/nouvelle");
pub const EDIT: Route = Route::new("/en/staff/images/{slug}", "/fr/personnel/images/{slug}");
pub const RENEWALS: Route = Route::new("/en/staff/renewals", "/fr/personnel/renouvellements");
/// Takes a file, of a size that [`crate::web::limits::measure`] bounds.
pub const IMPORT: Route = Route::new("/en/staff/import", "/fr/personnel/importation");
pub const VERDICTS: Route = Route::new("/en/staff/import/{id}", "/fr/personnel/importation/{id}");

/// The addresses for staff.
pub fn routes() -> Router<App> {
    let files = Router::new().act(IMPORT, upload::take).layer(DefaultBodyLimit::disable());
    Router::new()
        .merge(files)
        .page(IMPORT, upload::show)
        .page(VERDICTS, verdicts::show)
        .act(VERDICTS, verdicts::accept)
        .page(NEW, image::new)
        .act(NEW, image::add)
        .page(EDIT, image::edit)
        .act(EDIT, image::change)
        .page(RENEWALS, renewals::show)
        .act(RENEWALS, renewals::decide)
        .page(UNDO, undo::show)
        .act(UNDO, undo::undo)
}
