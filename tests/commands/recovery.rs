//! The program after accidents: killed, its server killed, both killed, at rest and at work.

use std::time::Duration;

use rustix::process::{Signal, kill_process};

use crate::support::{Data, within};

/// How soon the program has its server back.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn after_the_program_was_killed_the_next_one_takes_over_its_server() {
    let data = Data::new();
    let serving = data.serve();
    let server = data.server();
    serving.kill();
    assert_eq!(data.server(), server, "the server outlives the program");

    let again = data.serve();
    assert_eq!(data.server(), server, "it is the same server");
    assert_eq!(again.rows(), 47);
    assert_eq!(again.end(Signal::TERM), Some(0));
    assert_eq!(data.server(), None);
}

#[test]
fn after_the_program_was_killed_a_command_stops_what_it_left_behind() {
    let data = Data::new();
    data.serve().kill();
    assert_eq!(data.rows().len(), 47);
    assert_eq!(data.server(), None);
}

#[test]
fn a_killed_server_is_started_again_while_the_program_goes_on_serving() {
    let data = Data::new();
    let mut serving = data.serve();
    for _ in 0..2 {
        let server = data.server().unwrap();
        kill_process(server, Signal::KILL).unwrap();
        assert_eq!(serving.rows(), 47, "reading goes on from memory");
        within(SOON, "another server answers", || {
            data.server().is_some_and(|now| now != server) && serving.get("/readyz").0 == 200
        });
        assert!(serving.is_running());
    }
    data.import("one.csv", "Image name,Department\r\nredis,SSC\r\n", &[]).succeeded();
    within(SOON, "it hears of changes again", || serving.rows() == 48);
    assert_eq!(serving.end(Signal::TERM), Some(0));
}

#[test]
fn after_program_and_server_were_killed_nothing_is_lost() {
    let data = Data::new();
    let serving = data.serve();
    data.import("one.csv", "Image name,Department\r\nredis,SSC\r\n", &[]).succeeded();
    let server = data.server().unwrap();
    serving.kill();
    kill_process(server, Signal::KILL).unwrap();

    let again = data.serve();
    assert_eq!(again.rows(), 48);
    assert_eq!(again.end(Signal::INT), Some(0));
}

#[test]
fn killed_in_the_middle_of_an_import_the_catalogue_has_all_of_it_or_nothing() {
    let data = Data::with_the_page();
    let before = data.written();
    let rows: String = (0..20_000).map(|number| format!("image-{number},SSC\r\n")).collect();
    let file = data.file("many.csv", format!("Image name,Department\r\n{rows}"));
    for wait in [300, 600, 900] {
        let mut import = data.command();
        let mut import = import.arg("import").arg(&file).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        import.kill().unwrap();
        import.wait().unwrap();
        if data.rows().len() != 47 {
            assert_eq!(data.rows().len(), 20_047, "all of it");
            return;
        }
        assert_eq!(data.written(), before, "nothing");
    }
}
