//! Writing a plan: one act, everything recorded.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Context;
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::catalogue::store::db::{self, ImageRow, RegistryNameRow};
use crate::catalogue::store::write::write_lines;
use crate::changes::record::{Act, Change, Record, Subject};
use crate::fields::Fields;
use crate::imports::planned::Plan;
use crate::imports::verdict::Row;
use crate::imports::{Refusal, known};
use crate::organisations;
use crate::text::key;

/// Rows written at a time.
pub const PIECE: usize = 5_000;

/// Writes a plan as an act; its number. `progress` hears how many changes of how many are written.
pub async fn write(
    mut record: Record<'_>,
    act: &Act<'_>,
    mut plan: Plan,
    (rows, says): (&mut [Row], impl Fn(&Row) -> Fields + Send + Sync),
    progress: impl Fn(usize, usize) + Send,
) -> Result<i64, Refusal> {
    number(&mut record, &mut plan, rows).await?;
    organisations::add(record.db(), &plan.organisations).await?;
    let mut changes: Vec<Change> = plan.organisations.iter().map(organisations::added).collect();
    changes.extend(learn(record.db(), &plan.learned).await?);
    let spellings: Vec<_> = plan.respelled.iter().map(|(id, _, name)| (*id, name.clone())).collect();
    db::respell_images(record.db(), &spellings).await?;
    changes.extend(
        plan.respelled
            .iter()
            .map(|(id, was, is)| image_change(*id, Some(json!({ "name": was })), json!({ "name": is }))),
    );
    let total = changes.len() + plan.images.len() + plan.lines.len();
    let change_set = record.open(act, total).await?;
    let mut written = 0;
    for piece in changes.chunks(PIECE) {
        record.add(change_set, piece).await?;
        written += piece.len();
    }
    for piece in plan.images.chunks(PIECE) {
        write_images(&mut record, change_set, piece.iter().map(|image| image.row(rows)).collect()).await?;
        written += piece.len();
        progress(written, total);
    }
    for piece in plan.lines.chunks(PIECE) {
        let after: Vec<_> = piece.iter().map(|line| line.after(rows, &says)).collect();
        let lines: Vec<_> = piece.iter().zip(&after).map(|(line, after)| (line.before(), &**after)).collect();
        write_lines(&mut record, change_set, &lines).await.map_err(away)?;
        written += piece.len();
        progress(written, total);
    }
    record.end().await?;
    Ok(change_set)
}

/// Adds images with the registry names that are known of them.
async fn write_images(record: &mut Record<'_>, change_set: i64, images: Vec<ImageRow>) -> Result<(), Refusal> {
    let known = known::registry_names().context("the embedded registry names").map_err(Refusal::Internal)?;
    let (mut names, mut changes) = (Vec::new(), Vec::new());
    for image in &images {
        let own = known.get(&image.key).cloned().unwrap_or_default();
        let told: Vec<&str> = own.iter().map(|name| &*name.name).collect();
        let after = json!({ "name": image.name, "slug": image.slug, "registry_names": told });
        changes.push(image_change(image.id, None, after));
        names.extend(own.into_iter().map(|name| RegistryNameRow { image_id: image.id, ..name }));
    }
    db::add_images(record.db(), &images).await?;
    db::add_registry_names(record.db(), &names).await?;
    Ok(record.add(change_set, &changes).await?)
}

fn image_change(id: i64, before: Option<Value>, after: Value) -> Change {
    Change {
        subject: Subject::Image,
        subject_id: id,
        image_id: Some(id),
        organisation_id: None,
        before,
        after: Some(after),
    }
}

/// Gives new organisations, images and lines their numbers.
async fn number(record: &mut Record<'_>, plan: &mut Plan, rows: &mut [Row]) -> Result<(), Refusal> {
    let mut organisations = HashMap::new();
    let ids = organisations::next_ids(record.db(), plan.organisations.len()).await?;
    for (organisation, id) in plan.organisations.iter_mut().zip(ids) {
        organisations.insert(organisation.id, id);
        organisation.id = id;
    }
    let place = |new: i64| usize::try_from(-1 - new).ok();
    let mut images = vec![0; plan.images.iter().filter_map(|image| place(image.id)).max().map_or(0, |last| last + 1)];
    let ids = db::next_image_ids(record.db(), plan.images.len()).await?;
    for (image, id) in plan.images.iter_mut().zip(ids) {
        let again = plan.removed.images.get(&key(&rows[image.row].file.name)).map(|(id, _)| *id);
        let id = again.unwrap_or(id);
        if let Some(number) = place(image.id).and_then(|place| images.get_mut(place)) {
            *number = id;
        }
        image.id = id;
    }
    for row in rows.iter_mut() {
        row.image = place(row.image).and_then(|place| images.get(place)).copied().unwrap_or(row.image);
        row.organisation = *organisations.get(&row.organisation).unwrap_or(&row.organisation);
    }
    let new = plan.lines.iter_mut().filter(|line| line.edited.is_none()).count();
    let ids = db::next_line_ids(record.db(), new).await?;
    for (line, id) in plan.lines.iter_mut().filter(|line| line.edited.is_none()).zip(ids) {
        line.id = *plan.removed.lines.get(&rows[line.row].identity()).unwrap_or(&id);
    }
    Ok(())
}

/// Lets images be known by names that somebody said are theirs.
async fn learn(db: &mut PgConnection, learned: &[(i64, String)]) -> sqlx::Result<Vec<Change>> {
    let ids: Vec<i64> = learned.iter().map(|(image, _)| *image).collect();
    let mut held: BTreeMap<i64, Vec<String>> = ids.iter().map(|image| (*image, Vec::new())).collect();
    for (image, name) in db::names::other(db, Some(&ids)).await? {
        held.entry(image).or_default().push(name);
    }
    let mut changes = Vec::new();
    for (image, mut before) in held {
        before.sort_unstable();
        let mut known: HashSet<String> = before.iter().map(|name| key(name)).collect();
        let names = learned.iter().filter(|(of, name)| *of == image && known.insert(key(name)));
        let names: Vec<String> = names.map(|(_, name)| name.clone()).collect();
        if names.is_empty() {
            continue;
        }
        let keys: Vec<String> = names.iter().map(|name| key(name)).collect();
        db::names::add(db, image, &names, &keys).await?;
        let mut after = [before.clone(), names].concat();
        after.sort_unstable();
        let told = |names: Vec<String>| json!({ "other_names": names });
        changes.push(image_change(image, Some(told(before)), told(after)));
    }
    Ok(changes)
}

/// What keeps a base from being read: the database, or what it holds.
pub fn away(problem: anyhow::Error) -> Refusal {
    match problem.downcast::<sqlx::Error>() {
        Ok(problem) => Refusal::Database(problem),
        Err(problem) => Refusal::Internal(problem),
    }
}
