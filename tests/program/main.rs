//! The program as its users run it: start, stop, import, export, and whatever may go wrong on the way.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod away;
mod embedded;
mod export;
mod fuzz;
mod import;
mod operations;
mod roundtrip;
mod start;
mod support;
