//! Programs that write by a token: written once though the program is killed meanwhile, and no secret in a log.

use std::process::Command;
use std::time::Duration;

use crate::operations::sql;
use crate::support::{Data, Serving, free_port};

/// A token of these tests.
pub const TOKEN: &str = "icat_0123abcd_5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2";

/// Makes the token with every scope, as the database holds it.
pub fn make(sql: &impl Fn(&str) -> String) {
    sql(&format!(
        "insert into accounts (email, name, role) values ('maker@example.ca', 'Maker', 'admin');
         insert into api_tokens (id, token_hash, name, reason, scopes, account_id, made_by, expires_at, form_key)
         select '0123abcd', sha256('{TOKEN}'), 'pipeline', 'x', '{{write:import,write:renew,write:status}}', id, name,
                now() + interval '1 day', 'x' from accounts where email = 'maker@example.ca'"
    ));
}

/// The bytes of a renewal.
pub fn renewal(tag: &str, key: &str, date: &str) -> String {
    let body = format!(r#"{{"department":"SSC","date":"{date}","reason":"Quote 7"}}"#);
    format!(
        "POST /api/v1/images/python/renewals HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {TOKEN}\r\n\
         if-match: {tag}\r\nidempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

pub fn tag(serving: &Serving) -> String {
    let answer = serving.answer("/api/v1/images/python").unwrap();
    let tag = answer.head.lines().find_map(|line| line.strip_prefix("etag: ").map(str::to_owned));
    tag.expect("a mark")
}

/// Makes a token and renews by it.
pub fn renews(serving: &Serving, sql: impl Fn(&str) -> String) {
    make(&sql);
    let answer = serving.exchange(renewal(&tag(serving), "1", "2099-01-01").as_bytes());
    let said = String::from_utf8(answer.unwrap()).unwrap();
    assert!(said.contains(" 422 ") && said.contains("twenty years"), "{said}");
    let answer = serving.exchange(renewal(&tag(serving), "1", "2030-01-01").as_bytes());
    let said = String::from_utf8(answer.unwrap()).unwrap();
    assert!(said.contains(" 200 ") && said.contains("2030-01-01"), "{said}");
}

#[test]
fn a_write_that_is_cut_off_by_a_kill_is_written_once_however_often_it_is_sent() {
    let data = Data::new();
    let serve = || {
        let mut command = data.command(&["serve"]);
        command.env("PUBLIC_URL", "http://localhost"); // what an image's mark is made of, too
        Serving::start(command, free_port())
    };
    let mut serving = serve();
    make(&|statements| sql(&data, statements));
    for round in 0..4_u32 {
        let sent = renewal(&tag(&serving), &format!("round-{round}"), &format!("2030-01-0{}", round + 1));
        let address = serving.address;
        let bytes = sent.clone();
        let sending = std::thread::spawn(move || {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream.write_all(bytes.as_bytes()).unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
        });
        std::thread::sleep(Duration::from_millis(u64::from(round) * 8));
        serving.kill();
        sending.join().unwrap();
        serving = serve();
        let said = String::from_utf8(serving.exchange(sent.as_bytes()).unwrap()).unwrap();
        assert!(said.contains(" 200 "), "{said}");
        let acts = sql(&data, "select count(*) from change_sets where act = 'renewal'");
        assert_eq!(acts.trim(), (round + 1).to_string());
    }
}

#[test]
fn no_log_holds_a_token_whether_it_counts_or_not() {
    let data = Data::new();
    let log = data.path.parent().unwrap().join("log");
    let given = data.command(&["serve"]);
    let mut command = Command::new("sh");
    command.args(["-c", r#"exec "$0" serve 2> "$1""#]).arg(given.get_program()).arg(&log);
    for (name, value) in given.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let mut serving = {
        command.env("RUST_LOG", "debug");
        Serving::start(command, free_port())
    };
    make(&|statements| sql(&data, statements));
    let tag = tag(&serving);
    for sent in [renewal(&tag, "1", "2030-01-01"), renewal(&tag, "2", "2030-01-01").replace("5ec2e7", "5ec2e8")] {
        serving.exchange(sent.as_bytes()).unwrap();
    }
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("/api/v1/images/python/renewals") || said.contains("renewals"), "{said}");
    assert!(!said.contains("5ec2e7") && !said.contains("5ec2e8") && !said.contains("Bearer"), "{said}");
    serving.signal(rustix::process::Signal::INT);
    serving.child.wait().unwrap();
}
