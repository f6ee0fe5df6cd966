//! Reminders of renewals by mail: who gets them, when, what was sent, and what would be sent next.

mod db;
mod digest;
mod due;
mod pages;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub use digest::{keep_reminding, remind};

pub const REMINDERS: Route = Route::new("/en/staff/reminders", "/fr/personnel/rappels");

/// The addresses for staff.
pub fn staff_routes() -> Router<App> {
    Router::new().page(REMINDERS, pages::show_all).act(REMINDERS, pages::act)
}
