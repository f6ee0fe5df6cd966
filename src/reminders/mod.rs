//! Reminders of renewals by mail: who gets them, when, what was sent, and what would be sent next.

mod db;
mod digest;
mod due;
mod pages;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub use digest::{keep_reminding, remind};

pub const REMINDERS: Route = Route::new("/en/staff/reminders", "/fr/personnel/rappels");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(Door::new(Access::From(Role::Staff)).page(REMINDERS, pages::show_all).act(REMINDERS, pages::act))
        .staff_menu(12, "menu-reminders", REMINDERS, Role::Staff)
        .job(|app| Box::pin(keep_reminding(app.pool, app.catalogue, app.shell.origin.clone())))
}
