//! Makes a new Postgres data folder, with the role and the database `catalogue` in it, in one step.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::owner::Owner;
use crate::database::problem::EmbeddedError;
use crate::database::problem::last_words;

/// How the name of a data folder begins while it is being made.
const PARTIAL: &str = "postgres.partial-";

/// Only who can reach the socket, in a folder closed to others, is let in, hence no passwords; order is by bytes, the
/// same everywhere.
const INITDB: &[&str] = &[
    "--username=postgres",
    "--encoding=UTF8",
    "--data-checksums",
    "--auth-local=trust",
    "--auth-host=reject",
    "--locale=C",
];
/// Upper and lower case of all letters, where the system knows them.
const LETTERS: &str = "--lc-ctype=C.UTF-8";

/// The role is no superuser.
const ROLE_AND_DATABASE: &str = "create role catalogue login\ncreate database catalogue owner catalogue";

/// Makes `folder`, in `data_dir`, with the programs in `bin`. To be called by one process at a time.
///
/// It is made under a name of our own: a half-made one is never taken for a whole one, and an `initdb` that survived
/// its killed program writes elsewhere.
///
/// # Errors
/// When the programs fail, or the data folder refuses.
pub async fn create(owner: Owner, bin: &Path, data_dir: &Path, folder: &Path) -> Result<(), EmbeddedError> {
    let partial = data_dir.join(format!("{PARTIAL}{}", std::process::id()));
    let made = fill(owner, bin, &partial).await;
    let named = made.and_then(|()| {
        fs::rename(&partial, folder)
            .and_then(|()| File::open(data_dir)?.sync_all())
            .map_err(|error| refused(folder, error))
    });
    sweep(data_dir);
    named
}

async fn fill(owner: Owner, bin: &Path, folder: &Path) -> Result<(), EmbeddedError> {
    let initdb = bin.join("initdb");
    let mut words: Vec<&OsStr> = vec![initdb.as_os_str()];
    words.extend(INITDB.iter().map(OsStr::new));
    words.push(OsStr::new(LETTERS));
    clear(owner, folder).map_err(|error| refused(folder, error))?;
    if run(owner, folder, &words).await.is_err() {
        words.pop();
        clear(owner, folder).map_err(|error| refused(folder, error))?;
        run(owner, folder, &words).await?;
    }
    let postgres = bin.join("postgres");
    let feed = r#"printf '%s\n' "$0" | "$@""#;
    let words = ["/bin/sh", "-c", feed, ROLE_AND_DATABASE].map(OsStr::new);
    let single = ["--single", "-c", "exit_on_error=on", "postgres"].map(OsStr::new);
    let words = [&words[..], &[postgres.as_os_str()], &single].concat();
    run(owner, folder, &words).await
}

/// Runs a command on a data folder to its end.
async fn run(owner: Owner, folder: &Path, words: &[&OsStr]) -> Result<(), EmbeddedError> {
    let mut command = owner.command_on(folder, words).await?;
    let reason = match command.kill_on_drop(true).output().await {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => last_words(&String::from_utf8_lossy(&output.stderr)),
        Err(error) => error.to_string(),
    };
    Err(EmbeddedError::Create { path: folder.with_file_name("postgres"), reason })
}

fn refused(path: &Path, source: io::Error) -> EmbeddedError {
    EmbeddedError::Folder { path: path.to_path_buf(), source }
}

/// Leaves an empty folder of the owner at `path`.
fn clear(owner: Owner, path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => DirBuilder::new().mode(0o700).create(path)?,
    }
    owner.take(path)
}

/// Removes what earlier attempts have left, as far as it goes: an `initdb` may still be writing there.
pub fn sweep(data_dir: &Path) {
    let entries = fs::read_dir(data_dir).into_iter().flatten();
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
            _ = fs::remove_dir_all(entry.path());
        }
    }
}
