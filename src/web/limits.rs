//! How much one visitor may ask for: requests a second from one address, and the length of an address.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::{Arc, Once};
use std::time::Duration;

use anyhow::anyhow;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http_body_util::Limited;
use tokio::time::timeout;
use tower_http::csrf::CsrfLayer;

use super::address::pairs;
use super::caller::network;
use super::error::{self, Error};
use super::forwarded::{self, Said};
use super::table::FileFormat;
use crate::database::commit::{self, COMMITTING, Committing};
use crate::database::fault::Fault;

pub use super::caller::Caller;

/// The largest body that is taken, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;
/// The largest body that is taken where files are brought in, in bytes.
pub const LARGEST_FILE: usize = 16 * 1024 * 1024;
/// How long an answer may take to begin.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(10);
/// How long an answer may take to begin where files are brought in or made.
pub const LONGEST_FILE: Duration = Duration::from_mins(2);
/// How long an answer may take to begin that tells of a past day, which is built when it is first asked for.
pub const LONGEST_PAST: Duration = Duration::from_mins(1);
/// How long a page that reads the database may take.
pub const LONGEST_LOOK: Duration = Duration::from_millis(1_800);
/// The longest address that is read, in bytes.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// The parameters by which a past day is asked for.
const PAST: [&str; 3] = ["as-at", "from", "to"];
/// So many times the requests of one second may come at once.
const BURST: u32 = 4;
/// Addresses remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// Refuses what another site makes a browser send: 403.
pub fn own_posts(origin: &str) -> CsrfLayer {
    CsrfLayer::new().add_trusted_origin(origin).unwrap_or_default()
}

/// The addresses that take files.
pub type Files = &'static [&'static str];

/// Refuses a body that is larger than is taken: 413. More is taken at the addresses for `files`.
pub async fn measure(State(files): State<Files>, request: Request, next: Next) -> Response {
    let is_file = files.contains(&request.uri().path());
    let most = if is_file { LARGEST_FILE } else { LARGEST_BODY };
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    next.run(request.map(|body| Body::new(Limited::new(body, most)))).await
}

/// Ends an answer that does not begin in time: 503. The addresses for `files` and below them have longer, and so has a
/// workbook, which is made whole before it is sent, and what tells of a past day. A visit that has something committed is
/// waited for until that is known, and once it is, the answer is success, whatever failed or took too long afterwards.
pub async fn wait<F>(files: Files, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let path = request.uri().path();
    let is_workbook = matches!(FileFormat::split(path), Some((_, FileFormat::Xlsx)));
    let is_file = is_workbook || files.iter().any(|files| path.starts_with(files));
    let is_past = is_past(request.uri().query().unwrap_or_default());
    let longest = match () {
        () if is_file => LONGEST_FILE,
        () if is_past => LONGEST_PAST,
        () => LONGEST_ANSWER,
    };
    within(longest, next(request)).await
}

