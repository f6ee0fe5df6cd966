//! The images with their lines: those that a search and filters select, and one.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::listed::{Given, Listed, Paging, Part, only};
use super::organisations::Department;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::verdict::{Usable, Verdict};
use crate::catalogue::{self, Catalogue, Snapshot, Status};
use crate::config::Settings;
use crate::fields::Label;
use crate::i18n::Lang;
use crate::licences::RenewalState;
use crate::web::address::encode;
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;
use crate::web::path::{Path, Slug};

/// The filters of the list, as on its page.
const FILTERS: [&str; 6] = ["q", "status", "department", "type", "vendor", "renewal"];

/// Which images an address asks for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only")]
pub struct Filters {
    #[param(max_length = 200, pattern = r"\S")]
    q: Option<String>,
    #[param(inline)]
    status: Option<Vec<Status>>,
    #[param(inline)]
    department: Option<Vec<Given>>,
    #[param(inline)]
    r#type: Option<Vec<Given>>,
    #[param(inline)]
    vendor: Option<Vec<Given>>,
    #[param(inline)]
    renewal: Option<Vec<RenewalState>>,
}

/// An image with its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Image)]
pub struct ImageOut {
    slug: String,
    name: String,
    /// The strongest status among its lines.
    status: Status,
    /// Whether it can be used today, as its page says.
    can_use: Usable,
    can_use_en: String,
    can_use_fr: String,
    #[schema(required)]
    description_en: Option<String>,
    #[schema(required)]
    description_fr: Option<String>,
    registry_names: Vec<String>,
    /// Whole references without a tag, where SSC holds it as a container image.
    references: Vec<String>,
    lines: Vec<LineOut>,
    #[schema(format = "uri")]
    url_en: String,
    #[schema(format = "uri")]
    url_fr: String,
}

/// What SSC has decided about an image for a department.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Line)]
pub struct LineOut {
    department: Department,
    status: Status,
    #[schema(required)]
    r#type: Option<String>,
    #[schema(required)]
    vendor: Option<String>,
    #[schema(required)]
    renewal_date: Option<NaiveDate>,
    /// The date that it had before the next one was not known.
    #[schema(required)]
    last_known_date: Option<NaiveDate>,
    /// Of what is procured.
    #[schema(required)]
    renewal: Option<RenewalState>,
    #[schema(required)]
    notes_en: Option<String>,
    #[schema(required)]
    notes_fr: Option<String>,
}

impl ImageOut {
    /// A mark of the whole of it: another mark, another image. It is strong: the image is sent as these very bytes.
    ///
    /// # Errors
    /// Never for the fields of an image: they are plain values.
    pub(super) fn tag(&self) -> anyhow::Result<HeaderValue> {
        let digest = digest(&SHA256, &serde_json::to_vec(self)?);
        let hex = digest.as_ref()[..16].iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Ok(HeaderValue::from_str(&format!("\"{hex}\""))?)
    }

    pub(super) fn new(snapshot: &Snapshot, settings: &Settings, image: &Image) -> ImageOut {
        let description = |lang: Lang| image.description(lang).map(str::to_owned);
        let verdict = Verdict::of(snapshot, image);
        ImageOut {
            slug: image.slug.to_string(),
            name: image.name.to_string(),
            status: image.status,
            can_use: verdict.usable,
            can_use_en: verdict.sentence(Lang::En),
            can_use_fr: verdict.sentence(Lang::Fr),
            description_en: description(Lang::En),
            description_fr: description(Lang::Fr),
            registry_names: image.registry_names.iter().map(|registry| registry.name.to_string()).collect(),
            references: catalogue::reference::whole(snapshot, image, settings),
            lines: snapshot.lines_of(image).map(|line| LineOut::new(snapshot, line)).collect(),
            url_en: page_of(settings, image, Lang::En),
            url_fr: page_of(settings, image, Lang::Fr),
        }
    }
}

impl LineOut {
    fn new(snapshot: &Snapshot, line: &Line) -> LineOut {
        let notes = |lang: Lang| line.notes_in(lang).map(str::to_owned);
        let state = || line.renewal().state(snapshot.today);
        LineOut {
            department: snapshot.organisations.at(line.organisation as usize).into(),
            status: line.status,
            r#type: snapshot.kind(line).map(str::to_owned),
            vendor: snapshot.label(line, Label::Vendor).map(str::to_owned),
            renewal_date: line.renewal_date,
            last_known_date: line.renewal().last_date().filter(|_| line.renewal_date.is_none()),
            renewal: (line.status == Status::Procured).then(state),
            notes_en: notes(Lang::En),
            notes_fr: notes(Lang::Fr),
        }
    }
}

/// The address of an image's page.
pub(super) fn page_of(settings: &Settings, image: &Image, lang: Lang) -> String {
    format!("{}{}", settings.origin(), catalogue::address::IMAGE.with(lang, &image.slug))
}

/// Refuses departments that nobody knows.
///
/// # Errors
/// A sentence for the first of them.
pub(super) fn know_departments(snapshot: &Snapshot, visit: &Visit, departments: &[String]) -> Result<(), Error> {
    match departments.iter().find(|spelling| snapshot.organisations.find(spelling, Lang::En).is_none()) {
        Some(spelling) => Err(visit.not_offered("department", spelling, &visit.lang.t("feed-department-offered"))),
        None => Ok(()),
    }
}

/// The images of which a line is selected, in the order of their numbers.
#[utoipa::path(get, path = "/api/v1/images", params(Filters, Paging),
    responses((status = OK, body = Listed<ImageOut>), Refused))]
pub(super) async fn list_images(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
) -> Result<Response, Error> {
    let part = Part::asked(&visit, &FILTERS)?;
    let query = catalogue::query::asked(&visit)?;
    let snapshot = catalogue.now();
    know_departments(&snapshot, &visit, &query.department)?;
    let lines = snapshot.select(&query).rows(&query, visit.lang);
    let mut places: Vec<u32> = lines.map(|line| line.image).collect();
    places.sort_unstable();
    places.dedup();
    let images = places.into_iter().map(|place| (snapshot.image_at(place).id, place));
    let rest = images.skip_while(|(number, _)| *number <= part.after);
    let held = Arc::clone(&snapshot);
    let tell = move |place: u32| ImageOut::new(&held, &settings, held.image_at(place));
    Ok(part.of(&visit, rest, tell))
}

/// One image. A former address leads to the present one.
#[utoipa::path(get, path = "/api/v1/images/{slug}", params(("slug" = String, Path)),
    responses((status = OK, body = ImageOut, headers(("ETag" = String))), (status = 308), Refused))]
pub(super) async fn get_image(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    Path(slug): Path<Slug>,
    visit: Visit,
) -> Result<Response, Error> {
    only(&visit, &[])?;
    let snapshot = catalogue.now();
    let image = snapshot.find(&slug).ok_or(Error::NotFound)?;
    if *image.slug != *slug {
        return Ok(Redirect::permanent(&format!("/api/v1/images/{}", encode(&image.slug))).into_response());
    }
    let image = ImageOut::new(&snapshot, &settings, image);
    Ok(([(ETAG, image.tag()?)], Json(image)).into_response())
}
