//! Every SQL statement about people: a file for each of accounts, sessions, links, kept forms, sign-ins and events.

pub mod accounts;
pub mod events;
pub mod kept;
pub mod links;
pub mod sessions;
pub mod sign_ins;
