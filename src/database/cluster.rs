//! One Postgres data folder: making it, starting its server, knowing whether it runs, stopping it.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::time::{Instant, sleep};

use super::binaries;
use super::guard::private_file;
use super::initdb;
use super::owner::Owner;
use crate::database::problem::EmbeddedError;
use crate::database::problem::last_words;

/// What every start says on the server's command line, which wins over the folder's own configuration files.
///
/// The log keeps a week and no statements: these hold personal data, and their errors reach the program anyway.
const SETTINGS: &[&str] = &[
    "cluster_name=image-catalogue",
    "listen_addresses=",
    "port=5432",
    "unix_socket_directories=.",
    "unix_socket_permissions=0700",
    "max_connections=50",
    "shared_buffers=32MB",
    "min_wal_size=32MB",
    "max_wal_size=256MB",
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
    "jit=off",
    "TimeZone=UTC",
    "log_timezone=UTC",
    "log_destination=stderr",
    "logging_collector=on",
    "log_directory=log",
    "log_filename=postgresql-%a.log",
    "log_file_mode=0600",
    "log_rotation_age=1d",
    "log_rotation_size=0",
    "log_truncate_on_rotation=on",
    "log_min_messages=log",
    "log_checkpoints=off",
];

/// How long processes of a killed server may hold on to its memory.
const LINGERING: Duration = Duration::from_secs(30);
/// How long a clean stop may take.
const STOPPING: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(25);

/// The data folder `DATA_DIR/postgres` and the user who owns it.
#[derive(Debug)]
pub struct Cluster {
    data_dir: PathBuf,
    folder: PathBuf,
    owner: Owner,
}

/// What became of a server that was just started and ended at once.
pub enum Failure {
    /// Remains of a killed server were in the way; they are gone, or will be soon.
    Passing,
    /// It will not start: its last words.
    Lasting(String),
}

