//! Mail: written to an outbox in the same transaction as what it tells, and handed over to a mail server from there.

mod db;
mod deliver;
mod joined;
mod letter;
mod outbox;
mod pages;
mod sender;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::visitor::Role;

pub use db::Kind;
pub use deliver::deliver;
pub use joined::{MINUTES, put_to_wait, rewrite, waiting};
pub use letter::Letter;
pub use outbox::{LARGEST_FILE, Message, attach, put};
pub use sender::Sender;

pub const MAIL: Route = Route::new("/en/staff/mail", "/fr/personnel/courriels");
pub const ONE: Route = Route::new("/en/staff/mail/{id}", "/fr/personnel/courriels/{id}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::From(Role::Staff))
                .page(MAIL, pages::list)
                .act(MAIL, pages::send_again)
                .page(ONE, pages::show_item)
                .act(ONE, pages::send_one_again),
        )
        .staff_menu(13, "menu-mail", MAIL, Role::Staff)
}
