//! Departments and agencies: their names in both languages, and every spelling by which files call them.

mod db;
mod directory;
mod seed;

/// The acronym under which departments stand that want an image and are not to be named.
pub const UNNAMED: &str = "GC";

pub use db::{add, change, load, merge, next_ids};
pub use directory::{Directory, Organisation};
pub use seed::{added, changed, seed};
