//! The worst that strangers send, to a program that may have little memory: each is refused with a sentence, the list
//! answers meanwhile, and the program is the same afterwards.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::postgres::Base;
use crate::support::{Serving, free_port};
use crate::tokens;

/// The address space that the program may have, in kB: what it maps at its start, and 600 MB.
const MEMORY: usize = 1_500_000;
/// How much more it may ever have in memory than before, in kB.
const MORE: usize = 250_000;
/// How long the list may take while a bomb is looked at.
const PATIENCE: Duration = Duration::from_secs(3);

/// Something that is sent.
struct Bomb {
    what: &'static str,
    address: &'static str,
    headers: String,
    body: String,
    /// How it may be answered.
    statuses: &'static [u16],
}

fn project(what: &'static str, address: &'static str, body: String) -> Bomb {
    Bomb { what, address, headers: String::new(), body, statuses: &[422] }
}

/// A file through the form, as a browser sends it.
fn form(what: &'static str, address: &'static str, kind: &str, text: &str) -> Bomb {
    let part =
        |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = format!("{}{}--x--\r\n", part("kind", kind), part("text", text));
    let headers = "content-type: multipart/form-data; boundary=x\r\nsec-fetch-site: same-origin\r\n".to_owned();
    Bomb { what, address, headers, body, statuses: &[422] }
}

fn import(what: &'static str, kind: &str, body: String, statuses: &'static [u16]) -> Bomb {
    let headers = format!("authorization: Bearer {}\r\ncontent-type: {kind}\r\n", tokens::TOKEN);
    Bomb { what, address: "/api/v1/imports?dry-run=true", headers, body, statuses }
}

/// `ARG`s that each hold the one before ten times.
pub fn tenfold() -> String {
    let fold = |level: usize| format!("ARG A{level}={}\n", format!("$A{}", level - 1).repeat(10));
    let folded = (1..12).map(fold).collect::<Vec<_>>().concat();
    format!("ARG A0={}\n{folded}FROM $A11\n", "abcdefghij".repeat(10))
}

/// Lists that each hold the one before nine times.
pub fn laughs() -> String {
    let level = |level: usize| format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9));
    "a0: &a0 [x, x, x]\n".to_owned() + &(1..30).map(level).collect::<Vec<_>>().concat()
}

/// Maps that each merge the one before twice.
fn merges() -> String {
    let level = |level: usize| format!("a{level}: &a{level} {{<<: [*a{0}, *a{0}]}}\n", level - 1);
    "a0: &a0 {image: x}\n".to_owned() + &(1..60).map(level).collect::<Vec<_>>().concat()
}

fn bombs() -> Vec<Bomb> {
    const DOCKERFILE: &str = "/api/v1/check?kind=dockerfile";
    const HELM: &str = "/api/v1/check?kind=helm";
    let copies = (0..9_000).map(|number| format!("ARG B{number}=$A0\n")).collect::<Vec<_>>().concat();
    let copies = format!("ARG A0={}\n{copies}FROM $B1\n", "a".repeat(100_000));
    let long = 15_000_000;
    let rubbish = |piece: &str| piece.repeat(long / piece.len());
    let table = "# Procured\n\n|Image name|Department|\n|-|-|\n";
    let mut bombs = vec![
        project("arguments within arguments", DOCKERFILE, tenfold()),
        project("copies of an argument", DOCKERFILE, copies.clone()),
        form("arguments in the form", "/en/check", "dockerfile", &tenfold()),
        form("copies in the form", "/fr/verifier", "dockerfile", &copies),
        project("aliases within aliases", HELM, laughs()),
        form("aliases in the form", "/en/check", "compose", &laughs()),
        project("merges of merges", "/api/v1/check?kind=kubernetes", merges()),
        project("lists within lists", HELM, "[".repeat(240_000)),
        project("maps within maps", HELM, "{a: ".repeat(60_000)),
        project("defaults within defaults", DOCKERFILE, format!("FROM {}", "${A:-".repeat(40_000))),
        Bomb {
            what: "fields of a form",
            address: "/en/check",
            headers: "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n".to_owned(),
            body: "a&".repeat(100_000),
            statuses: &[400, 413, 422],
        },
        Bomb {
            what: "parts of a form",
            address: "/en/check",
            headers: "content-type: multipart/form-data; boundary=x\r\nsec-fetch-site: same-origin\r\n".to_owned(),
            body: "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(4_500) + "--x--\r\n",
            statuses: &[400, 413, 422],
        },
        Bomb {
            what: "JSON within JSON",
            address: "/api/v1/images/python/renewals",
            headers: format!(
                "authorization: Bearer {}\r\ncontent-type: application/json\r\nif-match: \"x\"\r\nidempotency-key: 1\r\n",
                tokens::TOKEN
            ),
            body: "[".repeat(200_000),
            statuses: &[400, 413, 422],
        },
    ];
    for piece in ["<", "[", "*a", "`a", "&a;", "> ", "- ", "![a](", "|a", "# a\n", "a\n", "[a]: b\n", "|a|\n|-|\n"] {
        bombs.push(import("rubbish in Markdown", "text/markdown", rubbish(piece), &[422]));
    }
    let cells = format!("|{}\n|{}\n", "a|".repeat(500), "-|".repeat(500));
    bombs.push(import("rows of marks", "text/markdown", table.to_owned() + &rubbish("|<|*a|\n"), &[422]));
    bombs.push(import("wide tables", "text/markdown", rubbish(&cells), &[422]));
    let numbered = (0..1_500_000).map(|number| format!("{number},A\n")).collect::<Vec<_>>().concat();
    bombs.push(import("too many rows", "text/csv", format!("Image name,Department\n{numbered}"), &[422]));
    bombs.push(import("one line of commas", "text/csv", format!("Image name,Department\n{}", rubbish(",")), &[422]));
    bombs.push(import("rows that are wrong", "text/csv", format!("Image name,Department\n{}", rubbish("a\n")), &[422]));
    bombs.push(import("too large", "text/csv", "a".repeat(17_000_000), &[413]));
    bombs
}

