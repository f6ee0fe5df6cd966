//! Places for connections: so many at once and so many of one address. Who waits for nothing keeps its place; where places
//! run out, the connection goes that has been idle longest, and a request that does not arrive is not waited for.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::caller::network;

/// Connections held at once; more wait to be taken.
const MOST: usize = 2_048;
/// How long the head of a request may take once it has begun to arrive.
const HEAD: Duration = Duration::from_secs(5);
/// How long a newcomer waits before it is looked again whether somebody is idle.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// All places of a server.
#[derive(Debug)]
pub struct Places {
    most: usize,
    /// So many of one address; none: any number, because proxies stand for many.
    of_one: Option<usize>,
    began: Instant,
    held: Mutex<Held>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Held {
    next: u64,
    seats: HashMap<u64, Arc<Seat>>,
    of_network: HashMap<IpAddr, usize>,
}

/// One connection, as its answers and its reading tell of it. Moments are milliseconds since the server began, from 1.
#[derive(Debug)]
pub struct Seat {
    network: IpAddr,
    began: Instant,
    /// Since when it waits for a request; 0: it is being answered.
    idle_since: AtomicU64,
    /// Since when a request is arriving; 0: none is.
    head_since: AtomicU64,
    leave: Notify,
}

/// A place that is held, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    number: u64,
    pub seat: Arc<Seat>,
}

impl Places {
    /// Places with so many for one address (0: as many as there are). Behind declared proxies every connection is a
    /// proxy's, so that an address is nobody in particular.
    pub fn new(of_one: usize, proxies: usize) -> Arc<Places> {
        Places::with(MOST, Some(of_one).filter(|most| *most > 0 && proxies == 0))
    }

    fn with(most: usize, of_one: Option<usize>) -> Arc<Places> {
        let (held, freed) = (Mutex::default(), Notify::new());
        Arc::new(Places { most, of_one, began: Instant::now(), held, freed })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from an address, as soon as there is one; none where the address has all that are its.
    pub async fn take(self: &Arc<Places>, address: SocketAddr) -> Option<Place> {
        let network = network(address.ip());
        // A program on this machine may be a proxy that nobody declared: refused, it would lock all its visitors out. So
        // what it uses is not refused, and only what lies idle goes. Whoever runs programs here can stop this one without
        // us; all connections together have a limit besides, in which the idlest go and half-sent heads end.
        let is_spared = network.is_loopback();
        loop {
            {
                let mut held = self.held();
                let own = held.of_network.get(&network).copied().unwrap_or_default();
                if self.of_one.is_some_and(|most| own >= most)
                    && !held.dismiss_idlest(|seat| seat.network == network)
                    && !is_spared
                {
                    return None;
                }
                if held.seats.len() < self.most || held.dismiss_idlest(|_| true) {
                    return Some(self.seat(&mut held, network));
                }
            }
            let _ = tokio::time::timeout(LOOK_AGAIN, self.freed.notified()).await;
            self.end_slow_heads();
        }
    }

    fn seat(self: &Arc<Places>, held: &mut Held, network: IpAddr) -> Place {
        let number = held.next;
        let seat = Arc::new(Seat {
            network,
            began: self.began,
            idle_since: AtomicU64::new(moment(self.began)),
            head_since: AtomicU64::new(0),
            leave: Notify::new(),
        });
        held.next += 1;
        held.seats.insert(number, Arc::clone(&seat));
        *held.of_network.entry(network).or_default() += 1;
        Place { places: Arc::clone(self), number, seat }
    }

    /// Ends the connections whose request has been arriving for too long.
    pub fn end_slow_heads(&self) {
        let latest = moment(self.began).saturating_sub(u64::try_from(HEAD.as_millis()).unwrap_or(u64::MAX));
        let is_slow = |seat: &Seat| (1..=latest).contains(&seat.head_since.load(Ordering::Relaxed));
        let mut held = self.held();
        let slow: Vec<u64> = held.seats.iter().filter(|(_, seat)| is_slow(seat)).map(|(number, _)| *number).collect();
        for number in slow {
            held.dismiss(number);
        }
    }
}

impl Held {
    /// Lets the connection go that has been idle longest among some; whether there was one.
    fn dismiss_idlest(&mut self, among: impl Fn(&Seat) -> bool) -> bool {
        let idle = self.seats.iter().filter(|(_, seat)| seat.is_idle() && among(seat));
        let idlest = idle.min_by_key(|(number, seat)| (seat.idle_since.load(Ordering::Relaxed), **number));
        let Some(number) = idlest.map(|(number, _)| *number) else { return false };
        self.dismiss(number);
        true
    }

