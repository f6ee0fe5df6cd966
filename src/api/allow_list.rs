//! The references that may be used today, for tools that let nothing else through.

use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use utoipa::ToSchema;

use super::listed::only;
use crate::catalogue::{self, Catalogue, Snapshot};
use crate::config::Settings;
use crate::web::error::{Error, Refused};
use crate::web::page::Visit;

/// The list, and what it was made from.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowList {
    /// Host, repository, organisation and name of each image that SSC holds; any tag.
    references: Vec<String>,
    /// `sha256:` and the digest of the references, each followed by a line feed, in their order.
    digest: String,
    /// The day, in America/Toronto, for which it holds.
    date: NaiveDate,
    generated_at: DateTime<Utc>,
    #[schema(format = "uri")]
    source: String,
    /// The catalogue's version, and since when it is.
    version: i64,
    version_at: DateTime<Utc>,
}

impl AllowList {
    fn new(snapshot: &Snapshot, settings: &Settings) -> AllowList {
        let all = snapshot.images.iter().flat_map(|image| catalogue::references(snapshot, image, settings));
        let mut references: Vec<String> = all.collect();
        references.sort_unstable();
        references.dedup();
        AllowList {
            digest: digest_of(&references),
            references,
            date: snapshot.today,
            generated_at: snapshot.loaded_at,
            source: settings.origin(),
            version: snapshot.version.version,
            version_at: snapshot.version.changed_at,
        }
    }
}

fn digest_of(references: &[String]) -> String {
    let canonical: String = references.iter().flat_map(|reference| [reference, "\n"]).collect();
    digest(&SHA256, canonical.as_bytes()).as_ref().iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The whole references that may be used today.
#[utoipa::path(get, path = "/api/v1/allow-list.json", responses((status = OK, body = AllowList), Refused))]
pub(super) async fn get_allow_list(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
) -> Result<Json<AllowList>, Error> {
    only(&visit, &[])?;
    Ok(Json(AllowList::new(&catalogue.now(), &settings)))
}
