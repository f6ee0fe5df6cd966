//! What SSC holds for whom, and when it must be renewed.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::images::know_departments;
use super::listed::{Given, Listed, Paging, Part};
use super::organisations::Department;
use crate::catalogue::query::Query;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{self, Catalogue, Snapshot, Status};
use crate::i18n::Lang;
use crate::licences::RenewalState;
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;

/// Which licences an address asks for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only")]
pub struct Filters {
    #[param(inline)]
    department: Option<Vec<Given>>,
    #[param(inline)]
    renewal: Option<Vec<RenewalState>>,
}

/// What SSC holds for a department.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Licence)]
pub struct LicenceOut {
    slug: String,
    name: String,
    department: Department,
    #[schema(required)]
    r#type: Option<String>,
    #[schema(required)]
    renewal_date: Option<NaiveDate>,
    /// The date that it had before the next one was not known.
    #[schema(required)]
    last_known_date: Option<NaiveDate>,
    /// Since when the next date has not been known, after there was one.
    #[schema(required)]
    unknown_since: Option<NaiveDate>,
    /// Who owes the next date.
    #[schema(required)]
    owed_by: Option<String>,
    renewal: RenewalState,
    renewal_en: String,
    renewal_fr: String,
}

impl LicenceOut {
    fn new(snapshot: &Snapshot, line: &Line) -> LicenceOut {
        let image = snapshot.image_of(line);
        let words = |lang: Lang| line.renewal().in_words(snapshot.today, lang);
        LicenceOut {
            slug: image.slug.to_string(),
            name: image.name.to_string(),
            department: snapshot.organisations.at(line.organisation as usize).into(),
            r#type: snapshot.kind(line).map(str::to_owned),
            renewal_date: line.renewal_date,
            last_known_date: line.renewal().last_date().filter(|_| line.renewal_date.is_none()),
            unknown_since: line.renewal().unknown_since(),
            owed_by: line.owed_by().map(str::to_owned),
            renewal: line.renewal().state(snapshot.today),
            renewal_en: words(Lang::En),
            renewal_fr: words(Lang::Fr),
        }
    }
}

/// Every procured line, in the order of their numbers.
#[utoipa::path(get, path = "/api/v1/licences", params(Filters, Paging),
    responses((status = OK, body = Listed<LicenceOut>), Refused))]
pub(super) async fn list_licences(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let part = Part::asked(&visit, &["department", "renewal"])?;
    let query = Query { status: vec![Status::Procured], ..catalogue::query::asked(&visit)? };
    let snapshot = catalogue.now();
    know_departments(&snapshot, &visit, &query.department)?;
    let places = snapshot.select(&query).places(&query, visit.lang);
    let lines = places.map(|place| (snapshot.line_at(place).id, place));
    let mut lines: Vec<(i64, u32)> = lines.filter(|(number, _)| *number > part.after).collect();
    lines.sort_unstable();
    let held = Arc::clone(&snapshot);
    let tell = move |place: u32| LicenceOut::new(&held, held.line_at(place));
    Ok(part.of(&visit, lines.into_iter(), tell))
}
