//! What every page shares: its frame, addresses, errors and files. Knows no room.

pub mod address;
pub mod around;
pub mod assets;
pub mod banner;
pub mod budget;
pub mod csv;
pub mod error;
pub mod file;
pub mod form;
pub mod formula;
pub mod fresh;
pub mod headers;
pub mod kept;
pub mod limits;
pub mod metrics;
pub mod page;
pub mod pager;
pub mod parameters;
pub mod problems;
pub mod readers;
pub mod routes;
pub mod server;
pub mod table;
pub mod upload;
pub mod visitor;
pub mod work;
