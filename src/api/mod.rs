//! The programming interface: the public part of the catalogue as JSON, both languages side by side, and what programs write
//! by a token.

mod allow_list;
mod changes;
mod demand;
mod document;
mod images;
mod import;
mod imported;
mod licences;
mod lines;
mod listed;
mod organisations;
mod reference;
mod refused;
mod write;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::web::error::Problem;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub use import::IMPORTS;

/// The page that explains it.
pub const REFERENCE: Route = Route::new("/en/api", "/fr/api");
/// The document that describes it.
const DOCUMENT: &str = "/api/openapi.json";

/// The lists, and the check of a project: their answers grow with the catalogue and with what is sent.
pub const LISTS: &[&str] = &[
    "/api/v1/images",
    "/api/v1/organisations",
    "/api/v1/licences",
    "/api/v1/demand",
    "/api/v1/changes",
    "/api/v1/check",
];

/// What this room declares.
pub fn room() -> Room<App> {
    Room::default()
        .door(
            Door::new(Access::Marked)
                .with(|router| router.merge(Router::from(described())))
                .page(REFERENCE, reference::show_reference)
                .programs(LISTS),
        )
        .door(
            Door::new(Access::Programs)
                .with(|_| Router::from(written()).layer(DefaultBodyLimit::disable()))
                .takes_files(&[IMPORTS]),
        )
        .footer(3, "footer-api", REFERENCE)
}

/// What all addresses share in the description, and the one whose room is another.
#[derive(OpenApi)]
#[openapi(paths(crate::check::api::check), components(schemas(Problem)))]
struct Shared;

/// Every address that programs write to, with its description.
fn written() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(import::import_file))
        .routes(routes!(lines::renew_line))
        .routes(routes!(lines::set_status))
}

/// Every address that is read, with its description: what is not described has no address.
fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Shared::openapi())
        .routes(routes!(images::list_images))
        .routes(routes!(images::get_image))
        .routes(routes!(organisations::list_organisations))
        .routes(routes!(licences::list_licences))
        .routes(routes!(demand::list_demand))
        .routes(routes!(changes::list_changes))
        .routes(routes!(allow_list::get_allow_list))
        .routes(routes!(document::get_document))
}
