//! How many departments need which images, how surely and by when: a page, and the same rows as CSV.

mod db;
mod download;
mod pages;
mod query;
mod rows;

use axum::Router;

use crate::App;
use crate::catalogue::DEMAND;
use crate::web::routes::{Bilingual, Route};

pub const CSV: Route = Route::new("/en/demand.csv", "/fr/besoins.csv");

/// The addresses of this room. Who is not named is counted anew at each visit, so nobody keeps what they show.
pub fn routes() -> Router<App> {
    Router::new().page(DEMAND, pages::demand).page(CSV, download::csv)
}
