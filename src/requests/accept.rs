//! Requests become demand: the lines that accepting them adds to the catalogue or brings up to date.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::db::{Item, Request};
use crate::catalogue::store::db;
use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::store::write;
use crate::catalogue::{Snapshot, Status};
use crate::fields::{ImageFields, LineFields};
use crate::i18n::Lang;
use crate::organisations::{Organisation, UNNAMED};
use crate::text::key;
use crate::web::error::Error;

/// One department's wish for one image, as staff put it right.
pub struct Wish<'a> {
    pub request: &'a Request,
    pub item: &'a Item,
    /// The image's name in the catalogue.
    pub name: &'a str,
    /// The image that the name leads to; none: the one that is called so, or a new one.
    pub image: Option<i64>,
    /// The department; none: staff have not said which one it is.
    pub organisation: Option<i64>,
}

/// The images that are touched, as they are and as they are to be.
pub struct Demand {
    pub before: Vec<ImageRecord>,
    pub after: Vec<ImageRecord>,
}

/// What accepting these wishes makes of the catalogue.
pub async fn demand(db: &mut PgConnection, snapshot: &Snapshot, wishes: &[Wish<'_>]) -> Result<Demand, Error> {
    let mut by_image: BTreeMap<(Option<i64>, String), Vec<&Wish>> = BTreeMap::new();
    for wish in wishes {
        let name = key(wish.name);
        let image = db::image_with_key(db, &name).await?.or(wish.image);
        by_image.entry((image, if image.is_some() { String::new() } else { name })).or_default().push(wish);
    }
    let mut demand = Demand { before: Vec::new(), after: Vec::new() };
    for ((image, _), wishes) in by_image {
        let known = match image {
            Some(id) => reading::load(db, &[id]).await?.pop(),
            None => None,
        };
        let mut after = match &known {
            Some(image_record) => image_record.clone(),
            None => new_sheet(db, wishes[0].name).await?,
        };
        for wish in wishes {
            add(&mut after, snapshot, wish);
        }
        demand.before.extend(known);
        demand.after.push(after);
    }
    Ok(demand)
}

async fn new_sheet(db: &mut PgConnection, name: &str) -> sqlx::Result<ImageRecord> {
    let slug = write::free_slug(db, name, 0).await?;
    Ok(ImageRecord {
        image: ImageFields { name: name.to_owned(), slug, ..ImageFields::default() },
        ..ImageRecord::default()
    })
}

/// Adds a department's line, or brings it up to date.
fn add(image_record: &mut ImageRecord, snapshot: &Snapshot, wish: &Wish<'_>) {
    let Some(organisation) = organisation(snapshot, wish) else { return };
    let name = image_record.image.name.clone();
    let place = image_record.lines.iter().position(|line| line.organisation == organisation.id).unwrap_or_else(|| {
        let department = organisation.acronym_en.clone();
        let status = Status::UnderConsideration;
        let fields = LineFields { name, status, department, ..LineFields::default() };
        image_record.lines.push(LineRecord { id: 0, organisation: organisation.id, fields });
        image_record.lines.len() - 1
    });
    let shares = organisation.acronym_en == UNNAMED;
    let fields = &mut image_record.lines[place].fields;
    if matches!(fields.status, Status::Declined | Status::Retired) {
        fields.status = Status::UnderConsideration;
    }
    if fields.kind.is_none() {
        fields.kind.clone_from(&wish.item.kind);
    }
    let (needed_by, firmness) = (wish.item.needed_by, wish.item.firmness);
    // Those that are not named share a line: it has the first day and the firmest need.
    let held = (fields.needed_by.filter(|_| shares), fields.firmness.filter(|_| shares));
    fields.needed_by = [needed_by, held.0].into_iter().flatten().min().or(fields.needed_by);
    fields.firmness = firmness.max(held.1).or(fields.firmness);
}

/// The organisation under which a wish stands in the catalogue.
fn organisation<'s>(snapshot: &'s Snapshot, wish: &Wish<'_>) -> Option<&'s Organisation> {
    let directory = &snapshot.organisations;
    let place =
        if wish.request.may_name { directory.place(wish.organisation?) } else { directory.find(UNNAMED, Lang::En) };
    place.map(|place| directory.at(place))
}
