//! Embeds the static files, and gives the build a mark that changes with what pages are made of.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    memory_serve::load_directory("static");
    let mut mark = DefaultHasher::new();
    for folder in ["migrations", "templates", "static", "src"] {
        println!("cargo:rerun-if-changed={folder}");
        take_in(Path::new(folder), &mut mark)?;
    }
    println!("cargo:rustc-env=BUILD_MARK={:016x}", mark.finish());
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux")
        && env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu")
    {
        // The table of what is moved when the program starts: 15 kB instead of 770, which would stay in memory.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// Takes the names and contents of all files below a folder into the mark, in order.
fn take_in(folder: &Path, mark: &mut impl Hasher) -> io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            take_in(&path, mark)?;
        } else {
            path.hash(mark);
            fs::read(&path)?.hash(mark);
        }
    }
    Ok(())
}
