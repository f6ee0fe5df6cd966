//! Staff change the catalogue: an image with its lines, renewals in one act, images merged, and acts undone.

pub mod fields;
mod image;
pub mod merge;
mod merging;
pub mod renewals;
mod undo;
mod unite;

use crate::app::App;
use crate::changes::UNDO;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub const NEW: Route = Route::new("/en/staff/images/new", "/fr/personnel/images/nouvelle");
pub const EDIT: Route = Route::new("/en/staff/images/{slug}", "/fr/personnel/images/{slug}");
/// Two images that are one become one.
pub const MERGE: Route = Route::new("/en/staff/images/{slug}/merge", "/fr/personnel/images/{slug}/fusionner");
pub const RENEWALS: Route = Route::new("/en/staff/renewals", "/fr/personnel/renouvellements");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Staff))
                .page(NEW, image::new)
                .act(NEW, image::add)
                .page(EDIT, image::edit)
                .act(EDIT, image::change)
                .page(MERGE, merging::show)
                .act(MERGE, merging::merge)
                .long_page(RENEWALS, renewals::show)
                .act(RENEWALS, renewals::decide)
                .page(UNDO, undo::show)
                .act(UNDO, undo::undo),
        )
        .staff_menu(0, "menu-renewals", RENEWALS, Role::Staff)
        .staff_menu(5, "menu-new-image", NEW, Role::Staff)
}
