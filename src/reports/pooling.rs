//! What buying together came to: who shares an image, which requests became one, which licences nobody bought twice.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::chart::{Chart, Given};
use super::db;
use crate::catalogue;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::need::counts_with;
use crate::reports::reading::{Part, Reading};
use crate::web::error::Error;
use crate::web::table::{Cell, Kind, Table};

/// What an image came to.
struct Shared<'s> {
    image: &'s Image,
    /// Departments that hold it, that want it, and that were told that they may use it already.
    held: BTreeSet<i64>,
    wanted: BTreeSet<i64>,
    told: BTreeSet<i64>,
    merged: i64,
    available: i64,
}

impl Shared<'_> {
    fn departments(&self) -> usize {
        let all = self.held.iter().chain(&self.wanted).chain(&self.told);
        all.collect::<BTreeSet<_>>().len()
    }

    /// Departments that need what is held already, and need not buy it.
    fn not_bought_twice(&self) -> usize {
        if self.held.is_empty() { 0 } else { self.departments() - self.held.len() }
    }
}

/// The report's parts.
pub async fn parts(reading: &Reading) -> Result<Vec<Part>, Error> {
    let end = reading.end();
    let pooled = db::pooled(&reading.pool, end).await?;
    let mut shared = shared(reading, pooled);
    shared.sort_by_cached_key(|one| (Reverse(one.departments()), crate::text::key(&one.image.name)));
    Ok(vec![figures(reading, &shared).into(), spread(reading, &shared), by_image(reading, &shared).into()])
}

fn shared(reading: &Reading, pooled: Vec<db::Pooled>) -> Vec<Shared<'_>> {
    let snapshot = &reading.snapshot;
    let directory = &snapshot.organisations;
    let mut pooled: HashMap<i64, db::Pooled> = pooled.into_iter().map(|row| (row.image_id, row)).collect();
    let all = snapshot.images().map(|image| {
        let row = pooled.remove(&image.id);
        // Today the demand has them already; of a past day the steps of the requests tell.
        let told = row.as_ref().filter(|_| !snapshot.counts_requests()).map_or(&[][..], |row| &row.organisations);
        Shared {
            image,
            held: snapshot.holding(image),
            wanted: snapshot.needing(image),
            told: told.iter().map(|organisation| counts_with(directory, *organisation)).collect(),
            merged: row.as_ref().map_or(0, |row| row.merged),
            available: row.as_ref().map_or(0, |row| row.available),
        }
    });
    all.filter(|one| one.departments() > 0).collect()
}

fn figures(reading: &Reading, shared: &[Shared]) -> Table {
    let (lines, requests) = (reading.source_of_lines(), reading.source_of_tables("report-of-requests"));
    let count = |counts: fn(&Shared) -> bool| Cell::count(shared.iter().filter(|one| counts(one)).count());
    let rows = [
        ("report-pool-several", count(|one| one.departments() > 1), &lines, "report-pool-several-means"),
        (
            "report-pool-waiting",
            count(|one| one.held.is_empty() && one.wanted.len() > 1),
            &lines,
            "report-pool-waiting-means",
        ),
        (
            "report-pool-merged",
            Cell::Number(shared.iter().map(|one| one.merged).sum()),
            &requests,
            "report-pool-merged-means",
        ),
        (
            "report-pool-available",
            Cell::Number(shared.iter().map(|one| one.available).sum()),
            &requests,
            "report-pool-available-means",
        ),
        (
            "report-pool-saved",
            Cell::count(shared.iter().map(Shared::not_bought_twice).sum()),
            &lines,
            "report-pool-saved-means",
        ),
    ];
    let columns = vec![
        reading.column("figure", "report-figure", Kind::Text),
        reading.column("value", "report-value", Kind::Number),
        reading.column("meaning", "report-meaning", Kind::Long),
        reading.column("source", "report-source", Kind::Long),
    ];
    let rows = rows.map(|(words, value, source, meaning)| {
        vec![
            Cell::Words(reading.lang.t(words)),
            value,
            Cell::Words(reading.lang.t(meaning)),
            Cell::Text(source.clone()),
        ]
    });
    Table::of("figures", reading.t("report-figures"), reading.counted("report-pool-means"), columns, rows.to_vec())
}

/// How many images so many departments share.
fn spread(reading: &Reading, shared: &[Shared]) -> Part {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for one in shared {
        *counts.entry(one.departments()).or_default() += 1;
    }
    let lang = reading.lang;
    let label = |departments: usize| lang.n("report-pool-departments", departments);
    let drawn = counts.iter().map(|(departments, images)| Given { label: label(*departments), figures: vec![*images] });
    let title = reading.t("report-pool-spread");
    let description = lang.n("report-pool-spread-drawn", shared.len());
    let chart = Chart::new(title.clone(), description, vec![reading.t("report-images")], drawn.collect(), lang);
    let columns = vec![
        reading.column("departments", "report-departments", Kind::Number),
        reading.column("images", "report-images", Kind::Number),
    ];
    let rows = counts.into_iter().map(|(departments, images)| vec![Cell::count(departments), Cell::count(images)]);
    let table = Table::of("spread", title, reading.counted("report-pool-means"), columns, rows.collect());
    Part { table, chart }
}

fn by_image(reading: &Reading, shared: &[Shared]) -> Table {
    let columns = vec![
        reading.column("image", "field-name", Kind::Text),
        reading.column("status", "field-status", Kind::Text),
        reading.column("departments", "report-departments", Kind::Number),
        reading.column("holding", "report-pool-holding", Kind::Number),
        reading.column("wanting", "report-pool-wanting", Kind::Number),
        reading.column("merged_requests", "report-pool-merged", Kind::Number),
        reading.column("not_bought_twice", "report-pool-saved", Kind::Number),
    ];
    let (lang, snapshot) = (reading.lang, Arc::clone(&reading.snapshot));
    let held = shared.iter().map(|one| {
        let counts = [one.departments(), one.held.len(), one.wanted.len(), one.not_bought_twice()];
        (one.image.id, counts, one.merged)
    });
    let row = move |(image, [departments, holding, wanting, saved], merged): (i64, [usize; 4], i64)| {
        let image = snapshot.image(image);
        vec![
            image.map_or(Cell::Empty, |one| {
                Cell::Link(one.name.to_string(), catalogue::address::IMAGE.with(lang, &one.slug))
            }),
            image.map_or(Cell::Empty, |one| Cell::Words(one.status.label(lang))),
            Cell::count(departments),
            Cell::count(holding),
            Cell::count(wanting),
            Cell::Number(merged),
            Cell::count(saved),
        ]
    };
    let source = reading.counted("report-pool-means");
    Table::made("by-image", reading.t("report-pool-by-image"), source, columns, held.collect(), row)
}
