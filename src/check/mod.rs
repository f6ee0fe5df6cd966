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

use axum::Router;
use axum::routing::post;

use crate::App;
use crate::web::routes::{Bilingual, Route};

/// Where a project is checked.
pub const CHECK: Route = Route::new("/en/check", "/fr/verifier");
/// Where programs check one.
pub const API: &str = "/api/v1/check";

/// The addresses of this room.
pub fn routes() -> Router<App> {
    Router::new().page(CHECK, pages::show).act(CHECK, pages::check).route(API, post(api::check))
}
