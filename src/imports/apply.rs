//! Writing a plan: one transaction, one act, everything recorded.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Context;
use futures_util::TryStreamExt;
use serde_json::json;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::catalogue::snapshot::names::Names;
use crate::catalogue::store::db::{self, RegistryNameRow};
use crate::catalogue::store::write::{line_change, write_lines};
use crate::changes::record::{Act, Change, Kind, Record, Subject};
use crate::database::commit::commit;
use crate::files::{FileRow, RowFile};
use crate::imports::base::{Base, Known, Source};
use crate::imports::db::revisions::{self, NewRevision, NewRow};
use crate::imports::decision::{Decision, Purpose};
use crate::imports::known;
use crate::imports::line::PlannedLine;
use crate::imports::plan;
use crate::imports::planned::{Held, Plan, Removed, SaidRow};
use crate::imports::{File, Refusal, Report, Request, Shown};
use crate::organisations;
use crate::text::key;
use crate::web::work::IMPORTS;

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
    let File { rows: file, known, effective_at } = file;
    if !request.dry_run {
        let mut record = Record::begin(transaction).await?;
        if let Some(chosen) = request.chosen
            && let Some(written) = record.sent_before(chosen.form_key).await?
        {
            return Ok(Report { change_set: Some(written), ..Report::default() });
        }
    }
    let remarks = file.remarks.clone();
    let since = request.as_of.map(crate::clock::start_of);
    let base = known.base(transaction, since).await.map_err(away)?;
    let (is_older, is_last) = (base.is_older, base.is_last);
    let held = held(transaction, base, &file).await?;
    let (take, ticks) = (request.take, request.chosen.map(|chosen| chosen.ticks.clone()));
    let shown = request.shown.copied().unwrap_or_default();
    let purpose = if request.dry_run { Purpose::Tell(shown) } else { Purpose::Write };
    let (images, is_of_page) = (request.images.to_vec(), request.shown.is_some() || request.chosen.is_some());
    let planning = IMPORTS.run(move |_| {
        plan::plan(held, file, Decision { take, ticks: ticks.as_ref(), images: &images, is_of_page }, purpose)
    });
    let mut plan = planning.await?.map_err(Refusal::Problems)?;
    let mut report = Report {
        rows: std::mem::take(&mut plan.rows),
        missing: std::mem::take(&mut plan.missing),
        warned: std::mem::take(&mut plan.warned),
        remarks,
        named: std::mem::take(&mut plan.named),
        renamed: std::mem::take(&mut plan.renamed),
        new_departments: plan.organisations.iter().map(|one| one.acronym_en.clone()).collect(),
        is_older,
        ..Report::default()
    };
    report.shown = request.shown.map_or_else(Vec::new, |shown| told(&plan, &report, shown));
    if request.chosen.is_some_and(|chosen| !chosen.still_stands(&report)) {
        return Err(Refusal::Moved);
    }
    if request.dry_run {
        return Ok(report);
    }
    if request.chosen.is_some_and(|chosen| report.rows.iter().any(|row| row.is_open && chosen.ticks.has(row, is_older)))
    {
        return Err(Refusal::Undecided(Box::new(report)));
    }
    if request.chosen.is_none() && report.is_undecided(request.take) {
        return Err(Refusal::Undecided(Box::new(report)));
    }
    let mut said = std::mem::take(&mut plan.said);
    if !plan.lines.is_empty() || !plan.learned.is_empty() {
        let act = Act {
            source: request.file_name,
            form_key: request.chosen.map(|chosen| chosen.form_key),
            account: request.chosen.map(|chosen| chosen.account),
            token: request.token,
            ..Act::new(request.actor, Kind::Import, request.reason, effective_at)
        };
        let record = Record::begin(transaction).await?;
        report.change_set = Some(write(record, &act, plan, &mut said, progress).await?);
    }
    if let Some((chosen, written)) = request.chosen.zip(report.change_set) {
        crate::imports::db::accepted(transaction, chosen.upload, written).await?;
    }
    let is_settled = report.change_set.is_some() || (request.chosen.is_none() && !is_older);
    if is_settled && !is_last {
        keep(transaction, request, &known, report.change_set, said).await?;
    }
    Ok(report)
}

/// Keeps what the file says: the next revision of its source is held against it.
async fn keep(
    db: &mut PgConnection,
    request: &Request<'_>,
    known: &Known,
    change_set: Option<i64>,
    said: Vec<SaidRow>,
) -> sqlx::Result<()> {
    let revision = NewRevision {
        source: known.source.code(),
        file_name: request.file_name,
        sha256: &known.sha256,
        as_of: known.as_of,
        actor: request.actor,
        change_set,
    };
    let number = |id: i64| Some(id).filter(|id| *id > 0);
    let row = |row: SaidRow| NewRow {
        line: row.line,
        image: number(row.image),
        organisation: number(row.organisation),
        said: row.said,
    };
    revisions::insert(db, &revision, &said.into_iter().map(row).collect::<Vec<_>>()).await?;
    // A revision of the page that changes nothing makes the facts younger all the same.
    if change_set.is_none() && known.source == Source::Page { Record::show_anew(db).await } else { Ok(()) }
}

/// What keeps a base from being read: the database, or what it holds.
fn away(problem: anyhow::Error) -> Refusal {
    match problem.downcast::<sqlx::Error>() {
        Ok(problem) => Refusal::Database(problem),
        Err(problem) => Refusal::Internal(problem),
    }
}

