//! The commands that the READMEs tell are run as they stand there.

use std::path::Path;
use std::process::Command;

use crate::support::{Data, url};

/// Where commands are told.
const READMES: [&str; 6] = [
    "README.md",
    "src/README.md",
    "src/operations.md",
    "src/api/README.md",
    "src/commands/README.md",
    "tests/bench/README.md",
];
/// What is run elsewhere, or goes on for ever: how a line of it begins, and where it is run.
const ELSEWHERE: [(&str, &str); 5] = [
    ("cargo run", "by everybody, first of all"),
    ("tests/", "by itself"),
    ("pg_dump ", "the test of backups"),
    ("pg_restore ", "the test of backups"),
    ("createdb ", "the test of backups"),
];

/// The lines of the blocks of shell commands.
fn commands(text: &str) -> Vec<&str> {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter(|line| !line.trim().is_empty()).collect()
}

#[test]
fn every_command_of_the_readmes_does_what_it_says() {
    let data = Data::new();
    let serving = data.serve();
    let folder = data.path.parent().unwrap();
    std::fs::write(folder.join("Dockerfile"), "FROM python:3.12\n").unwrap();
    std::fs::write(folder.join("page.md"), include_str!("../../src/imports/published-page.md")).unwrap();
    let site = format!("http://{}", serving.address);
    let program = env!("CARGO_BIN_EXE_image-catalogue");
    let mut run = 0;
    for readme in READMES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(readme);
        let text = std::fs::read_to_string(path).unwrap();
        for line in commands(&text) {
            let is_setting = line.split(' ').all(|word| word.contains('=') && !word.starts_with('-'));
            let goes_on = line.contains("LISTEN=") && line.ends_with("image-catalogue");
            if is_setting || goes_on || ELSEWHERE.iter().any(|(begin, _)| line.starts_with(begin)) {
                continue;
            }
            let line = line
                .replace("postgres://user:password@host/catalogue", &url(&data.path))
                .replace("http://127.0.0.1:8080", &site)
                .replace("$PUBLIC_URL", &site)
                .replace("image-catalogue ", &format!("{program} "));
            let ended = Command::new("sh").args(["-c", &line]).current_dir(folder).output().unwrap();
            assert!(
                ended.status.success(),
                "{readme}: {line}: {}{}",
                String::from_utf8_lossy(&ended.stdout),
                String::from_utf8_lossy(&ended.stderr)
            );
            run += 1;
        }
    }
    assert!(run >= 3, "{run} commands were run");
}
