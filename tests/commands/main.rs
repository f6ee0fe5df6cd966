//! The program as people run it: its commands in a terminal, the accidents its database must survive, its files.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod embedded;
mod export;
mod import;
mod import_kinds;
mod import_revision;
mod import_roundtrip;
mod recovery;
mod start;
mod support;