fn send(address: SocketAddr, bomb: &Bomb) -> std::io::Result<(u16, String)> {
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{}content-length: {}\r\n\r\n",
        bomb.address,
        bomb.headers,
        bomb.body.len()
    );
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    stream.write_all(head.as_bytes())?;
    // What is refused by its length is not read to its end.
    let _ = stream.write_all(bomb.body.as_bytes());
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    if answer.is_empty() {
        read?;
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Ok((status, answer))
}

/// A figure of the program's memory, in kB.
fn memory(site: &Serving, figure: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", site.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(figure)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn the_worst_of_each_kind_is_refused_under_a_limit_of_memory_while_the_list_answers() {
    let base = Base::new();
    base.run(&["migrate"]).ok();
    let program = base.command(&["serve"]);
    let mut command = Command::new("bash");
    command.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$@\""), "bash"]).arg(program.get_program());
    command.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut site = Serving::start(command, free_port());
    tokens::make(&|statements| base.sql(statements));
    let before = memory(&site, "VmHWM:");
    let is_over = AtomicBool::new(false);
    let (address, over) = (site.address, &is_over);
    let slowest = thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut slowest = Duration::ZERO;
            while !over.load(Ordering::Relaxed) {
                let answer = site.answer("/en/images").expect("the list answers");
                assert_eq!(answer.status, 200);
                slowest = slowest.max(answer.took);
                thread::sleep(Duration::from_millis(50));
            }
            slowest
        });
        for bomb in bombs() {
            let began = Instant::now();
            let (status, answer) = send(address, &bomb).unwrap_or_else(|problem| panic!("{}: {problem}", bomb.what));
            let start: String = bomb.body.chars().take(12).collect();
            let shown: String = answer.chars().take(3_000).collect();
            eprintln!(
                "{} {start:?}: {status} after {:?}, {} MB",
                bomb.what,
                began.elapsed(),
                memory(&site, "VmHWM:") / 1_000
            );
            assert!(bomb.statuses.contains(&status), "{} {start:?}: {status} {shown}", bomb.what);
            assert!(answer.contains('.') && !answer.contains('⟦'), "a sentence: {shown}");
            assert!(began.elapsed() < Duration::from_secs(40), "{}: {:?}", bomb.what, began.elapsed());
        }
        is_over.store(true, Ordering::Relaxed);
        watching.join().unwrap()
    });
    assert!(slowest < PATIENCE, "the list took {slowest:?}");
    let more = memory(&site, "VmHWM:") - before;
    assert!(more < MORE, "{more} kB more than before");
    assert!(site.child.try_wait().unwrap().is_none(), "it is the same process");
}
