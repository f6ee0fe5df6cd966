//! `check-project`: its answers, its formats and its exit codes.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Data, Ended, PAGE};

fn check(data: &Data, name: &str, text: impl AsRef<[u8]>, options: &[&str]) -> Ended {
    let file = data.path.parent().unwrap().join(name);
    std::fs::write(&file, text).unwrap();
    data.run(&[&["check-project", file.to_str().unwrap()], options].concat())
}

#[test]
fn the_exit_code_says_whether_everything_is_procured() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    let right = check(&data, "Dockerfile", "FROM python:3.13 AS a\nFROM a\n", &[]).ok();
    assert!(right.stdout.contains("Read as: Dockerfile. One image."), "{}", right.stdout);
    assert!(right.stdout.contains("/ssc-spc.gc.ca/python\n"), "{}", right.stdout);
    let answer =
        "Can I use it today? Yes, but check first. SSC has procured it, but its renewal date (2026-03-01) passed";
    assert!(right.stdout.contains(answer), "the answer of the image's page: {}", right.stdout);
    let missing = check(&data, "compose.yaml", "services: {a: {image: nginx}, b: {image: nonesuch}}\n", &[]);
    assert_eq!(missing.code, Some(1), "{}", missing.stderr);
    assert_eq!(missing.stderr, "");
    assert!(missing.stdout.contains("nonesuch (line 1): Not in the catalogue"), "{}", missing.stdout);
    let french = check(&data, "liste.txt", "nonesuch\n", &["--lang", "fr"]);
    assert!(french.stdout.contains("Absente du catalogue"), "{}", french.stdout);
    let json = check(&data, "list", "python\n", &["--format", "json", "--kind", "list"]).ok();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["summary"]["all_procured"], true);
}

#[test]
fn what_cannot_be_answered_is_exit_code_2_with_one_sentence() {
    let data = Data::new();
    for (name, text, options, words) in [
        ("Dockerfile", &b"BAKE\n"[..], &[][..], "Line 1 cannot be read"),
        ("empty", b"", &["--lang", "fr"], "Collez un texte"),
        ("binary", b"\x7fELF\0", &[], "not text"),
        ("large", &b"nginx\n".repeat(50_000), &[], "larger than 250 kB"),
    ] {
        let ended = check(&data, name, text, options);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(words) && ended.stderr.lines().count() == 1, "{}", ended.stderr);
    }
    let none = data.run(&["check-project", "/nonesuch/file"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("/nonesuch/file cannot be read"), "{}", none.stderr);
    let none = data.run(&["check-project", "/nonesuch/file", "--lang", "fr"]);
    assert!(none.stderr.contains("Impossible de lire /nonesuch/file"), "{}", none.stderr);
    assert_eq!(data.run(&["check-project"]).code, Some(2));
    assert_eq!(data.run(&["check-project", "x", "--kind", "spaceship"]).code, Some(2));
}

#[test]
fn standard_input_is_read_beside_a_running_site() {
    let data = Data::new();
    data.import("page.md", PAGE, &[]).ok();
    let serving = data.serve();
    let mut command = data.command(&["check-project", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"FROM nginx\n").unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.contains("nginx (line 1): Under consideration"), "{}", ended.stdout);
    assert_eq!(serving.stop(), Some(0));
}
