//! What files take in memory that are brought in: little beside their own size, whatever is in them.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::postgres::Base;
use crate::support::{Ended, Serving, free_port};
use crate::tokens;

/// The memory that any file may take, in bytes …
const MOST: usize = 250_000_000;
/// … and what a file of this size and more may take, as so many times its size.
const LARGE: usize = 5_000_000;
const TIMES: usize = 12;
/// What a line of the catalogue takes once it is written and served: that is no more the file's.
const LINE: usize = 500;
/// Rows of a file, a little fewer than are taken.
const ROWS: usize = 109_000;

/// A text: what it is, its kind, what stands in it.
type Sent = (&'static str, &'static str, String);

fn rows(head: &str, count: usize, row: impl Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    for number in 0..count {
        writeln!(text, "{}", row(number)).unwrap();
    }
    text
}

/// Files of the largest kinds that are taken.
fn files() -> Vec<Sent> {
    let (csv, markdown) = ("text/csv", "text/markdown");
    let table = "# Procured\n\n|Image name|Department|Notes|\n|-|-|-|\n";
    let small = "# Procured\n\n|Image name|Department|\n|-|-|\n";
    let wide: String =
        (0..80).fold("Image name,Department".to_owned(), |head, column| format!("{head},other {column}"));
    vec![
        ("small rows", csv, rows("Image name,Department\n", ROWS, |n| format!("i{n},A"))),
        ("small rows", markdown, rows(small, ROWS, |n| format!("|i{n}|A|"))),
        (
            "plain rows",
            csv,
            rows("Image name,Department,Notes\n", ROWS, |n| {
                format!("image-{n},SSC,A note about image {n} and no more")
            }),
        ),
        ("plain rows", markdown, rows(table, ROWS, |n| format!("|image-{n}|SSC|A note about image {n} and more|"))),
        ("marked rows", markdown, rows(table, ROWS, |n| format!("|*image-{n}*|*SSC*|*A note about `image` {n}*|"))),
        ("other columns", csv, rows(&format!("{wide}\n"), 6_000, |n| format!("image-{n},SSC{}", ",x".repeat(80)))),
        ("long notes", csv, rows("Image name,Department,Notes\n", 1_600, |n| format!("i{n},A,{}", "é".repeat(5_000)))),
        ("long notes", markdown, rows(table, 1_600, |n| format!("|i{n}|A|{}|", "*a* ".repeat(2_450)))),
    ]
}

/// The most memory that the program had since this was last asked, in bytes.
fn peak(site: &Serving) -> usize {
    let process = format!("/proc/{}", site.child.id());
    let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let peak: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    std::fs::write(format!("{process}/clear_refs"), "5").unwrap(); // from now on
    peak * 1024
}

fn send(site: &Serving, (kind, text): (&str, &str), mark: Option<&str>) -> String {
    let (is_tried, mark) = (mark.is_none(), mark.map(|mark| format!("if-match: {mark}\r\n")).unwrap_or_default());
    let head = format!(
        "POST /api/v1/imports?dry-run={is_tried}&reason=memory HTTP/1.1\r\nhost: localhost\r\nidempotency-key: 1\r\n{mark}connection: close\r\nauthorization: Bearer {}\r\n\
         content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        tokens::TOKEN,
        text.len()
    );
    let mut stream = TcpStream::connect(site.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap(); // as long as an import may take
    stream.write_all(&[head.as_bytes(), text.as_bytes()].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Sends a file, with the mark of the answer where it was tried before, and holds what it takes in memory against what it
/// may. The mark of the answer.
fn measure(site: &Serving, (what, kind, text): &Sent, mark: Option<&str>) -> String {
    site.get("/en/images");
    peak(site);
    let before = peak(site);
    let answer = send(site, (kind, text), mark);
    assert!(answer.starts_with("HTTP/1.1 200"), "{what}: {}", answer.chars().take(600).collect::<String>());
    let taken = peak(site).saturating_sub(before);
    let (times, act) = (taken / text.len(), if mark.is_none() { "tried" } else { "written" });
    println!("{what}, {kind}, {act}: {} kB take {} kB, {times} times", text.len() / 1000, taken / 1000);
    assert!(taken <= MOST, "{what} in {kind}, {act}: {taken}");
    let served = if mark.is_none() { 0 } else { LINE * ROWS };
    let is_within = text.len() < LARGE || taken <= TIMES * text.len() + served;
    assert!(is_within, "{what} in {kind}, {act}: {taken} for {}", text.len());
    answer.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned()
}

#[test]
fn a_file_that_is_tried_or_written_takes_little_memory_beside_its_size() {
    for file in files() {
        let base = Base::new();
        base.run(&["migrate"]).ok();
        let site = Serving::start(base.command(&["serve"]), free_port());
        tokens::make(&|statements| base.sql(statements));
        let mark = measure(&site, &file, None);
        measure(&site, &file, Some(&mark));
        assert_ne!(base.sql("select count(*) from lines"), "0");
    }
}

#[test]
fn the_command_refuses_more_than_it_can_hold_with_a_sentence_and_never_breaks_off() {
    let base = Base::new();
    base.run(&["migrate"]).ok();
    let folder = tempfile::tempdir().unwrap();
    let import = |file: &str| {
        let program = base.command(&["import", file]);
        let mut command = Command::new("bash");
        command.args(["-c", "ulimit -v 4000000; exec \"$@\"", "bash"]).arg(program.get_program());
        command.args(program.get_args()).envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Ended::from(command.output().unwrap())
    };
    let file = folder.path().join("rows.csv");
    let file = file.to_str().unwrap();
    std::fs::write(file, rows("Image name,Department\n", 1_400_000, |n| format!("i{n},A"))).unwrap();
    import(file).refused("up to 1,100,000 rows");
    File::create(file).unwrap().set_len(20_000_000_000).unwrap(); // takes no room
    import(file).refused("more than 268,435,456 bytes");
    import("/dev/zero").refused("more than 268,435,456 bytes");
    assert_eq!(base.sql("select count(*) from lines"), "0");
}
