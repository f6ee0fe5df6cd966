//! Saved reports: a table of a report with what narrows it, its columns and its language; run again by a link, and mailed
//! on the first day of each month to the managers who were chosen.

mod columns;
mod db;
mod definition;
mod edit;
mod filters;
mod item;
mod letter;
mod list;
mod made;
mod monthly;
mod period;
mod source;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub use monthly::{keep_mailing, mail_month};

pub const LIST: Route = Route::new("/en/staff/reports", "/fr/personnel/rapports");
pub const NEW: Route = Route::new("/en/staff/reports/new", "/fr/personnel/rapports/nouveau");
/// A saved report, run again.
pub const ONE: Route = Route::new("/en/staff/reports/{id}", "/fr/personnel/rapports/{id}");
pub const CHANGE: Route = Route::new("/en/staff/reports/{id}/change", "/fr/personnel/rapports/{id}/modifier");
/// The same as a file: any name, by its extension.
pub const FILE: Route = Route::new("/en/staff/reports/{id}/{file}", "/fr/personnel/rapports/{id}/{file}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Manager))
                .page(LIST, list::show_all)
                .page(NEW, edit::new)
                .act(NEW, edit::add)
                .page(ONE, item::show_one)
                .act(ONE, item::act)
                .page(CHANGE, edit::open)
                .act(CHANGE, edit::change)
                .page(FILE, item::file),
        )
        .staff_menu(10, "menu-saved-reports", LIST, Role::Manager)
        .job(|app| Box::pin(keep_mailing(app.pool, app.catalogue, app.settings)))
}
