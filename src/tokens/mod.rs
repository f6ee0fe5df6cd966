//! Tokens by which programs read more than everyone and write: made, listed and ended by administrators, and read from what
//! a program sends.

mod bearer;
pub mod db;
mod form;
mod item;
mod pages;

use std::time::Duration;

use axum::middleware;
use sqlx::PgPool;

use crate::app::App;
use crate::web::headers;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub use bearer::{Tokens, identify};

pub const LIST: Route = Route::new("/en/staff/tokens", "/fr/personnel/jetons");
pub const ONE: Route = Route::new("/en/staff/tokens/{id}", "/fr/personnel/jetons/{id}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Administrator))
                .page(LIST, pages::show)
                .act(LIST, pages::make)
                .page(ONE, item::show)
                .act(ONE, item::end)
                .with(|router| router.layer(middleware::from_fn(headers::keep_nothing))),
        )
        .staff_menu(15, "menu-tokens", LIST, Role::Administrator)
        .job(|app| Box::pin(sweep(app.pool)))
}

/// How often answers that are over are forgotten.
const SWEEP: Duration = Duration::from_hours(1);

/// Forgets the answers to what programs wrote after a day, for as long as the program runs.
pub async fn sweep(pool: PgPool) {
    loop {
        tokio::time::sleep(SWEEP).await;
        if let Err(problem) = db::sweep(&pool).await {
            tracing::warn!(%problem, "answers to programs that are over could not be forgotten");
        }
    }
}
