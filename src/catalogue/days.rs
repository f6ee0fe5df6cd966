//! The catalogue as it was on past days: one is built at a time, on a thread of its own, for all who ask for the day.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use sqlx::PgPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Snapshot;
use super::memory::apart;
use crate::clock::Clock;
use crate::web::error::Error;

/// So many past days are kept …
const DAYS: usize = 2;
/// … or one alone, where the days together have more lines than this.
const LINES: usize = 50_000;

/// The days that were last asked for, as far as the record of one version tells.
#[derive(Debug)]
pub struct PastDays {
    kept: Arc<Mutex<VecDeque<Arc<Snapshot>>>>,
    turn: Arc<Semaphore>,
}

impl Default for PastDays {
    fn default() -> PastDays {
        PastDays { kept: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl PastDays {
    /// The catalogue at the end of a day, as the record of a version tells it. Who leaves before a day's turn has come
    /// builds nothing; a day that is being built is kept for who asks next.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn at(&self, pool: &PgPool, clock: Clock, version: i64, day: NaiveDate) -> Result<Arc<Snapshot>, Error> {
        if let Some(kept) = self.find(version, day) {
            return Ok(kept);
        }
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(anyhow::Error::from)?;
        if let Some(kept) = self.find(version, day) {
            return Ok(kept);
        }
        self.build(turn, pool.clone(), clock, day).await
    }

    async fn build(
        &self,
        turn: OwnedSemaphorePermit,
        pool: PgPool,
        clock: Clock,
        day: NaiveDate,
    ) -> Result<Arc<Snapshot>, Error> {
        let kept = Arc::clone(&self.kept);
        make_room(&mut lock(&kept));
        let mut connection = pool.acquire().await?;
        let building = async move {
            let built = Arc::new(Snapshot::load_as_at(&mut connection, clock.now(), day).await?);
            lock(&kept).push_front(Arc::clone(&built));
            drop(turn);
            Ok(built)
        };
        Ok(apart(building).await?)
    }

    fn find(&self, version: i64, day: NaiveDate) -> Option<Arc<Snapshot>> {
        let mut kept = lock(&self.kept);
        kept.retain(|held| held.version.version == version);
        kept.iter().find(|held| held.today == day).cloned()
    }
}

/// Lets go of days before another one is built, so that they do not stand in memory together.
fn make_room(kept: &mut VecDeque<Arc<Snapshot>>) {
    kept.truncate(DAYS - 1);
    if kept.iter().map(|held| held.lines.len()).sum::<usize>() * 2 > LINES {
        kept.clear();
    }
}

fn lock(kept: &Mutex<VecDeque<Arc<Snapshot>>>) -> MutexGuard<'_, VecDeque<Arc<Snapshot>>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
