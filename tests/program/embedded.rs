//! The private Postgres, called as the program calls it: what it promises, and strange states of its folder.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use image_catalogue::database::embedded::{Embedded, Mode};
use image_catalogue::database::problem::EmbeddedError;
use rustix::process::{Signal, geteuid, kill_process};
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::support::{Data, free_port};

async fn connect(embedded: &Embedded) -> PgConnection {
    embedded.connect_options().connect().await.unwrap()
}

async fn write(embedded: &Embedded) {
    let mut connection = connect(embedded).await;
    sqlx::raw_sql("create table kept (n int); insert into kept values (47)").execute(&mut connection).await.unwrap();
}

async fn read(embedded: &Embedded) -> i32 {
    let mut connection = connect(embedded).await;
    sqlx::query_scalar("select n from kept").fetch_one(&mut connection).await.unwrap()
}

async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn every_file(path: &Path, seen: &mut dyn FnMut(&Path, &fs::Metadata)) {
    let found = path.symlink_metadata().unwrap();
    seen(path, &found);
    if found.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            every_file(&entry.unwrap().path(), seen);
        }
    }
}

#[tokio::test]
async fn it_is_durable_checked_and_closed_to_the_network() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Join).await.unwrap();
    let mut connection = connect(&embedded).await;
    for (setting, wanted) in [
        ("fsync", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("is_superuser", "off"),
        ("unix_socket_permissions", "0700"),
    ] {
        let value: String =
            sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(&mut connection).await.unwrap();
        assert_eq!(value, wanted, "{setting}");
    }
    sqlx::raw_sql("create schema mine; create extension pg_trgm with schema mine")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn nobody_else_may_look_and_the_folders_above_stay_as_they_are() {
    let data = Data::new();
    let above = fs::metadata(data.root.path()).unwrap();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;

    let owner = fs::metadata(data.cluster()).unwrap().uid();
    let me = geteuid().as_raw();
    if me == 0 {
        assert_ne!(owner, 0, "Postgres refuses root");
        assert_eq!(above.mode() & 0o777, 0o700, "only root can enter here");
    } else {
        assert_eq!(owner, me);
    }
    let now = fs::metadata(data.root.path()).unwrap();
    assert_eq!((above.mode(), above.uid()), (now.mode(), now.uid()));
    every_file(&data.path, &mut |path, found| {
        let allowed = if path == data.path { 0o011 } else { 0 };
        assert_eq!(found.mode() & 0o077 & !allowed, 0, "{}", path.display());
        if path.starts_with(data.cluster()) {
            assert_eq!(found.uid(), owner, "{}", path.display());
        }
    });
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn it_runs_where_every_user_can_enter() {
    let data = Data::new();
    fs::set_permissions(data.root.path(), Permissions::from_mode(0o755)).unwrap();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;
    embedded.close().await.unwrap();
    fs::set_permissions(data.root.path(), Permissions::from_mode(0o700)).unwrap();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    assert_eq!(read(&embedded).await, 47);
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn the_last_one_out_stops_the_server() {
    let data = Data::new();
    let serve = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    let join = Embedded::open(&data.path, Mode::Join).await.unwrap();
    write(&serve).await;
    let server = data.server();
    serve.close().await.unwrap();
    assert_eq!(read(&join).await, 47);
    assert_eq!(data.server(), server);
    join.close().await.unwrap();
    assert_eq!(data.server(), None);
}

#[tokio::test]
async fn many_at_once_share_one_server() {
    let data = Data::new();
    let open = || Embedded::open(&data.path, Mode::Join);
    let (a, b, c) = tokio::join!(open(), open(), open());
    let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
    write(&a).await;
    assert_eq!((read(&b).await, read(&c).await), (47, 47));
    let (a, b, c) = tokio::join!(a.close(), b.close(), c.close());
    a.and(b).and(c).unwrap();
    assert_eq!(data.server(), None);
}

#[tokio::test]
async fn dropped_without_close_the_server_still_stops() {
    let data = Data::new();
    drop(Embedded::open(&data.path, Mode::Join).await.unwrap());
    eventually("it stops", || data.server().is_none()).await;
}

#[tokio::test]
async fn a_killed_server_is_started_again_and_has_lost_nothing() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;
    let mut written = 47;
    for _ in 0..3 {
        let server = data.server().unwrap();
        let mut connection = connect(&embedded).await;
        let killer = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            kill_process(server, Signal::KILL).unwrap();
        });
        while sqlx::query("update kept set n = n + 1").execute(&mut connection).await.is_ok() {
            written += 1;
        }
        killer.await.unwrap();
        embedded.ensure_running().await.unwrap();
        assert_ne!(data.server(), Some(server));
        let found = read(&embedded).await;
        // One more may be written than was acknowledged.
        assert!((written..=written + 1).contains(&found));
        written = found;
    }
    assert!(written > 60, "{written}");
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn a_session_that_still_computes_for_a_killed_server_is_no_obstacle() {
    let data = Data::new();
    let serving = data.serve();
    let embedded = Embedded::open(&data.path, Mode::Join).await.unwrap();
    write(&embedded).await;
    let mut busy = connect(&embedded).await;
    // It does not notice for a while that its server is dead, and holds on to its memory.
    let busy = tokio::spawn(async move {
        _ = sqlx::raw_sql("do $$ begin for i in 1..60000000 loop end loop; end $$").execute(&mut busy).await;
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let server = data.server().unwrap();
    serving.kill();
    kill_process(server, Signal::KILL).unwrap();
    let again = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    assert_eq!(read(&again).await, 47);
    busy.await.unwrap();
    again.close().await.unwrap();
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn a_stale_number_that_now_belongs_to_another_process_is_no_obstacle() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;
    let pid_file = data.cluster().join("postmaster.pid");
    let stale = fs::read_to_string(&pid_file).unwrap();
    let server = data.server().unwrap().to_string();
    embedded.close().await.unwrap();

    let owner = fs::metadata(data.cluster()).unwrap();
    let mut other = Command::new("sleep");
    other.arg("60");
    if geteuid().is_root() {
        other.uid(owner.uid()).gid(owner.gid());
    }
    let mut other = other.spawn().unwrap();
    fs::write(&pid_file, stale.replacen(&server, &other.id().to_string(), 1)).unwrap();

    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    assert_eq!(read(&embedded).await, 47);
    assert!(other.try_wait().unwrap().is_none(), "it was left alone");
    other.kill().unwrap();
    other.wait().unwrap();
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn a_server_that_someone_asked_to_end_is_ended_and_started_again() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;
    let _session = connect(&embedded).await;
    let server = data.server().unwrap();
    kill_process(server, Signal::TERM).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    embedded.ensure_running().await.unwrap();
    assert_eq!(read(&embedded).await, 47);
    assert_ne!(data.server(), Some(server));
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn a_folder_that_is_half_made_is_made_again() {
    let data = Data::new();
    let mut program = data.command(&[]);
    program.arg("serve").env("LISTEN", format!("127.0.0.1:{}", free_port())).stdout(Stdio::null());
    let mut program = program.spawn().unwrap();
    let partial = (data.path).join(format!("postgres.partial-{}", program.id()));
    eventually("it is being made", || partial.join("base").exists()).await;
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(!data.cluster().exists());

    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;
    embedded.close().await.unwrap();
    for _ in 0..20 {
        let again = Embedded::open(&data.path, Mode::Serve).await.unwrap();
        again.close().await.unwrap();
        if !partial.exists() {
            return;
        }
    }
    panic!("the remains stay");
}

#[tokio::test]
async fn a_folder_that_was_restored_by_root_is_taken_over() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    write(&embedded).await;
    embedded.close().await.unwrap();
    // An ordinary user cannot give anything away, so there it is the plain second start.
    let me = geteuid().as_raw();
    every_file(&data.path, &mut |path, _| {
        std::os::unix::fs::lchown(path, Some(me), None).unwrap();
    });
    let embedded = Embedded::open(&data.path, Mode::Serve).await.unwrap();
    assert_eq!(read(&embedded).await, 47);
    embedded.close().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_served_is_explained() {
    let data = Data::new();
    fs::create_dir_all(data.cluster()).unwrap();
    fs::write(data.cluster().join("letter.txt"), "mine").unwrap();
    let refused = Embedded::open(&data.path, Mode::Join).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::NotACluster(_)));

    fs::write(data.cluster().join("PG_VERSION"), "9\n").unwrap();
    let refused = Embedded::open(&data.path, Mode::Join).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::OtherVersion { major: 9, .. }));

    let file = data.root.path().join("file");
    fs::write(&file, "").unwrap();
    let refused = Embedded::open(&file, Mode::Join).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::Folder { .. }));
}

#[tokio::test]
async fn a_server_that_does_not_start_says_why() {
    let data = Data::new();
    let embedded = Embedded::open(&data.path, Mode::Join).await.unwrap();
    embedded.close().await.unwrap();
    let control = data.cluster().join("global/pg_control");
    let kept = fs::read(&control).unwrap();
    fs::write(&control, "not this").unwrap();
    let refused = Embedded::open(&data.path, Mode::Join).await.unwrap_err();
    assert!(refused.to_string().contains("pg_control"), "{refused}");
    fs::write(&control, kept).unwrap();
    let embedded = Embedded::open(&data.path, Mode::Join).await.unwrap();
    embedded.close().await.unwrap();
}
