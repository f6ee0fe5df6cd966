//! What changed between the ends of two days: the catalogue of the one held against the catalogue of the other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::db;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{self, Snapshot, Status};
use crate::clock;
use crate::i18n::Lang;
use crate::reports::reading::{Part, Reading};
use crate::web::error::Error;
use crate::web::table::{Cell, Kind, Table};

/// Answers that one report tells at most.
const MOST_ANSWERS: i64 = 10_000;

/// What changed of a line.
struct Changed {
    /// Its place among the lines of the later catalogue, or of the earlier one where it is gone.
    place: u32,
    is_gone: bool,
    before: Option<NaiveDate>,
}

/// The report's parts.
pub async fn parts(reading: &Reading) -> Result<Vec<Part>, Error> {
    let (earlier, later) = (&*reading.since, &*reading.snapshot);
    let known: HashMap<i64, &Line> = earlier.lines().map(|line| (line.id, line)).collect();
    let mut kinds: [Vec<Changed>; 5] = Default::default();
    let [procured, renewed, dropped, declined, demand] = &mut kinds;
    for (place, line) in later.placed_lines() {
        let was = known.get(&line.id);
        let before = was.and_then(|was| was.renewal_date);
        let changed = Changed { place, is_gone: false, before };
        let was = was.map(|was| was.status);
        match line.status {
            Status::Procured if was != Some(Status::Procured) => procured.push(changed),
            Status::Procured if line.renewal_date > before => renewed.push(changed),
            Status::UnderConsideration if was != Some(Status::UnderConsideration) => demand.push(changed),
            Status::Declined if was != Some(Status::Declined) => declined.push(changed),
            _ => {}
        }
    }
    let held: HashSet<i64> = later.lines().filter(|line| line.status == Status::Procured).map(|line| line.id).collect();
    let were_held = earlier.placed_lines().filter(|(_, line)| line.status == Status::Procured);
    let gone = were_held.filter(|(_, line)| !held.contains(&line.id));
    dropped.extend(gone.map(|(place, line)| Changed { place, is_gone: true, before: line.renewal_date }));
    let from = clock::start_of(earlier.today + Days::new(1));
    let answers = db::decided(&reading.pool, from, reading.end(), MOST_ANSWERS).await?;
    let added = added(reading, earlier, later);
    let words = ["procured", "renewed", "dropped", "declined", "new-demand"];
    let titles = [
        "report-changed-procured",
        "report-changed-renewed",
        "report-changed-dropped",
        "report-changed-declined",
        "report-changed-demand",
    ];
    let mut tables = vec![added];
    for ((key, title), lines) in words.into_iter().zip(titles).zip(kinds) {
        tables.push(table(reading, key, title, lines));
    }
    tables.push(answered(reading, answers));
    let mut parts = vec![summary(reading, &tables).into()];
    parts.extend(tables.into_iter().map(Part::from));
    Ok(parts)
}

fn source(reading: &Reading) -> String {
    let days = [reading.since.today.to_string(), reading.day().to_string()];
    let words = [("from", crate::i18n::Word::Text(&days[0])), ("to", crate::i18n::Word::Text(&days[1]))];
    reading.lang.tell("report-changed-source", &words)
}

fn summary(reading: &Reading, tables: &[Table]) -> Table {
    let columns =
        vec![reading.column("what", "report-what", Kind::Text), reading.column("count", "report-count", Kind::Number)];
    let rows = tables.iter().map(|table| vec![Cell::Words(table.title.clone().into()), Cell::count(table.total)]);
    Table::of("summary", reading.t("report-changed-summary"), source(reading), columns, rows.collect())
}

fn link(name: &str, slug: &str, lang: Lang) -> Cell {
    Cell::Link(name.to_owned(), catalogue::address::IMAGE.with(lang, slug))
}

fn added(reading: &Reading, earlier: &Snapshot, later: &Snapshot) -> Table {
    let columns =
        vec![reading.column("image", "field-name", Kind::Text), reading.column("status", "field-status", Kind::Text)];
    let new = later.placed_images().filter(|(_, image)| earlier.image(image.id).is_none());
    let mut new: Vec<u32> = new.map(|(place, _)| place).collect();
    new.sort_by_cached_key(|place| crate::text::key(&later.image_at(*place).name));
    let (lang, snapshot) = (reading.lang, Arc::clone(&reading.snapshot));
    let row = move |place: u32| {
        let image = snapshot.image_at(place);
        vec![link(&image.name, &image.slug, lang), Cell::Words(image.status.label(lang))]
    };
    Table::made("added", reading.t("report-changed-added"), source(reading), columns, new, row)
}

fn table(reading: &Reading, key: &'static str, title: &str, mut lines: Vec<Changed>) -> Table {
    let (lang, earlier, later) = (reading.lang, Arc::clone(&reading.since), Arc::clone(&reading.snapshot));
    let of = move |changed: &Changed| if changed.is_gone { Arc::clone(&earlier) } else { Arc::clone(&later) };
    lines.sort_by_cached_key(|changed| {
        let snapshot = of(changed);
        let line = snapshot.line_at(changed.place);
        (crate::text::key(snapshot.name(line)), line.id)
    });
    let mut columns = vec![
        reading.column("image", "field-name", Kind::Text),
        reading.column("department", "field-department", Kind::Text),
    ];
    let has_before = ["renewed", "dropped"].contains(&key);
    let has_after = ["procured", "renewed"].contains(&key);
    if has_before {
        columns.push(reading.column("renewal_date_before", "report-date-before", Kind::Short));
    }
    if has_after {
        columns.push(reading.column("renewal_date", "field-renewal-date", Kind::Short));
    }
    let row = move |changed: Changed| {
        let snapshot = of(&changed);
        let line = snapshot.line_at(changed.place);
        let mut cells = vec![
            link(snapshot.name(line), &snapshot.image_of(line).slug, lang),
            Cell::text(snapshot.department(line, lang)),
        ];
        cells.extend(has_before.then(|| Cell::day(changed.before)));
        cells.extend(has_after.then(|| Cell::day(line.renewal_date)));
        cells
    };
    Table::made(key, reading.t(title), source(reading), columns, lines, row)
}

fn answered(reading: &Reading, answers: Vec<db::Decided>) -> Table {
    let columns = vec![
        reading.column("image", "field-name", Kind::Text),
        reading.column("answer", "report-answer", Kind::Text),
        reading.column("day", "report-day", Kind::Short),
    ];
    let row = |answer: db::Decided| {
        let found = answer.image_id.and_then(|id| reading.snapshot.image(id));
        let name = found.map_or_else(|| Cell::text(&answer.name), |found| link(&found.name, &found.slug, reading.lang));
        vec![name, Cell::Words(answer.kind.label(reading.lang)), Cell::Day(clock::day_of(answer.at))]
    };
    let rows = answers.into_iter().map(row).collect();
    Table::of("answered", reading.t("report-changed-answered"), source(reading), columns, rows)
}
