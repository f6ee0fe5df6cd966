//! The overview: images procured and asked for, renewals that are due, requests and feedback.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::chart::{Chart, Given};
use super::db;
use super::lapsing::{by_month, by_quarter, is_held};
use crate::catalogue::Status;
use crate::catalogue::snapshot::image::family_of;
use crate::catalogue::snapshot::line::Line;
use crate::departments;
use crate::licences::RenewalState;
use crate::reports::reading::{Part, Reading};
use crate::requests::state::State;
use crate::web::error::Error;
use crate::web::table::{Cell, Kind, Table};

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
    let title = reading.t("report-by-department");
    let drawn = tallies.iter().map(|(place, tally)| (acronym(*place).to_owned(), tally));
    let chart = chart(reading, &title, "report-by-department-drawn", drawn);
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

/// The largest of what is counted, drawn; the words say how many there are.
fn chart<'t>(
    reading: &Reading,
    title: &str,
    words: &str,
    counted: impl ExactSizeIterator<Item = (String, &'t Tally)>,
) -> Option<Chart> {
    let description = reading.lang.n(words, counted.len());
    let series = vec![reading.t("report-held"), reading.t("report-wanted")];
    let drawn = counted.take(12).map(|(label, tally)| Given { label, figures: vec![tally.held, tally.wanted] });
    Chart::new(title.to_owned(), description, series, drawn.collect(), reading.lang)
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
    let title = reading.t("report-by-family");
    let drawn = families.iter().map(|(first, tally)| (family_of(snapshot.image_at(*first)), tally));
    let chart = chart(reading, &title, "report-by-family-drawn", drawn);
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