    fn dismiss(&mut self, number: u64) {
        if let Some(seat) = self.remove(number) {
            seat.leave.notify_one();
        }
    }

    fn remove(&mut self, number: u64) -> Option<Arc<Seat>> {
        let seat = self.seats.remove(&number)?;
        if let Some(count) = self.of_network.get_mut(&seat.network) {
            *count -= 1;
            if *count == 0 {
                self.of_network.remove(&seat.network);
            }
        }
        Some(seat)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.held().remove(self.number);
        self.places.freed.notify_one();
    }
}

impl Seat {
    fn is_idle(&self) -> bool {
        self.idle_since.load(Ordering::Relaxed) > 0
    }

    /// Waits until the connection is to leave. One that is being answered meanwhile stays.
    pub async fn dismissed(&self) {
        loop {
            self.leave.notified().await;
            if self.is_idle() {
                return;
            }
        }
    }

    /// Notes that a request has arrived, until what is given back is dropped: with its answer's last byte.
    pub fn answering(self: &Arc<Seat>) -> Answering {
        self.idle_since.store(0, Ordering::Relaxed);
        self.head_since.store(0, Ordering::Relaxed);
        Answering(Arc::clone(self))
    }

    /// Notes that a request begins to arrive.
    pub(super) fn arriving(&self) {
        if self.is_idle() && self.head_since.load(Ordering::Relaxed) == 0 {
            self.head_since.store(moment(self.began), Ordering::Relaxed);
        }
    }
}

fn moment(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX - 1) + 1
}

/// That a connection is being answered.
#[derive(Debug)]
pub struct Answering(Arc<Seat>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.idle_since.store(moment(self.0.began), Ordering::Relaxed);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn from(address: &str) -> SocketAddr {
        SocketAddr::new(address.parse().unwrap(), 1000)
    }

    /// Whether a connection was told to leave.
    fn has_left(place: &Place) -> bool {
        !place.places.held().seats.contains_key(&place.number)
    }

    #[tokio::test]
    async fn an_address_has_so_many_connections_and_its_own_idlest_goes_before_it_is_refused() {
        let places = Places::with(100, Some(2));
        let first = places.take(from("2001:db8::1")).await.unwrap();
        let second = places.take(from("2001:db8::2")).await.unwrap();
        let other = places.take(from("192.0.2.1")).await.unwrap();
        let third = places.take(from("2001:db8::3")).await.unwrap();
        assert_eq!([&first, &second, &other, &third].map(has_left), [true, false, false, false]);
        let _answering = [second.seat.answering(), third.seat.answering()];
        assert!(places.take(from("2001:db8::4")).await.is_none(), "all of the network's are in use");
        assert!(places.take(from("2001:db8:0:1::4")).await.is_some(), "another network");
        drop(second);
        assert!(places.take(from("2001:db8::4")).await.is_some(), "one was given back");
    }

    #[tokio::test]
    async fn where_places_run_out_the_idlest_goes_and_nobody_who_is_being_answered() {
        let places = Places::with(3, None);
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(places.take(from("192.0.2.1")).await.unwrap());
        }
        let answering = held[0].seat.answering();
        let _new = places.take(from("192.0.2.2")).await.unwrap();
        assert_eq!(held.iter().map(has_left).collect::<Vec<_>>(), [false, true, false]);
        tokio::time::timeout(Duration::from_secs(1), held[1].seat.dismissed()).await.unwrap();
        drop(answering);
        assert!(held[0].seat.is_idle());
    }

    #[tokio::test]
    async fn a_proxy_and_a_program_on_this_machine_have_as_many_as_they_use() {
        for (places, address) in [(Places::new(2, 1), "192.0.2.1"), (Places::new(2, 0), "127.0.0.1")] {
            let mut held = Vec::new();
            for _ in 0..9 {
                let place = places.take(from(address)).await.unwrap();
                held.push((place.seat.answering(), place));
            }
            assert!(held.iter().all(|(_, place)| !has_left(place)), "{address}");
        }
    }
}
