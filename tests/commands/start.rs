//! Starting, refusing to start, and ending: what the person at the terminal sees.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::time::Duration;

use image_catalogue::database::embedded::{Embedded, Mode};
use rustix::process::{Signal, geteuid};

use crate::support::{Data, Done, PROGRAM, Serving, free_port, within};

/// A user who owns nothing.
const NOBODY: u32 = 65_534;

#[test]
fn a_fresh_start_serves_the_published_page_and_a_second_start_keeps_what_was_added() {
    let data = Data::new();
    let first = data.serve();
    assert!(first.ready.contains("(47 rows)"), "{}", first.ready);
    assert_eq!(first.rows(), 47);
    let (status, page) = first.get("/fr/images");
    assert_eq!(status, 200);
    assert!(page.contains("oauth2-proxy-iamguarded"));
    data.import("one.csv", "Image name,Department\r\nredis,SSC\r\n", &[]).succeeded();
    assert_eq!(first.end(Signal::TERM), Some(0));

    let second = data.serve();
    assert!(second.ready.contains("(48 rows)"), "{}", second.ready);
    assert_eq!(second.rows(), 48);
}

#[test]
fn the_program_without_a_command_serves() {
    let data = Data::new();
    let port = free_port();
    let mut command = data.command();
    let mut child =
        command.env("LISTEN", format!("127.0.0.1:{port}")).stdout(std::process::Stdio::null()).spawn().unwrap();
    within(Duration::from_secs(30), "it listens", || {
        TcpListener::bind(("127.0.0.1", port)).is_err() && data.server().is_some()
    });
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(data.server(), None);
}

#[test]
fn terminate_and_interrupt_end_it_with_success_and_leave_no_server() {
    let data = Data::new();
    for signal in [Signal::TERM, Signal::INT] {
        let serving = data.serve();
        assert!(data.server().is_some());
        assert_eq!(serving.end(signal), Some(0), "{signal:?}");
        assert_eq!(data.server(), None, "{signal:?}");
    }
    let logs = fs::read_dir(data.cluster().join("log")).unwrap();
    let logs: Vec<String> = logs.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert_eq!(logs.concat().matches("database system is shut down").count(), 2, "{logs:?}");
}

