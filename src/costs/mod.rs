//! What licences cost, for managers only: prices, what they come to, and who shares them. Nothing of it is in the snapshot,
//! in the record of changes or in what programs read.

mod db;
mod money;
mod pages;
mod price;
mod tables;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub const COSTS: Route = Route::new("/en/staff/costs", "/fr/personnel/couts");
/// The same as files.
pub const FILE: Route = Route::new("/en/staff/costs/{file}", "/fr/personnel/couts/{file}");

/// The addresses of this room, for managers.
pub fn routes() -> Router<App> {
    Router::new().page(COSTS, pages::show).act(COSTS, price::enter).page(FILE, pages::file)
}
