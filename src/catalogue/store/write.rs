//! The only writer of images and their lines: for the browser, files, programs, requests, suggestions and undoing.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use serde_json::Value;
use sqlx::PgConnection;

use crate::catalogue::store::db::{self, LineRow, RegistryNameRow};
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::changes::record::{Act, Change, Record, Subject};
use crate::fields::{Fields, LineFields, describe, differing};
use crate::licences;
use crate::text::{key, slug};

/// Rows written at a time.
const PIECE: usize = 5_000;

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
        let rows: Vec<_> = piece.iter().filter_map(|one| one.line.as_ref().map(|(row, new)| (row, *new))).collect();
        put_lines(&mut record, change_set, &rows).await?;
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

/// Writes so many lines as they are to be, each beside what it was, and records them: one piece of an act.
pub async fn write_lines(
    record: &mut Record<'_>,
    change_set: i64,
    lines: &[(Option<&LineRow>, &LineRow)],
) -> anyhow::Result<()> {
    let row = |(before, after): &(Option<&LineRow>, &'_ LineRow)| -> bool {
        has_new_term(before.map(|before| &before.fields), &after.fields)
    };
    let rows: Vec<_> = lines.iter().map(|line| (line.1, row(line))).collect();
    put_lines(record, change_set, &rows).await?;
    let changes = lines.iter().map(|(before, after)| line_change(*before, after));
    record.add(change_set, &changes.collect::<anyhow::Result<Vec<_>>>()?).await?;
    Ok(())
}

/// A line's change for the record: all fields of a new one, of another only those that differ.
///
/// # Errors
/// Never: the fields of lines are plain values.
pub fn line_change(before: Option<&LineRow>, after: &LineRow) -> anyhow::Result<Change> {
    let is = describe(&after.fields)?;
    let (was, is) = match before {
        Some(before) => {
            let (was, is) = differing(&describe(&before.fields)?, &is);
            (Some(was), is)
        }
        None => (None, is),
    };
    Ok(of_line(after.id, (after.image_id, after.organisation_id), was, Some(is)))
}

/// Writes lines, and the term of each that has a new one.
async fn put_lines(record: &mut Record<'_>, change_set: i64, lines: &[(&LineRow, bool)]) -> sqlx::Result<()> {
    let rows: Vec<&LineRow> = lines.iter().map(|(row, _)| *row).collect();
    db::put_lines(record.db(), &rows).await?;
    let term = |row: &LineRow| licences::db::Term {
        line: row.id,
        renewal_date: row.fields.renewal_date,
        months: row.fields.term_months,
        owed_by: row.fields.owed_by.clone(),
    };
    let terms: Vec<_> = lines.iter().filter(|(_, has_new_term)| *has_new_term).map(|(row, _)| term(row)).collect();
    licences::db::add_terms(record.db(), change_set, &terms).await
}

/// Whether a line is to have another term than it had.
fn has_new_term(before: Option<&LineFields>, after: &LineFields) -> bool {
    let term = |line: &LineFields| (line.renewal_date, line.term_months, line.owed_by.clone());
    before.map(term).unwrap_or_default() != term(after)
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
            let change = of_line(line.id, (after.id, line.organisation), Some(describe(&line.fields)?), None);
            written.push(Written { change, line: None });
        }
    }
    Ok(())
}

fn compare_line(before: Option<&LineRecord>, line: &LineRecord, image: i64) -> anyhow::Result<Option<Written>> {
    if before.is_some_and(|before| before.fields == line.fields) {
        return Ok(None);
    }
    let (before, row) = (before.map(|before| before.row(image)), line.row(image));
    let has_new_term = has_new_term(before.as_ref().map(|before| &before.fields), &row.fields);
    Ok(Some(Written { change: line_change(before.as_ref(), &row)?, line: Some((row, has_new_term)) }))
}

fn of_line(id: i64, (image, organisation): (i64, i64), before: Option<Fields>, after: Option<Fields>) -> Change {
    Change {
        subject: Subject::Line,
        subject_id: id,
        image_id: Some(image),
        organisation_id: Some(organisation),
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
    db::put_images(record.db(), std::slice::from_ref(&row)).await?;
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

/// An address for an image of this name that nobody has or had: its words, with a number where that is taken.
pub async fn free_slug(db: &mut PgConnection, name: &str, own: i64) -> sqlx::Result<String> {
    let taken = db::slugs_like(db, &base_of(name), own).await?;
    Ok(first_free_slug(name, &mut BTreeMap::new(), |slug| taken.iter().any(|taken| taken == slug)))
}

/// The first address for an image of this name that is not taken. `numbers` keeps the last number tried of each, so that
/// many names of the same words take no longer each than the one before.
pub fn first_free_slug(name: &str, numbers: &mut BTreeMap<String, u32>, is_taken: impl Fn(&str) -> bool) -> String {
    let base = base_of(name);
    let numbered = |number: u32| if number == 1 { base.clone() } else { format!("{base}-{number}") };
    let number = numbers.entry(base.clone()).or_insert(1);
    while is_taken(&numbered(*number)) {
        *number += 1;
    }
    numbered(*number)
}

fn base_of(name: &str) -> String {
    Some(slug(name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "image".to_owned())
}
