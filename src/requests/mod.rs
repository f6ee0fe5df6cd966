//! Departments ask for images: the form and its check, the private page of a request, and what staff decide.

mod accept;
mod act;
mod answers;
mod ask;
mod chosen;
pub mod db;
mod decide;
mod decision;
mod follow;
mod form;
mod kind;
mod letters;
mod lines;
mod list;
mod queue;
pub mod state;
mod undone;
mod withdraw;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub use crate::guidance::ASK as NEW;
pub use form::MOST_IMAGES;
pub use lines::verify;
pub use undone::after_undo;

/// What became of requests.
pub const LIST: Route = Route::new("/en/requests", "/fr/demandes");
/// One request, by its private link.
pub const ONE: Route = Route::new("/en/requests/{reference}", "/fr/demandes/{reference}");
pub const CHANGE: Route = Route::new("/en/requests/{reference}/change", "/fr/demandes/{reference}/modifier");
pub const QUEUE: Route = Route::new("/en/staff/requests", "/fr/personnel/demandes");
pub const STAFF_ONE: Route = Route::new("/en/staff/requests/{reference}", "/fr/personnel/demandes/{reference}");
/// What staff decide on the requests that they chose.
pub const DECIDE: Route = Route::new("/en/staff/requests/decide", "/fr/personnel/demandes/decider");

/// The addresses for everyone.
pub fn routes() -> Router<App> {
    Router::new()
        .page(NEW, ask::show)
        .act(NEW, ask::send)
        .page(LIST, list::list)
        .page(ONE, follow::one)
        .act(ONE, follow::act)
        .page(CHANGE, follow::show_change)
        .act(CHANGE, follow::change)
}

/// The addresses for staff.
pub fn staff_routes() -> Router<App> {
    Router::new()
        .page(QUEUE, queue::list)
        .page(STAFF_ONE, queue::one)
        .act(STAFF_ONE, queue::write)
        .page(DECIDE, decide::show)
        .act(DECIDE, decide::decide)
}
