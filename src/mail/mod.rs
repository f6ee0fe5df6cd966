//! Mail: written to an outbox in the same transaction as what it tells, and handed over to a mail server from there.

mod db;
mod deliver;
mod joined;
mod letter;
mod outbox;
mod pages;
mod sender;

use axum::Router;

use crate::App;
use crate::web::routes::{Bilingual, Route};

pub use deliver::deliver;
pub use joined::{MINUTES, put_to_wait, rewrite, waiting};
pub use letter::Letter;
pub use outbox::{LARGEST_FILE, Message, attach, put};
pub use sender::Sender;

pub const MAIL: Route = Route::new("/en/staff/mail", "/fr/personnel/courriels");
pub const ONE: Route = Route::new("/en/staff/mail/{id}", "/fr/personnel/courriels/{id}");

/// The addresses for staff.
pub fn staff_routes() -> Router<App> {
    Router::new()
        .page(MAIL, pages::list)
        .act(MAIL, pages::send_again)
        .page(ONE, pages::one)
        .act(ONE, pages::send_one_again)
}
