//! Staff change the catalogue: an image with its lines, renewals in one act, files brought in, and acts undone.

pub mod fields;
mod image;
pub mod merge;
mod merging;
pub mod renewals;
pub mod save;
mod shown;
mod undo;
mod unite;
mod upload;
mod verdicts;

use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::DefaultBodyLimit;

use crate::App;
use crate::changes::UNDO;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::routes::{Bilingual, Route};
use crate::web::visitor::Person;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

pub const NEW: Route = Route::new("/en/staff/images/new", "/fr/personnel/images/nouvelle");
pub const EDIT: Route = Route::new("/en/staff/images/{slug}", "/fr/personnel/images/{slug}");
/// Two images that are one become one.
pub const MERGE: Route = Route::new("/en/staff/images/{slug}/merge", "/fr/personnel/images/{slug}/fusionner");
pub const RENEWALS: Route = Route::new("/en/staff/renewals", "/fr/personnel/renouvellements");
/// Takes a file, of a size that [`crate::web::limits::measure`] bounds.
pub const IMPORT: Route = Route::new("/en/staff/import", "/fr/personnel/importation");
pub const VERDICTS: Route = Route::new("/en/staff/import/{id}", "/fr/personnel/importation/{id}");

/// An act that a new one undoes, in the transaction that does it.
pub struct Undone<'a> {
    pub db: &'a mut PgConnection,
    pub act: i64,
    /// The new act.
    pub by: i64,
    pub person: &'a Person,
    pub reason: &'a str,
    pub form_key: &'a str,
}

/// Gives back what else an undone act changed.
pub type GiveBack = Arc<dyn for<'a> Fn(Undone<'a>) -> BoxFuture<'a, Result<(), Error>> + Send + Sync>;
/// Tells what that would be, before it is done: each in words, with the address of its page.
pub type Ahead =
    Arc<dyn for<'a> Fn(&'a mut PgConnection, i64, Lang) -> BoxFuture<'a, Result<Vec<GivenBack>, Error>> + Send + Sync>;

/// What an undone act gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBack {
    pub title: String,
    pub address: String,
    pub words: String,
}

/// What else an undone act gives back: the affair of rooms that this one does not know.
#[derive(Clone)]
pub struct AfterUndo {
    pub give_back: GiveBack,
    pub ahead: Ahead,
}

/// The addresses for staff.
pub fn routes(after_undo: AfterUndo) -> Router<App> {
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
        .page(MERGE, merging::show)
        .act(MERGE, merging::merge)
        .page(RENEWALS, renewals::show)
        .act(RENEWALS, renewals::decide)
        .page(UNDO, undo::show)
        .act(UNDO, undo::undo)
        .layer(Extension(after_undo))
}
