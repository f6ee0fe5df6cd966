//! Work that computes for one visitor: beside the threads that answer, so many pieces at once, and ended when nobody
//! waits for it any more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinError;
use tokio::time::timeout;

/// Projects that anyone has checked.
pub static CHECKS: LazyLock<Places> = LazyLock::new(|| Places::new(cores(), Duration::from_secs(2)));
/// Files that are brought in, one after another: each may take much memory.
pub static IMPORTS: LazyLock<Places> = LazyLock::new(|| Places::new(1, Duration::from_secs(20)));
/// Passwords: each hash takes 19 MiB.
pub static PASSWORDS: LazyLock<Places> = LazyLock::new(|| Places::new(cores(), Duration::from_secs(5)));
/// Files and pages that are made for who asks.
pub static ANSWERS: LazyLock<Places> = LazyLock::new(|| Places::new(cores(), Duration::from_secs(5)));

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// How much later than those that answer these threads come, where both are ready to go on: `nice` of `setpriority(2)`.
const LATER: i32 = 10;
/// A thread ends after so long without work, and gives back what it freed.
const IDLE: Duration = Duration::from_secs(2);

/// The threads, beside as many for whole pieces of work as there are places: half as many as cores; none where the system
/// gives no more.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads((cores() / 2).max(1)).thread_name("beside").thread_keep_alive(IDLE).enable_all();
    let built = builder.on_thread_start(come_later).build();
    built.inspect_err(|problem| tracing::warn!(%problem, "long answers are drawn where all are")).ok()
});

/// Lets this thread come after those that answer. Where that is not allowed it comes in turn, as all do.
fn come_later() {
    let _ = rustix::process::setpriority_process(None, LATER);
}

/// Where work goes on beside the threads that answer; none where there are no others.
pub fn beside() -> Option<&'static Handle> {
    THREADS.as_ref().map(Runtime::handle)
}

/// Whether work is to end: nobody waits for it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether nobody waits for the work.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Says that nobody waits any more.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Sets its flag when the request that waits is over, in whichever way.
struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.set();
    }
}

/// Why work was not done.
#[derive(Debug, thiserror::Error)]
pub enum Undone {
    #[error("all places are taken")]
    Full,
    #[error("the work broke off")]
    Broken(#[from] JoinError),
}

/// Places for work of one kind.
#[derive(Debug)]
pub struct Places {
    free: Semaphore,
    /// How long work waits for a place.
    patience: Duration,
}

impl Places {
    /// So many places, and how long work waits for one.
    pub fn new(most: usize, patience: Duration) -> Places {
        Places { free: Semaphore::new(most), patience }
    }

    /// Does work on a thread of its own. Its flag is set when this future is dropped; its place is free when the work
    /// has truly ended.
    ///
    /// # Errors
    /// When there is no place for a while, or the work panics.
    pub async fn run<T, W>(&'static self, work: W) -> Result<T, Undone>
    where
        T: Send + 'static,
        W: FnOnce(&Stop) -> T + Send + 'static,
    {
        let place = timeout(self.patience, self.free.acquire()).await;
        let place = place.ok().and_then(Result::ok).ok_or(Undone::Full)?;
        let waiting = Waiting(Stop::default());
        let stop = waiting.0.clone();
        let threads = beside().cloned().unwrap_or_else(Handle::current);
        let done = threads.spawn_blocking(move || {
            let _place = place;
            work(&stop)
        });
        Ok(done.await?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn places(most: usize) -> &'static Places {
        Box::leak(Box::new(Places::new(most, Duration::from_millis(50))))
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends_and_frees_its_place() {
        let places = places(1);
        let (ended, end) = mpsc::channel();
        let endless = places.run(move |stop| {
            while !stop.is_set() {
                std::thread::sleep(Duration::from_millis(1));
            }
            ended.send(()).expect("someone listens");
        });
        assert!(timeout(Duration::from_millis(20), endless).await.is_err(), "it would go on for ever");
        end.recv_timeout(Duration::from_secs(5)).expect("the work ends");
        assert_eq!(places.run(|_| 7).await.expect("a place"), 7);
    }

    #[tokio::test]
    async fn more_work_than_there_are_places_is_refused_after_a_while() {
        let places = places(2);
        let slow = || {
            let (release, wait) = mpsc::channel::<()>();
            (release, tokio::spawn(places.run(move |_| wait.recv().is_err())))
        };
        let held = [slow(), slow()];
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(matches!(places.run(|_| ()).await, Err(Undone::Full)));
        for (release, held) in held {
            drop(release);
            assert!(held.await.expect("a task").expect("a place"));
        }
        assert!(places.run(|_| ()).await.is_ok());
    }

    #[tokio::test]
    async fn work_that_breaks_off_frees_its_place() {
        let places = places(1);
        assert!(matches!(places.run(|_| panic!("broken")).await, Err::<(), _>(Undone::Broken(_))));
        assert!(places.run(|_| ()).await.is_ok());
    }
}
