//! What is held, wanted and lapsing; what departments ask for and say.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};

use super::chart::{Chart, Given};
use super::db;
use crate::catalogue::Status;
use crate::catalogue::snapshot::image::family_of;
use crate::catalogue::snapshot::line::Line;
use crate::clock::FiscalYear;
use crate::departments;
use crate::i18n::Lang;
use crate::licences::RenewalState;
use crate::reports::reading::{Part, Reading};
use crate::requests::state::State;
use crate::web::error::Error;
use crate::web::table::{Cell, Kind, Table};

/// Months that have a row of their own, up to the last one with renewals; those after them stand together.
const MONTHS: u32 = 24;

/// The overview's parts.
pub async fn parts(reading: &Reading) -> Result<Vec<Part>, Error> {
    let end = reading.end();
    let standings = db::standings(&reading.pool, end).await?;
    let answered = db::answered(&reading.pool, end).await?;
    let feedback = db::feedback(&reading.pool, end).await?;
    Ok(vec![
        figures(reading, &standings, &feedback).into(),
        by_month(reading),
        by_quarter(reading).into(),
        by_department(reading),
        by_type(reading).into(),
        by_family(reading),
        requests(reading, &standings).into(),
        days_to_answer(reading, &answered).into(),
        about(reading, &feedback).into(),
    ])
}

fn is_held(line: &Line) -> bool {
    line.status == Status::Procured
}

fn figures(reading: &Reading, standings: &[db::Standing], feedback: &[db::Feedback]) -> Table {
    let snapshot = &reading.snapshot;
    let waiting = standings.iter().filter(|row| row.state.is_open());
    let waiting = waiting.map(|row| row.count).sum::<i64>();
    let unanswered: i64 = feedback.iter().map(|row| row.received - row.replied).sum();
    let (lines, requests, said) = (
        reading.source_of_lines(),
        reading.source_of_tables("report-of-requests"),
        reading.source_of_tables("report-of-feedback"),
    );
    let rows = [
        ("report-held-images", Cell::count(snapshot.images_standing(Status::Procured)), &lines),
        ("report-held-lines", Cell::count(snapshot.lines_standing(Status::Procured)), &lines),
        ("report-wanted-images", Cell::count(snapshot.images_standing(Status::UnderConsideration)), &lines),
        ("report-holding", Cell::count(snapshot.departments_holding().len()), &lines),
        ("report-wanting", Cell::count(snapshot.departments_needing().len()), &lines),
        ("report-passed", Cell::count(snapshot.lines_renewing(RenewalState::Passed)), &lines),
        ("report-soon", Cell::count(snapshot.lines_renewing(RenewalState::Soon)), &lines),
        ("report-undetermined", Cell::count(snapshot.lines_renewing(RenewalState::Undetermined)), &lines),
        ("report-waiting", Cell::Number(waiting), &requests),
        ("report-unanswered", Cell::Number(unanswered), &said),
    ];
    let columns = vec![
        reading.column("figure", "report-figure", Kind::Text),
        reading.column("value", "report-value", Kind::Number),
        reading.column("source", "report-source", Kind::Long),
    ];
    let rows =
        rows.map(|(words, value, source)| vec![Cell::Words(reading.lang.t(words)), value, Cell::Text(source.clone())]);
    Table::of("figures", reading.t("report-figures"), reading.counted("report-held-means"), columns, rows.to_vec())
}

/// A quarter of a fiscal year: `2026-2027 Q3`.
fn quarter(day: NaiveDate, lang: Lang) -> String {
    let number = (day.month0() + 9) % 12 / 3 + 1;
    format!("{} {}{number}", FiscalYear::of(day), lang.of("Q", "T"))
}

