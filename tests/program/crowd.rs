//! A crowd: many who take the heaviest answers at once, quickly or hardly at all, who begin requests and do not end
//! them. Whoever opens the list meanwhile does not wait for them, and memory stays what it was.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpSocket;

use crate::postgres::Base;
use crate::slow::{connections, memory};
use crate::support::{Serving, free_port, wait_until};

const ROWS: usize = 8_000;
/// Each heavy address is taken by so many at once …
const CROWD: usize = 20;
/// … for so long.
const FOR: Duration = Duration::from_secs(3);
/// Readers that hardly read.
const SLOW: usize = 60;
/// So much more memory than before may be used, in kB.
const MORE: usize = 60 * 1024;

/// What grows with the catalogue: an address each, and of the check what is sent.
const HEAVY: [&str; 13] = [
    "/en/renewals.ics?period=all",
    "/en/images.md",
    "/en/images.json",
    "/en/images.xlsx",
    "/en/images.csv",
    "/en/images.csv?as-at=2026-01-15",
    "/fr/changements.csv",
    "/en/demand.csv",
    "/en/reports/renewals.csv",
    "/en/reports/renewals",
    "/api/v1/allow-list.json",
    "/api/v1/images?limit=500",
    "/api/v1/check?kind=list",
];

/// A catalogue with many rows, brought in as files are: half of them procured, with dates.
pub fn large() -> Base {
    let base = Base::new();
    let notes = "a note of some length ".repeat(30);
    let mut rows = "Image name,Renewal date,Department,Type,Status,Notes\n".to_owned();
    for number in 0..ROWS {
        let (date, status) = if number % 2 == 0 {
            (format!("20{:02}-{:02}-15", 26 + number % 9, 1 + number % 12), "Procured")
        } else {
            ("TBD".to_owned(), "Under consideration")
        };
        writeln!(rows, "image-{number},{date},SSC,Application,{status},{notes}{number}").unwrap();
    }
    base.run(&["migrate"]).ok();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, rows).unwrap();
    base.run(&["import", file.to_str().unwrap(), "--as-of", "2026-01-10"]).ok();
    base
}

/// The program on a database, for any number of requests from here.
pub fn serve(base: &Base) -> Serving {
    let mut command = base.command(&["serve"]);
    command.env("RATE_LIMIT", "0");
    Serving::start(command, free_port())
}

pub fn request(path: &str) -> Vec<u8> {
    if path.starts_with("/api/v1/check") {
        let body = (0..200).map(|number| format!("image-{number}")).collect::<Vec<_>>().join("\n");
        let length = body.len();
        return format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .into_bytes();
    }
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes()
}

#[test]
fn while_twenty_take_each_heavy_address_in_turn_the_list_answers_everyone_else() {
    let base = large();
    let site = serve(&base);
    for path in HEAVY {
        let mut answer = String::new();
        for _ in 0..5 {
            // A past day is built when it is first asked for, which takes a while.
            answer = String::from_utf8_lossy(&site.exchange(&request(path)).unwrap()).into_owned();
            if !answer.starts_with("HTTP/1.1 503") {
                break;
            }
        }
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {}", &answer[..answer.len().min(300)]);
    }
    for path in HEAVY {
        let (is_over, taken) = (AtomicBool::new(false), AtomicUsize::new(0));
        let mut waits = thread::scope(|scope| {
            for _ in 0..CROWD {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        let answer = site.exchange(&request(path)).unwrap_or_default();
                        taken.fetch_add(usize::from(answer.starts_with(b"HTTP/1.1 200")), Ordering::Relaxed);
                    }
                });
            }
            let began = Instant::now();
            let mut waits = Vec::new();
            while began.elapsed() < FOR || waits.len() < 10 {
                let answer = site.answer("/en/images").unwrap();
                assert_eq!(answer.status, 200);
                waits.push(answer.took);
                thread::sleep(Duration::from_millis(20));
            }
            is_over.store(true, Ordering::Relaxed);
            waits
        });
        waits.sort_unstable();
        let (median, worst) = (waits[waits.len() / 2], waits[waits.len() * 9 / 10]);
        println!("{path}: {} taken; the list {median:?}, 90 of 100 within {worst:?}", taken.into_inner());
        assert!(worst < Duration::from_secs(1), "{path}: the list waits {worst:?}");
    }
}

