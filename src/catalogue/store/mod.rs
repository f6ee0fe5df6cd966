//! How the catalogue is stored: its rows, records of images as they are written, and as they were.

pub mod db;
pub mod history;
pub mod reading;
pub mod record;
pub mod source;
pub mod write;
