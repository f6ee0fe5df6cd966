//! Warnings that an outage would write thousands of times.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long the same warning is only counted after it was told.
pub const QUIET: Duration = Duration::from_secs(10);

/// A warning that is told at once, and while it is repeated only counted: how often is told every [`QUIET`].
#[derive(Debug)]
pub struct Repeated {
    what: &'static str,
    /// How often it was repeated since it was last told; none where it is to be told at once.
    more: Mutex<Option<u64>>,
}

impl Repeated {
    /// A warning in these words.
    pub const fn new(what: &'static str) -> Repeated {
        Repeated { what, more: Mutex::new(None) }
    }

    /// Writes the warning by `tell`, which is given its words, or counts it.
    pub fn tell(&'static self, tell: impl FnOnce(&'static str)) {
        if self.is_new() {
            tell(self.what);
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(self.count_up());
            }
        }
    }

    fn is_new(&self) -> bool {
        let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = more.is_none();
        *more = Some(more.map_or(0, |times| times + 1));
        is_new
    }

    /// Tells how often it was repeated, until for a while it was not.
    async fn count_up(&'static self) {
        loop {
            tokio::time::sleep(QUIET).await;
            let times = self.take();
            if times == 0 {
                return;
            }
            tracing::warn!(times, seconds = QUIET.as_secs(), "again and again: {}", self.what);
        }
    }

    /// How often it was repeated; where it was not, the next is told at once.
    fn take(&self) -> u64 {
        let mut more = self.more.lock().unwrap_or_else(PoisonError::into_inner);
        let times = more.unwrap_or_default();
        *more = (times > 0).then_some(0);
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_that_is_repeated_is_told_once_and_counted() {
        static WARNING: Repeated = Repeated::new("the database does not answer");
        let told = (0..1_000).filter(|_| WARNING.is_new()).count();
        assert_eq!((told, WARNING.take()), (1, 999));
        assert!(!WARNING.is_new(), "it goes on");
        assert_eq!((WARNING.take(), WARNING.take()), (1, 0));
        assert!(WARNING.is_new(), "after a while without any it is new again");
    }
}
