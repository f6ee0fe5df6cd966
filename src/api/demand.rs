//! What departments want and SSC has not decided yet.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::images::page_of;
use super::listed::{Listed, Paging, Part};
use super::organisations::Department;
use crate::catalogue::snapshot::Image;
use crate::catalogue::{Catalogue, Snapshot, Status};
use crate::config::Settings;
use crate::i18n::Lang;
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;

/// An image under consideration, and who wants it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Demand)]
pub struct DemandOut {
    slug: String,
    name: String,
    /// How many departments want it: a part of a department counts with its whole.
    wanted_by: usize,
    /// Which those are. Departments that are not to be named are neither counted nor named.
    departments: Vec<Department>,
    #[schema(format = "uri")]
    url_en: String,
    #[schema(format = "uri")]
    url_fr: String,
}

impl DemandOut {
    fn new(snapshot: &Snapshot, settings: &Settings, image: &Image) -> DemandOut {
        let wanted_by = snapshot.wanted_by(image);
        let places = wanted_by.iter().filter_map(|id| snapshot.organisations.place(*id));
        DemandOut {
            slug: image.slug.to_string(),
            name: image.name.to_string(),
            wanted_by: wanted_by.len(),
            departments: places.map(|place| snapshot.organisations.at(place).into()).collect(),
            url_en: page_of(settings, image, Lang::En),
            url_fr: page_of(settings, image, Lang::Fr),
        }
    }
}

/// Every image under consideration, in the order of their numbers.
#[utoipa::path(get, path = "/api/v1/demand", params(Paging),
    responses((status = OK, body = Listed<DemandOut>), Refused))]
pub(super) async fn list_demand(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
) -> Result<Json<Listed<DemandOut>>, Error> {
    let part = Part::asked(&visit, &[])?;
    let snapshot = catalogue.now();
    let wanted = snapshot.images.iter().filter(|image| image.status == Status::UnderConsideration);
    let rest = wanted.skip_while(|image| image.id <= part.after);
    Ok(Json(part.of(&visit, rest, |image| (image.id, DemandOut::new(&snapshot, &settings, image)))))
}
