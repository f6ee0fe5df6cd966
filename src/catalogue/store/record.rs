//! An image with all its lines: what people edit, what an act writes, and what the record tells of it field by field.

use std::collections::HashMap;

use anyhow::Context;
use serde_json::Value;
use sqlx::PgConnection;

use crate::catalogue::model::status::Status;
use crate::catalogue::store::db::{self, ImageRow, LineRow, RegistryNameRow};
use crate::changes::record::{Act, Change, Record, Subject};
use crate::fields::{Fields, ImageFields, LineFields, describe, differing};
use crate::licences;
use crate::text::{key, slug};

/// Rows written at a time.
const PIECE: usize = 5_000;

/// A line as kept: its number, its organisation, its fields. A new line's number is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRecord {
    pub id: i64,
    pub organisation: i64,
    pub fields: LineFields,
}

/// An image as kept, with its lines by number. A new image's number is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageRecord {
    pub id: i64,
    pub image: ImageFields,
    pub lines: Vec<LineRecord>,
}

impl LineFields {
    /// What SSC has decided; none where nothing is said yet. A row with a status that is not known is not read.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        Status::from_code(&self.status)
    }
}

impl From<LineRow> for LineRecord {
    fn from(row: LineRow) -> LineRecord {
        LineRecord { id: row.id, organisation: row.organisation_id, fields: row.fields }
    }
}

impl LineRecord {
    /// The line as a row of an image.
    #[must_use]
    pub fn row(&self, image: i64) -> LineRow {
        LineRow { id: self.id, image_id: image, organisation_id: self.organisation, fields: self.fields.clone() }
    }
}

impl ImageRecord {
    /// The image's own row.
    #[must_use]
    pub fn row(&self) -> ImageRow {
        let ImageFields { name, slug, description_en, description_fr, registry_names: _, other_names: _, merged: _ } =
            self.image.clone();
        ImageRow { id: self.id, key: key(&name), slug, name, description_en, description_fr }
    }
}

/// What writing sheets as they are to be would change; what is new has no number yet.
///
/// # Errors
/// Never for the fields of sheets: they are plain values.
pub fn changes(before: &[ImageRecord], after: &[ImageRecord]) -> anyhow::Result<Vec<Change>> {
    let mut written = Vec::new();
    for image_record in after {
        compare(before.iter().find(|held| held.id == image_record.id), image_record, &mut written)?;
    }
    Ok(written.into_iter().map(|one| one.change).collect())
}

/// An image's or a line's change: what it was (none for a new one) and what it is (none where it is taken out).
struct Written {
    change: Change,
    line: Option<(LineRow, bool)>,
}

/// Writes sheets as they are to be, as one act, and ends the act. A sheet without lines of an image that had some takes
/// the image out. `besides` is recorded with it. Gives the change set's number; none where nothing differs.
///
/// # Errors
/// When the database does not answer or refuses a value.
pub async fn write(
    mut record: Record<'_>,
    act: &Act<'_>,
    before: &[ImageRecord],
    mut after: Vec<ImageRecord>,
    besides: &[Change],
) -> anyhow::Result<Option<i64>> {
    number(&mut record, &mut after).await?;
    let held: HashMap<i64, &ImageRecord> = before.iter().map(|image_record| (image_record.id, image_record)).collect();
    let mut written = Vec::new();
    for image_record in &after {
        compare(held.get(&image_record.id).copied(), image_record, &mut written)?;
    }
    if written.is_empty() && besides.is_empty() {
        return Ok(None);
    }
    let change_set = record.open(act, written.len() + besides.len()).await?;
    record.add(change_set, besides).await?;
    for image_record in &after {
        if held.get(&image_record.id).is_none_or(|held| held.image != image_record.image || held.lines.is_empty()) {
            write_image(&mut record, held.get(&image_record.id).copied(), image_record).await?;
        }
    }
    let gone: Vec<i64> =
        after.iter().filter(|image_record| image_record.lines.is_empty()).map(|image_record| image_record.id).collect();
    for piece in written.chunks(PIECE) {
        let rows: Vec<&LineRow> = piece.iter().filter_map(|one| one.line.as_ref().map(|(row, _)| row)).collect();
        db::put_lines(record.db(), &rows).await?;
        let redated: Vec<&LineRow> = piece
            .iter()
            .filter_map(|one| one.line.as_ref().filter(|(_, redated)| *redated).map(|(row, _)| row))
            .collect();
        add_terms(&mut record, change_set, &redated).await?;
        let out = |one: &&Written| one.change.subject == Subject::Line && one.change.after.is_none();
        let removed: Vec<i64> = piece.iter().filter(out).map(|one| one.change.subject_id).collect();
        db::remove_lines(record.db(), &removed).await?;
        let changes: Vec<Change> = piece.iter().map(|one| one.change.clone()).collect();
        record.add(change_set, &changes).await?;
    }
    db::remove_images(record.db(), &gone).await?;
    record.end().await?;
    Ok(Some(change_set))
}

async fn add_terms(record: &mut Record<'_>, change_set: i64, rows: &[&LineRow]) -> sqlx::Result<()> {
    let terms: Vec<_> = rows
        .iter()
        .map(|row| licences::db::Term {
            line: row.id,
            renewal_date: row.fields.renewal_date,
            months: row.fields.term_months,
            owed_by: row.fields.owed_by.clone(),
        })
        .collect();
    licences::db::add_terms(record.db(), change_set, &terms).await
}

