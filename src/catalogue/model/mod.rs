//! What the catalogue is made of, without memory, database or pages.

pub mod variant;
