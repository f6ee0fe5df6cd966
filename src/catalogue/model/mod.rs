//! What the catalogue is made of, without memory, database or pages.

pub mod firmness;
pub mod status;
pub mod variant;
