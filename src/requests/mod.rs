//! Departments ask for images: the form and its check, the private page of a request, and what staff decide.

mod accept;
mod act;
mod answers;
mod ask;
mod chosen;
pub mod db;
mod decide;
mod decision;
mod follow;
mod form;
mod kind;
mod letters;
mod lines;
mod list;
mod queue;
pub mod state;
mod undone;
mod wish;
mod withdraw;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub const NEW: Route = Route::new("/en/requests/new", "/fr/demandes/nouvelle");
pub use form::MOST_IMAGES;
pub use lines::verify;
pub use undone::after_undo;

/// What became of requests.
pub const LIST: Route = Route::new("/en/requests", "/fr/demandes");
/// One request, by its private link.
pub const ONE: Route = Route::new("/en/requests/{reference}", "/fr/demandes/{reference}");
pub const CHANGE: Route = Route::new("/en/requests/{reference}/change", "/fr/demandes/{reference}/modifier");
pub const QUEUE: Route = Route::new("/en/staff/requests", "/fr/personnel/demandes");
pub const STAFF_ONE: Route = Route::new("/en/staff/requests/{reference}", "/fr/personnel/demandes/{reference}");
/// What staff decide on the requests that they chose.
pub const DECIDE: Route = Route::new("/en/staff/requests/decide", "/fr/personnel/demandes/decider");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Anew)
                .page(NEW, ask::show)
                .act(NEW, ask::send)
                .page(LIST, list::list)
                .link(ONE, follow::show_item)
                .act(ONE, follow::act)
                .link(CHANGE, follow::show_change)
                .act(CHANGE, follow::change),
        )
        .door(
            Door::new(Access::From(Role::Staff))
                .page(QUEUE, queue::list)
                .page(STAFF_ONE, queue::show_item)
                .act(STAFF_ONE, queue::write)
                .long_page(DECIDE, decide::show)
                .act(DECIDE, decide::decide),
        )
        .menu(7, "menu-ask", NEW)
        .staff_menu(1, "menu-requests", QUEUE, Role::Staff)
}
