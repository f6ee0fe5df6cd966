//! The way to Postgres slow, cut, swallowed or breaking off: reading goes on, the record says so in time, nothing is a
//! fault of the program, and all comes back by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::postgres::{Base, Postgres};
use crate::proxy::{Proxy, Weather};
use crate::support::{Answer, Ended, Serving, wait_until};

const BANNER: &str = "Données en date du";
/// What a page that reads the database may take, by the specification.
const IN_TIME: Duration = Duration::from_secs(2);
/// Beyond this it hangs, however busy the machine is.
const HANGS: Duration = Duration::from_secs(5);

/// The record, asked for by so many visitors at once: never a fault, never hanging.
fn record(site: &Serving, visitors: usize) -> Vec<Answer> {
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asking: Vec<_> = (0..visitors).map(|_| scope.spawn(|| site.answer("/fr/changements").unwrap())).collect();
        asking.into_iter().map(|visitor| visitor.join().unwrap()).collect()
    });
    for answer in &answers {
        assert!([200, 503].contains(&answer.status), "{}", answer.head);
        assert!(answer.took < HANGS, "{:?}", answer.took);
        if answer.status == 503 {
            assert!(answer.body.contains("Le service ne peut pas répondre en ce moment"), "{}", answer.body);
            assert!(answer.head.contains("\r\nretry-after: "), "{}", answer.head);
        }
    }
    answers
}

/// Changes the weather while visits are waiting for the database, so that it strikes in the middle of them.
fn strike(site: &Serving, proxy: &Proxy, weather: Weather) {
    proxy.set(Weather::Delay(Duration::from_millis(200)));
    thread::scope(|scope| {
        scope.spawn(|| record(site, 12));
        thread::sleep(Duration::from_millis(500));
        proxy.set(weather);
    });
}

/// Says when its scope ends, even by a failure, so that nobody works on in vain.
struct Scope<'s>(&'s AtomicBool);

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reads the list until the end; every answer is a whole page.
fn read_on(site: &Serving, end: &AtomicBool) -> usize {
    let mut read = 0;
    while !end.load(Ordering::Relaxed) {
        let answer = site.answer("/fr/images").unwrap();
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("</html>") && answer.took < HANGS, "{:?}", answer.took);
        read += 1;
        thread::sleep(Duration::from_millis(20));
    }
    read
}

/// Everything works: the record for many at once, no banner, and a change shows.
fn is_back(site: &Serving, base: &Base) {
    wait_until(Duration::from_secs(10), || {
        let is_ready = site.get("/readyz").0 == 200 && !site.get("/fr/images").1.contains(BANNER);
        is_ready && record(site, 12).iter().all(|answer| answer.status == 200)
    });
    for _ in 0..3 {
        assert!(record(site, 12).iter().all(|answer| answer.status == 200), "it is back for good");
    }
    base.add_line("a new image");
    wait_until(Duration::from_secs(3), || site.rows() == 48);
}

/// Serves while the weather is so, and afterwards.
fn go_through(weather: Weather) {
    let base = Base::filled();
    let proxy = Proxy::before(base.postgres.port);
    let site = base.serve_at(proxy.port);
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        let ends = Scope(&end);
        let reader = scope.spawn(|| read_on(&site, &end));
        strike(&site, &proxy, weather);
        let mut answers = record(&site, 12);
        let began = Instant::now();
        while !site.get("/fr/images").1.contains(BANNER) {
            assert!(began.elapsed() < Duration::from_secs(10), "the pages do not say how old they are");
            answers.extend(record(&site, 1));
        }
        assert_eq!(site.get("/healthz").0, 200);
        answers.extend(record(&site, 12));
        proxy.set(Weather::Fair);
        is_back(&site, &base);
        drop(ends);
        assert!(reader.join().unwrap() > 10);
        if weather == Weather::Truncate {
            assert!(answers.iter().any(|answer| answer.status == 503));
        } else {
            assert!(answers.iter().all(|answer| answer.status == 503), "{weather:?}");
        }
        let mut times: Vec<Duration> = answers.iter().map(|answer| answer.took).collect();
        times.sort_unstable();
        assert!(times[times.len() / 2] < IN_TIME, "{times:?}");
    });
    assert_eq!(site.stop(), Some(0));
}