#[test]
fn sixty_who_hardly_read_hold_little_memory_of_each_heavy_address() {
    let base = large();
    let site = serve(&base);
    for path in HEAVY.into_iter().chain(["/en/images"]) {
        for _ in 0..3 {
            site.exchange(&request(path)).unwrap();
        }
    }
    thread::sleep(Duration::from_secs(3));
    let before = memory(&site);
    for path in HEAVY {
        let readers: Vec<TcpStream> = (0..SLOW).map(|_| connect(&site, None)).collect();
        for mut reader in &readers {
            reader.write_all(&request(path)).unwrap();
        }
        let began = Instant::now();
        let mut peak = 0;
        while began.elapsed() < Duration::from_secs(5) {
            peak = peak.max(memory(&site));
            thread::sleep(Duration::from_millis(100));
        }
        println!("{path}: {before} kB, with {SLOW} readers {peak} kB");
        assert!(peak < before + MORE, "{path}: {before} kB, then {peak} kB");
        assert_eq!(site.get("/en/images").0, 200);
        drop(readers);
    }
}

#[test]
fn two_thousand_half_sent_requests_make_nobody_wait_and_are_not_waited_for() {
    let most = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: most.maximum, ..most }).unwrap();
    let base = Base::new();
    let site = serve(&base);
    site.answer("/en/images").unwrap();
    let half = |address| {
        let mut stream = connect(&site, Some(address));
        let _ = stream.write_all(b"GET /en/images HTTP/1.1\r\nhost: x\r\nx-half: "); // it may be let go already
        stream
    };
    let from_one: Vec<TcpStream> = (0..2_100).map(|_| half(Ipv4Addr::new(127, 0, 0, 2))).collect();
    for _ in 0..5 {
        let answer = site.answer("/en/images").unwrap();
        assert!(answer.status == 200 && answer.took < Duration::from_secs(1), "{:?}", answer.took);
    }
    assert!(connections(&site) <= 101, "an address has so many: {}", connections(&site));
    let from_many: Vec<TcpStream> =
        (0..2_100_u16).map(|number| half(Ipv4Addr::new(127, 0, 1, u8::try_from(number % 250).unwrap() + 1))).collect();
    for _ in 0..5 {
        let answer = site.answer("/en/images").unwrap();
        assert!(answer.status == 200 && answer.took < Duration::from_secs(1), "{:?}", answer.took);
    }
    wait_until(Duration::from_secs(9), || connections(&site) == 0);
    drop((from_one, from_many));
}

#[test]
fn a_body_that_trickles_in_is_not_waited_for() {
    let base = Base::new();
    let site = serve(&base);
    let mut stream = connect(&site, None);
    stream.write_all(b"POST /api/v1/check HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n").unwrap();
    let began = Instant::now();
    let mut trickling = stream.try_clone().unwrap();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) && trickling.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(200));
            }
        });
        let mut answer = Vec::new();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let _ = stream.read_to_end(&mut answer); // a reset is as good
        is_over.store(true, Ordering::Relaxed);
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        assert!(answer.starts_with(b"HTTP/1.1 503"), "{}", String::from_utf8_lossy(&answer));
    });
}

/// A connection from an address of this machine, with small buffers, so that little is read that nobody takes.
pub fn connect(site: &Serving, from: Option<Ipv4Addr>) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        if let Some(address) = from {
            socket.bind(SocketAddr::new(IpAddr::V4(address), 0)).unwrap();
        }
        socket.connect(site.address).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
}
