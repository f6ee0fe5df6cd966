//! The snapshot that pages read, swapped for a new one when the catalogue changes or a new day begins.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgListener;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::days::PastDays;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::store::db;
use crate::changes::record::NOTICES;
use crate::clock::Clock;
use crate::config::Settings;
use crate::database;
use crate::database::commit::{SHOWING, afterwards, commit};
use crate::web::banner::{Banner, Condition};
use crate::web::error::Error;
use crate::web::fresh::Mark;

/// How often the version is looked at, in case a notice does not arrive.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long reading a new version may take: a large catalogue from a slow database takes its time.
const READING: Duration = Duration::from_secs(30);
/// How long one look may take before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// The catalogue in memory, shared by all pages.
#[derive(Clone, Debug)]
pub struct Catalogue {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    pool: PgPool,
    clock: Clock,
    current: RwLock<Arc<Snapshot>>,
    /// Since when the database has not answered; none while it does.
    away_since: Mutex<Option<DateTime<Utc>>>,
    /// Since when the database has taken no writing; none while it does.
    read_only_since: Mutex<Option<DateTime<Utc>>>,
    /// Whether what was committed last does not show yet.
    is_behind: AtomicBool,
    /// Held while a new snapshot is read, so that one is read at a time.
    loading: tokio::sync::Mutex<()>,
    past: PastDays,
}

impl Catalogue {
    /// Reads the catalogue for the first time.
    pub async fn open(pool: PgPool, clock: Clock) -> anyhow::Result<Catalogue> {
        let mut connection = pool.acquire().await?;
        let first = apart(async move { Snapshot::load(&mut connection, clock.now(), clock.today()).await }).await?;
        let shared = Shared {
            pool,
            clock,
            current: RwLock::new(Arc::new(first)),
            away_since: Mutex::new(None),
            read_only_since: Mutex::new(None),
            is_behind: AtomicBool::new(false),
            loading: tokio::sync::Mutex::new(()),
            past: PastDays::default(),
        };
        Ok(Catalogue { shared: Arc::new(shared) })
    }

    /// The catalogue as last read.
    pub fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The catalogue as it was at the end of a day; as it is now for today and later.
    pub async fn as_at(&self, day: Option<NaiveDate>) -> Result<Arc<Snapshot>, Error> {
        let now = self.now();
        let Some(day) = day.filter(|day| *day < now.today) else { return Ok(now) };
        self.shared.past.at(&self.shared.pool, self.shared.clock, now.version.version, day).await
    }

    /// Today's date.
    pub fn clock(&self) -> Clock {
        self.shared.clock
    }

