//! Several instances on one database, one killed under load; and how soon one is ready.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::postgres::Base;
use crate::support::Serving;

/// Visitors at once.
const VISITORS: usize = 8;

/// What one visitor met: how often each instance answered, and when a visit to the one that is killed failed.
#[derive(Default)]
struct Met {
    answered: [usize; 2],
    failed: Vec<(Instant, Instant)>,
}

/// A visitor behind a balancer: visits both in turn, and stays away from one that failed.
fn visit(survivor: &Serving, doomed: &Serving, end: &AtomicBool) -> Met {
    let mut met = Met::default();
    while !end.load(Ordering::Relaxed) {
        let answer = survivor.answer("/en/images").expect("the survivor answers");
        assert_eq!(answer.status, 200);
        assert!(answer.body.ends_with("</html>\n") || answer.body.ends_with("</html>"), "whole");
        met.answered[0] += 1;
        if met.failed.is_empty() {
            let began = Instant::now();
            match doomed.answer("/en/images") {
                Ok(answer) if answer.status == 200 && answer.body.trim_end().ends_with("</html>") => {
                    met.answered[1] += 1;
                }
                _ => met.failed.push((began, Instant::now())),
            }
        }
    }
    met
}

#[test]
fn one_of_two_instances_killed_under_load_fails_only_what_it_was_answering() {
    let base = Base::filled();
    let survivor = base.serve();
    let doomed = base.serve();
    let end = AtomicBool::new(false);
    let (killed, met) = thread::scope(|scope| {
        let visitors: Vec<_> = (0..VISITORS).map(|_| scope.spawn(|| visit(&survivor, &doomed, &end))).collect();
        thread::sleep(Duration::from_secs(2));
        let killed = Instant::now();
        doomed.signal(rustix::process::Signal::KILL);
        thread::sleep(Duration::from_secs(3));
        end.store(true, Ordering::Relaxed);
        (killed, visitors.into_iter().map(|visitor| visitor.join().unwrap()).collect::<Vec<_>>())
    });
    for met in &met {
        assert!(met.answered[0] > 10 && met.answered[1] > 5, "{:?}", met.answered);
        assert_eq!(met.failed.len(), 1, "one visit found it killed");
        for (_, ended) in &met.failed {
            assert!(*ended >= killed, "nothing failed before");
        }
    }
    assert_eq!(survivor.get("/fr/changements").0, 200);
    base.add_line("a new image");
    crate::support::wait_until(Duration::from_secs(3), || survivor.rows() == 48);
}

#[test]
fn it_is_ready_at_once_on_a_database_that_exists() {
    let base = Base::filled();
    let longest = if cfg!(debug_assertions) { Duration::from_secs(1) } else { Duration::from_millis(300) };
    let mut times = Vec::new();
    while times.len() < 5 || (times.len() < 10 && times.iter().all(|time| *time >= longest)) {
        let began = Instant::now();
        let site = base.serve();
        times.push(began.elapsed());
        assert_eq!(site.stop(), Some(0));
        thread::sleep(Duration::from_millis(200)); // on a machine that is busy for a moment
    }
    times.sort_unstable();
    println!("ready after {times:?}");
    assert!(times[0] < longest, "{times:?}");
}
