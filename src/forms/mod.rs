//! What all forms share that anybody may send: how much of it one sender may have kept.

pub mod db;
pub mod draft;
pub mod guard;
pub mod outcome;
pub mod transaction;
pub mod undo;

use std::time::Duration;

use sqlx::PgPool;

pub use guard::{Guard, Kind, Refusal, Sender};

/// How often what was counted more than a day ago is forgotten.
const SWEEP: Duration = Duration::from_mins(30);

/// Forgets who sent what more than a day ago, for as long as the program runs.
pub async fn sweep(pool: PgPool) {
    loop {
        tokio::time::sleep(SWEEP).await;
        if let Err(problem) = db::sweep(&pool).await {
            tracing::warn!(%problem, "who sent forms more than a day ago could not be forgotten");
        }
    }
}
