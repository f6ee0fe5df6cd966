//! The answer to a commit lost on its way, and an outage with many visitors: the truth is told, and the log stays short.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use crate::postgres::Base;
use crate::proxy::{Proxy, Weather};
use crate::support::{Ended, Serving, free_port, wait_until};
use crate::tokens::{make, renewal, tag};

fn status(answer: &[u8]) -> u16 {
    let answer = String::from_utf8_lossy(answer);
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// A form of the site, with its key, filled in.
fn feedback(site: &Serving, message: &str) -> String {
    let page = site.get("/en/feedback/new").1;
    let value = |name: &str| {
        let field = page.split("<input ").find(|field| field.contains(&format!("name=\"{name}\""))).unwrap_or_default();
        field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    };
    let (key, base) = (value("key"), value("base"));
    let body = format!("key={key}&base={base}&about=site&subject=Word&message={message}&do=send");
    format!(
        "POST /en/feedback/new HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn an_act_whose_connection_breaks_off_right_after_its_commit_is_told_as_done() {
    let base = Base::filled();
    let proxy = Proxy::before(base.postgres.port);
    let site = base.serve_at(proxy.port);
    make(&|statements| base.sql(statements));
    let sent = renewal(&tag(&site), "lost", "2030-01-01");
    let form = feedback(&site, "lost");
    proxy.set(Weather::LoseCommit);
    let answer = site.exchange(sent.as_bytes()).unwrap();
    assert_eq!(status(&answer), 200, "{}", String::from_utf8_lossy(&answer));
    let answer = site.exchange(form.as_bytes()).unwrap();
    assert_eq!(status(&answer), 303, "{}", String::from_utf8_lossy(&answer));
    let file = base.name.clone() + ".csv";
    let path = std::env::temp_dir().join(&file);
    std::fs::write(&path, "Image name,Department\nlost and found,CSE\n").unwrap();
    let imported = base.command_at(proxy.port, &["import", path.to_str().unwrap()]).output().unwrap();
    Ended::from(imported).ok();
    proxy.set(Weather::Fair);
    assert_eq!(status(&site.exchange(sent.as_bytes()).unwrap()), 200, "and sent again it counts once");
    assert_eq!(status(&site.exchange(form.as_bytes()).unwrap()), 303);
    assert_eq!(base.sql("select count(*) from change_sets where act = 'renewal'").trim(), "1");
    assert_eq!(base.sql("select count(*) from feedback where message = 'lost'").trim(), "1");
    assert_eq!(base.sql("select count(*) from images where name = 'lost and found'").trim(), "1");
}

#[test]
fn an_act_whose_outcome_cannot_be_found_out_is_told_neither_as_done_nor_as_failed() {
    let base = Base::filled();
    let proxy = Proxy::before(base.postgres.port);
    let site = base.serve_at(proxy.port);
    let form = feedback(&site, "whoknows");
    proxy.set(Weather::LoseCommit);
    let answer = std::thread::scope(|scope| {
        let sending = scope.spawn(|| site.exchange(form.as_bytes()).unwrap());
        let kept = "select count(*) from feedback where message = 'whoknows'";
        wait_until(Duration::from_secs(5), || base.sql(kept).trim() == "1");
        proxy.set(Weather::Cut); // so that nobody can be asked what became of it
        sending.join().unwrap()
    });
    let said = String::from_utf8_lossy(&answer).into_owned();
    assert_eq!(status(&answer), 503, "{said}");
    assert!(said.contains("We do not know whether this was saved"), "{said}");
    assert!(said.contains("Send it again") && said.contains("value=\"whoknows\""), "{said}");
    proxy.set(Weather::Fair);
    wait_until(Duration::from_secs(10), || site.get("/en/changes").0 == 200);
    assert_eq!(status(&site.exchange(form.as_bytes()).unwrap()), 303);
    assert_eq!(base.sql("select count(*) from feedback where message = 'whoknows'").trim(), "1");
}

#[test]
fn a_programs_write_while_the_database_is_away_is_503_and_a_thousand_visits_are_a_few_lines_of_the_log() {
    let base = Base::filled();
    let proxy = Proxy::before(base.postgres.port);
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut command = base.command_at(proxy.port, &["serve"]);
    let port = free_port();
    command.env("RATE_LIMIT", "0").env("LISTEN", format!("127.0.0.1:{port}"));
    command.stdout(Stdio::piped()).stderr(File::create(log.path()).unwrap());
    let site = Serving::said_by(command.spawn().unwrap(), port);
    make(&|statements| base.sql(statements));
    let sent = renewal(&tag(&site), "away", "2030-01-01");
    proxy.set(Weather::Cut);
    let answer = site.exchange(sent.as_bytes()).unwrap();
    assert_eq!(status(&answer), 503, "{}", String::from_utf8_lossy(&answer));
    let before = std::fs::read_to_string(log.path()).unwrap().lines().count();
    let visit = "GET /en/changes HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: session=AAAAAAAAAAAAAAAAAAAAAA\r\n\r\n";
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(status(&site.exchange(visit.as_bytes()).unwrap()), 503);
                }
            });
        }
    });
    std::thread::sleep(Duration::from_secs(11));
    let text = std::fs::read_to_string(log.path()).unwrap();
    let told = text.lines().count() - before;
    assert!(told < 30, "{told} lines for 200 visits:\n{text}");
    assert!(text.contains("again and again: a visit could not be answered"), "{text}");
    assert!(!text.contains("tower_sessions"), "{text}");
    assert_eq!(base.sql("select count(*) from change_sets where act = 'renewal'").trim(), "0");
}
