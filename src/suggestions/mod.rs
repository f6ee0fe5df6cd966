//! Corrections of an image that visitors suggest, and what staff make of them.

mod db;
mod decide;
mod suggest;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

/// Where visitors suggest a correction of an image.
pub const SUGGEST: Route = Route::new("/en/images/{slug}/suggest", "/fr/images/{slug}/proposer");
pub const LIST: Route = Route::new("/en/staff/suggestions", "/fr/personnel/suggestions");
pub const ONE: Route = Route::new("/en/staff/suggestions/{id}", "/fr/personnel/suggestions/{id}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(Door::new(Access::Anew).page(SUGGEST, suggest::show).act(SUGGEST, suggest::send))
        .door(
            Door::new(Access::From(Role::Staff))
                .page(LIST, decide::list)
                .page(ONE, decide::show_item)
                .act(ONE, decide::decide),
        )
        .staff_menu(3, "menu-suggestions", LIST, Role::Staff)
}
