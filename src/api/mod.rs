//! The programming interface: the public part of the catalogue as JSON, both languages side by side.

mod allow_list;
mod changes;
mod demand;
mod document;
mod images;
mod licences;
mod listed;
mod organisations;
mod reference;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::web::error::Problem;
use crate::web::routes::{Bilingual, Route};

/// The page that explains it.
pub const REFERENCE: Route = Route::new("/en/api", "/fr/api");
/// The document that describes it.
const DOCUMENT: &str = "/api/openapi.json";

/// What all addresses share in the description, and the one whose room is another.
#[derive(OpenApi)]
#[openapi(paths(crate::check::api::check), components(schemas(Problem)))]
struct Shared;

/// The addresses of this room: what is described, and the page that shows the description.
pub fn routes() -> Router<App> {
    Router::from(described()).page(REFERENCE, reference::show_reference)
}

/// Every address of the interface with its description: what is not described has no address.
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
