//! The catalogue as it was on past days: one is built at a time, on a thread of its own, for all who ask for the day, and
//! few are in memory at once, however many ask and however slowly they read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use sqlx::PgPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::Snapshot;
use crate::clock::Clock;
use crate::web::error::Error;
use crate::web::limits::LONGEST_PAST;
use crate::web::work::beside;
use tokio::runtime::Handle;

/// So many past days are kept …
const DAYS: usize = 2;
/// … or one alone, where the days together have more lines than this.
const LINES: usize = 50_000;
/// At most this many days are in memory at once, even while slow readers hold some.
const MOST: usize = 5;
/// So long those that read other days are waited for before one day more than should be is built.
const SOON: Duration = Duration::from_millis(500);
/// How often it is looked whether a day that is not kept any more is still being read.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a day's turn is waited for, so that who waits is told before the answer is too late.
const PATIENCE: Duration = LONGEST_PAST.saturating_sub(Duration::from_secs(5));

/// The days that were last asked for, as far as the record of one version tells.
#[derive(Clone, Debug)]
pub struct PastDays {
    held: Arc<Mutex<Held>>,
    turn: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Held {
    /// Kept for who asks next.
    kept: VecDeque<Arc<Snapshot>>,
    /// All that are in memory: kept, or read by somebody.
    read: Vec<Weak<Snapshot>>,
}

impl Default for PastDays {
    fn default() -> PastDays {
        PastDays { held: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl PastDays {
    /// The catalogue at the end of a day, as the record of a version tells it. Who leaves before a day's turn has come
    /// builds nothing; a day that is being built is kept for who asks next.
    ///
    /// # Errors
    /// When the database does not answer, or too many other days are asked for and read.
    pub async fn at(&self, pool: &PgPool, clock: Clock, version: i64, day: NaiveDate) -> Result<Arc<Snapshot>, Error> {
        if let Some(kept) = lock(&self.held).find(version, day) {
            return Ok(kept);
        }
        let turn = timeout(PATIENCE, self.turn()).await.map_err(|_| Error::Busy)??;
        if let Some(kept) = lock(&self.held).find(version, day) {
            return Ok(kept);
        }
        self.build(turn, pool.clone(), clock, day).await
    }

    /// The turn to build a day, once there is room for it.
    async fn turn(&self) -> anyhow::Result<OwnedSemaphorePermit> {
        let turn = Arc::clone(&self.turn).acquire_owned().await?;
        let began = Instant::now();
        loop {
            let room = lock(&self.held).room();
            match room {
                Room::Enough => return Ok(turn),
                // A comparison of two days holds the first while the second is built.
                Room::Some if began.elapsed() > SOON => return Ok(turn),
                Room::Some | Room::None => sleep(LOOK_EVERY).await,
            }
        }
    }

    async fn build(
        &self,
        turn: OwnedSemaphorePermit,
        pool: PgPool,
        clock: Clock,
        day: NaiveDate,
    ) -> Result<Arc<Snapshot>, Error> {
        let held = Arc::clone(&self.held);
        let mut connection = pool.acquire().await?;
        let building = async move {
            let built = Arc::new(Snapshot::load_as_at(&mut connection, clock.now(), day).await?);
            metrics::counter!("past_days_built_total").increment(1);
            lock(&held).keep(&built);
            drop(turn);
            Ok(built)
        };
        Ok(later(building).await?)
    }
}

/// What room there is for another day.
enum Room {
    Enough,
    /// More than should be in memory at once, and not yet too much.
    Some,
    None,
}

impl Held {
    /// A day that is in memory.
    fn find(&mut self, version: i64, day: NaiveDate) -> Option<Arc<Snapshot>> {
        self.kept.retain(|held| held.version.version == version);
        let is_it = |held: &Arc<Snapshot>| held.version.version == version && held.today == day;
        self.read.iter().filter_map(Weak::upgrade).find(is_it)
    }

    /// Lets go of days before another one is built, and tells what room is left beside those that somebody reads.
    fn room(&mut self) -> Room {
        loop {
            self.read.retain(|held| held.strong_count() > 0);
            let lines: usize = self.read.iter().filter_map(Weak::upgrade).map(|held| held.count_lines()).sum();
            if self.read.is_empty() || (self.read.len() < DAYS && lines * 2 <= LINES) {
                return Room::Enough;
            }
            if self.kept.pop_back().is_none() {
                return if self.read.len() < MOST { Room::Some } else { Room::None };
            }
        }
    }

    fn keep(&mut self, built: &Arc<Snapshot>) {
        self.kept.push_front(Arc::clone(built));
        self.read.push(Arc::downgrade(built));
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads what is not urgent: apart, after those that answer.
async fn later<T: Send + 'static>(
    reading: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = Handle::current();
    let threads = beside().cloned().unwrap_or_else(Handle::current);
    threads.spawn_blocking(move || runtime.block_on(reading)).await?
}
