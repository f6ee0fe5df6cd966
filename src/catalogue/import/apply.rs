//! Writing a plan: one transaction, one act, everything recorded.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use anyhow::Context;
use futures_util::TryStreamExt;
use serde_json::json;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::plan::{self, Held, Plan, PlannedLine, Removed};
use super::{File, Refusal, Report, Request};
use crate::catalogue::db::{self, RegistryNameRow};
use crate::catalogue::known;
use crate::changes::record::{Act, Change, Kind, Record, Subject};
use crate::database::commit::commit;
use crate::{licences, organisations};

/// Rows written at a time.
const PIECE: usize = 5_000;

/// Plans a file and, unless it is only asked what would happen, writes the plan.
pub async fn apply(
    pool: &PgPool,
    request: &Request<'_>,
    file: File,
    progress: impl Fn(usize, usize) + Send,
) -> Result<Report, Refusal> {
    let mut transaction = pool.begin().await?;
    if request.dry_run {
        let look = "set transaction isolation level repeatable read, read only";
        sqlx::query(look).execute(&mut *transaction).await?;
    }
    let report = within(&mut transaction, request, file, progress).await?;
    if !request.dry_run {
        commit(pool, transaction).await?;
    }
    Ok(report)
}

/// Plans a file within a transaction and, unless it is only asked what would happen, writes the plan there.
pub async fn within(
    transaction: &mut Transaction<'static, Postgres>,
    request: &Request<'_>,
    file: File,
    progress: impl Fn(usize, usize) + Send,
) -> Result<Report, Refusal> {
    sqlx::query("set local statement_timeout = 0").execute(&mut **transaction).await?;
    let File { rows: file, effective_at } = file;
    if !request.dry_run {
        let mut record = Record::begin(transaction).await?;
        if let Some(chosen) = request.chosen
            && let Some(written) = record.sent_before(chosen.form_key).await?
        {
            return Ok(Report { change_set: Some(written), ..Report::default() });
        }
    }
    let remarks = file.remarks.clone();
    let nothing = HashSet::new();
    let left_out = request.chosen.map_or(&nothing, |chosen| &chosen.left_out);
    let held = held(transaction).await?;
    let mut plan = plan::plan(held, file, left_out).map_err(Refusal::Problems)?;
    let mut report = Report {
        rows: std::mem::take(&mut plan.rows),
        missing: std::mem::take(&mut plan.missing),
        remarks,
        told: request.told.map_or_else(Vec::new, |places| told(&plan, places)),
        new_departments: plan.organisations.iter().map(|one| one.acronym_en.clone()).collect(),
        change_set: None,
    };
    if request.chosen.is_some_and(|chosen| !chosen.still_stands(&report.rows)) {
        return Err(Refusal::Moved);
    }
    if !request.dry_run && !plan.lines.is_empty() {
        let act = Act {
            source: request.file_name,
            form_key: request.chosen.map(|chosen| chosen.form_key),
            account: request.chosen.map(|chosen| chosen.account),
            token: request.token,
            ..Act::new(request.actor, Kind::Import, request.reason, effective_at)
        };
        let record = Record::begin(transaction).await?;
        report.change_set = Some(write(record, &act, plan, progress).await?);
    }
    Ok(report)
}

/// The planned lines at these places, as changes.
fn told(plan: &Plan, places: &Range<usize>) -> Vec<(usize, Change)> {
    let lines = plan.lines.iter().skip(places.start).take(places.len());
    lines.map(|line| (line.line, line_change(line))).collect()
}

async fn held(db: &mut PgConnection) -> sqlx::Result<Held> {
    let organisations = organisations::load(db).await?;
    let images: Vec<_> = db::images(db).try_collect().await?;
    let former = db::former_slugs(db).await?;
    let removed = Removed {
        images: db::removed_images(db).await?.into_iter().map(|(key, id, slug)| (key, (id, slug))).collect(),
        lines: db::removed_lines(db).await?.into_iter().map(|(image, one, id)| ((image, one), id)).collect(),
    };
    let taken = former.into_iter().map(|(slug, _)| slug).chain(removed.images.values().map(|(_, slug)| slug.clone()));
    let slugs = images.iter().map(|image| image.slug.clone()).chain(taken).collect();
    let lines = db::lines(db).try_collect().await?;
    Ok(Held { organisations, images, slugs, lines, removed })
}

