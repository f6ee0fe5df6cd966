//! One command gives a filled catalogue, wherever it is started and however it ended before.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::time::Duration;

use rustix::process::Signal;

use crate::support::{Data, Ended, Serving, free_port, url, wait_until};

#[test]
fn a_first_start_serves_the_published_page_and_a_second_one_the_same() {
    let data = Data::new();
    let first = data.serve();
    assert_eq!(first.rows(), 47);
    assert_eq!(first.get("/fr").0, 200);
    assert_eq!(first.stop(), Some(0));
    assert!(data.postgres().is_none(), "the server is stopped with the program");
    let second = data.serve();
    assert_eq!(second.rows(), 47);
    assert_eq!(second.stop(), Some(0));
}

#[test]
fn it_starts_again_after_kill_9_of_the_program() {
    let data = Data::new();
    let first = data.serve();
    first.kill();
    assert_eq!(data.serve().rows(), 47);
}

#[test]
fn it_starts_again_after_kill_9_of_everything() {
    let data = Data::new();
    let first = data.serve();
    rustix::process::kill_process(data.postgres().unwrap(), Signal::KILL).unwrap();
    first.kill();
    assert_eq!(data.serve().rows(), 47);
}

#[test]
fn while_it_runs_it_starts_its_postgres_again() {
    let data = Data::new();
    let serving = data.serve();
    let before = data.postgres().unwrap();
    rustix::process::kill_process(before, Signal::KILL).unwrap();
    assert_eq!(serving.rows(), 47, "reading goes on from memory");
    wait_until(Duration::from_secs(15), || data.postgres().is_some_and(|now| now != before));
    wait_until(Duration::from_secs(10), || serving.get("/readyz").0 == 200 && serving.get("/en/changes").0 == 200);
}

#[test]
fn it_works_in_a_path_with_spaces_accents_and_quotes() {
    let data = Data::called("mes données d'été \"ici\"");
    assert_eq!(data.serve().rows(), 47);
}

#[test]
fn it_works_in_a_folder_that_only_its_user_can_enter() {
    let data = Data::called("private/inner/data");
    let private = data.path.parent().unwrap().parent().unwrap();
    fs::create_dir_all(private).unwrap();
    fs::set_permissions(private, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(data.serve().rows(), 47);
}

#[test]
fn it_works_for_an_ordinary_user() {
    if !rustix::process::geteuid().is_root() {
        return; // then every other test has shown it
    }
    let data = Data::new();
    fs::set_permissions(data.path.parent().unwrap(), fs::Permissions::from_mode(0o777)).unwrap();
    let program = data.path.parent().unwrap().join("image-catalogue");
    fs::copy(env!("CARGO_BIN_EXE_image-catalogue"), &program).unwrap();
    let mut command = std::process::Command::new(&program);
    command.env_remove("DATABASE_URL").env("DATA_DIR", &data.path).uid(65_534).gid(65_534);
    assert_eq!(Serving::start(command, free_port()).rows(), 47);
}

#[test]
fn a_port_that_is_taken_is_told_in_one_sentence() {
    let data = Data::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Ended::from(data.command(&[]).env("LISTEN", &address).output().unwrap());
    let ended = ended.refused(&format!("{address} is in use by another program"));
    assert_eq!(ended.stderr.lines().count(), 1);
    assert!(!data.path.join("postgres").exists(), "nothing was begun");
}

#[test]
fn a_second_instance_on_one_data_folder_says_so() {
    let data = Data::new();
    let first = data.serve();
    let second = data.command(&[]).env("LISTEN", format!("127.0.0.1:{}", free_port())).output().unwrap();
    Ended::from(second).refused("already serving");
    assert_eq!(first.rows(), 47);
}

#[test]
fn several_instances_start_at_once_on_one_database() {
    let data = Data::new();
    let first = data.serve();
    let starting: Vec<_> = (0..3)
        .map(|_| {
            let mut command = data.command(&[]);
            command.env("DATABASE_URL", url(&data.path));
            std::thread::spawn(move || Serving::start(command, free_port()))
        })
        .collect();
    for instance in starting {
        assert_eq!(instance.join().unwrap().rows(), 47);
    }
    drop(first);
}

#[test]
fn answers_under_way_are_finished_before_it_ends() {
    let data = Data::new();
    let serving = data.serve();
    let address = serving.address;
    let asking = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /en/images.xlsx HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    });
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(serving.stop(), Some(0));
    assert!(asking.join().unwrap().starts_with(b"HTTP/1.1 200"));
}

#[test]
fn a_wrong_command_line_ends_with_2_and_wrong_settings_with_a_sentence() {
    let data = Data::new();
    assert_eq!(data.run(&["no-such-command"]).code, Some(2));
    assert_eq!(data.run(&["--listen", "nowhere", "serve"]).code, Some(2));
    Ended::from(data.command(&["check"]).env("DATABASE_URL", "not a url").output().unwrap()).refused("DATABASE_URL");
    let nobody = "postgres://nobody@127.0.0.1:1/none";
    Ended::from(data.command(&["check"]).env("DATABASE_URL", nobody).output().unwrap()).refused("does not answer");
}
