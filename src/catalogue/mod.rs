//! The catalogue itself: what it is made of, how it is stored, and the whole of it in memory. Pages are rooms of their own.

pub mod address;
pub mod badges;
mod days;
pub mod meant;
pub mod memory;
pub mod model;
pub mod near;
pub mod query;
pub mod reference;
pub mod snapshot;
pub mod store;
pub mod verdict;
pub mod warnings;

pub use crate::fields::Firmness;
pub use crate::fields::Status;
pub use memory::Catalogue;
pub use snapshot::contents::Snapshot;