    /// Since when the database has not answered, so that what is shown may be old; none while it does.
    pub fn away_since(&self) -> Option<DateTime<Utc>> {
        *self.shared.away_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when the database has only been read; none while it takes writing.
    pub fn read_only_since(&self) -> Option<DateTime<Utc>> {
        *self.shared.read_only_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what was committed last does not show yet.
    pub fn is_behind(&self) -> bool {
        self.shared.is_behind.load(Ordering::Relaxed)
    }

    /// What the database can do at the moment, as pages tell it.
    pub fn condition(&self) -> Condition {
        Condition { read_only_since: self.read_only_since(), is_behind: self.is_behind() }
    }

    /// What stands at the top of every page today.
    pub fn banner(&self) -> Option<Arc<Banner>> {
        let now = self.now();
        now.texts.banner(now.today)
    }

    /// Commits an act, and lets pages show it: [`Catalogue::show`].
    ///
    /// # Errors
    /// When nothing was written, or that is not known.
    pub async fn commit(&self, transaction: Transaction<'static, Postgres>) -> sqlx::Result<()> {
        commit(&self.shared.pool, transaction).await?;
        self.show().await;
        Ok(())
    }

    /// Lets pages show what was committed. That is waited for a little, and can fail nothing: where it takes longer,
    /// pages say that it appears in a moment.
    pub async fn show(&self) {
        if afterwards(self.refresh()).await.is_none() {
            self.shared.is_behind.store(true, Ordering::Relaxed);
        }
    }

    /// Lets pages show what others have committed, waiting for it a little.
    pub async fn catch_up(&self) {
        let _ = timeout(SHOWING, self.refresh()).await; // what is in memory will do
    }

    /// The mark of all that pages show: it changes with the program, the settings, the catalogue and the day, and
    /// while the database is away.
    pub fn mark(&self, settings: &Settings) -> Mark {
        let (made_of, catalogue) = (made_of(settings), self.clone());
        Mark::new(move || {
            let held = catalogue.now();
            let since = |since: Option<DateTime<Utc>>| since.map_or(0, |since| since.timestamp());
            let (away, read_only) = (since(catalogue.away_since()), since(catalogue.read_only_since()));
            format!("{made_of:x}-{}-{}-{:x}", held.version.version, held.today, away ^ read_only)
        })
    }

    /// The mark of a version of the catalogue, today and while the database answers.
    pub fn mark_of(&self, settings: &Settings, version: i64) -> String {
        format!("{:x}-{version}-{}-0", made_of(settings), self.now().today)
    }

    /// Brings the figures for operations up to date.
    pub fn count(&self) {
        let held = self.now();
        metrics::gauge!("catalogue_lines").set(f64::from(u32::try_from(held.count_lines()).unwrap_or(u32::MAX)));
        metrics::gauge!("catalogue_images").set(f64::from(u32::try_from(held.count_images()).unwrap_or(u32::MAX)));
        metrics::counter!("catalogue_version").absolute(u64::try_from(held.version.version).unwrap_or_default());
        metrics::gauge!("database_away").set(u8::from(self.away_since().is_some()));
        metrics::gauge!("database_read_only").set(u8::from(self.read_only_since().is_some()));
    }

    /// Reads the catalogue anew where the database holds another version or the day has changed. One reading goes on at a
    /// time, and to its end although who asked for it goes away: who comes meanwhile waits for it, and reads again only
    /// where it is not enough.
    pub async fn refresh(&self) -> anyhow::Result<()> {
        let catalogue = self.clone();
        tokio::spawn(async move { catalogue.read_anew().await }).await?
    }

    async fn read_anew(&self) -> anyhow::Result<()> {
        let shared = &self.shared;
        let _one_at_a_time = shared.loading.lock().await;
        let look = async {
            let mut connection = shared.pool.acquire().await?;
            let version = db::version(&mut connection).await?;
            Ok::<_, sqlx::Error>((connection, version))
        };
        let (mut connection, version) = timeout(PATIENCE, look).await??;
        let held = self.now();
        let today = shared.clock.today();
        if held.version == version && held.today == today {
            shared.is_behind.store(false, Ordering::Relaxed);
            return Ok(());
        }
        let now = shared.clock.now();
        let reading = async move {
            if held.today == today
                && let Some(next) = held.advance(&mut connection, now).await?
            {
                return Ok(next);
            }
            drop(held); // so that it can go while all is read
            Snapshot::load(&mut connection, now, today).await
        };
        let fresh = apart(async move { timeout(READING, reading).await? }).await?;
        *shared.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        shared.is_behind.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Looks whether the database takes writing. A connection to one that does not is given up: the next one may lead
    /// elsewhere, or to what was set meanwhile.
    async fn look_at_writing(&self) {
        let look = async {
            let mut connection = self.shared.pool.acquire().await?;
            let is_read_only = database::is_reading_only(&mut connection).await?;
            if is_read_only {
                connection.close().await?;
            }
            Ok::<_, sqlx::Error>(is_read_only)
        };
        let Ok(Ok(is_read_only)) = timeout(PATIENCE, look).await else { return };
        let mut since = self.shared.read_only_since.lock().unwrap_or_else(PoisonError::into_inner);
        if is_read_only && since.is_none() {
            tracing::warn!("the database is read-only: forms are refused until it takes writing again");
            *since = Some(self.shared.clock.now());
        } else if !is_read_only && since.take().is_some() {
            tracing::info!("the database takes writing again");
        }
    }

    /// Keeps the snapshot fresh for as long as the program runs: on notice of a change, and by looking often.
    pub async fn keep_fresh(self) {
        let mut listener = None;
        loop {
            if listener.is_none() {
                listener = self.listen().await;
            }
            wait_for_notice(&mut listener).await;
            self.note(self.refresh().await.err().map(|problem| problem.to_string()));
            self.look_at_writing().await;
        }
    }

    async fn listen(&self) -> Option<PgListener> {
        let listening = async {
            let mut listener = PgListener::connect_with(&self.shared.pool).await?;
            listener.listen(NOTICES).await?;
            Ok::<_, sqlx::Error>(listener)
        };
        timeout(PATIENCE, listening).await.ok()?.ok()
    }

    fn note(&self, problem: Option<String>) {
        let mut away_since = self.shared.away_since.lock().unwrap_or_else(PoisonError::into_inner);
        match (problem, *away_since) {
            (Some(problem), None) => {
                tracing::warn!(problem, "the database does not answer: reading goes on from memory");
                *away_since = Some(self.shared.clock.now());
            }
            (None, Some(_)) => {
                tracing::info!("the database answers again");
                *away_since = None;
            }
            _ => {}
        }
    }
}

/// What pages are made of besides the catalogue: the program and its settings.
fn made_of(settings: &Settings) -> u64 {
    let mut made_of = DefaultHasher::new();
    (env!("BUILD_MARK"), settings.branding as u8, settings.origin()).hash(&mut made_of);
    (&settings.registry_host, &settings.registry_repository, &settings.registry_org).hash(&mut made_of);
    made_of.finish()
}

/// Reads a snapshot on a thread of its own: it keeps a core busy, and when the thread ends, what the reading took beside
/// the snapshot goes back to the system.
pub(super) async fn apart<T: Send + 'static>(
    reading: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = Handle::current();
    spawn_blocking(move || runtime.block_on(reading)).await?
}

/// Waits for a notice, at most [`LOOK_EVERY`]. A listener that has lost its connection is dropped.
async fn wait_for_notice(listener: &mut Option<PgListener>) {
    let Some(listening) = listener.as_mut() else {
        tokio::time::sleep(LOOK_EVERY).await;
        return;
    };
    if let Ok(Err(_) | Ok(None)) = timeout(LOOK_EVERY, listening.try_recv()).await {
        *listener = None;
    }
}
