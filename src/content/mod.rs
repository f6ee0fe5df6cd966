//! Administrators edit the site's texts in the browser: guides, statements, and the banner.

mod edit;
mod pages;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub const LIST: Route = Route::new("/en/staff/content", "/fr/personnel/contenu");
pub const ONE: Route = Route::new("/en/staff/content/{name}", "/fr/personnel/contenu/{name}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Administrator))
                .page(LIST, pages::list)
                .page(ONE, pages::open)
                .act(ONE, edit::save),
        )
        .staff_menu(9, "menu-content", LIST, Role::Administrator)
}
