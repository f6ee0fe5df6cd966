//! Feedback: anyone says what they think, staff answer it, and publish what everyone may read.

mod db;
mod download;
mod follow;
mod handle;
mod letters;
mod queue;
mod send;

use axum::{Router, middleware};

use crate::App;
use crate::guidance::FEEDBACK;
use crate::web::headers;
use crate::web::routes::{Bilingual, Route};

pub const LIST: Route = Route::new("/en/feedback", "/fr/commentaires");
/// What a visitor sent, behind a private link.
pub const ONE: Route = Route::new("/en/feedback/{reference}", "/fr/commentaires/{reference}");

pub const QUEUE: Route = Route::new("/en/staff/feedback", "/fr/personnel/commentaires");
pub const CSV: Route = Route::new("/en/staff/feedback.csv", "/fr/personnel/commentaires.csv");
pub const XLSX: Route = Route::new("/en/staff/feedback.xlsx", "/fr/personnel/commentaires.xlsx");
pub const JSON: Route = Route::new("/en/staff/feedback.json", "/fr/personnel/commentaires.json");
pub const MARKDOWN: Route = Route::new("/en/staff/feedback.md", "/fr/personnel/commentaires.md");
pub const HANDLE: Route = Route::new("/en/staff/feedback/{id}", "/fr/personnel/commentaires/{id}");

/// How feedback stands, as in addresses and in the database.
const STATES: [&str; 4] = ["new", "in-hand", "handled", "held"];
/// What feedback can be about.
const ABOUT: [&str; 3] = ["procurement", "image", "site"];
/// How long texts may be, in characters.
const LONGEST_MESSAGE: usize = 10_000;
const LONGEST_NAME: usize = 200;

/// The addresses for visitors. A form and what it leads to are kept by nobody.
pub fn routes() -> Router<App> {
    let own = Router::new()
        .page(FEEDBACK, send::show)
        .act(FEEDBACK, send::send)
        .page(ONE, follow::one)
        .layer(middleware::from_fn(headers::keep_nothing));
    Router::new().page(LIST, follow::list).merge(own)
}

/// The addresses for staff.
pub fn staff_routes() -> Router<App> {
    Router::new()
        .page(QUEUE, queue::list)
        .page(CSV, download::file)
        .page(XLSX, download::file)
        .page(JSON, download::file)
        .page(MARKDOWN, download::file)
        .page(HANDLE, handle::show)
        .act(HANDLE, handle::act)
}
