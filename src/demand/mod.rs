//! How many departments need which images, how surely and by when: a page, and the same rows as files.

mod download;
mod pages;
mod query;
mod rows;

use axum::Router;

use crate::App;
use crate::catalogue::DEMAND;
use crate::web::routes::{Bilingual, Route};

pub use download::whole;
pub use query::{OFFERED, Query, Sureness};

pub const CSV: Route = Route::new("/en/demand.csv", "/fr/besoins.csv");
pub const XLSX: Route = Route::new("/en/demand.xlsx", "/fr/besoins.xlsx");
pub const JSON: Route = Route::new("/en/demand.json", "/fr/besoins.json");
pub const MARKDOWN: Route = Route::new("/en/demand.md", "/fr/besoins.md");

/// The addresses of this room. Who is not named is counted anew at each visit, so nobody keeps what they show.
pub fn routes() -> Router<App> {
    Router::new()
        .page(DEMAND, pages::demand)
        .page(CSV, download::file)
        .page(XLSX, download::file)
        .page(JSON, download::file)
        .page(MARKDOWN, download::file)
}