/// Adds what differs between a sheet as kept and as it is to be.
fn compare(before: Option<&ImageRecord>, after: &ImageRecord, written: &mut Vec<Written>) -> anyhow::Result<()> {
    let image = |before, after: &ImageRecord| Change {
        subject: Subject::Image,
        subject_id: after.id,
        image_id: Some(after.id),
        organisation_id: None,
        before,
        after: None,
    };
    let is = describe(&after.image)?;
    let was = before.map(|before| describe(&before.image)).transpose()?;
    let change = match &was {
        None => Some(Change { after: Some(Value::Object(is)), ..image(None, after) }),
        Some(was) if after.lines.is_empty() => Some(image(Some(Value::Object(was.clone())), after)),
        Some(was) => {
            let (was, is) = differing(was, &is);
            let change = Change { after: Some(Value::Object(is)), ..image(Some(Value::Object(was.clone())), after) };
            (!was.is_empty()).then_some(change)
        }
    };
    written.extend(change.map(|change| Written { change, line: None }));
    let held: HashMap<i64, &LineRecord> =
        before.iter().flat_map(|before| &before.lines).map(|line| (line.id, line)).collect();
    for line in &after.lines {
        written.extend(compare_line(held.get(&line.id).copied(), line, after.id)?);
    }
    for line in before.iter().flat_map(|before| &before.lines) {
        if !after.lines.iter().any(|kept| kept.id == line.id) {
            let change = line_change(line, after.id, Some(describe(&line.fields)?), None);
            written.push(Written { change, line: None });
        }
    }
    Ok(())
}

fn compare_line(before: Option<&LineRecord>, line: &LineRecord, image: i64) -> anyhow::Result<Option<Written>> {
    let is = describe(&line.fields)?;
    let Some(before) = before else {
        let redated = line.fields.renewal_date.is_some() || line.fields.owed_by.is_some();
        let change = line_change(line, image, None, Some(is));
        return Ok(Some(Written { change, line: Some((line.row(image), redated)) }));
    };
    let (was, is) = differing(&describe(&before.fields)?, &is);
    if was.is_empty() {
        return Ok(None);
    }
    let redated = ["renewal_date", "term_months", "owed_by"].iter().any(|name| is.contains_key(*name));
    let change = line_change(line, image, Some(was), Some(is));
    Ok(Some(Written { change, line: Some((line.row(image), redated)) }))
}

fn line_change(line: &LineRecord, image: i64, before: Option<Fields>, after: Option<Fields>) -> Change {
    Change {
        subject: Subject::Line,
        subject_id: line.id,
        image_id: Some(image),
        organisation_id: Some(line.organisation),
        before: before.map(Value::Object),
        after: after.map(Value::Object),
    }
}

/// Writes an image's own row and its registry names; a name that stays keeps its example of a tag.
async fn write_image(
    record: &mut Record<'_>,
    before: Option<&ImageRecord>,
    image_record: &ImageRecord,
) -> anyhow::Result<()> {
    let row = image_record.row();
    if let Some(before) = before.filter(|before| before.image.slug != row.slug) {
        db::move_slug(record.db(), image_record.id, &before.image.slug, &row.slug).await?;
    }
    db::put_image(record.db(), &row).await?;
    let kept = db::registry_names_of(record.db(), &[image_record.id]).await?;
    let tag_of = |name: &str| kept.iter().find(|row| row.name == name).cloned();
    let names: Vec<RegistryNameRow> = image_record
        .image
        .registry_names
        .iter()
        .map(|name| {
            let new = || RegistryNameRow {
                image_id: image_record.id,
                name: name.clone(),
                sample_tag: None,
                source: "staff".to_owned(),
            };
            tag_of(name).unwrap_or_else(new)
        })
        .collect();
    db::clear_registry_names(record.db(), image_record.id).await?;
    db::add_registry_names(record.db(), &names).await?;
    let keys: Vec<String> = image_record.image.other_names.iter().map(|name| key(name)).collect();
    db::names::put(record.db(), image_record.id, &image_record.image.other_names, &keys, &image_record.image.merged)
        .await?;
    Ok(())
}

/// Gives new images and lines their numbers: those that they had where they were taken out before.
async fn number(record: &mut Record<'_>, image_records: &mut [ImageRecord]) -> anyhow::Result<()> {
    for image_record in image_records.iter_mut().filter(|image_record| image_record.id == 0) {
        let removed = db::removed_image(record.db(), &key(&image_record.image.name)).await?;
        image_record.id = match removed {
            Some(id) => id,
            None => db::next_image_ids(record.db(), 1).await?.pop().context("a number for a new image")?,
        };
    }
    for image_record in image_records {
        for line in image_record.lines.iter_mut().filter(|line| line.id == 0) {
            let removed = db::removed_line(record.db(), image_record.id, line.organisation).await?;
            line.id = match removed {
                Some(id) => id,
                None => db::next_line_ids(record.db(), 1).await?.pop().context("a number for a new line")?,
            };
        }
    }
    Ok(())
}

/// An address for an image of this name: its words, with a number where another image has it.
///
/// # Errors
/// When the database does not answer.
pub async fn free_slug(db: &mut PgConnection, name: &str, own: i64) -> sqlx::Result<String> {
    let base = Some(slug(name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "image".to_owned());
    let taken = db::slugs_like(db, &base, own).await?;
    let mut free = base.clone();
    let mut number = 1;
    while taken.contains(&free) {
        number += 1;
        free = format!("{base}-{number}");
    }
    Ok(free)
}
