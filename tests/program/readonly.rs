//! A database that takes nothing, and notices that do not arrive: reading goes on, writing is refused in words, changes
//! show all the same.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::postgres::{Base, Postgres};
use crate::support::{Serving, wait_until};

const BANNER: &str = "Data as of";

/// Pages and the record are read, a file is refused in words, and nothing of it is there.
fn only_reads(base: &Base, site: &Serving) {
    wait_until(Duration::from_secs(10), || site.get("/en/changes").0 == 200 && site.get("/readyz").0 == 200);
    let before = site.get("/en/changes").1.matches("class=\"change\"").count();
    for name in ["redis", "valkey"] {
        let refused = base.import("more.csv", format!("Image name,Department\n{name},CSE\n"));
        let refused = refused.refused("The database is read-only").stderr;
        assert_eq!(refused.lines().count(), 1, "{refused}");
    }
    base.run(&["check"]).refused("read-only");
    assert_eq!(base.run(&["export"]).ok().stdout.lines().count(), 48);
    assert_eq!(site.rows(), 47);
    assert_eq!(site.get("/en/changes").1.matches("class=\"change\"").count(), before);
    wait_until(Duration::from_secs(5), || !site.get("/en/images").1.contains(BANNER));
    let another = base.serve();
    assert_eq!(another.rows(), 47, "an instance starts on it too");
}

#[test]
fn a_database_set_to_read_only_is_read_and_refuses_a_file_in_words() {
    let base = Base::filled();
    let site = base.serve();
    base.sql(&format!("alter database {} set default_transaction_read_only = on", base.name));
    base.end_sessions();
    only_reads(&base, &site);
    let reset = format!("alter database {} reset default_transaction_read_only", base.name);
    base.postgres.sql("postgres", &reset);
    base.end_sessions();
    base.add_line("a new image");
    wait_until(Duration::from_secs(10), || site.rows() == 48 && site.get("/en/changes").0 == 200);
}

#[test]
fn a_standby_is_read_and_takes_files_once_it_is_promoted() {
    let base = Base::on(Postgres::own().into()).fill();
    let site = base.serve();
    base.postgres.control(&["stop", "--mode=fast"]);
    std::fs::write(base.postgres.cluster().join("standby.signal"), "").unwrap();
    base.postgres.control(&["start"]);
    only_reads(&base, &site);
    base.postgres.control(&["promote"]);
    base.add_line("a new image");
    wait_until(Duration::from_secs(10), || site.rows() == 48 && site.get("/en/changes").0 == 200);
}

/// How long until a change made elsewhere shows: each of three at all, the soonest within about a second.
fn changes_show(base: &Base, site: &Serving) {
    let times: Vec<Duration> = (48..51)
        .map(|rows| {
            base.add_line(&format!("image {rows}"));
            let began = Instant::now();
            wait_until(Duration::from_secs(5), || site.rows() == rows);
            began.elapsed()
        })
        .collect();
    assert!(times.iter().min().is_some_and(|soonest| *soonest < Duration::from_millis(1_100)), "{times:?}");
}

#[test]
fn a_change_shows_though_its_notice_is_lost() {
    let base = Base::filled();
    base.sql("create function public.pg_notify(text, text) returns void language sql as 'select null::void'");
    base.sql(&format!("alter database {} set search_path = public, pg_catalog", base.name));
    let hear = "listen catalogue_changed; select pg_notify('catalogue_changed', '')";
    assert!(base.postgres.sql("postgres", hear).contains("Asynchronous notification"));
    assert!(!base.sql(hear).contains("Asynchronous notification"), "notices are lost in this database");
    changes_show(&base, &base.serve());
}

#[test]
fn a_change_shows_though_who_listens_is_cut_off_again_and_again() {
    let base = Base::filled();
    let site = base.serve();
    let end = AtomicBool::new(false);
    thread::scope(|scope| {
        let cutting = scope.spawn(|| {
            let mut cut = 0;
            while !end.load(Ordering::Relaxed) {
                let killed = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                              where datname = current_database() and query like 'LISTEN%'";
                cut += base.sql(killed).parse::<u32>().unwrap();
                thread::sleep(Duration::from_millis(20));
            }
            cut
        });
        let shown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| changes_show(&base, &site)));
        end.store(true, Ordering::Relaxed);
        assert!(cutting.join().unwrap() > 3, "it was cut off often");
        shown.unwrap();
    });
}
