//! The references that may be used today, for tools that let nothing else through.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use ring::digest::{Context, SHA256};
use serde_json::json;
use utoipa::ToSchema;

use super::listed::only;
use crate::catalogue::reference::Reference;
use crate::catalogue::snapshot::image::RegistryName;
use crate::catalogue::{self, Catalogue, Snapshot};
use crate::config::Settings;
use crate::web::csv::PIECE;
use crate::web::error::{Error, Refused};
use crate::web::file::in_pieces;
use crate::web::page::Visit;

/// The list, and what it was made from.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by the description only")]
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

/// The list in pieces: its references as they are sent, and last their digest.
fn pieces(snapshot: Arc<Snapshot>, settings: Arc<Settings>) -> impl Iterator<Item = Vec<u8>> + Send + 'static {
    let names = names(&snapshot);
    let (mut at, mut digest) = (0, Some(Context::new(&SHA256)));
    std::iter::from_fn(move || {
        let mut piece = if at == 0 { b"{\"references\":[".to_vec() } else { Vec::new() };
        let whole = digest.as_mut()?;
        while at < names.len() && piece.len() < PIECE {
            let reference = Reference::new(&settings, name(&snapshot, names[at]), None).repository;
            whole.update(reference.as_bytes());
            whole.update(b"\n");
            if at > 0 {
                piece.push(b',');
            }
            let _ = serde_json::to_writer(&mut piece, &reference); // a text in memory
            at += 1;
        }
        if at == names.len() {
            let rest = json!({
                "digest": in_hex(digest.take()?),
                "date": snapshot.today,
                "generated_at": snapshot.loaded_at,
                "source": settings.origin(),
                "version": snapshot.version.version,
                "version_at": snapshot.version.changed_at,
            });
            piece.extend_from_slice(b"],");
            piece.extend_from_slice(&rest.to_string().as_bytes()[1..]);
        }
        Some(piece)
    })
}

/// A registry name: the places of its image and of it among the image's.
type Place = (u32, u32);

fn name(snapshot: &Snapshot, (image, name): Place) -> &RegistryName {
    &snapshot.image_at(image).registry_names[name as usize]
}

/// The registry names of what SSC holds, in their order and each once. What stands before them in a reference is the same
/// for all.
fn names(snapshot: &Snapshot) -> Vec<Place> {
    let held = snapshot.placed_images().filter(|(_, image)| catalogue::reference::is_pulled(snapshot, image));
    let mut names: Vec<Place> =
        held.flat_map(|(image, held)| (0..).zip(&held.registry_names).map(move |(name, _)| (image, name))).collect();
    names.sort_unstable_by_key(|place| &name(snapshot, *place).name);
    names.dedup_by_key(|place| &name(snapshot, *place).name);
    names
}

fn in_hex(digest: Context) -> String {
    digest.finish().as_ref().iter().fold("sha256:".to_owned(), |mut text, byte| {
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
) -> Result<Response, Error> {
    only(&visit, &[])?;
    Ok(in_pieces("application/json", pieces(catalogue.now(), settings)))
}
