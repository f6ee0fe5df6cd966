//! A Postgres of the tests' own that listens on TCP, databases on it, and the program on them by `DATABASE_URL`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

use crate::support::{Ended, PAGE, Serving, free_port};

/// Who servers that refuse root run as where the tests run as root.
const NOBODY: u32 = 65_534;

/// A server; stopped at the end.
pub struct Postgres {
    folder: TempDir,
    pub port: u16,
}

impl Postgres {
    /// A server that a test may stop, break and change as it likes.
    pub fn own() -> Postgres {
        let folder = tempfile::tempdir().unwrap();
        give_away(folder.path());
        let postgres = Postgres { folder, port: free_port() };
        let cluster = postgres.cluster();
        let initdb = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"];
        Ended::from(postgres.tool("initdb").args(initdb).arg(&cluster).output().unwrap()).ok();
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''\nfsync = off\nshared_buffers = 32MB\n",
            postgres.port
        );
        fs::OpenOptions::new()
            .append(true)
            .open(cluster.join("postgresql.conf"))
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .unwrap();
        postgres.control(&["start"]);
        postgres
    }

    /// The server of all tests that leave it as it is; stopped when the last of them ends.
    pub fn shared() -> Arc<Postgres> {
        static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let postgres = Arc::new(Postgres::own());
            *shared = Arc::downgrade(&postgres);
            postgres
        })
    }

    /// Starts, stops, restarts or promotes the server with `pg_ctl`, and waits until that is done.
    pub fn control(&self, arguments: &[&str]) {
        let mut command = self.tool("pg_ctl");
        command.args(["--wait", "--silent", "--pgdata"]).arg(self.cluster());
        command.arg("--log").arg(self.folder.path().join("log")).args(arguments);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(status.success(), "{arguments:?}: {log}");
    }

    /// The folder of the server's data.
    pub fn cluster(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs SQL as the administrator.
    pub fn sql(&self, database: &str, statements: &str) -> String {
        let url = format!("postgres://postgres@127.0.0.1:{}/{database}", self.port);
        let mut command = Command::new("psql");
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
        Ended::from(command.args(["--command", statements, &url]).output().unwrap()).ok().stdout.trim().to_owned()
    }

    /// One of the server's programs, as the user of its data.
    fn tool(&self, name: &str) -> Command {
        let newest = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().parse::<u32>().unwrap_or(0);
        let installed = fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten().max_by_key(newest);
        let program = installed.map_or_else(|| PathBuf::from(name), |found| found.path().join("bin").join(name));
        let mut command = as_ordinary_user(program);
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut command = self.tool("pg_ctl");
        command.args(["--wait", "--silent", "--mode=immediate", "--pgdata"]).arg(self.cluster()).arg("stop");
        let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// A command that runs as somebody else where the tests run as root.
pub fn as_ordinary_user(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// Gives a folder to the user of [`as_ordinary_user`].
pub fn give_away(folder: &Path) {
    if rustix::process::geteuid().is_root() {
        chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

/// A database and its owner, and the program on them.
pub struct Base {
    pub postgres: Arc<Postgres>,
    /// The name of the database and of its owner.
    pub name: String,
    files: TempDir,
}

impl Base {
    /// An empty database on the shared server.
    pub fn new() -> Base {
        Base::on(Postgres::shared())
    }

    /// A database with the published page on the shared server.
    pub fn filled() -> Base {
        Base::new().fill()
    }

    /// An empty database on a server.
    pub fn on(postgres: Arc<Postgres>) -> Base {
        static NEXT: AtomicU16 = AtomicU16::new(1);
        let name = format!("base{}", NEXT.fetch_add(1, Ordering::Relaxed));
        postgres.sql("postgres", &format!("create role {name} login"));
        postgres.sql("postgres", &format!("create database {name} owner {name}"));
        Base { postgres, name, files: tempfile::tempdir().unwrap() }
    }

    /// Brings the published page in.
    pub fn fill(self) -> Base {
        self.import("page.md", PAGE).ok();
        self
    }

    /// The `DATABASE_URL` by way of another port.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://{0}@127.0.0.1:{port}/{0}?sslmode=disable", self.name)
    }

    /// Runs SQL in it as the server's administrator.
    pub fn sql(&self, statements: &str) -> String {
        self.postgres.sql(&self.name, statements)
    }

    /// Ends every session of the database.
    pub fn end_sessions(&self) {
        self.sql(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid()",
        );
    }

    /// The program on this database.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_at(self.postgres.port, arguments)
    }

    /// The program on this database by way of another port.
    pub fn command_at(&self, port: u16, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_image-catalogue"));
        command.args(arguments).env("DATABASE_URL", self.url_at(port)).env("USER", "tester");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::from(self.command(arguments).output().unwrap())
    }

    /// Brings a text in as a file with this name.
    pub fn import(&self, name: &str, content: impl AsRef<[u8]>) -> Ended {
        let file = self.files.path().join(name);
        fs::write(&file, content).unwrap();
        self.run(&["import", file.to_str().unwrap()])
    }

    /// Brings in a line that the published page does not have.
    pub fn add_line(&self, image: &str) {
        self.import("more.csv", format!("Image name,Department\n{image},CSE\n")).ok();
    }

    /// Starts serving.
    pub fn serve(&self) -> Serving {
        self.serve_at(self.postgres.port)
    }

    /// Starts serving by way of another port.
    pub fn serve_at(&self, port: u16) -> Serving {
        Serving::start(self.command_at(port, &["serve"]), free_port())
    }
}
