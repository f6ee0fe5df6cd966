//! The database gone, slow or cut off: reading goes on, the rest says so in time, and all comes back by itself.

use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};

use crate::support::{Data, Serving, free_port, url, wait_until};

/// A site on the Postgres of another data folder, so that nobody starts that Postgres again.
fn site_on(data: &Data) -> Serving {
    let mut command = data.command(&["serve"]);
    command.env("DATABASE_URL", url(&data.path));
    Serving::start(command, free_port())
}

#[test]
fn while_postgres_is_frozen_reading_goes_on_and_the_record_answers_503_within_two_seconds() {
    let data = Data::new();
    let _holder = data.serve();
    let site = site_on(&data);
    let postgres = data.postgres().unwrap();
    let every = processes_of(postgres.as_raw_nonzero().get());
    let tell = |signal| {
        for pid in &every {
            let _ = kill_process(*pid, signal);
        }
    };
    tell(Signal::STOP);
    let began = Instant::now();
    let (status, page) = site.get("/fr/changements");
    let took = began.elapsed();
    let (list, _) = site.get("/en/images");
    wait_until(Duration::from_secs(15), || site.get("/fr/images").1.contains("Données en date du"));
    let ready = site.get("/readyz").0;
    let healthy = site.get("/healthz").0;
    tell(Signal::CONT);
    assert_eq!(status, 503);
    assert!(page.contains("Le service ne peut pas répondre en ce moment"));
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!((list, ready, healthy), (200, 503, 200));
    wait_until(Duration::from_secs(10), || site.get("/en/changes").0 == 200);
    wait_until(Duration::from_secs(10), || !site.get("/fr/images").1.contains("Données en date du"));
}

/// A process and its children.
fn processes_of(parent: i32) -> Vec<rustix::process::Pid> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let children = children.split_whitespace().filter_map(|pid| pid.parse().ok());
    std::iter::once(parent).chain(children).filter_map(rustix::process::Pid::from_raw).collect()
}

#[test]
fn a_change_made_elsewhere_shows_within_a_second() {
    let data = Data::new();
    let first = data.serve();
    let second = site_on(&data);
    data.import("more.csv", "Image name,Department\nredis,CSE\n", &[]).ok();
    let began = Instant::now();
    wait_until(Duration::from_secs(1), || first.rows() == 48 && second.rows() == 48);
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[test]
fn one_instance_killed_leaves_the_other_serving() {
    let data = Data::new();
    let first = data.serve();
    let second = site_on(&data);
    second.kill();
    for _ in 0..50 {
        assert_eq!(first.get("/en/images").0, 200);
    }
}

#[test]
fn a_reader_that_stops_reading_does_not_keep_others_waiting() {
    let data = Data::new();
    let site = data.serve();
    let stuck: Vec<_> = (0..50)
        .map(|_| {
            use std::io::Write;
            let mut stream = std::net::TcpStream::connect(site.address).unwrap();
            stream.write_all(&b"GET /en/images HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20)).unwrap();
            stream
        })
        .collect();
    let began = Instant::now();
    assert_eq!(site.get("/en/images").0, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(stuck);
}
