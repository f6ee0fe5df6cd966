//! A file in one transaction: held against what is there, and written as it was decided.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use serde_json::Value;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::catalogue::snapshot::names::Names;
use crate::catalogue::store::db;
use crate::catalogue::store::write::line_change;
use crate::changes::record::{Act, Change, Kind, Record};
use crate::database::commit::commit;
use crate::fields::Fields;
use crate::files::{FileRow, RowFile};
use crate::imports::base::{Base, Known};
use crate::imports::db::revisions::{self, NewRevision, NewRow, Source};
use crate::imports::decision::{Decision, Purpose};
use crate::imports::line::PlannedLine;
use crate::imports::merge;
use crate::imports::plan;
use crate::imports::planned::{Held, Plan, Removed};
use crate::imports::verdict::Row;
use crate::imports::write::{PIECE, away, write};
use crate::imports::{File, Refusal, Report, Request, Shown};
use crate::organisations;
use crate::text::key;
use crate::web::work::IMPORTS;

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
    let since = request.as_of.map(crate::clock::start_of);
    let base = known.base(transaction, since).await.map_err(away)?;
    let is_last = base.is_last;
    let (language, format) = (file.language, file.format);
    let says = move |row: &Row| merge::said(&row.file, language, format);
    let (mut plan, mut report) = plan_file(transaction, request, file, base).await?;
    report.shown = request.shown.map_or_else(Vec::new, |shown| told(&plan, &report, shown, says));
    if request.chosen.is_some_and(|chosen| !chosen.still_stands(&report)) {
        return Err(Refusal::Moved);
    }
    if request.dry_run {
        return Ok(report);
    }
    if is_undecided(request, &report) {
        return Err(Refusal::Undecided(Box::new(report)));
    }
    let said = std::mem::take(&mut plan.said);
    if !plan.lines.is_empty() || !plan.learned.is_empty() {
        let act = act(request, effective_at);
        let record = Record::begin(transaction).await?;
        report.change_set = Some(write(record, &act, plan, (&mut report.rows, says), progress).await?);
    }
    if let Some((chosen, written)) = request.chosen.zip(report.change_set) {
        crate::imports::db::accepted(transaction, chosen.upload, written).await?;
    }
    let is_settled = report.change_set.is_some() || (request.chosen.is_none() && !report.is_older);
    if is_settled && !is_last {
        let rows = said.into_iter().map(|place| new_row(&report.rows[place], says(&report.rows[place])));
        keep(transaction, request, &known, report.change_set, rows).await?;
    }
    report.rows.iter_mut().for_each(Row::forget_cells); // what is shown next takes memory too
    Ok(report)
}

/// Holds a file against its base and the catalogue: what is to be written, and what is told of it.
async fn plan_file(
    db: &mut PgConnection,
    request: &Request<'_>,
    file: RowFile,
    base: Base,
) -> Result<(Plan, Report), Refusal> {
    let (remarks, is_older) = (file.remarks.clone(), base.is_older);
    let held = held(db, base, &file).await?;
    let (take, ticks) = (request.take, request.chosen.map(|chosen| chosen.ticks.clone()));
    let shown = request.shown.copied().unwrap_or_default();
    let purpose = if request.dry_run { Purpose::Tell(shown) } else { Purpose::Write };
    let (images, is_of_page) = (request.images.to_vec(), request.shown.is_some() || request.chosen.is_some());
    let planning = IMPORTS.run(move |_| {
        plan::plan(held, file, Decision { take, ticks: ticks.as_ref(), images: &images, is_of_page }, purpose)
    });
    let mut plan = planning.await?.map_err(Refusal::Problems)?;
    let report = Report {
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
    Ok((plan, report))
}

fn act<'r>(request: &Request<'r>, effective_at: DateTime<Utc>) -> Act<'r> {
    Act {
        source: request.file_name,
        form_key: request.chosen.map(|chosen| chosen.form_key),
        account: request.chosen.map(|chosen| chosen.account),
        token: request.token,
        ..Act::new(request.actor, Kind::Import, request.reason, effective_at)
    }
}

fn new_row(row: &Row, said: Fields) -> NewRow {
    let number = |id: i64| Some(id).filter(|id| *id > 0);
    let (image, organisation) = (number(row.image), number(row.organisation));
    NewRow { line: row.file.line, image, organisation, said: Value::Object(said).to_string() }
}

/// Whether somebody has to say more before anything is written: of a page only about what was ticked.
fn is_undecided(request: &Request<'_>, report: &Report) -> bool {
    match request.chosen {
        Some(chosen) => report.rows.iter().any(|row| row.is_open && chosen.ticks.has(row, report.is_older)),
        None => report.is_undecided(request.take),
    }
}

/// Keeps what the file says: the next revision of its source is held against it.
async fn keep(
    db: &mut PgConnection,
    request: &Request<'_>,
    known: &Known,
    change_set: Option<i64>,
    mut said: impl Iterator<Item = NewRow> + Send,
) -> sqlx::Result<()> {
    let revision = NewRevision {
        source: known.source,
        file_name: request.file_name,
        sha256: &known.sha256,
        as_of: known.as_of,
        actor: request.actor,
        change_set,
    };
    let revision = revisions::insert(db, &revision).await?;
    loop {
        let piece: Vec<NewRow> = said.by_ref().take(PIECE).collect();
        if piece.is_empty() {
            break;
        }
        revisions::insert_rows(db, revision, &piece).await?;
    }
    // A revision of the page that changes nothing makes the facts younger all the same.
    if change_set.is_none() && known.source == Source::Page { Record::show_anew(db).await } else { Ok(()) }
}

/// The rows of a page, each with what it brings where it is new.
fn told(plan: &Plan, report: &Report, shown: &Shown, says: impl Fn(&Row) -> Fields) -> Vec<(usize, Option<Change>)> {
    let new: HashMap<usize, &PlannedLine> =
        plan.lines.iter().filter(|line| line.edited.is_none()).map(|line| (line.row, line)).collect();
    let change = |place: usize| line_change(None, &new.get(&place)?.after(&report.rows, &says)).ok();
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
