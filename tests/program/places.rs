//! Places for what takes long: who finds none is told so and loses nothing, and who leaves frees one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::crowd::{connect, large, request, serve};
use crate::support::{Serving, free_port};

#[test]
fn who_asks_for_a_past_day_while_it_is_built_shares_it_and_who_leaves_ends_it_for_nobody() {
    let base = large();
    let figures = free_port();
    let mut command = base.command(&["serve"]);
    command.env("RATE_LIMIT", "0").env("METRICS_LISTEN", format!("127.0.0.1:{figures}"));
    let site = Serving::start(command, free_port());
    let ask = request("/en/images?as-at=2026-01-15");
    for _ in 0..3 {
        connect(&site, None).write_all(&ask).unwrap(); // and leaves
    }
    let answers: Vec<Vec<u8>> = thread::scope(|scope| {
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(|| site.exchange(&ask).unwrap())).collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for answer in answers {
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..answer.len().min(300)]));
    }
    let mut stream = TcpStream::connect(("127.0.0.1", figures)).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).unwrap();
    assert!(told.lines().any(|line| line == "past_days_built_total 1"), "{told}");
}

/// A form for a check, as a browser sends it.
fn check(path: &str, names: usize) -> Vec<u8> {
    let text = (0..names).map(|number| format!("nothing-that-is-called-so-{number}")).collect::<Vec<_>>().join("\n");
    let body = format!("--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n--x--\r\n");
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         content-type: multipart/form-data; boundary=x\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

#[test]
fn a_check_without_a_place_is_told_so_with_what_was_typed_and_who_leaves_frees_a_place() {
    let base = large();
    let site = serve(&base);
    let paths = ["/en/check", "/fr/verifier"];
    let answers: Vec<(usize, String)> = thread::scope(|scope| {
        let ask = |number: usize| {
            String::from_utf8_lossy(&site.exchange(&check(paths[number % 2], 200)).unwrap()).into_owned()
        };
        let asking: Vec<_> = (0..40).map(|number| (number % 2, scope.spawn(move || ask(number)))).collect();
        asking.into_iter().map(|(lang, one)| (lang, one.join().unwrap())).collect()
    });
    let words = [
        "Too many files and texts are being worked on at once.",
        "Trop de fichiers et de textes sont traités à la fois.",
    ];
    let mut refused = [0, 0];
    for (lang, answer) in answers {
        if answer.starts_with("HTTP/1.1 200") {
            continue;
        }
        let start: String = answer.chars().take(600).collect();
        assert!(answer.starts_with("HTTP/1.1 503") && start.to_lowercase().contains("retry-after: 5"), "{start}");
        assert!(answer.contains(words[lang]), "{start}");
        assert!(answer.contains("nothing-that-is-called-so-199"), "what was typed is there");
        refused[lang] += 1;
    }
    println!("{refused:?} of 20 each were told to come again");
    assert!(refused.iter().all(|count| *count > 0), "the checks were too quick: {refused:?}");
    for _ in 0..40 {
        connect(&site, None).write_all(&check("/en/check", 200)).unwrap(); // and leaves
    }
    let began = Instant::now();
    let answer = site.exchange(&check("/en/check", 1)).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer[..answer.len().min(300)]));
    assert!(began.elapsed() < Duration::from_secs(3), "a place is free at once: {:?}", began.elapsed());
}

#[test]
fn workbooks_whose_readers_have_gone_are_not_waited_for() {
    let base = large();
    let site = serve(&base);
    let ask = request("/en/images.xlsx");
    let made = |answer: Vec<u8>| assert!(answer.starts_with(b"HTTP/1.1 200"));
    made(site.exchange(&ask).unwrap());
    let began = Instant::now();
    made(site.exchange(&ask).unwrap());
    let once = began.elapsed();
    let leavers: Vec<TcpStream> = (0..80).map(|_| connect(&site, None)).collect();
    for mut leaver in &leavers {
        leaver.write_all(&ask).unwrap();
    }
    thread::sleep(once / 4); // the first are being made
    drop(leavers);
    let began = Instant::now();
    made(site.exchange(&ask).unwrap());
    let after = began.elapsed();
    println!("a workbook takes {once:?}; after 80 who left, {after:?}");
    assert!(after < once * 4 + Duration::from_secs(1), "it waits for what nobody takes: {after:?} for {once:?}");
}
