//! Pool rounds: staff open one, departments confirm what they need, closing freezes the figures, the outcome is published.

mod annex;
mod confirm;
mod db;
mod edit;
mod outcome;
mod pages;
mod staff;
mod tally;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub const LIST: Route = Route::new("/en/rounds", "/fr/rondes");
pub const ONE: Route = Route::new("/en/rounds/{id}", "/fr/rondes/{id}");
pub const ANNEX: Route = Route::new("/en/rounds/{id}/annex.csv", "/fr/rondes/{id}/annexe.csv");
pub const ANNEX_XLSX: Route = Route::new("/en/rounds/{id}/annex.xlsx", "/fr/rondes/{id}/annexe.xlsx");
pub const ANNEX_JSON: Route = Route::new("/en/rounds/{id}/annex.json", "/fr/rondes/{id}/annexe.json");
pub const ANNEX_MARKDOWN: Route = Route::new("/en/rounds/{id}/annex.md", "/fr/rondes/{id}/annexe.md");
/// Where a department confirms.
pub const CONFIRM: Route = Route::new("/en/rounds/{id}/confirm", "/fr/rondes/{id}/confirmer");
pub const STAFF_LIST: Route = Route::new("/en/staff/rounds", "/fr/personnel/rondes");
/// `new` stands for one that is to be opened.
pub const STAFF_ONE: Route = Route::new("/en/staff/rounds/{id}", "/fr/personnel/rondes/{id}");
/// Where the outcome is published.
pub const OUTCOME: Route = Route::new("/en/staff/rounds/{id}/outcome", "/fr/personnel/rondes/{id}/resultat");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Anew)
                .page(LIST, pages::list)
                .link(ONE, pages::show_item)
                .drawn_apart(ONE)
                .link(ANNEX, annex::file)
                .link(ANNEX_XLSX, annex::file)
                .link(ANNEX_JSON, annex::file)
                .link(ANNEX_MARKDOWN, annex::file),
        )
        .door(Door::new(Access::From(Role::Member)).page(CONFIRM, confirm::show).act(CONFIRM, confirm::send))
        .door(
            Door::new(Access::From(Role::Staff))
                .page(STAFF_LIST, pages::staff_list)
                .page(STAFF_ONE, staff::show)
                .act(STAFF_ONE, staff::send)
                .page(OUTCOME, outcome::show)
                .act(OUTCOME, outcome::send),
        )
        .menu(3, "menu-rounds", LIST)
        .staff_menu(2, "menu-rounds", STAFF_LIST, Role::Staff)
}
