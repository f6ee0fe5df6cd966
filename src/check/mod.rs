//! Check my project: reads a Dockerfile, a Compose file, Kubernetes manifests, Helm values or a list, and answers to each
//! image in it. Nothing that is sent is kept or logged.

pub mod answer;
pub mod api;
mod json;
pub mod kind;
mod pages;
pub mod parse;
mod reference;
pub mod report;
mod told;

use axum::routing::post;

use crate::app::App;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

/// Where a project is checked.
pub const CHECK: Route = Route::new("/en/check", "/fr/verifier");
/// Where programs check one.
pub const API: &str = "/api/v1/check";

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Anew)
                .long_page(CHECK, pages::show)
                .act(CHECK, pages::check)
                .with(|router| router.route(API, post(api::check))),
        )
        .menu(6, "menu-check", CHECK)
}
