//! What every test here works with: a data folder of its own, the program beside it, plain HTTP, plain tables.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use image_catalogue::catalogue::import::PUBLISHED_PAGE;
use image_catalogue::database::embedded::{Embedded, Mode};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use sqlx::ConnectOptions;
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_image-catalogue");
/// How long anything that must happen may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// The lowest of the ports that tests listen on, and how many there are: none that systems hand out themselves.
const PORTS: (u16, u16) = (18_000, 14_000);

/// A `DATA_DIR` of one test, which fails if it leaves a server behind.
pub struct Data {
    pub root: TempDir,
    pub path: PathBuf,
}

impl Data {
    pub fn new() -> Data {
        Data::at("data")
    }

    /// A data folder of this name in a folder that nobody else can enter.
    pub fn at(name: &str) -> Data {
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o700)).unwrap();
        let path = root.path().join(name);
        Data { root, path }
    }

    /// A data folder with the published page in its catalogue.
    pub fn with_the_page() -> Data {
        let data = Data::new();
        let page = data.file("page.md", PUBLISHED_PAGE);
        data.run(&["import".as_ref(), page.as_os_str()]).succeeded();
        data
    }

    /// The folder of the private Postgres.
    pub fn cluster(&self) -> PathBuf {
        self.path.join("postgres")
    }

    /// The server's process, as `postmaster.pid` names it.
    pub fn server(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?;
        Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
    }

    /// The program on this folder, with no setting of the surroundings.
    pub fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command.env_clear().env("DATA_DIR", &self.path).env("USER", "tester").stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }

    /// Runs a command of the program to its end.
    pub fn run<S: AsRef<OsStr>>(&self, words: &[S]) -> Done {
        Done::of(&self.command().args(words).output().unwrap())
    }

    /// A file beside the data folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Imports a file of this name and content, with further options.
    pub fn import(&self, name: &str, content: impl AsRef<[u8]>, options: &[&str]) -> Done {
        let path = self.file(name, content);
        let mut words = vec!["import".as_ref(), path.as_os_str()];
        words.extend(options.iter().map(OsStr::new));
        self.run(&words)
    }

    /// What `export` writes.
    pub fn export(&self, options: &[&str]) -> String {
        self.run(&[&["export"], options].concat()).succeeded()
    }

    /// The catalogue's rows as JSON.
    pub fn rows(&self) -> Vec<Value> {
        serde_json::from_str(&self.export(&["--format", "json"])).unwrap()
    }

    /// The one row of an image for a department.
    pub fn row(&self, name: &str, department: &str) -> Value {
        let is_it = |row: &Value| row["name"] == name && row["department"] == department;
        let mut found: Vec<Value> = self.rows().into_iter().filter(is_it).collect();
        assert_eq!(found.len(), 1, "{name} for {department}: {found:?}");
        found.remove(0)
    }

    /// What has been written so far: acts, changes, terms, and the catalogue's version.
    pub fn written(&self) -> (i64, i64, i64, i64) {
        self.ask(
            "select (select count(*) from change_sets), (select count(*) from changes), (select count(*) from terms), \
             (select version from catalogue_version)",
        )
    }

    /// The one row that a statement answers.
    pub fn ask<T>(&self, statement: &'static str) -> T
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
    {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let embedded = Embedded::open(&self.path, Mode::Join).await.unwrap();
            let mut connection = embedded.connect_options().connect().await.unwrap();
            let found = sqlx::query_as(statement).fetch_one(&mut connection).await.unwrap();
            embedded.close().await.unwrap();
            found
        })
    }

    /// The program serving, from when it is ready.
    pub fn serve(&self) -> Serving {
        Serving::start(self.command(), self.root.path())
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let left = self.server();
        if let Some(left) = left {
            _ = kill_process(left, Signal::QUIT);
        }
        if !std::thread::panicking() {
            assert_eq!(left, None, "a server is left behind");
        }
    }
}

/// A command that has come to its end.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Done {
    pub fn of(output: &Output) -> Done {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Done { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// What it printed, having done what it was asked and complained of nothing.
    pub fn succeeded(self) -> String {
        assert_eq!((self.code, &*self.err), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// The one sentence with which it refused.
    pub fn refused(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "not one line: {self:?}");
        self.err.trim_end()
    }

    /// How many rows were given a verdict.
    pub fn verdicts(&self, word: &str) -> usize {
        self.out.lines().filter(|line| line.starts_with(&format!("{word}: "))).count()
    }
}

/// The program while it serves; ended when dropped.
pub struct Serving {
    child: Child,
    port: u16,
    /// The line by which it said that it is ready.
    pub ready: String,
}

impl Serving {
    /// Starts the program and waits until it is ready. Its log goes to a file in `folder`.
    pub fn start(mut command: Command, folder: &Path) -> Serving {
        let port = free_port();
        let log = folder.join(format!("serve-{port}.log"));
        command.arg("serve").env("LISTEN", format!("127.0.0.1:{port}")).process_group(0);
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let (told, hear) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            _ = BufReader::new(output).read_line(&mut line);
            _ = told.send(line);
        });
        let ready = hear.recv_timeout(PATIENCE).unwrap_or_default();
        let serving = Serving { child, port, ready };
        let log = || fs::read_to_string(&log).unwrap_or_default();
        assert!(serving.ready.starts_with("The catalogue is ready at http://"), "{:?} {}", serving.ready, log());
        serving
    }

    /// The status and body that an address answers; status 0 where nothing answers.
    pub fn get(&self, address: &str) -> (u16, String) {
        self.answer(address).unwrap_or_default()
    }

    fn answer(&self, address: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        // In this version of HTTP an answer ends with the connection, and needs no decoding.
        write!(stream, "GET {address} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
    }

    /// How many rows the list has as CSV.
    pub fn rows(&self) -> usize {
        let (status, body) = self.get("/en/images.csv");
        assert_eq!(status, 200, "{body}");
        csv_cells(&body, b',').len() - 1
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Whether it is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it by a signal to it and all of its group, as a terminal does; its exit code.
    pub fn end(mut self, signal: Signal) -> Option<i32> {
        rustix::process::kill_process_group(self.pid(), signal).unwrap();
        let asked = Instant::now();
        while self.is_running() {
            assert!(asked.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child.wait().unwrap().code()
    }

    /// Ends it without giving it a moment.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.is_running() {
            _ = kill_process(self.pid(), Signal::TERM);
            _ = self.child.wait();
        }
    }
}

/// A port that nobody listens on, a different one each time.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let (lowest, count) = PORTS;
    let own = u16::try_from(std::process::id() % u32::from(count)).unwrap();
    (0..count)
        .map(|_| lowest + (own + NEXT.fetch_add(1, Ordering::Relaxed)) % count)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a free port")
}

/// Waits until something is so, for at most `limit`.
pub fn within(limit: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The cells of a CSV, header included.
pub fn csv_cells(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut builder = csv::ReaderBuilder::new();
    let reader = builder.has_headers(false).delimiter(separator).from_reader(text.as_bytes());
    reader.into_records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The tables of a page whose cells have no bars: lines of cells, without the line of dashes.
pub fn tables(page: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = vec![Vec::new()];
    for line in page.lines() {
        let Some(line) = line.trim().strip_prefix('|') else {
            tables.push(Vec::new());
            continue;
        };
        if !line.starts_with("--") {
            let cells = line.strip_suffix('|').unwrap_or(line).split('|');
            tables.last_mut().unwrap().push(cells.map(|cell| cell.trim().to_owned()).collect());
        }
    }
    tables.retain(|table| !table.is_empty());
    tables
}
