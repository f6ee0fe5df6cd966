//! The operating-system user that the private Postgres runs as: our own, or another one when we are root.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, lchown};
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::database::problem::EmbeddedError;

/// The user who owns the data folder, and therefore runs the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    uid: u32,
    gid: u32,
    is_other: bool,
}

impl Owner {
    /// The owner of the cluster, if there is one; else ourselves.
    ///
    /// Postgres refuses root, so root lends it, in this order: the owner of the cluster or of `data_dir`, `postgres`,
    /// `nobody`.
    ///
    /// # Errors
    /// When the cluster belongs to a user whose identity we cannot take.
    pub fn of(data_dir: &Path, cluster: &Path) -> Result<Self, EmbeddedError> {
        let me = rustix::process::geteuid();
        let cluster_owner = fs::metadata(cluster).map(|found| (found.uid(), found.gid()));
        if !me.is_root() {
            return match cluster_owner {
                Ok((uid, _)) if uid != me.as_raw() => Err(EmbeddedError::NotOurs { path: cluster.to_path_buf(), uid }),
                _ => Ok(Self { uid: me.as_raw(), gid: rustix::process::getegid().as_raw(), is_other: false }),
            };
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let lent = match (cluster_owner, fs::metadata(data_dir)) {
            (Ok(owner), _) if owner.0 != 0 => owner,
            (_, Ok(found)) if found.uid() != 0 && is_known(&users, found.uid()) => (found.uid(), found.gid()),
            _ => (user(&users, "postgres").or_else(|| user(&users, "nobody"))).unwrap_or((65534, 65534)),
        };
        Ok(Self { uid: lent.0, gid: lent.1, is_other: true })
    }

    /// The user's number.
    pub fn uid(self) -> u32 {
        self.uid
    }

    /// Whether the server's user is not the program's own.
    pub fn is_other(self) -> bool {
        self.is_other
    }

    /// A command run as this user, with none of our environment: it holds secrets.
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("LC_ALL", "C").current_dir("/");
        for name in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if self.is_other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// The command `words -D folder` run as this user, who may lack the right to enter an ancestor of the folder.
    ///
    /// Root then opens the folder and hands it over as descriptor 3, whose name leads there without passing the
    /// ancestors: neither their permissions nor the server's privileges change.
    ///
    /// # Errors
    /// When the folder cannot be reached in either way.
    pub async fn command_on<S: AsRef<OsStr>>(self, folder: &Path, words: &[S]) -> Result<Command, EmbeddedError> {
        const DESCRIPTOR: &str = "/proc/self/fd/3";
        let (first, rest) = words.split_first().ok_or_else(|| refused(folder))?;
        if self.can_enter(folder).await {
            let mut command = self.command(first);
            command.args(rest).arg("-D").arg(folder);
            command.stdin(Stdio::null());
            return Ok(command);
        }
        if !Path::new("/proc/self/fd").is_dir() {
            return Err(refused(folder));
        }
        let opened = File::open(folder).map_err(|_| refused(folder))?;
        let mut command = self.command("/bin/sh");
        command.args(["-c", r#"exec "$@" 3<&0 0</dev/null"#, "sh"]);
        command.args(words).args(["-D", DESCRIPTOR]).stdin(opened);
        Ok(command)
    }

    /// Whether this user can enter `folder` by its path, as the kernel sees it.
    pub async fn can_enter(self, folder: &Path) -> bool {
        let mut probe = self.command("/bin/sh");
        !self.is_other || probe.args(["-c", ":"]).current_dir(folder).status().await.is_ok()
    }

    /// Gives `path` and everything in it to this user, where root holds it.
    ///
    /// # Errors
    /// When a folder cannot be read or an entry cannot be given.
    pub fn take(self, path: &Path) -> io::Result<()> {
        let found = path.symlink_metadata()?;
        if !self.is_other || found.uid() == self.uid {
            return Ok(());
        }
        if found.is_dir() {
            for entry in fs::read_dir(path)? {
                self.take(&entry?.path())?;
            }
        }
        lchown(path, Some(self.uid), Some(self.gid))
    }
}

fn refused(folder: &Path) -> EmbeddedError {
    EmbeddedError::Unreachable(folder.to_path_buf())
}

/// The user and group numbers of `name` in the text of `/etc/passwd`.
fn user(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// Whether a user has that number: `initdb` refuses to run as one without a name.
fn is_known(users: &str, uid: u32) -> bool {
    users.lines().any(|line| line.split(':').nth(2) == Some(&uid.to_string()))
}
