//! The real program on a data folder of its own, and a small visitor over plain TCP.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The published page.
pub const PAGE: &str = include_str!("../../src/imports/published-page.md");

/// A folder for data; whatever server runs there is stopped at the end.
pub struct Data {
    pub root: TempDir,
    pub path: PathBuf,
}

impl Data {
    pub fn new() -> Data {
        Data::called("data")
    }

    /// A data folder with this name.
    pub fn called(name: &str) -> Data {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        Data { root: folder, path }
    }

    /// The program with this folder and without settings from outside.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_image-catalogue"));
        command.args(arguments).env_remove("DATABASE_URL").env("DATA_DIR", &self.path).env("USER", "tester");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::from(self.command(arguments).output().unwrap())
    }

    /// Brings a text in as a file with this name.
    pub fn import(&self, name: &str, content: impl AsRef<[u8]>, options: &[&str]) -> Ended {
        let file = self.path.parent().unwrap().join(name);
        fs::write(&file, content).unwrap();
        self.run(&[&["import", file.to_str().unwrap()], options].concat())
    }

    /// The catalogue as CSV.
    pub fn csv(&self) -> String {
        self.run(&["export"]).ok().stdout
    }

    /// Starts serving.
    pub fn serve(&self) -> Serving {
        Serving::start(self.command(&["serve"]), free_port())
    }

    /// The folder of the private Postgres.
    pub fn cluster(&self) -> PathBuf {
        self.path.join("postgres")
    }

    /// The private Postgres' process, as `postmaster.pid` names it.
    pub fn server(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.cluster().join("postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.trim().parse().ok()?)
    }

    /// The private Postgres' process, while it lives.
    pub fn postgres(&self) -> Option<Pid> {
        let pid = self.server()?;
        rustix::process::test_kill_process(pid).ok().map(|()| pid)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Some(pid) = self.postgres() {
            let _ = kill_process(pid, Signal::INT);
            wait_until(Duration::from_secs(10), || self.postgres().is_none());
        }
    }
}

/// What a command left behind.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ended {
    /// It succeeded.
    pub fn ok(self) -> Ended {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        self
    }

    /// It was refused with exit code 1 and a sentence that has these words.
    pub fn refused(self, words: &str) -> Ended {
        assert_eq!(self.code, Some(1), "{}{}", self.stdout, self.stderr);
        assert!(self.stderr.contains(words), "{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }
}

/// What a visit is answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The status line and the headers, in lower case.
    pub head: String,
    pub body: String,
    /// From the connection to the last byte.
    pub took: Duration,
}

/// The program while it serves.
pub struct Serving {
    pub child: Child,
    pub address: SocketAddr,
    /// What it prints, kept open so that it can print more.
    said: BufReader<ChildStdout>,
}

impl Serving {
    /// Starts the program on a port and waits for its ready line.
    pub fn start(mut command: Command, port: u16) -> Serving {
        let address: SocketAddr = ([127, 0, 0, 1], port).into();
        let child =
            command.env("LISTEN", address.to_string()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        Serving::said_by(child, port)
    }

    /// Waits for the ready line of a program that was started to listen on a port.
    pub fn said_by(mut child: Child, port: u16) -> Serving {
        let address: SocketAddr = ([127, 0, 0, 1], port).into();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        assert!(line.contains("ready"), "it did not start: {line:?} {:?}", child.try_wait());
        Serving { child, address, said }
    }

    /// The next line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line
    }

    /// The status and the body that a GET is answered with.
    pub fn get(&self, path: &str) -> (u16, String) {
        self.try_get(path).unwrap()
    }

    /// As [`Serving::get`], where the program may not answer.
    pub fn try_get(&self, path: &str) -> std::io::Result<(u16, String)> {
        let answer = self.answer(path)?;
        Ok((answer.status, answer.body))
    }

    /// What a GET is answered with, and how long that took.
    pub fn answer(&self, path: &str) -> std::io::Result<Answer> {
        let began = Instant::now();
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let answer = self.exchange(request.as_bytes())?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        Ok(Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned(), took: began.elapsed() })
    }

    /// Sends bytes and reads until the program closes the connection.
    pub fn exchange(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(request)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }

    /// How many rows the list has.
    pub fn rows(&self) -> usize {
        let (status, json) = self.get("/en/images.json");
        assert_eq!(status, 200);
        json.matches("\"slug\"").count()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
    }

    /// Tells it to stop and waits for its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        let began = Instant::now();
        loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return ended.code();
            }
            if began.elapsed() > Duration::from_mins(1) {
                self.child.kill().unwrap();
                panic!("it does not end");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.signal(Signal::INT);
            let began = Instant::now();
            while self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
                if began.elapsed() > Duration::from_mins(1) {
                    let _ = self.child.kill();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

/// A port that is free, below those that the kernel gives to outgoing connections.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let port = 12_000 + u16::try_from(std::process::id() % 8_000).unwrap() + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Waits until something is so; fails when it takes too long.
pub fn wait_until(longest: Duration, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < longest, "not within {longest:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A `DATABASE_URL` that leads to the private Postgres of a data folder.
pub fn url(data: &Path) -> String {
    let socket = data.join("postgres").display().to_string().replace('/', "%2F");
    format!("postgres://catalogue@{socket}/catalogue")
}
