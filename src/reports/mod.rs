//! Reports that managers read, print and take away: each a page and four kinds of file, of today or of any past day.

mod changed;
mod chart;
mod db;
mod overview;
mod pages;
mod pooling;
mod query;
mod renewals;
mod report;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub use query::Asked;
pub use report::{Report, whole};

pub const INDEX: Route = Route::new("/en/reports", "/fr/rapports");
/// A report by its name, or with an extension the same report as a file.
pub const ONE: Route = Route::new("/en/reports/{report}", "/fr/rapports/{report}");

/// The addresses of this room. Requests and feedback are counted anew at each visit, so nobody keeps what they show.
pub fn routes() -> Router<App> {
    Router::new().page(INDEX, pages::index).page(ONE, pages::one)
}
