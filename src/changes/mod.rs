//! The record of every change: writing it, its public pages, an image's history, and the feed.

pub mod db;
mod download;
mod feed;
mod pages;
pub mod record;
mod view;

use std::sync::Arc;

use axum::extract::FromRef;
use sqlx::PgPool;

use crate::i18n::Lang;
use crate::web::address::encode;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::shell::Shell;

pub use db::{
    ChangeRow, Folded, Recorded, count, fold, fold_by_image, fold_images, last_told, later_sets, newest,
    of_content_since, of_image, of_images_since, of_organisation_since, recorded, set, undone_by,
};
pub use view::{ChangeView, FieldView, Sort, in_words, label};

pub const LIST: Route = Route::new("/en/changes", "/fr/changements");
pub const FEED: Route = Route::new("/en/changes.atom", "/fr/changements.atom");
pub const CSV: Route = Route::new("/en/changes.csv", "/fr/changements.csv");
pub const XLSX: Route = Route::new("/en/changes.xlsx", "/fr/changements.xlsx");
pub const JSON: Route = Route::new("/en/changes.json", "/fr/changements.json");
pub const MARKDOWN: Route = Route::new("/en/changes.md", "/fr/changements.md");
pub const ONE: Route = Route::new("/en/changes/{id}", "/fr/changements/{id}");
/// The page for staff that undoes an act.
pub const UNDO: Route = Route::new("/en/staff/changes/{id}/undo", "/fr/personnel/changements/{id}/annuler");
pub const OF_IMAGE: Route = Route::new("/en/images/{slug}/changes", "/fr/images/{slug}/changements");

/// What this room declares.
pub fn room<S>() -> Room<S>
where
    S: Clone + Send + Sync + 'static,
    PgPool: FromRef<S>,
    Arc<Shell>: FromRef<S>,
{
    Room::default()
        .door(
            Door::new(Access::Marked)
                .page(LIST, pages::list)
                .page(FEED, feed::feed)
                .page(CSV, download::file)
                .page(JSON, download::file)
                .page(MARKDOWN, download::file)
                .page(ONE, pages::show_item)
                .page(OF_IMAGE, pages::of_image),
        )
        .door(Door::new(Access::Slow).page(XLSX, download::file))
        .menu(9, "menu-changes", LIST)
}

/// The parts of the feed: of one image, of one department.
pub fn feed_of(parameter: &str, value: &str, lang: Lang) -> String {
    format!("{}?{parameter}={}", FEED.pattern(lang), encode(value))
}
