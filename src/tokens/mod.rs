//! Tokens by which programs read more than everyone and write: made, listed and ended by administrators, and read from what
//! a program sends.

mod bearer;
pub mod db;
mod form;
mod one;
mod pages;

use std::time::Duration;

use axum::{Router, middleware};
use sqlx::PgPool;

use crate::App;
use crate::web::headers;
use crate::web::routes::{Bilingual, Route};

pub use bearer::{Tokens, identify};

pub const LIST: Route = Route::new("/en/staff/tokens", "/fr/personnel/jetons");
pub const ONE: Route = Route::new("/en/staff/tokens/{id}", "/fr/personnel/jetons/{id}");

/// How often answers that are over are forgotten.
const SWEEP: Duration = Duration::from_hours(1);

/// The pages for administrators. Nobody keeps what they show.
pub fn routes() -> Router<App> {
    Router::new()
        .page(LIST, pages::show)
        .act(LIST, pages::make)
        .page(ONE, one::show)
        .act(ONE, one::end)
        .layer(middleware::from_fn(headers::keep_nothing))
}

/// Forgets the answers to what programs wrote after a day, for as long as the program runs.
pub async fn sweep(pool: PgPool) {
    loop {
        tokio::time::sleep(SWEEP).await;
        if let Err(problem) = db::sweep(&pool).await {
            tracing::warn!(%problem, "answers to programs that are over could not be forgotten");
        }
    }
}
