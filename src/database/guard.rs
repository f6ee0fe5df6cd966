//! The locks in `DATA_DIR` through which several processes share one private Postgres.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use tokio::time::timeout;

use crate::database::problem::EmbeddedError;

/// What the database is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The one process that serves this `DATA_DIR`.
    Serve,
    /// A command, alone or beside the process that serves.
    Join,
}

/// A place among the users of one `DATA_DIR`; the kernel gives it up when the process ends, however it ends.
#[derive(Debug)]
pub struct Guard {
    data_dir: PathBuf,
    in_use: File,
    _serve: Option<File>,
}

impl Guard {
    /// Takes a place, waiting while the last user before is stopping the server.
    ///
    /// # Errors
    /// When another process already serves, or the folder refuses a file.
    pub async fn enter(data_dir: &Path, mode: Mode) -> Result<Self, EmbeddedError> {
        let refused = |source| EmbeddedError::Folder { path: data_dir.to_path_buf(), source };
        let serve = match mode {
            Mode::Join => None,
            Mode::Serve => {
                let file = private_file(&data_dir.join("serve.lock")).map_err(refused)?;
                match timeout(HANDED_ON, patiently(|| file.try_lock())).await {
                    Ok(locked) => locked.map_err(refused)?,
                    Err(_) => return Err(EmbeddedError::AlreadyServing(data_dir.to_path_buf())),
                }
                Some(file)
            }
        };
        let in_use = private_file(&data_dir.join("in-use.lock")).map_err(refused)?;
        patiently(|| in_use.try_lock_shared()).await.map_err(refused)?;
        Ok(Self { data_dir: data_dir.to_path_buf(), in_use, _serve: serve })
    }

    /// Waits until nobody else creates or starts the server, and keeps others out until the result is dropped.
    ///
    /// # Errors
    /// When the folder refuses the lock.
    pub async fn starting(&self) -> io::Result<File> {
        let file = private_file(&self.data_dir.join("start.lock"))?;
        patiently(|| file.try_lock()).await?;
        Ok(file)
    }

    /// Gives up the place; true when nobody else has one, and then nobody can take one before `self` is dropped.
    pub fn is_last_out(&self) -> bool {
        self.in_use.unlock().is_ok() && self.in_use.try_lock().is_ok()
    }
}

/// Opens or creates a file that only its owner may read, never through a symbolic link.
///
/// Root leaves it to the owner of the folder, who may run the program without root the next time.
///
/// # Errors
/// When the folder refuses the file.
pub fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    if let Some(folder) = path.parent()
        && rustix::process::geteuid().is_root()
    {
        let folder = folder.metadata()?;
        if folder.uid() != file.metadata()?.uid() {
            fchown(&file, Some(folder.uid()), Some(folder.gid()))?;
        }
    }
    Ok(file)
}

/// How long a lock may be held after it was given up: a process that is just being started has it until it runs its own
/// program.
const HANDED_ON: Duration = Duration::from_secs(1);

/// Asks for a lock until it is given; unlike a blocking call it can be cancelled.
async fn patiently(ask: impl Fn() -> Result<(), TryLockError>) -> io::Result<()> {
    loop {
        match ask() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(25)).await,
        }
    }
}
