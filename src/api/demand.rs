//! What departments need: the same images and numbers as on the page of the demand.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::images::page_of;
use super::listed::{Listed, Paging, Part};
use super::organisations::Department;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::need::Who;
use crate::catalogue::{Catalogue, Snapshot, Status};
use crate::config::Settings;
use crate::i18n::Lang;
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;

/// An image that departments need, and which.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Demand)]
pub struct DemandOut {
    slug: String,
    name: String,
    /// The strongest status among its lines: what SSC has procured others may need too.
    status: Status,
    /// How many departments count for its demand: a part of a department counts with its whole.
    wanted_by: usize,
    /// Which of them are named.
    departments: Vec<Department>,
    /// How many others are counted and not named.
    unnamed: usize,
    #[schema(format = "uri")]
    url_en: String,
    #[schema(format = "uri")]
    url_fr: String,
}

impl DemandOut {
    fn new(snapshot: &Snapshot, settings: &Settings, image: &Image) -> DemandOut {
        let needs = snapshot.needs_of(image);
        let having = |who: Who| needs.iter().filter(move |need| need.who == who);
        let (named, unnamed) = (having(Who::Named), having(Who::Unnamed).count());
        let departments = named.map(|need| snapshot.organisations.at(need.organisation as usize).into());
        let departments: Vec<Department> = departments.collect();
        DemandOut {
            slug: image.slug.to_string(),
            name: image.name.to_string(),
            status: image.status,
            wanted_by: departments.len() + unnamed,
            departments,
            unnamed,
            url_en: page_of(settings, image, Lang::En),
            url_fr: page_of(settings, image, Lang::Fr),
        }
    }
}

/// Every image that departments need, in the order of their numbers.
#[utoipa::path(get, path = "/api/v1/demand", params(Paging),
    responses((status = OK, body = Listed<DemandOut>), Refused))]
pub(super) async fn list_demand(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
) -> Result<Response, Error> {
    let part = Part::asked(&visit, &[])?;
    let snapshot = catalogue.now();
    let wanted = snapshot.placed_images().skip_while(|(_, image)| image.id <= part.after);
    let wanted = wanted.filter(|(_, image)| !snapshot.needs_of(image).is_empty());
    let held = Arc::clone(&snapshot);
    let tell = move |place: u32| DemandOut::new(&held, &settings, held.image_at(place));
    Ok(part.of(&visit, wanted.map(|(place, image)| (image.id, place)), tell))
}
