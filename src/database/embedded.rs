//! The private Postgres of `DATA_DIR`, shared by every process of the program that uses the folder; the last one stops it.

use crate::database::problem::EmbeddedError;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};

use super::cluster::{Cluster, Failure};
use super::guard::Guard;
pub use super::guard::Mode;

/// How long a server may take to answer, replaying its log after a crash included.
const STARTING: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(25);
/// The longest path that fits in a socket's address on every system, in bytes.
const LONGEST_SOCKET: usize = 103;

/// A use of the private Postgres: while one exists, nobody stops the server.
///
/// Dropped without [`close`](Self::close), the last one asks the server to stop and does not wait for it.
#[derive(Debug)]
pub struct Embedded {
    cluster: Cluster,
    socket: Socket,
    guard: Guard,
}

/// What a connection attempt says about the server.
enum Answer {
    Ready,
    Starting,
    Stopping,
    Silence,
}

impl Embedded {
    /// Joins the server of `data_dir`, starting it, and making its data folder first, where needed.
    ///
    /// # Errors
    /// When another process serves this folder, no Postgres can be found or fetched, or it does not start.
    pub async fn open(data_dir: &Path, mode: Mode) -> Result<Self, EmbeddedError> {
        let data_dir =
            prepare(data_dir).map_err(|source| EmbeddedError::Folder { path: data_dir.to_path_buf(), source })?;
        let guard = Guard::enter(&data_dir, mode).await?;
        let starting = guard.starting().await;
        let _starting = starting.map_err(|source| EmbeddedError::Folder { path: data_dir.clone(), source })?;
        let cluster = Cluster::find_or_create(&data_dir).await?;
        let embedded = Self { socket: Socket::of(cluster.folder())?, cluster, guard };
        embedded.start().await?;
        Ok(embedded)
    }

    /// How to connect: database and role `catalogue`, on a Unix socket that only the server's user and root can reach.
    pub fn connect_options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.socket.folder())
            .port(5432)
            .ssl_mode(PgSslMode::Disable)
            .username("catalogue")
            .database("catalogue")
    }

    /// Starts the server again if it has died; costs one connection when it has not.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn ensure_running(&self) -> Result<(), EmbeddedError> {
        if matches!(self.ask().await?, Answer::Ready) {
            return Ok(());
        }
        let starting = self.guard.starting().await;
        let _starting =
            starting.map_err(|source| EmbeddedError::Folder { path: self.cluster.folder().to_path_buf(), source })?;
        self.start().await
    }

    /// Stops the server, unless another process uses it.
    ///
    /// # Errors
    /// When it does not stop within a minute.
    pub async fn close(self) -> Result<(), EmbeddedError> {
        if self.guard.is_last_out() {
            self.cluster.stop().await?;
        }
        Ok(())
    }

    /// Waits until the server answers, starting it whenever there is none. To be called by one process at a time.
    async fn start(&self) -> Result<(), EmbeddedError> {
        let began = Instant::now();
        let mut started: Option<Child> = None;
        loop {
            match self.ask().await? {
                Answer::Ready => break,
                Answer::Starting => {}
                // Asked from outside to end when its sessions end, it would let nobody in and yet not end.
                Answer::Stopping => _ = self.cluster.ask_to_stop(),
                Answer::Silence => match started.as_mut().map(Child::try_wait) {
                    Some(Ok(None)) => {}
                    Some(_) => {
                        started = None;
                        if let Failure::Lasting(reason) = self.cluster.failure(began.elapsed()) {
                            return Err(self.did_not_start(reason));
                        }
                    }
                    None if self.cluster.postmaster().is_some() => {}
                    None => started = Some(self.cluster.spawn().await?),
                },
            }
            if began.elapsed() > STARTING {
                return Err(self.did_not_start("it does not answer".to_owned()));
            }
            sleep(PAUSE).await;
        }
        if let Some(mut server) = started {
            // Unless somebody waits for it, a dead server stays in the process table and seems alive.
            tokio::spawn(async move { server.wait().await });
        }
        Ok(())
    }

    /// Tries to connect.
    async fn ask(&self) -> Result<Answer, EmbeddedError> {
        let attempt = self.connect_options();
        let attempt = timeout(Duration::from_secs(5), attempt.connect());
        match attempt.await {
            Err(_) => Ok(Answer::Starting),
            Ok(Ok(connection)) => {
                _ = connection.close().await;
                Ok(Answer::Ready)
            }
            Ok(Err(sqlx::Error::Database(error))) => match error.code().as_deref() {
                Some("57P03") if error.message().contains("shutting down") => Ok(Answer::Stopping),
                Some("57P03") => Ok(Answer::Starting),
                // All connections are taken, so it runs.
                Some("53300") => Ok(Answer::Ready),
                _ => Err(self.refused(error.message())),
            },
            Ok(Err(sqlx::Error::Io(error))) if error.kind() != io::ErrorKind::PermissionDenied => Ok(Answer::Silence),
            Ok(Err(error)) => Err(self.refused(&error.to_string())),
        }
    }

    fn did_not_start(&self, reason: String) -> EmbeddedError {
        EmbeddedError::DidNotStart { path: self.cluster.folder().to_path_buf(), reason }
    }

    fn refused(&self, reason: &str) -> EmbeddedError {
        EmbeddedError::Refused { path: self.cluster.folder().to_path_buf(), reason: reason.to_owned() }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        if self.guard.is_last_out()
            && let Err(error) = self.cluster.ask_to_stop()
        {
            tracing::warn!(%error, "the private Postgres could not be asked to stop");
        }
    }
}

/// A path to the folder of the socket that fits in a socket's address.
#[derive(Debug)]
enum Socket {
    Short(PathBuf),
    Opened(File),
}

impl Socket {
    fn of(folder: &Path) -> Result<Self, EmbeddedError> {
        let fits = |path: &str| path.len() + "/.s.PGSQL.5432".len() <= LONGEST_SOCKET;
        if folder.to_str().is_some_and(fits) {
            return Ok(Self::Short(folder.to_path_buf()));
        }
        match File::open(folder) {
            Ok(opened) if Path::new("/proc/self/fd").is_dir() => Ok(Self::Opened(opened)),
            _ => Err(EmbeddedError::TooLong(folder.to_path_buf())),
        }
    }

    fn folder(&self) -> PathBuf {
        match self {
            Self::Short(path) => path.clone(),
            Self::Opened(file) => format!("/proc/self/fd/{}", file.as_raw_fd()).into(),
        }
    }
}

/// Makes the data folder if there is none, and gives its full path.
fn prepare(data_dir: &Path) -> io::Result<PathBuf> {
    // The server of root runs as another user, who may pass through but sees nothing.
    let is_root = rustix::process::geteuid().is_root();
    let mode = if is_root { 0o711 } else { 0o700 };
    DirBuilder::new().recursive(true).mode(mode).create(data_dir)?;
    data_dir.canonicalize()
}
