//! Feedback: anyone says what they think, staff answer it, and publish what everyone may read.

mod db;
mod download;
mod follow;
mod handle;
mod letters;
mod queue;
mod send;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub use db::About;

pub const FEEDBACK: Route = Route::new("/en/feedback/new", "/fr/commentaires/nouveau");
pub const LIST: Route = Route::new("/en/feedback", "/fr/commentaires");
/// What a visitor sent, behind a private link.
pub const ONE: Route = Route::new("/en/feedback/{reference}", "/fr/commentaires/{reference}");

pub const QUEUE: Route = Route::new("/en/staff/feedback", "/fr/personnel/commentaires");
pub const CSV: Route = Route::new("/en/staff/feedback.csv", "/fr/personnel/commentaires.csv");
pub const XLSX: Route = Route::new("/en/staff/feedback.xlsx", "/fr/personnel/commentaires.xlsx");
pub const JSON: Route = Route::new("/en/staff/feedback.json", "/fr/personnel/commentaires.json");
pub const MARKDOWN: Route = Route::new("/en/staff/feedback.md", "/fr/personnel/commentaires.md");
pub const HANDLE: Route = Route::new("/en/staff/feedback/{id}", "/fr/personnel/commentaires/{id}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(Door::new(Access::Form).page(LIST, follow::list))
        .door(Door::new(Access::Anew).page(FEEDBACK, send::show).act(FEEDBACK, send::send).link(ONE, follow::show_item))
        .door(
            Door::new(Access::From(Role::Staff))
                .page(QUEUE, queue::list)
                .page(CSV, download::file)
                .page(XLSX, download::file)
                .page(JSON, download::file)
                .page(MARKDOWN, download::file)
                .page(HANDLE, handle::show)
                .act(HANDLE, handle::act),
        )
        .menu(8, "menu-feedback", FEEDBACK)
        .staff_menu(4, "menu-feedback-queue", QUEUE, Role::Staff)
        .footer(0, "footer-contact", FEEDBACK)
}

/// How long texts may be, in characters.
const LONGEST_MESSAGE: usize = 10_000;
const LONGEST_NAME: usize = 200;
