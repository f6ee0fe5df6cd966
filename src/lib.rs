//! image-catalogue: which hardened container images SSC has procured, when each must be renewed, which ones
//! departments want, and what to type to use one.
//!
//! THE MAP. Each room is a folder with the same doors: `mod.rs` (what it is for, and what it declares: its addresses and who
//! may come, its menu entries, what it does beside answering), `pages.rs` (handlers, each under the page that it fills),
//! `db.rs` (every SQL statement about its tables). Rooms use `web` and `i18n`, which know no room. A request's way:
//! `site.rs`, `<room>/mod.rs`, its handler, a template.

/// The day in America/Toronto.
pub mod clock;
/// Values of the database that stand for one of a few things.
pub mod codes;
/// Every setting, its default, its environment variable.
pub mod config;
/// The connection, the migrations, and the private Postgres of a catalogue that has no other.
pub mod database;
/// What the record tells of images and lines: every field, declared once.
pub mod fields;
/// The two languages: words, plurals, numbers.
pub mod i18n;
/// Warnings that are told once and counted.
pub mod log;
/// What people may do.
pub mod roles;
/// Texts compared as people would.
pub mod text;
/// What every page shares: frame, addresses, errors, files.
pub mod web;

/// The programming interface: the public part of the catalogue as JSON.
pub mod api;
/// The catalogue itself: its model, how it is stored, and the whole of it in memory.
pub mod catalogue;
/// The record of every change: written with each act, read by everyone.
pub mod changes;
/// A project's images, from its own files: which SSC has procured, and what to type instead.
pub mod check;
/// The texts and the banner, as administrators edit them.
pub mod content;
/// What licences cost, for managers only.
pub mod costs;
/// How many departments need which images, how surely and by when.
pub mod demand;
/// What each department holds and wants.
pub mod departments;
/// Staff change the catalogue: images with their lines, renewals, images that are one, and acts undone.
pub mod editing;
/// What visitors say of the model, an image or the site, and what staff reply and publish.
pub mod feedback;
/// The catalogue as files: the page in Markdown and tables as CSV, read and written without loss.
pub mod files;
/// What all forms share: the guard of those that anybody may send, and how a form of those who have signed in is written.
pub mod forms;
/// Guides and statements in both languages.
pub mod guidance;
/// The first page.
pub mod home;
/// The list of images, an image's page, the calendar of renewals, and the list as files.
pub mod images;
/// Bringing files into the catalogue: read, compared with their base, decided, written.
pub mod imports;
/// Terms and what a renewal date means today.
pub mod licences;
/// The outbox of mail, and how it is handed over.
pub mod mail;
/// Departments, their names and every spelling of them.
pub mod organisations;
/// Signing in, sessions, roles, accounts, and the guard of staff's pages.
pub mod people;
/// Irregularities that the program finds and a person decides.
pub mod quality;
/// Reminders of renewals by mail.
pub mod reminders;
/// Reports to read, print and take away.
pub mod reports;
/// Departments ask for images, follow what becomes of it, and staff decide.
pub mod requests;
/// Pool rounds: departments confirm what they need, and what it came to is frozen.
pub mod rounds;
/// Saved reports: run again by a link, and mailed every month.
pub mod saved;
/// Corrections that visitors suggest and staff accept or decline.
pub mod suggestions;
/// Tokens of programs, made and ended by administrators.
pub mod tokens;
/// Following an image or a department by mail.
pub mod watches;

/// What handlers work with.
pub mod app;
/// The rooms put together: one router, and the layers that every answer passes.
mod site;

use app::App;
use web::room::Room;

pub use site::{ACTS, LONG, PAGES, STAFF_PAGES, app, figures, jobs, rooms_alone};

/// Every room that answers or does something beside answering.
fn rooms() -> Vec<Room<App>> {
    vec![
        // For everyone.
        home::room(),
        images::room(),
        departments::room(),
        demand::room(),
        reports::room(),
        changes::room(),
        guidance::room(),
        check::room(),
        // What visitors ask for and say.
        requests::room(),
        rounds::room(),
        feedback::room(),
        suggestions::room(),
        watches::room(),
        // What staff do.
        editing::room(),
        imports::room(),
        quality::room(),
        reminders::room(),
        mail::room(),
        // Managers and administrators.
        costs::room(),
        saved::room(),
        content::room(),
        people::room(),
        tokens::room(),
        // Programs.
        api::room(),
    ]
}
