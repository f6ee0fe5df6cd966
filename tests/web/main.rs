//! The site as its visitors meet it: every page, in both languages, on a real Postgres.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod api_writes;
mod attacks;
mod browse;
mod calendar;
mod changes;
mod check;
mod commits;
mod content;
mod costs;
mod counts;
mod demand;
mod editing;
mod faults;
mod feedback;
mod files;
mod form_keys;
mod forms;
mod habits;
mod image;
mod importing;
mod kept;
mod language;
mod mail;
mod mailed_reports;
mod merging;
mod names;
mod people;
mod quality;
mod readers;
mod record_speed;
mod reminders;
mod reports;
mod request_lines;
mod request_words;
mod requests;
mod requests_in_numbers;
mod rounds;
mod saved_reports;
mod senders;
mod side_by_side;
mod sign_in;
#[allow(dead_code)]
#[path = "../program/smtp.rs"]
mod smtp;
mod spreadsheets;
mod suggestions;
mod support;
mod survival;
mod tokens;
mod unknown_dates;
mod verdict;
mod watches;
mod world;
