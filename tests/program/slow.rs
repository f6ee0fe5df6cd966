//! Readers that are slow or stop: they hold little memory and no connection for ever, and the end waits for those that
//! can still finish.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::postgres::Base;
use crate::support::{Serving, wait_until};

const ROWS: usize = 20_000;
/// As `STALLED` in the program: so long may a reader take nothing.
const STALLED: Duration = Duration::from_secs(30);

/// A database with many rows: as CSV more than the buffers of a connection hold.
fn large() -> Base {
    let base = Base::new();
    base.run(&["migrate"]).ok();
    base.sql(&format!(
        "insert into images (slug, name, key) select 'image-' || n, 'image-' || n, 'image-' || n
             from generate_series(1, {ROWS}) n;
         insert into lines (image_id, organisation_id, status, name, department, notes_en)
             select id, (select min(id) from organisations), 'under_consideration', name, 'SSC',
                    repeat('a note of some length ', 30) from images;
         update catalogue_version set version = version + 1"
    ));
    base
}

/// Asks for all rows, `times` over on one connection, and reads nothing yet.
fn ask(site: &Serving, times: usize) -> TcpStream {
    let mut stream = TcpStream::connect(site.address).unwrap();
    stream.write_all("GET /en/images.csv HTTP/1.1\r\nhost: x\r\n\r\n".repeat(times).as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// A figure of the program's memory, in kB.
pub fn memory(site: &Serving) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", site.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// How many connections the program holds open, as the system knows them.
pub fn connections(site: &Serving) -> usize {
    let (here, established) = (format!(":{:04X}", site.address.port()), "01");
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let fields = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(|fields| fields[1].ends_with(&here) && fields[3] == established).count()
}

#[test]
fn fifty_readers_that_stop_hold_little_memory_and_no_connection_for_ever() {
    let base = large();
    let site = base.serve();
    let whole = site.get("/en/images.csv").1.len();
    for _ in 0..3 {
        assert_eq!(site.get("/en/images.csv").1.len(), whole);
    }
    thread::sleep(Duration::from_secs(1));
    let before = memory(&site);
    let began = Instant::now();
    let readers: Vec<TcpStream> = (0..50).map(|_| ask(&site, 4)).collect();
    let mut peak = 0;
    while began.elapsed() < STALLED * 3 / 4 {
        thread::sleep(Duration::from_secs(1));
        peak = peak.max(memory(&site));
        assert_eq!(connections(&site), readers.len(), "they are being answered");
    }
    assert_eq!(site.get("/en/images").0, 200);
    println!("{whole} bytes; memory {before} kB, with 50 readers {peak} kB");
    // A reader holds the places of the rows (four bytes each), the pieces that wait, and the one that is being made.
    let allowed = readers.len() * (ROWS * 4 / 1024 + 256);
    assert!(peak < before + allowed + 4 * 1024, "{before} kB, then {peak} kB");
    wait_until(STALLED + Duration::from_secs(20), || connections(&site) == 0);
    assert!(began.elapsed() > STALLED, "they had their time");
    for mut reader in readers {
        let mut got = Vec::new();
        let _ = reader.read_to_end(&mut got); // a reset is as good
        assert!(got.len() < 4 * whole, "the answers broke off");
    }
    assert_eq!(site.stop(), Some(0));
}

#[test]
fn told_to_stop_it_finishes_the_downloads_that_can_be_and_ends_within_ten_seconds() {
    let base = large();
    let mut site = base.serve();
    let whole = read_slowly(ask(&site, 1), Duration::ZERO);
    assert!(whole.lines().count() > ROWS);
    let (slow, never) = (ask(&site, 1), ask(&site, 1));
    thread::sleep(Duration::from_millis(500));
    thread::scope(|scope| {
        let began = Instant::now();
        let reading = scope.spawn(|| read_slowly(slow, Duration::from_secs(4)));
        thread::sleep(Duration::from_millis(300));
        site.signal(Signal::TERM);
        wait_until(Duration::from_secs(2), || TcpStream::connect(site.address).is_err());
        let got = reading.join().unwrap();
        assert!(began.elapsed() > Duration::from_secs(3), "it was slow");
        assert!(got == whole, "{} of {} bytes", got.len(), whole.len());
        let code = site.child.wait().unwrap().code();
        let took = began.elapsed();
        assert_eq!(code, Some(0));
        assert!(took > Duration::from_secs(9) && took < Duration::from_secs(13), "{took:?}");
    });
    drop(never);
}

/// Reads an answer to its end, which takes about so long; gives its text without the sizes of its chunks.
fn read_slowly(mut stream: TcpStream, time: Duration) -> String {
    let (steps, mut answer) = (200, Vec::new());
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = stream.read(&mut piece).unwrap();
        answer.extend_from_slice(&piece[..read]);
        if read == 0 || answer.ends_with(b"\r\n0\r\n\r\n") {
            return without_chunks(&answer);
        }
        thread::sleep(time / steps);
    }
}

/// The body of a chunked answer.
fn without_chunks(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let (mut body, mut rest) = (String::new(), text.split_once("\r\n\r\n").unwrap().1);
    while let Some((size, more)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        let Some(chunk) = more.get(..size) else { break };
        body.push_str(chunk);
        rest = more.get(size + 2..).unwrap_or_default();
    }
    body
}
