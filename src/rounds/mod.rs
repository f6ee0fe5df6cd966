//! Pool rounds: staff open one, departments confirm what they need, closing freezes the figures, the outcome is published.

mod annex;
mod confirm;
mod db;
mod edit;
mod outcome;
mod pages;
mod staff;
mod tally;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub const LIST: Route = Route::new("/en/rounds", "/fr/rondes");
pub const ONE: Route = Route::new("/en/rounds/{id}", "/fr/rondes/{id}");
pub const ANNEX: Route = Route::new("/en/rounds/{id}/annex.csv", "/fr/rondes/{id}/annexe.csv");
pub const ANNEX_XLSX: Route = Route::new("/en/rounds/{id}/annex.xlsx", "/fr/rondes/{id}/annexe.xlsx");
pub const ANNEX_JSON: Route = Route::new("/en/rounds/{id}/annex.json", "/fr/rondes/{id}/annexe.json");
pub const ANNEX_MARKDOWN: Route = Route::new("/en/rounds/{id}/annex.md", "/fr/rondes/{id}/annexe.md");
/// Where a department confirms.
pub const CONFIRM: Route = Route::new("/en/rounds/{id}/confirm", "/fr/rondes/{id}/confirmer");
pub const STAFF_LIST: Route = Route::new("/en/staff/rounds", "/fr/personnel/rondes");
/// `new` stands for one that is to be opened.
pub const STAFF_ONE: Route = Route::new("/en/staff/rounds/{id}", "/fr/personnel/rondes/{id}");
/// Where the outcome is published.
pub const OUTCOME: Route = Route::new("/en/staff/rounds/{id}/outcome", "/fr/personnel/rondes/{id}/resultat");

/// The addresses for everyone.
pub fn routes() -> Router<App> {
    Router::new()
        .page(LIST, pages::list)
        .page(ONE, pages::one)
        .page(ANNEX, annex::file)
        .page(ANNEX_XLSX, annex::file)
        .page(ANNEX_JSON, annex::file)
        .page(ANNEX_MARKDOWN, annex::file)
}

/// The addresses for those who have signed in.
pub fn member_routes() -> Router<App> {
    Router::new().page(CONFIRM, confirm::show).act(CONFIRM, confirm::send)
}

/// The addresses for staff.
pub fn staff_routes() -> Router<App> {
    Router::new()
        .page(STAFF_LIST, pages::staff_list)
        .page(STAFF_ONE, staff::show)
        .act(STAFF_ONE, staff::send)
        .page(OUTCOME, outcome::show)
        .act(OUTCOME, outcome::send)
}