#[test]
fn ended_while_it_makes_its_database_it_leaves_nothing_running_and_starts_the_next_time() {
    let data = Data::new();
    let mut command = data.command();
    command.env("LISTEN", format!("127.0.0.1:{}", free_port())).stdout(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let partial = data.path.join(format!("postgres.partial-{}", child.id()));
    within(Duration::from_secs(20), "it is being made", || partial.join("base").exists());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(data.server(), None);
    assert_eq!(data.serve().rows(), 47);
}

#[test]
fn strange_paths_are_only_paths() {
    let data = Data::at("l'été \"$(touch x)\", `y`\\ à la; fin");
    let serving = data.serve();
    assert_eq!(serving.rows(), 47);
    assert_eq!(data.rows().len(), 47);
    assert_eq!(serving.end(Signal::TERM), Some(0));
}

#[test]
fn a_path_longer_than_a_socket_address_is_served_and_joined() {
    let data = Data::at(&["a-long-name"; 20].join("/"));
    let serving = data.serve();
    assert_eq!((serving.rows(), data.rows().len()), (47, 47));
}

#[test]
fn where_only_root_can_enter_root_serves_and_an_ordinary_user_is_told_what_to_do() {
    let data = Data::new();
    let above = fs::metadata(data.root.path()).unwrap();
    assert_eq!(above.mode() & 0o777, 0o700);
    let serving = data.serve();
    assert_eq!(serving.rows(), 47);
    let now = fs::metadata(data.root.path()).unwrap();
    assert_eq!((above.mode(), above.uid()), (now.mode(), now.uid()), "the folder above stays as it was");
    let owner = fs::metadata(data.cluster()).unwrap();
    assert_eq!(owner.mode() & 0o077, 0, "nobody else may look");
    assert_eq!(owner.uid() == 0, false, "Postgres refuses root");
    if geteuid().is_root() {
        let place = tempfile::tempdir().unwrap();
        let done = as_nobody(&data, place.path(), &["check"]);
        assert!(done.refused().contains("set DATA_DIR to a folder that this user may write"), "{done:?}");
    }
}

#[test]
fn an_ordinary_user_has_a_server_of_their_own_and_root_may_help() {
    if !geteuid().is_root() {
        // Then every other test of this file shows it.
        return;
    }
    let data = Data::new();
    fs::set_permissions(data.root.path(), Permissions::from_mode(0o777)).unwrap();
    let place = tempfile::tempdir().unwrap();
    as_nobody(&data, place.path(), &["migrate"]).succeeded();
    let found = fs::metadata(data.cluster()).unwrap();
    assert_eq!((found.uid(), found.mode() & 0o777), (NOBODY, 0o700));

    // Root works as the same user, and leaves nothing that the user could not use afterwards.
    data.import("one.csv", "Image name,Department\r\nredis,SSC\r\n", &[]).succeeded();
    let rows = as_nobody(&data, place.path(), &["export"]).succeeded();
    assert_eq!(rows.lines().count(), 2, "{rows}");
}

/// Runs a command as a user who owns nothing, from a copy of the program that every user can reach.
fn as_nobody(data: &Data, place: &std::path::Path, words: &[&str]) -> Done {
    fs::set_permissions(place, Permissions::from_mode(0o755)).unwrap();
    let program = place.join("image-catalogue");
    if !program.exists() {
        fs::copy(PROGRAM, &program).unwrap();
    }
    let mut command = std::process::Command::new(&program);
    command.args(words).env_clear().env("DATA_DIR", &data.path).current_dir("/").uid(NOBODY).gid(NOBODY);
    Done::of(&command.output().unwrap())
}

#[test]
fn a_port_that_is_taken_is_one_clear_sentence_and_starts_no_server() {
    let data = Data::new();
    let port = free_port();
    let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let done = data.run(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
    let sentence = done.refused();
    assert!(sentence.starts_with(&format!("127.0.0.1:{port} is in use by another program")), "{sentence}");
    assert!(sentence.contains("set LISTEN"), "{sentence}");
    assert_eq!(done.out, "");
    assert!(!data.cluster().exists());
}

#[test]
fn an_address_of_another_machine_is_one_clear_sentence() {
    let done = Data::new().run(&["serve", "--listen", "192.0.2.1:20000"]);
    assert!(done.refused().contains("set LISTEN to an address of this machine"), "{done:?}");
}

#[test]
fn a_second_program_on_the_same_data_is_refused_and_the_first_goes_on() {
    let data = Data::new();
    let serving = data.serve();
    let done = data.run(&["serve", "--listen", &format!("127.0.0.1:{}", free_port())]);
    let sentence = done.refused();
    assert!(sentence.starts_with("Another image-catalogue is already serving from /"), "{sentence}");
    assert!(sentence.contains("set DATA_DIR"), "{sentence}");
    assert_eq!(serving.rows(), 47);
}

#[test]
fn commands_join_a_running_program_and_leave_its_server_alone() {
    let data = Data::new();
    let serving = data.serve();
    let server = data.server();
    assert_eq!(data.run(&["migrate"]).succeeded(), "The database is up to date.\n");
    assert!(data.run(&["check"]).succeeded().contains("Postgres"), "check names the database");
    assert_eq!(data.server(), server);
    assert_eq!(serving.rows(), 47);
    assert_eq!(serving.end(Signal::TERM), Some(0));

    // Alone, a command starts the server for itself and stops it again.
    data.run(&["check"]).succeeded();
    assert_eq!(data.server(), None);
}

#[test]
fn what_cannot_be_understood_is_a_usage_error() {
    let data = Data::new();
    for words in [
        &["sevre"][..],
        &["import"],
        &["import", "page.md", "--format", "pdf"],
        &["import", "page.md", "--as-of", "yesterday"],
        &["export", "--lang", "de"],
        &["serve", "--listen", "8080"],
        &["--branding", "none"],
        &["serve", "--public-url", "images.example.gc.ca"],
    ] {
        let done = data.run(words);
        assert_eq!((done.code, &*done.out), (Some(2), ""), "{words:?}: {done:?}");
        assert!(done.err.contains("--help"), "{words:?}: {done:?}");
    }
    assert!(!data.path.exists(), "nothing was made");
    assert!(data.run(&["--help"]).succeeded().contains("DATA_DIR"));
    assert!(data.run(&["--version"]).succeeded().starts_with("image-catalogue "));
}

#[test]
fn a_database_that_cannot_be_reached_is_one_clear_sentence() {
    let data = Data::new();
    for (url, wanted) in [
        ("not an address", "DATABASE_URL is not a Postgres address"),
        (&*format!("postgres://nobody@127.0.0.1:{}/none", free_port()), "check DATABASE_URL"),
    ] {
        let done = Done::of(&data.command().arg("check").env("DATABASE_URL", url).output().unwrap());
        assert!(done.refused().contains(wanted), "{done:?}");
    }
    assert!(!data.path.exists(), "no private server is made in its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_programs_on_one_new_database_start_at_once() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    let folder = embedded.connect_options().get_host().to_owned();
    let folder = percent_encoding::utf8_percent_encode(&folder, percent_encoding::NON_ALPHANUMERIC).to_string();
    let url = format!("postgres://catalogue@{folder}/catalogue");
    let root = data.root.path().to_owned();
    let programs = (0..3).map(|place| {
        let mut command = data.command();
        command.env("DATABASE_URL", &url).env("DATA_DIR", root.join(format!("unused-{place}")));
        let root = root.clone();
        tokio::task::spawn_blocking(move || Serving::start(command, &root))
    });
    for program in programs.collect::<Vec<_>>() {
        let serving = program.await.unwrap();
        assert!(serving.ready.contains("(0 rows)"), "a database of one's own begins empty: {}", serving.ready);
        assert_eq!(serving.get("/readyz").0, 200);
        assert_eq!(serving.end(Signal::TERM), Some(0));
    }
    assert!(!root.join("unused-0").exists());
    embedded.close().await.unwrap();
}