/// The rows of a page, each with what it brings where it is new.
fn told(plan: &Plan, report: &Report, shown: &Shown) -> Vec<(usize, Option<Change>)> {
    let new: HashMap<usize, &PlannedLine> =
        plan.lines.iter().filter(|line| line.before.is_none()).map(|line| (line.line, line)).collect();
    let change = |place: usize| {
        let line = new.get(&report.rows[place].line)?;
        line_change(line.before.as_deref(), &line.after).ok()
    };
    shown.places(&report.rows).into_iter().map(|place| (place, change(place))).collect()
}

async fn held(db: &mut PgConnection, base: Base, file: &RowFile) -> sqlx::Result<Held> {
    let organisations = organisations::load(db).await?;
    let images: Vec<_> = db::images(db).try_collect().await?;
    let present: HashSet<&str> = images.iter().map(|image: &db::ImageRow| &*image.key).collect();
    let is_present = |row: &FileRow| present.contains(&*key(&row.name));
    // Every name of a catalogue is much; most files call each image as it is called.
    let names =
        if images.is_empty() || file.rows.iter().all(is_present) { Names::default() } else { Names::load(db).await? };
    let former: Vec<String> = db::former_slugs(db).await?.into_iter().map(|(slug, _)| slug).collect();
    let removed = Removed {
        images: db::removed_images(db).await?.into_iter().map(|(key, id, slug)| (key, (id, slug))).collect(),
        lines: db::removed_lines(db).await?.into_iter().map(|(image, one, id)| ((image, one), id)).collect(),
    };
    let taken = former.into_iter().chain(removed.images.values().map(|(_, slug)| slug.clone()));
    let slugs = images.iter().map(|image| image.slug.clone()).chain(taken).collect();
    let lines = db::lines(db).try_collect().await?;
    Ok(Held { organisations, images, slugs, names, lines, removed, base })
}

async fn write(
    mut record: Record<'_>,
    act: &Act<'_>,
    mut plan: Plan,
    said: &mut [SaidRow],
    progress: impl Fn(usize, usize) + Send,
) -> Result<i64, Refusal> {
    let names = number(&mut record, &mut plan, said).await?;
    organisations::add(record.db(), &plan.organisations).await?;
    let learned = learn(record.db(), &plan.learned).await?;
    let of_images = plan.organisations.len() + plan.images.len() + plan.respelled.len() + learned.len();
    let total = of_images + plan.lines.len();
    let change_set = record.open(act, total).await?;
    for piece in plan.images.chunks(PIECE) {
        db::add_images(record.db(), piece).await?;
    }
    db::add_registry_names(record.db(), &names).await?;
    let spellings: Vec<_> = plan.respelled.iter().map(|(id, _, name)| (*id, name.clone())).collect();
    db::respell_images(record.db(), &spellings).await?;
    let changes = plan.organisations.iter().map(organisations::added).chain(image_changes(&plan, &names));
    let mut changes = changes.chain(learned);
    for _ in 0..of_images.div_ceil(PIECE) {
        let piece: Vec<Change> = changes.by_ref().take(PIECE).collect();
        record.add(change_set, &piece).await?;
    }
    let mut written = of_images;
    progress(written, total);
    for piece in plan.lines.chunks(PIECE) {
        let lines: Vec<_> = piece.iter().map(|line| (line.before.as_deref(), &line.after)).collect();
        write_lines(&mut record, change_set, &lines).await.map_err(away)?;
        written += piece.len();
        progress(written, total);
    }
    record.end().await?;
    Ok(change_set)
}

/// Gives new organisations, images and lines their numbers, and new images the registry names that are known.
async fn number(
    record: &mut Record<'_>,
    plan: &mut Plan,
    said: &mut [SaidRow],
) -> Result<Vec<RegistryNameRow>, Refusal> {
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
    for row in said {
        row.image = *images.get(&row.image).unwrap_or(&row.image);
        row.organisation = *organisations.get(&row.organisation).unwrap_or(&row.organisation);
    }
    let known = known::registry_names().context("the embedded registry names").map_err(Refusal::Internal)?;
    let of_image = |image: &db::ImageRow| {
        let names = known.get(&image.key).cloned().unwrap_or_default();
        let id = image.id;
        names.into_iter().map(move |name| RegistryNameRow { image_id: id, ..name })
    };
    Ok(plan.images.iter().flat_map(of_image).collect())
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
        changes.push(Change {
            subject: Subject::Image,
            subject_id: image,
            image_id: Some(image),
            organisation_id: None,
            before: Some(json!({ "other_names": before })),
            after: Some(json!({ "other_names": after })),
        });
    }
    Ok(changes)
}

fn image_changes<'p>(plan: &'p Plan, names: &'p [RegistryNameRow]) -> impl Iterator<Item = Change> + Send + use<'p> {
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
    let added = plan.images.iter().map(move |image| {
        let names = of_image.get(&image.id).cloned().unwrap_or_default();
        change(image.id, None, json!({ "name": image.name, "slug": image.slug, "registry_names": names }))
    });
    let respelled = plan
        .respelled
        .iter()
        .map(move |(id, was, is)| change(*id, Some(json!({ "name": was })), json!({ "name": is })));
    added.chain(respelled)
}
