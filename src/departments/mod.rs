//! The departments' pages: all of them, and what one holds and wants.

mod edit;
mod pages;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub const LIST: Route = Route::new("/en/departments", "/fr/ministeres");
pub const ONE: Route = Route::new("/en/departments/{acronym}", "/fr/ministeres/{acronym}");

pub const EDIT_LIST: Route = Route::new("/en/staff/departments", "/fr/personnel/ministeres");
/// `new` stands for one that is to be added.
pub const EDIT: Route = Route::new("/en/staff/departments/{id}", "/fr/personnel/ministeres/{id}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(Door::new(Access::Kept).page(LIST, pages::list).page(ONE, pages::show_item))
        .door(
            Door::new(Access::From(Role::Administrator))
                .page(EDIT_LIST, edit::list)
                .page(EDIT, edit::open)
                .act(EDIT, edit::save),
        )
        .menu(1, "menu-departments", LIST)
        .staff_menu(6, "menu-departments", EDIT_LIST, Role::Administrator)
}
