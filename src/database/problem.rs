//! Why there is no private Postgres.

use std::io;
use std::path::PathBuf;

/// Why there is no private Postgres: one sentence, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "Another image-catalogue is already serving from {}: stop it first, or set DATA_DIR to another folder.",
        .0.display()
    )]
    AlreadyServing(PathBuf),
    #[error(
        "Cannot use {}: {source}; set DATA_DIR to a folder that this user may write.",
        path.display()
    )]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "The database in {} belongs to another user (number {uid}): run the program as that user or as root, or set DATA_DIR to another folder.",
        path.display()
    )]
    NotOurs { path: PathBuf, uid: u32 },
    #[error(
        "{} is not empty and is not a Postgres data folder: move it away, or set DATA_DIR to another folder.",
        .0.display()
    )]
    NotACluster(PathBuf),
    #[error(
        "Postgres does not run as root, and the user it would run as cannot enter {}: set DATA_DIR to a folder that every user may enter, such as /var/lib/image-catalogue.",
        .0.display()
    )]
    Unreachable(PathBuf),
    #[error(
        "Postgres does not run as root, and this process may not become another user (number {0}): run it as an ordinary user, or set DATABASE_URL to a database of yours."
    )]
    CannotSwitch(u32),
    #[error(
        "The path {} is too long for a socket: set DATA_DIR to a shorter one.",
        .0.display()
    )]
    TooLong(PathBuf),
    #[error(
        "The database in {} was made by Postgres {major}, which is not installed: install it (for example apt-get install postgresql-{major}), or set DATA_DIR to another folder.",
        path.display()
    )]
    OtherVersion { path: PathBuf, major: u32 },
    #[error(
        "Postgres is not installed and could not be downloaded from github.com ({0}): install Postgres 15 or newer (for example apt-get install postgresql), or set DATABASE_URL to a database of yours."
    )]
    Download(String),
    #[error(
        "Postgres could not make a database in {} ({reason}): correct that, or set DATABASE_URL to a database of yours.",
        path.display()
    )]
    Create { path: PathBuf, reason: String },
    #[error(
        "Postgres did not start in {0} ({reason}): correct that, or set DATABASE_URL to a database of yours; {0}-start.log and {0}/log tell more.",
        path.display()
    )]
    DidNotStart { path: PathBuf, reason: String },
    #[error(
        "The Postgres in {0} does not let us in ({reason}): correct that; {0}/log tells more.",
        path.display()
    )]
    Refused { path: PathBuf, reason: String },
    #[error("Postgres (process {0}) does not stop: wait for it, or end it with kill -INT {0}.")]
    DoesNotStop(i32),
}

/// The line of a log that says why the process ended: the first error, without time and number.
pub fn last_words(log: &str) -> String {
    let recent = log.rsplit("LOG:  starting PostgreSQL").next();
    let lines = || recent.unwrap_or(log).lines().map(str::trim);
    let error = lines().find_map(|line| {
        let levels = ["PANIC:", "FATAL:", "ERROR:", "error:"];
        let told = levels.iter().find_map(|level| line.split_once(level))?.1;
        // What a server that starts or stops says to whoever knocks.
        (!told.contains("the database system is")).then_some(told)
    });
    let line = error.or_else(|| lines().rfind(|line| !line.is_empty()));
    let line = line.unwrap_or("it said nothing").trim();
    line.trim_end_matches('.').to_owned()
}
