//! The end of a transaction: whatever becomes of the visit or of the connection, its outcome is told as it is.

use crate::database::fault::Unconfirmed;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::{PgPool, Postgres, Transaction};
use tokio::time::{Instant, sleep, timeout};

use super::fault::Fault;

/// How long Postgres may take to say that it has committed.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the outcome is looked for where that answer was lost.
pub const LOOKING: Duration = Duration::from_secs(6);
/// How long what an act wrote is waited for until it can be shown.
pub const SHOWING: Duration = Duration::from_millis(500);
/// How long one look may take, and how long the next waits after it.
const LOOK: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(100);

tokio::task_local! {
    /// How far the visit's act has come.
    pub static COMMITTING: Arc<Committing>;
}

/// How far the act of a visit has come.
#[derive(Debug, Default)]
pub struct Committing {
    may_be_written: AtomicBool,
    is_written: AtomicBool,
}

impl Committing {
    /// Whether it may be written: from the moment on at which the database was asked to commit.
    pub fn may_be_written(&self) -> bool {
        self.may_be_written.load(Ordering::Relaxed)
    }

    /// Whether it is known to be written: then nothing that follows is a failure of the act.
    pub fn is_written(&self) -> bool {
        self.is_written.load(Ordering::Relaxed)
    }

    fn set(&self, may_be_written: bool, is_written: bool) {
        self.may_be_written.store(may_be_written, Ordering::Relaxed);
        self.is_written.store(is_written, Ordering::Relaxed);
    }
}

/// Notes for the visit that its act is written.
fn note_written() {
    let _ = COMMITTING.try_with(|committing| committing.set(true, true)); // no visit waits: nobody asks
}

/// What a transaction came to.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Committed,
    RolledBack,
    UnderWay,
}

/// Commits. It goes on although who asked for it goes away. Where the connection breaks off before the answer, the
/// database is asked on another what became of the transaction.
///
/// # Errors
/// When nothing was written; or, as [`Fault::Unconfirmed`], when that cannot be found out.
pub async fn commit(pool: &PgPool, mut transaction: Transaction<'static, Postgres>) -> sqlx::Result<()> {
    let id: Option<String> =
        sqlx::query_scalar("select pg_current_xact_id_if_assigned()::text").fetch_one(&mut *transaction).await?;
    let Some(id) = id else { return transaction.commit().await };
    let _ = COMMITTING.try_with(|committing| committing.set(true, false));
    let (pool, committed) = (pool.clone(), tokio::spawn(timeout(PATIENCE, transaction.commit())));
    // A task of its own is not dropped with the visit.
    let told = tokio::spawn(async move {
        let lost = match committed.await {
            Ok(Ok(Ok(()))) => return Ok(()),
            Ok(Ok(Err(refusal))) if Fault::of(&refusal) != Fault::Away => return Err(refusal),
            Ok(Ok(Err(lost))) => lost,
            Ok(Err(_)) | Err(_) => sqlx::Error::PoolTimedOut,
        };
        match look_up(&pool, &id).await {
            Some(Outcome::Committed) => Ok(()),
            Some(Outcome::RolledBack) => Err(lost),
            Some(Outcome::UnderWay) | None => Err(sqlx::Error::AnyDriverError(Box::new(Unconfirmed(lost)))),
        }
    })
    .await
    .unwrap_or(Err(sqlx::Error::WorkerCrashed));
    match &told {
        Ok(()) => note_written(),
        Err(problem) if Fault::of(problem) == Fault::Unconfirmed => {}
        Err(_) => {
            let _ = COMMITTING.try_with(|committing| committing.set(false, false));
        }
    }
    told
}

/// Reads for the page that answers an act after its commit: that is waited for a little, and can fail nothing.
pub async fn afterwards<T, E>(reading: impl Future<Output = Result<T, E>>) -> Option<T> {
    timeout(SHOWING, reading).await.ok()?.ok()
}

/// What became of a transaction, by its number; none where the database does not say in time.
async fn look_up(pool: &PgPool, id: &str) -> Option<Outcome> {
    let until = Instant::now() + LOOKING;
    let mut last = None;
    while Instant::now() < until {
        let look = sqlx::query_scalar("select pg_xact_status($1::xid8)").bind(id).fetch_one(pool);
        if let Ok(Ok(status)) = timeout(LOOK, look).await {
            last = match Option::<String>::as_deref(&status) {
                Some("committed") => return Some(Outcome::Committed),
                Some("aborted") => return Some(Outcome::RolledBack),
                Some(_) => Some(Outcome::UnderWay),
                None => return None, // so long ago that nobody knows
            };
        }
        sleep(BETWEEN).await;
    }
    last
}