async fn write(
    mut record: Record<'_>,
    act: &Act<'_>,
    mut plan: Plan,
    progress: impl Fn(usize, usize) + Send,
) -> Result<i64, Refusal> {
    let names = number(&mut record, &mut plan).await?;
    organisations::add(record.db(), &plan.organisations).await?;
    let mut changes: Vec<Change> = plan.organisations.iter().map(organisations::added).collect();
    changes.extend(image_changes(&plan, &names));
    let total = changes.len() + plan.lines.len();
    let change_set = record.open(act, total).await?;
    for piece in plan.images.chunks(PIECE) {
        db::add_images(record.db(), piece).await?;
    }
    db::add_registry_names(record.db(), &names).await?;
    let spellings: Vec<_> = plan.respelled.iter().map(|(id, _, name)| (*id, name.clone())).collect();
    db::respell_images(record.db(), &spellings).await?;
    for piece in changes.chunks(PIECE) {
        record.add(change_set, piece).await?;
    }
    let mut written = changes.len();
    progress(written, total);
    for piece in plan.lines.chunks(PIECE) {
        write_lines(&mut record, change_set, piece).await?;
        written += piece.len();
        progress(written, total);
    }
    record.end().await?;
    Ok(change_set)
}

async fn write_lines(record: &mut Record<'_>, change_set: i64, piece: &[PlannedLine]) -> sqlx::Result<()> {
    let rows: Vec<_> = piece.iter().map(|line| &line.after).collect();
    db::put_lines(record.db(), &rows).await?;
    let redated = piece
        .iter()
        .filter(|line| line.before.as_ref().and_then(|before| before.renewal_date) != line.after.renewal_date);
    let term = |line: &PlannedLine| licences::db::Term {
        line: line.after.id,
        renewal_date: line.after.renewal_date,
        months: line.after.term_months,
        owed_by: line.after.owed_by.clone(),
    };
    let terms: Vec<_> = redated.map(term).collect();
    licences::db::add_terms(record.db(), change_set, &terms).await?;
    let changes: Vec<Change> = piece.iter().map(line_change).collect();
    record.add(change_set, &changes).await
}

fn line_change(line: &PlannedLine) -> Change {
    let (before, after) = plan::before_and_after(line);
    Change {
        subject: Subject::Line,
        subject_id: line.after.id,
        image_id: Some(line.after.image_id),
        organisation_id: Some(line.after.organisation_id),
        before,
        after: Some(after),
    }
}

/// Gives new organisations, images and lines their numbers, and new images the registry names that are known.
async fn number(record: &mut Record<'_>, plan: &mut Plan) -> Result<Vec<RegistryNameRow>, Refusal> {
    let organisation_ids = organisations::next_ids(record.db(), plan.organisations.len()).await?;
    let image_ids = db::next_image_ids(record.db(), plan.images.len()).await?;
    let new = plan.lines.iter().filter(|line| line.before.is_none()).count();
    let mut line_ids = db::next_line_ids(record.db(), new).await?.into_iter();
    let organisations: HashMap<i64, i64> =
        plan.organisations.iter().map(|one| one.id).zip(organisation_ids.iter().copied()).collect();
    let again = |image: &db::ImageRow| plan.removed.images.get(&image.key).map(|(id, _)| *id);
    let image_ids: Vec<i64> = plan.images.iter().zip(image_ids).map(|(image, id)| again(image).unwrap_or(id)).collect();
    let images: HashMap<i64, i64> = plan.images.iter().map(|one| one.id).zip(image_ids.iter().copied()).collect();
    for (organisation, id) in plan.organisations.iter_mut().zip(organisation_ids) {
        organisation.id = id;
    }
    for (image, id) in plan.images.iter_mut().zip(image_ids) {
        image.id = id;
    }
    for line in &mut plan.lines {
        let after = &mut line.after;
        after.image_id = *images.get(&after.image_id).unwrap_or(&after.image_id);
        after.organisation_id = *organisations.get(&after.organisation_id).unwrap_or(&after.organisation_id);
        if line.before.is_none() {
            let id = line_ids.next().context("a number for a new line").map_err(Refusal::Internal)?;
            after.id = *plan.removed.lines.get(&(after.image_id, after.organisation_id)).unwrap_or(&id);
        }
    }
    let known = known::registry_names().context("the embedded registry names").map_err(Refusal::Internal)?;
    let of_image = |image: &db::ImageRow| {
        let names = known.get(&image.key).cloned().unwrap_or_default();
        let id = image.id;
        names.into_iter().map(move |name| RegistryNameRow { image_id: id, ..name })
    };
    Ok(plan.images.iter().flat_map(of_image).collect())
}

fn image_changes(plan: &Plan, names: &[RegistryNameRow]) -> Vec<Change> {
    let mut of_image: HashMap<i64, Vec<&str>> = HashMap::new();
    for name in names {
        of_image.entry(name.image_id).or_default().push(&name.name);
    }
    let change = |id: i64, before, after| Change {
        subject: Subject::Image,
        subject_id: id,
        image_id: Some(id),
        organisation_id: None,
        before,
        after: Some(after),
    };
    let added = plan.images.iter().map(|image| {
        let names = of_image.get(&image.id).cloned().unwrap_or_default();
        change(image.id, None, json!({ "name": image.name, "slug": image.slug, "registry_names": names }))
    });
    let respelled =
        plan.respelled.iter().map(|(id, was, is)| change(*id, Some(json!({ "name": was })), json!({ "name": is })));
    added.chain(respelled).collect()
}
