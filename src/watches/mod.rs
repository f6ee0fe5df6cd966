//! Following an image or a department by mail: asked for, confirmed by a link, told of changes, ended by one click.

mod db;
mod named;
mod pages;
mod tell;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub use tell::{keep_telling, tell};

/// Where visitors follow an image or a department by mail.
pub const FOLLOW: Route = Route::new("/en/follow", "/fr/suivre");

/// What the links in mails lead to.
pub const LINK: Route = Route::new("/en/follow/{token}", "/fr/suivre/{token}");

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Anew)
                .page(FOLLOW, pages::ask)
                .act(FOLLOW, pages::send)
                .link(LINK, pages::link)
                .act(LINK, pages::press),
        )
        .job(|app| Box::pin(tell::keep_telling(app.pool, app.catalogue, app.shell.origin.clone())))
}
