//! Departments and agencies: their names in both languages, and every spelling by which files call them.

mod db;
mod directory;
mod seed;

pub use db::{add, change, load, merge, next_ids};
pub use directory::{Directory, Organisation};
pub use seed::{added, changed, seed};