impl Cluster {
    /// The cluster of `data_dir`, made if there is none. To be called by one process at a time.
    ///
    /// # Errors
    /// When the folder is not ours or not a cluster, or `initdb` fails.
    pub async fn find_or_create(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let folder = data_dir.join("postgres");
        let owner = Owner::of(data_dir, &folder)?;
        if !owner.can_enter(Path::new("/")).await {
            return Err(EmbeddedError::CannotSwitch(owner.uid()));
        }
        let cluster = Self { data_dir: data_dir.to_path_buf(), folder, owner };
        initdb::sweep(data_dir);
        if cluster.major().is_ok() {
            owner.take(&cluster.folder).map_err(|e| cluster.refused(e))?;
        } else if fs::read_dir(&cluster.folder).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(EmbeddedError::NotACluster(cluster.folder));
        } else {
            let bin = binaries::find(owner, data_dir, None).await?;
            initdb::create(owner, &bin, data_dir, &cluster.folder).await?;
        }
        Ok(cluster)
    }

    /// The data folder, which is also where the socket is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the server, detached: Ctrl-C in our terminal does not reach it, and it outlives us.
    ///
    /// # Errors
    /// When there are no binaries for the cluster's version, or they cannot be run.
    pub async fn spawn(&self) -> Result<Child, EmbeddedError> {
        let major = self.major().map_err(|e| self.refused(e))?;
        let bin = binaries::find(self.owner, &self.data_dir, Some(major)).await?;
        let log = private_file(&self.start_log())
            .and_then(|log| log.set_len(0).map(|()| log))
            .map_err(|e| self.refused(e))?;
        let mut command = self.owner.command_on(&self.folder, &[bin.join("postgres")]).await?;
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.stdout(log.try_clone().map_err(|e| self.refused(e))?);
        command.stderr(log).process_group(0);
        command.spawn().map_err(|e| self.refused(e))
    }

    /// Why a server that was just started has ended; clears away a lock file whose process is not this server.
    pub fn failure(&self, since_first_try: Duration) -> Failure {
        let log = fs::read_to_string(self.start_log()).unwrap_or_default();
        let reason = last_words(&log);
        if since_first_try < LINGERING {
            if reason.contains("pre-existing shared memory block") {
                return Failure::Passing;
            }
            if reason.contains("lock file") && self.postmaster().is_none() {
                for name in ["postmaster.pid", ".s.PGSQL.5432.lock"] {
                    _ = fs::remove_file(self.folder.join(name));
                }
                return Failure::Passing;
            }
        }
        if log.contains("redirecting log output") {
            let logs = fs::read_dir(self.folder.join("log")).into_iter().flatten();
            let newest = logs.flatten().max_by_key(|entry| {
                let modified = entry.metadata().and_then(|found| found.modified());
                modified.ok()
            });
            let text = newest.and_then(|entry| fs::read_to_string(entry.path()).ok());
            return Failure::Lasting(last_words(&text.unwrap_or_default()));
        }
        Failure::Lasting(reason)
    }

    /// The process that `postmaster.pid` names, unless it is gone or can be shown to be something else.
    pub fn postmaster(&self) -> Option<Pid> {
        let lock = fs::read_to_string(self.folder.join("postmaster.pid")).ok()?;
        let pid = Pid::from_raw(lock.lines().next()?.trim().parse().ok()?)?;
        if !cfg!(target_os = "linux") {
            return (rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH)).then_some(pid);
        }
        let process = PathBuf::from(format!("/proc/{pid}"));
        let is_ours = match fs::metadata(process.join("cwd")) {
            Ok(found) => {
                let folder = fs::metadata(&self.folder).ok()?;
                (found.dev(), found.ino()) == (folder.dev(), folder.ino())
            }
            // Root in a container may not look at another user's process so closely.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
                let state = stat.strip_prefix(&format!("{pid} (postgres) "));
                state.is_some_and(|state| !state.starts_with('Z'))
                    && fs::metadata(&process).is_ok_and(|found| found.uid() == self.owner.uid())
            }
            Err(_) => false,
        };
        is_ours.then_some(pid)
    }

    /// Asks the server to end its sessions, write everything down, and end. No-op when none runs.
    ///
    /// # Errors
    /// When it runs and may not be asked.
    pub fn ask_to_stop(&self) -> io::Result<()> {
        match self.postmaster().map(|pid| kill_process(pid, Signal::INT)) {
            None | Some(Ok(()) | Err(rustix::io::Errno::SRCH)) => Ok(()),
            Some(Err(error)) => Err(error.into()),
        }
    }

    /// Stops the server and waits for its end.
    ///
    /// # Errors
    /// When it may not be asked, or does not end within a minute.
    pub async fn stop(&self) -> Result<(), EmbeddedError> {
        self.ask_to_stop().map_err(|e| self.refused(e))?;
        let asked = Instant::now();
        while let Some(pid) = self.postmaster() {
            if asked.elapsed() > STOPPING {
                return Err(EmbeddedError::DoesNotStop(pid.as_raw_nonzero().get()));
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// The major version that made the folder, with or without its server's binaries.
    fn major(&self) -> io::Result<u32> {
        let text = fs::read_to_string(self.folder.join("PG_VERSION"))?;
        (text.trim().parse()).map_err(|e| io::Error::new(ErrorKind::InvalidData, e))
    }

    fn start_log(&self) -> PathBuf {
        self.data_dir.join("postgres-start.log")
    }

    fn refused(&self, source: io::Error) -> EmbeddedError {
        EmbeddedError::Folder { path: self.folder.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use crate::database::problem::last_words;

    #[test]
    fn the_first_error_of_the_last_start_is_the_reason() {
        let log = "2026-11-22 23:55:44.731 UTC [7] LOG:  starting PostgreSQL 15.13\n\
            2026-11-22 23:55:44.731 UTC [7] FATAL:  of yesterday\n\
            2026-11-22 23:55:45.731 UTC [9] LOG:  starting PostgreSQL 15.13\n\
            2026-11-22 23:55:45.732 UTC [9] FATAL:  the database system is starting up\n\
            2026-11-22 23:55:45.733 UTC [9] FATAL:  could not write: No space left on device\n\
            2026-11-22 23:55:45.734 UTC [9] PANIC:  cannot abort transaction 1\n\
            2026-11-22 23:55:45.735 UTC [9] LOG:  database system is shut down\n";
        assert_eq!(last_words(log), "could not write: No space left on device");
        assert_eq!(last_words("sh: not found.\n\n"), "sh: not found");
        assert_eq!(last_words(""), "it said nothing");
    }
}