/// The licences that are held, by renewal date: past, by month, later, not known.
fn by_month(reading: &Reading) -> Part {
    let (lang, today) = (reading.lang, reading.day());
    let first = today.with_day(1).unwrap_or(today);
    let end = first + Months::new(MONTHS);
    let mut months: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let (mut passed, mut later, mut unknown) = (0_usize, 0_usize, 0_usize);
    for line in reading.snapshot.lines().filter(|line| is_held(line)) {
        match (line.renewal().last_date(), line.renewal_date) {
            (Some(day), _) if day < today => passed += 1,
            (_, None) => unknown += 1,
            (_, Some(day)) if day >= end => later += 1,
            (_, Some(day)) => *months.entry(day.with_day(1).unwrap_or(day)).or_default() += 1,
        }
    }
    let mut rows = vec![(reading.t("report-row-passed"), String::new(), passed)];
    let last = months.last_key_value().map(|(month, _)| *month);
    for month in (0..MONTHS).map(|ahead| first + Months::new(ahead)).take_while(|month| Some(*month) <= last) {
        let count = months.get(&month).copied().unwrap_or_default();
        rows.push((month.format("%Y-%m").to_string(), quarter(month, lang), count));
    }
    rows.push((reading.t("report-row-later"), String::new(), later));
    rows.push((reading.t("report-row-unknown"), String::new(), unknown));
    let given = |(label, quarter, count): &(String, String, usize)| Given {
        label: if quarter.is_empty() { label.clone() } else { format!("{label} · {}", &quarter[5..]) },
        figures: vec![*count],
    };
    let drawn: Vec<Given> = rows.iter().filter(|(_, _, count)| *count > 0).map(given).collect();
    let (title, total) = (reading.t("report-by-month"), passed + later + unknown + months.values().sum::<usize>());
    let description = lang.n("report-by-month-drawn", total);
    let columns = vec![
        reading.column("month", "report-month", Kind::Text),
        reading.column("fiscal_quarter", "report-quarter", Kind::Short),
        reading.column("licences", "report-licences", Kind::Number),
    ];
    let cells = |(label, quarter, count): (String, String, usize)| {
        vec![Cell::Words(label.into()), Cell::text(&quarter), Cell::count(count)]
    };
    let rows = rows.into_iter().map(cells).collect();
    let table = Table::of("by-month", title.clone(), reading.counted("report-month-means"), columns, rows);
    Part { chart: Chart::new(title, description, vec![reading.t("report-licences")], drawn, lang), table }
}

fn by_quarter(reading: &Reading) -> Table {
    let mut quarters: BTreeMap<String, usize> = BTreeMap::new();
    for day in reading.snapshot.lines().filter(|line| is_held(line)).filter_map(|line| line.renewal().last_date()) {
        *quarters.entry(quarter(day, reading.lang)).or_default() += 1;
    }
    let columns = vec![
        reading.column("fiscal_quarter", "report-quarter", Kind::Short),
        reading.column("licences", "report-licences", Kind::Number),
    ];
    let rows = quarters.into_iter().map(|(quarter, count)| vec![Cell::Words(quarter.into()), Cell::count(count)]);
    let source = reading.counted("report-quarter-means");
    Table::of("by-quarter", reading.t("report-by-quarter"), source, columns, rows.collect())
}

/// What lines come to that belong together.
#[derive(Default)]
struct Tally {
    held: usize,
    wanted: usize,
    passed: usize,
    soon: usize,
    unknown: usize,
}

