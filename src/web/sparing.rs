//! How often one address may do what is to be done sparingly, such as sending what staff have to read.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::limits::Caller;

/// Addresses remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts what one address does.
#[derive(Debug)]
pub struct Sparing {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
}

impl Sparing {
    /// So many at once, and one more after every such time.
    #[must_use]
    pub fn new(at_once: NonZeroU32, every: Duration) -> Sparing {
        let quota = Quota::with_period(every).unwrap_or_else(|| Quota::per_minute(NonZeroU32::MIN));
        Sparing { limiter: RateLimiter::keyed(quota.allow_burst(at_once)) }
    }

    /// After how many seconds the caller may do it again; none where it may now. A program on this machine that stands
    /// for many visitors is not counted, as for all requests.
    #[must_use]
    pub fn wait(&self, caller: Caller) -> Option<u64> {
        let address = caller.network().filter(|address| !address.is_loopback())?;
        if self.limiter.len() > REMEMBERED {
            self.limiter.retain_recent();
        }
        let not_until = self.limiter.check_key(&address).err()?;
        Some(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_sends_too_often_waits_and_another_does_not() {
        let sparing = Sparing::new(NonZeroU32::MIN.saturating_add(1), Duration::from_mins(1));
        let caller = |address: &str| Caller(address.parse().ok());
        assert_eq!([(); 2].map(|()| sparing.wait(caller("192.0.2.1"))), [None; 2]);
        assert!(sparing.wait(caller("192.0.2.1")).is_some_and(|seconds| seconds <= 61));
        assert_eq!(sparing.wait(caller("192.0.2.2")), None);
        assert_eq!([(); 5].map(|()| sparing.wait(caller("127.0.0.1"))), [None; 5]);
    }
}