/// Ends an answer that does not begin within so long, and with it all work that is done for it.
async fn within(longest: Duration, answer: impl Future<Output = Response>) -> Response {
    let committing = Arc::<Committing>::default();
    let mut answer = pin!(COMMITTING.scope(Arc::clone(&committing), answer));
    let answer = match timeout(longest, &mut answer).await {
        Ok(answer) => answer,
        Err(_) if committing.is_written() || !committing.may_be_written() => {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        // What may be written already is not said to have failed.
        Err(_) => timeout(commit::LOOKING * 2, answer).await.unwrap_or_else(|_| {
            Error::Database(Fault::Unconfirmed, anyhow!("the outcome of a commit did not come in time")).into_response()
        }),
    };
    if committing.is_written() && answer.status().is_server_error() { error::written(answer) } else { answer }
}

/// Whether parameters ask for a past day.
fn is_past(query: &str) -> bool {
    pairs(query).iter().any(|(name, _)| PAST.contains(&&**name))
}

/// Counts requests by address.
#[derive(Debug)]
pub struct Limits {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    /// How many proxies stand before the program and append to `X-Forwarded-For`.
    proxies: usize,
    /// Tells once of a proxy that writes what cannot be read.
    unreadable: Once,
}

impl Limits {
    /// Limits of so many requests a second from one address; none for 0.
    pub fn new(a_second: u32, proxies: usize) -> Limits {
        let quota = NonZeroU32::new(a_second).map(|rate| {
            Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1)))
        });
        Limits { limiter: quota.map(RateLimiter::keyed), proxies, unreadable: Once::new() }
    }

    /// The address that counts: the visitor's as the nearest trusted proxy saw it, or the connection's. A program on
    /// this machine that stands for many visitors (a proxy that is not declared) is not counted.
    fn visitor(&self, headers: &HeaderMap, peer: Option<SocketAddr>) -> Option<IpAddr> {
        let is_undeclared = self.proxies == 0 && peer?.ip().is_loopback();
        self.seen(headers, peer).filter(|_| !is_undeclared).map(network)
    }

    /// The visitor's address as the nearest trusted proxy saw it, or the connection's.
    fn seen(&self, headers: &HeaderMap, peer: Option<SocketAddr>) -> Option<IpAddr> {
        let peer = peer?.ip();
        if self.proxies == 0 {
            return Some(peer);
        }
        match forwarded::visitor(headers, self.proxies) {
            Said::Address(address) => Some(address),
            Said::Nothing => Some(peer),
            Said::Unreadable(entry) => {
                self.unreadable.call_once(|| {
                    tracing::warn!(
                        entry = entry.escape_debug().to_string(),
                        "a proxy forwards no address that can be read: visitors behind it are counted as one (TRUST_PROXY, X-Forwarded-For)"
                    );
                });
                Some(peer)
            }
        }
    }

    /// After how many seconds the visitor may come again; none where it may now.
    fn wait(&self, headers: &HeaderMap, peer: Option<SocketAddr>) -> Option<u64> {
        let limiter = self.limiter.as_ref()?;
        let visitor = self.visitor(headers, peer)?;
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        let not_until = limiter.check_key(&visitor).err()?;
        Some(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

/// Counts what visitors send: so many at once from one address, and after each while one more.
#[derive(Debug)]
pub struct SubmissionLimiter {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    /// Whether a program on this machine stands for many visitors: a proxy that is not declared.
    spares_loopback: bool,
}

impl SubmissionLimiter {
    /// So many `at_once`, and one more `every` so long; `proxies` as for [`Limits`].
    pub fn new(at_once: u32, every: Duration, proxies: usize) -> SubmissionLimiter {
        let quota = Quota::with_period(every).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        let quota = quota.allow_burst(NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN));
        SubmissionLimiter { limiter: RateLimiter::keyed(quota), spares_loopback: proxies == 0 }
    }

    /// After how many seconds the caller may send again; none where it may now.
    pub fn wait(&self, caller: Caller) -> Option<u64> {
        let network = caller.neighbourhood().filter(|_| !(self.spares_loopback && caller.is_here()))?;
        if self.limiter.len() > REMEMBERED {
            self.limiter.retain_recent();
        }
        let not_until = self.limiter.check_key(&network).err()?;
        Some(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

/// Refuses what is too much: 414, or 429 with the time to wait.
pub async fn refuse<F>(limits: &Limits, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if request.uri().path_and_query().is_some_and(|address| address.as_str().len() > LONGEST_ADDRESS) {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| *address);
    let caller = Caller(limits.seen(request.headers(), peer));
    request.extensions_mut().insert(caller);
    match limits.wait(request.headers(), peer) {
        Some(seconds) => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, HeaderValue::from(seconds))]).into_response(),
        None => next(request).await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::budget::{Allowance, Budget};
    use super::super::work::CHECKS;
    use super::*;

    fn forwarded(list: &'static str) -> HeaderMap {
        HeaderMap::from_iter([("x-forwarded-for".parse().expect("a name"), HeaderValue::from_static(list))])
    }

    #[test]
    fn only_a_declared_proxy_decides_whose_address_counts() {
        let peer: Option<SocketAddr> = "192.0.2.9:1000".parse().ok();
        let headers = forwarded("10.0.0.1, 198.51.100.7");
        assert_eq!(Limits::new(1, 0).visitor(&headers, peer), "192.0.2.9".parse().ok());
        assert_eq!(Limits::new(1, 1).visitor(&headers, peer), "198.51.100.7".parse().ok());
        assert_eq!(Limits::new(1, 2).visitor(&headers, peer), "10.0.0.1".parse().ok());
        assert_eq!(Limits::new(1, 3).visitor(&headers, peer), "192.0.2.9".parse().ok());
    }

    #[test]
    fn one_visitor_too_often_waits_and_another_does_not() {
        let limits = Limits::new(1, 1);
        let peer: Option<SocketAddr> = "127.0.0.1:1000".parse().ok();
        let often: Vec<_> = (0..6).map(|_| limits.wait(&forwarded("198.51.100.7"), peer)).collect();
        assert_eq!(often[..4], [None; 4]);
        assert!(often[5].is_some());
        assert_eq!(limits.wait(&forwarded("198.51.100.8"), peer), None);
    }

    #[test]
    fn who_sends_too_much_waits_but_a_machine_that_stands_for_many_does_not() {
        let caller = |address: &str| Caller(address.parse().ok());
        let limiter = SubmissionLimiter::new(2, Duration::from_mins(1), 0);
        let waits: Vec<_> = (0..3).map(|_| limiter.wait(caller("192.0.2.1")).is_some()).collect();
        assert_eq!(waits, [false, false, true]);
        for here in ["127.0.0.1", "::1"] {
            assert!((0..9).all(|_| limiter.wait(caller(here)).is_none()));
        }
        let behind_proxy = SubmissionLimiter::new(2, Duration::from_mins(1), 1);
        assert!((0..3).filter_map(|_| behind_proxy.wait(caller("127.0.0.1"))).count() == 1);
    }

    #[tokio::test]
    async fn a_check_that_takes_too_long_is_ended_and_its_place_is_free_for_the_next() {
        for _ in 0..9 {
            let (ended, end) = mpsc::channel();
            let endless = CHECKS.run(move |stop| {
                let mut budget = Budget::new(Allowance { bytes: 1, nodes: usize::MAX, depth: 1, characters: 1 }, stop);
                while budget.nodes(1).is_ok() {
                    std::thread::yield_now();
                }
                ended.send(stop.is_set())
            });
            let check =
                async { endless.await.map_or_else(|_| StatusCode::CONFLICT, |_| StatusCode::OK).into_response() };
            let answer = within(Duration::from_millis(50), check).await;
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(
                end.recv_timeout(Duration::from_secs(5)),
                Ok(true),
                "the thread that read goes on to other work"
            );
        }
        assert_eq!(CHECKS.run(|_| 7).await.ok(), Some(7));
    }
}
