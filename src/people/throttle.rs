//! How often one may try: by account and address together, and more loosely by address, so that nobody who tries from
//! elsewhere keeps a colleague out.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Attempts at one account from one address at once, and after how long there is one more.
const OF_ACCOUNT: (u32, Duration) = (6, Duration::from_secs(20));
/// Attempts from one address at once, whatever the account.
const OF_ADDRESS: (u32, Duration) = (30, Duration::from_secs(4));
/// Departures to the provider from one address at once.
const DEPARTURES: (u32, Duration) = (60, Duration::from_secs(2));
/// Keys remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts attempts.
#[derive(Debug)]
pub struct Throttle {
    of_account: DefaultKeyedRateLimiter<(String, Option<IpAddr>)>,
    of_address: DefaultKeyedRateLimiter<Option<IpAddr>>,
    departures: DefaultKeyedRateLimiter<Option<IpAddr>>,
}

impl Default for Throttle {
    fn default() -> Throttle {
        Throttle { of_account: limiter(OF_ACCOUNT), of_address: limiter(OF_ADDRESS), departures: limiter(DEPARTURES) }
    }
}

impl Throttle {
    /// After how many seconds there may be another attempt at an account from an address; none where this one may be.
    pub fn attempt(&self, account: &str, address: Option<IpAddr>) -> Option<u64> {
        let account: String = account.chars().take(254).collect();
        let both = wait(&self.of_account, &(account, address));
        both.max(wait(&self.of_address, &address))
    }

    /// Whether an address has departed to the provider too often.
    pub fn departure(&self, address: Option<IpAddr>) -> bool {
        wait(&self.departures, &address).is_some()
    }
}

fn limiter<K: Hash + Eq + Clone>((burst, every): (u32, Duration)) -> DefaultKeyedRateLimiter<K> {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(every).unwrap_or(Quota::per_second(NonZeroU32::MIN));
    RateLimiter::keyed(quota.allow_burst(burst))
}

fn wait<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Option<u64> {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
    let not_until = limiter.check_key(key).err()?;
    Some(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_and_the_colleague_elsewhere_does_not() {
        let throttle = Throttle::default();
        let (guesser, colleague) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        let waits: Vec<_> = (0..7).map(|_| throttle.attempt("ada@example.ca", guesser)).collect();
        assert_eq!(waits[..6], [None; 6]);
        assert!(waits[6].is_some());
        assert_eq!(throttle.attempt("ada@example.ca", colleague), None);
        assert_eq!(throttle.attempt("bob@example.ca", guesser), None);
        let last = (0..30).filter_map(|n| throttle.attempt(&format!("{n}@example.ca"), guesser)).count();
        assert!(last > 0, "many accounts from one address wait as well");
    }
}
