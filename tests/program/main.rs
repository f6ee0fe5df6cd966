//! The program as its users run it: start, stop, import, export, and whatever may go wrong on the way.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod away;
mod bombs;
mod check_project;
mod crowd;
mod editing;
mod embedded;
mod export;
mod faults;
mod fuzz;
mod import;
mod import_memory;
mod instances;
mod mail;
mod operations;
mod places;
mod pooler;
mod postgres;
mod proxy;
mod readmes;
mod readonly;
mod roundtrip;
mod slow;
mod smtp;
mod start;
mod support;
mod tokens;
mod weather;
