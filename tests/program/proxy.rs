//! A proxy between the program and its Postgres that delays, cuts, swallows, and breaks off in the middle of answers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::support::free_port;

/// What happens to connections and to the bytes on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// All is passed on.
    Fair,
    /// Whatever passes, in either direction, waits so long before.
    Delay(Duration),
    /// Every connection is reset and none is taken.
    Cut,
    /// Connections are taken and kept; what is sent on them is lost.
    BlackHole,
    /// Every connection ends in the middle of an answer, each at another place.
    Truncate,
    /// A commit is passed on, and its connection ends before the answer.
    LoseCommit,
}

/// A running proxy; it ends when dropped.
pub struct Proxy {
    pub port: u16,
    weather: watch::Sender<Weather>,
    _runtime: Runtime,
}

impl Proxy {
    /// A proxy before a port of this machine.
    pub fn before(upstream: u16) -> Proxy {
        let port = free_port();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (weather, seen) = watch::channel(Weather::Fair);
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", port))).unwrap();
        runtime.spawn(listen(listener, port, upstream, seen));
        Proxy { port, weather, _runtime: runtime }
    }

    /// Changes what happens from now on.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn listen(first: TcpListener, port: u16, upstream: u16, mut weather: watch::Receiver<Weather>) {
    let places = Arc::new(AtomicUsize::new(0));
    let mut listener = Some(first);
    loop {
        if *weather.borrow_and_update() == Weather::Cut {
            listener = None; // so that the system refuses who comes
            if weather.changed().await.is_err() {
                return;
            }
            continue;
        }
        if listener.is_none() {
            listener = TcpListener::bind(("127.0.0.1", port)).await.ok();
        }
        let Some(open) = &listener else {
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        tokio::select! {
            Ok((client, _)) = open.accept() => {
                tokio::spawn(carry(client, upstream, weather.clone(), Arc::clone(&places)));
            }
            changed = weather.changed() => if changed.is_err() { return },
        }
    }
}

/// Carries one connection until either side ends it or the weather does.
async fn carry(client: TcpStream, upstream: u16, weather: watch::Receiver<Weather>, places: Arc<AtomicUsize>) {
    let loses = AtomicBool::new(false);
    let Ok(server) = TcpStream::connect(("127.0.0.1", upstream)).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let mut cut = weather.clone();
    tokio::select! {
        _ = pump(&client, &server, &weather, None, &loses) => {}
        _ = pump(&server, &client, &weather, Some(&places), &loses) => {}
        _ = cut.wait_for(|weather| *weather == Weather::Cut) => {
            let _ = (client.set_zero_linger(), server.set_zero_linger()); // closed by a reset
        }
    }
}

/// How long a commit's connection stays silent before it ends.
const SILENT: Duration = Duration::from_secs(2);

/// Passes on what comes from one side; `places` are where answers break off.
async fn pump(
    from: &TcpStream,
    to: &TcpStream,
    weather: &watch::Receiver<Weather>,
    places: Option<&AtomicUsize>,
    loses: &AtomicBool,
) -> io::Result<()> {
    let mut piece = vec![0; 16 * 1024];
    let mut left = None;
    loop {
        let read = loop {
            from.readable().await?;
            match from.try_read(&mut piece) {
                Err(problem) if problem.kind() == io::ErrorKind::WouldBlock => {}
                read => break read?,
            }
        };
        let now = *weather.borrow();
        let mut passed = &piece[..read];
        match (now, places) {
            _ if read == 0 => return Ok(()),
            (Weather::LoseCommit, None) => {
                let is_commit = passed.windows(7).any(|word| word == b"COMMIT\0");
                loses.fetch_or(is_commit, Ordering::Relaxed);
            }
            (Weather::LoseCommit, Some(_)) if loses.load(Ordering::Relaxed) => continue,
            (Weather::Delay(time), _) => sleep(time).await,
            (Weather::BlackHole, _) => continue,
            (Weather::Truncate, Some(places)) => {
                let left = left.get_or_insert_with(|| places.fetch_add(37, Ordering::Relaxed) % 2_000 + 1);
                passed = &passed[..passed.len().min(*left)];
                *left -= passed.len();
            }
            _ => left = None,
        }
        while !passed.is_empty() {
            to.writable().await?;
            match to.try_write(passed) {
                Err(problem) if problem.kind() == io::ErrorKind::WouldBlock => {}
                written => passed = &passed[written?..],
            }
        }
        if places.is_none() && loses.load(Ordering::Relaxed) {
            sleep(SILENT).await; // in which Postgres commits
            return Ok(());
        }
        if left == Some(0) {
            return Ok(());
        }
    }
}
