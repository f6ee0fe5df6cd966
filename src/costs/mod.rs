//! What licences cost, for managers only: prices, what they come to, and who shares them. Nothing of it is in the snapshot,
//! in the record of changes or in what programs read.

mod db;
mod money;
mod pages;
mod price;
mod tables;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub const COSTS: Route = Route::new("/en/staff/costs", "/fr/personnel/couts");
/// The same as files.
pub const FILE: Route = Route::new("/en/staff/costs/{file}", "/fr/personnel/couts/{file}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Manager))
                .long_page(COSTS, pages::show)
                .act(COSTS, price::enter)
                .page(FILE, pages::file),
        )
        .staff_menu(11, "menu-costs", COSTS, Role::Manager)
}