impl Tally {
    fn take(&mut self, line: &Line, today: NaiveDate) {
        match line.status {
            Status::Procured => self.held += 1,
            Status::UnderConsideration => self.wanted += 1,
            Status::Declined | Status::Retired => {}
        }
        if is_held(line) {
            match line.renewal().state(today) {
                RenewalState::Passed => self.passed += 1,
                RenewalState::Soon => self.soon += 1,
                RenewalState::Undetermined => self.unknown += 1,
                RenewalState::Later => {}
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.held + self.wanted == 0
    }
}

fn by_department(reading: &Reading) -> Part {
    let (lang, snapshot) = (reading.lang, &reading.snapshot);
    let mut tallies: BTreeMap<u32, Tally> = BTreeMap::new();
    for line in snapshot.lines() {
        tallies.entry(line.organisation).or_default().take(line, reading.day());
    }
    let mut tallies: Vec<_> = tallies.into_iter().filter(|(_, tally)| !tally.is_empty()).collect();
    let acronym = |place: u32| snapshot.organisations.at(place as usize).acronym(lang);
    tallies.sort_by_cached_key(|(place, tally)| {
        (std::cmp::Reverse(tally.held + tally.wanted), crate::text::key(acronym(*place)))
    });
    let drawn = tallies
        .iter()
        .take(12)
        .map(|(place, tally)| Given { label: acronym(*place).to_owned(), figures: vec![tally.held, tally.wanted] });
    let (title, drawn) = (reading.t("report-by-department"), drawn.collect());
    let chart =
        Chart::new(title.clone(), lang.n("report-by-department-drawn", tallies.len()), series(reading), drawn, lang);
    let columns = vec![
        reading.column("department", "field-department", Kind::Text),
        reading.column("name", "report-department-name", Kind::Long),
        reading.column("held", "report-held", Kind::Number),
        reading.column("wanted", "report-wanted", Kind::Number),
        reading.column("past", "report-passed-short", Kind::Number),
        reading.column("within_90_days", "report-soon-short", Kind::Number),
        reading.column("not_known", "report-unknown-short", Kind::Number),
    ];
    let rows = tallies.into_iter().map(|(place, tally)| {
        let organisation = snapshot.organisations.at(place as usize);
        let own = organisation.acronym(lang).to_owned();
        let counts = [tally.held, tally.wanted, tally.passed, tally.soon, tally.unknown];
        let link = Cell::Link(own.clone(), departments::ONE.with(lang, &own));
        let cells = [link, Cell::text(organisation.name(lang))];
        cells.into_iter().chain(counts.map(Cell::count)).collect()
    });
    let rows = rows.collect();
    let counted = lang.n("departments-counted", snapshot.departments_counted());
    let source = format!("{} {counted}", reading.source_of_lines());
    let table = Table::of("by-department", title, source, columns, rows);
    Part { table, chart }
}

fn series(reading: &Reading) -> Vec<String> {
    vec![reading.t("report-held"), reading.t("report-wanted")]
}

fn by_type(reading: &Reading) -> Table {
    let snapshot = &reading.snapshot;
    let mut kinds: BTreeMap<Option<&str>, Tally> = BTreeMap::new();
    for line in snapshot.lines() {
        kinds.entry(snapshot.kind(line)).or_default().take(line, reading.day());
    }
    let columns = vec![
        reading.column("type", "field-type", Kind::Text),
        reading.column("held", "report-held", Kind::Number),
        reading.column("wanted", "report-wanted", Kind::Number),
    ];
    let rows = kinds.into_iter().filter(|(_, tally)| !tally.is_empty()).map(|(kind, tally)| {
        let kind = kind.map_or_else(|| Cell::Words(reading.lang.t("report-no-type")), Cell::text);
        vec![kind, Cell::count(tally.held), Cell::count(tally.wanted)]
    });
    Table::of("by-type", reading.t("report-by-type"), reading.source_of_lines(), columns, rows.collect())
}

fn by_family(reading: &Reading) -> Part {
    let (lang, snapshot) = (reading.lang, &reading.snapshot);
    let mut families: BTreeMap<u32, (u32, Tally)> = BTreeMap::new();
    let numbers = snapshot.families();
    for (place, image) in snapshot.placed_images() {
        let (first, tally) = families.entry(numbers[place as usize]).or_insert_with(|| (place, Tally::default()));
        *first = (*first).min(place);
        match image.status {
            Status::Procured => tally.held += 1,
            Status::UnderConsideration => tally.wanted += 1,
            Status::Declined | Status::Retired => {}
        }
    }
    let mut families: Vec<_> = families.into_values().filter(|(_, tally)| !tally.is_empty()).collect();
    families.sort_by_key(|(first, tally)| (std::cmp::Reverse(tally.held + tally.wanted), *first));
    let name = |first: u32| family_of(snapshot.image_at(first));
    let drawn = families
        .iter()
        .take(12)
        .map(|(first, tally)| Given { label: name(*first), figures: vec![tally.held, tally.wanted] });
    let (title, drawn) = (reading.t("report-by-family"), drawn.collect());
    let chart =
        Chart::new(title.clone(), lang.n("report-by-family-drawn", families.len()), series(reading), drawn, lang);
    let columns = vec![
        reading.column("family", "report-family", Kind::Text),
        reading.column("held", "report-held", Kind::Number),
        reading.column("wanted", "report-wanted", Kind::Number),
    ];
    let source = reading.counted("report-family-means");
    let held = families.into_iter().map(|(first, tally)| (first, tally.held, tally.wanted)).collect();
    let snapshot = Arc::clone(snapshot);
    let row = move |(first, held, wanted): (u32, usize, usize)| {
        let name = family_of(snapshot.image_at(first));
        let address = format!("{}?q={}", crate::images::LIST.pattern(lang), crate::web::address::encode(&name));
        vec![Cell::Link(name, address), Cell::count(held), Cell::count(wanted)]
    };
    let table = Table::made("by-family", title, source, columns, held, row);
    Part { table, chart }
}

fn requests(reading: &Reading, standings: &[db::Standing]) -> Table {
    let columns = vec![
        reading.column("state", "report-state", Kind::Text),
        reading.column("requests", "report-requests", Kind::Number),
    ];
    let row = |state: State| {
        let count = standings.iter().find(|row| row.state == state).map_or(0, |row| row.count);
        vec![Cell::Words(state.label(reading.lang)), Cell::Number(count)]
    };
    let rows = State::ALL.into_iter().filter(|state| *state != State::Discarded).map(row).collect();
    let source = reading.source_of_tables("report-of-requests");
    Table::of("requests", reading.t("report-requests-by-state"), source, columns, rows)
}

#[allow(clippy::cast_possible_truncation)] // days
fn days_to_answer(reading: &Reading, answered: &[db::Answered]) -> Table {
    let columns = vec![
        reading.column("answer", "report-answer", Kind::Text),
        reading.column("requests", "report-requests", Kind::Number),
        reading.column("median_days", "report-median", Kind::Number),
        reading.column("ninth_decile_days", "report-ninth", Kind::Number),
        reading.column("longest_days", "report-longest", Kind::Number),
    ];
    let rows = answered.iter().map(|row| {
        let days = [row.median, row.ninth, row.longest].map(|days| Cell::Number(days.ceil() as i64));
        [Cell::Words(row.kind.label(reading.lang)), Cell::Number(row.count)].into_iter().chain(days).collect()
    });
    let source = reading.source_of_tables("report-of-days");
    Table::of("days-to-answer", reading.t("report-days-to-answer"), source, columns, rows.collect())
}

fn about(reading: &Reading, feedback: &[db::Feedback]) -> Table {
    let columns = vec![
        reading.column("subject", "report-subject", Kind::Text),
        reading.column("received", "report-received", Kind::Number),
        reading.column("replied", "report-replied", Kind::Number),
        reading.column("published", "report-published", Kind::Number),
    ];
    let rows = feedback.iter().map(|row| {
        let subject = Cell::Words(row.about.label(reading.lang));
        let counts = [row.received, row.replied, row.published].map(Cell::Number);
        [subject].into_iter().chain(counts).collect()
    });
    let source = reading.source_of_tables("report-of-feedback");
    Table::of("feedback", reading.t("report-feedback"), source, columns, rows.collect())
}
