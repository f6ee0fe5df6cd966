//! The organisations: their names in both languages, and how other answers name them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::listed::{Listed, Paging, Part};
use crate::catalogue::{Catalogue, Snapshot, Status};
use crate::organisations::{Organisation, UNNAMED};
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;

/// A department as other answers name it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Department {
    acronym_en: String,
    acronym_fr: String,
    name_en: String,
    name_fr: String,
}

impl From<&Organisation> for Department {
    fn from(organisation: &Organisation) -> Department {
        Department {
            acronym_en: organisation.acronym_en.clone(),
            acronym_fr: organisation.acronym_fr.clone(),
            name_en: organisation.name_en.clone(),
            name_fr: organisation.name_fr.clone(),
        }
    }
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
pub struct OrganisationOut {
    acronym_en: String,
    acronym_fr: String,
    name_en: String,
    name_fr: String,
    /// The English acronym of the organisation that it is part of.
    #[schema(required)]
    parent: Option<String>,
    aliases: Vec<String>,
    /// Whether somebody has said which organisation it is.
    confirmed: bool,
    /// Whether it stands for departments that are not to be named.
    unnamed: bool,
    procured: usize,
    under_consideration: usize,
}

impl OrganisationOut {
    fn new(snapshot: &Snapshot, organisation: &Organisation) -> OrganisationOut {
        let place = |id: i64| snapshot.organisations.place(id);
        let lines = || place(organisation.id).into_iter().flat_map(|place| snapshot.lines_of_organisation(place));
        let having = |status: Status| lines().filter(|line| line.status == status).count();
        let Department { acronym_en, acronym_fr, name_en, name_fr } = organisation.into();
        OrganisationOut {
            acronym_en,
            acronym_fr,
            name_en,
            name_fr,
            parent: organisation.parent_id.and_then(place).map(|at| snapshot.organisations.at(at).acronym_en.clone()),
            aliases: organisation.aliases.clone(),
            confirmed: organisation.confirmed,
            unnamed: organisation.acronym_en == UNNAMED,
            procured: having(Status::Procured),
            under_consideration: having(Status::UnderConsideration),
        }
    }
}

/// Every organisation, in the order of their numbers.
#[utoipa::path(get, path = "/api/v1/organisations", params(Paging),
    responses((status = OK, body = Listed<OrganisationOut>), Refused))]
pub(super) async fn list_organisations(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let part = Part::asked(&visit, &[])?;
    let snapshot = catalogue.now();
    let all = snapshot.organisations.all();
    let after = all.partition_point(|organisation| organisation.id <= part.after);
    let rest = all.iter().enumerate().skip(after).map(|(place, organisation)| (organisation.id, place));
    let held = Arc::clone(&snapshot);
    let tell = move |place: usize| OrganisationOut::new(&held, held.organisations.at(place));
    Ok(part.of(&visit, rest, tell))
}