#[test]
fn a_database_that_answers_too_late_is_away_and_comes_back() {
    go_through(Weather::Delay(Duration::from_secs(3)));
}

#[test]
fn a_database_whose_connections_are_reset_and_refused_is_away_and_comes_back() {
    go_through(Weather::Cut);
}

#[test]
fn a_database_behind_a_network_that_loses_everything_is_away_and_comes_back() {
    go_through(Weather::BlackHole);
}

#[test]
fn answers_of_the_database_that_break_off_are_no_fault_and_it_comes_back() {
    go_through(Weather::Truncate);
}

#[test]
fn a_database_a_little_slow_is_waited_for() {
    let base = Base::filled();
    let proxy = Proxy::before(base.postgres.port);
    let site = base.serve_at(proxy.port);
    proxy.set(Weather::Delay(Duration::from_millis(50)));
    assert_eq!(record(&site, 1)[0].status, 200);
    base.add_line("a new image");
    wait_until(Duration::from_secs(5), || site.rows() == 48);
    assert!(!site.get("/fr/images").1.contains(BANNER));
}

#[test]
fn told_to_stop_while_the_network_loses_everything_it_ends() {
    let base = Base::filled();
    let proxy = Proxy::before(base.postgres.port);
    let site = base.serve_at(proxy.port);
    strike(&site, &proxy, Weather::BlackHole);
    let began = Instant::now();
    assert_eq!(site.stop(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(11), "{:?}", began.elapsed());
}

#[test]
fn commands_say_in_one_sentence_that_the_way_to_the_database_is_lost() {
    let base = Base::new();
    let proxy = Proxy::before(base.postgres.port);
    proxy.set(Weather::BlackHole);
    let began = Instant::now();
    thread::scope(|scope| {
        for command in ["serve", "check", "migrate", "export"] {
            let mut command = base.command_at(proxy.port, &[command]);
            scope.spawn(move || {
                let ended = Ended::from(command.env("LISTEN", "127.0.0.1:0").output().unwrap());
                assert_eq!(ended.refused("The database does not answer: check DATABASE_URL").stderr.lines().count(), 1);
            });
        }
    });
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn after_a_crash_of_postgres_no_answer_is_a_fault_and_all_is_back() {
    let base = Base::on(Postgres::own().into()).fill();
    let site = base.serve();
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        let ends = Scope(&end);
        let reader = scope.spawn(|| read_on(&site, &end));
        let asking = scope.spawn(|| {
            while !end.load(Ordering::Relaxed) {
                record(&site, 4);
            }
        });
        base.postgres.control(&["restart", "--mode=immediate"]);
        let began = Instant::now();
        is_back(&site, &base);
        assert!(began.elapsed() < Duration::from_secs(15));
        drop(ends);
        reader.join().unwrap();
        asking.join().unwrap();
    });
}

#[test]
fn while_no_connection_is_to_be_had_the_record_says_so_and_the_list_goes_on() {
    let base = Base::filled();
    let site = base.serve();
    base.sql(&format!("alter role {} connection limit 0", base.name));
    base.end_sessions();
    let answers = record(&site, 12);
    assert!(answers.iter().all(|answer| answer.status == 503));
    assert!(answers.iter().all(|answer| answer.took < HANGS));
    assert_eq!(site.get("/fr/images").0, 200);
    wait_until(Duration::from_secs(6), || site.get("/fr/images").1.contains(BANNER));
    base.sql(&format!("alter role {} connection limit 3", base.name));
    wait_until(Duration::from_secs(10), || record(&site, 12).iter().any(|answer| answer.status == 200));
    base.sql(&format!("alter role {} connection limit -1", base.name));
    is_back(&site, &base);
}
