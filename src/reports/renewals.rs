//! What has to be renewed: when, by when that has to be decided, whose it is; and how long dates have not been known.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::chart::{Chart, Given};
use super::db;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{self, Status};
use crate::clock::{self, FiscalYear};
use crate::i18n::{Lang, Word};
use crate::reports::reading::{Part, Reading};
use crate::web::error::Error;
use crate::web::table::{Cell, Kind, Table};

/// Days from which a date has not been known for long, longer, …
const AGES: [i64; 4] = [30, 90, 180, 365];

/// Lines whose dates are not known that one statement is asked about.
const AT_A_TIME: usize = 10_000;

/// The report's parts.
pub async fn parts(reading: &Reading) -> Result<Vec<Part>, Error> {
    let lines = chosen(reading);
    let unknown: Vec<&Line> = lines.iter().copied().filter(|line| line.renewal_date.is_none()).collect();
    let numbers: Vec<i64> = unknown.iter().map(|line| line.id).collect();
    let images: Vec<i64> = unknown.iter().map(|line| reading.snapshot.image_of(line).id).collect();
    let end = reading.end();
    let mut since = HashMap::new();
    for (numbers, images) in numbers.chunks(AT_A_TIME).zip(images.chunks(AT_A_TIME)) {
        since.extend(db::unknown_since(&reading.pool, numbers, images, end).await?);
    }
    let (ages, by_year) = (ages(reading, &unknown, &since), by_year(reading, &lines));
    Ok(vec![list(reading, &lines, since).into(), by_year.into(), ages])
}

/// The licences that are held and asked for, the most pressing first.
fn chosen(reading: &Reading) -> Vec<&Line> {
    let (snapshot, asked) = (&reading.snapshot, &reading.asked);
    let place = snapshot.organisations.find(&asked.department, reading.lang);
    let is_asked = |line: &&Line| {
        line.status == Status::Procured
            && (asked.department.is_empty() || Some(line.organisation as usize) == place)
            && asked.year.is_none_or(|year| line.renewal().last_date().map(FiscalYear::of) == Some(year))
    };
    let mut lines: Vec<&Line> = snapshot.lines().filter(is_asked).collect();
    lines.sort_by_cached_key(|line| {
        let date = line.renewal().last_date();
        (date.is_none(), date, crate::text::key(snapshot.name(line)), line.id)
    });
    lines
}

/// The day by which a renewal has to be decided.
fn decide_by(day: NaiveDate, lead_days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(lead_days))).unwrap_or(day)
}

fn list(reading: &Reading, lines: &[&Line], since: HashMap<i64, DateTime<Utc>>) -> Table {
    let (lang, today, lead) = (reading.lang, reading.day(), reading.lead_days);
    let columns = vec![
        reading.column("image", "field-name", Kind::Text),
        reading.column("department", "field-department", Kind::Text),
        reading.column("renewal_date", "field-renewal-date", Kind::Short),
        reading.column("last_known_date", "report-last-known", Kind::Short),
        reading.column("decide_by", "report-decide-by", Kind::Short),
        reading.column("days_to_decide", "report-days-to-decide", Kind::Number),
        reading.column("overdue", "report-overdue", Kind::Text),
        reading.column("fiscal_year", "report-fiscal-year", Kind::Short),
        reading.column("state", "field-renewal-state", Kind::Text),
        reading.column("owner", "report-owner", Kind::Text),
        reading.column("not_known_since", "report-unknown-since", Kind::Short),
    ];
    let lead_days = [("n", Word::Number(lead as usize))];
    let source = format!("{} {}", reading.source_of_lines(), lang.tell("report-decide-means", &lead_days));
    let (snapshot, places) = (std::sync::Arc::clone(&reading.snapshot), lines.iter().map(|line| line.id));
    let by_id: HashMap<i64, u32> = snapshot.placed_lines().map(|(place, line)| (line.id, place)).collect();
    let places: Vec<u32> = places.filter_map(|id| by_id.get(&id).copied()).collect();
    let total = places.len();
    let rows = places.into_iter().map(move |place| {
        let line = snapshot.line_at(place);
        let image = snapshot.image_of(line);
        let (renewal, last) = (line.renewal(), line.renewal().last_date());
        let decide = last.map(|day| decide_by(day, lead));
        vec![
            Cell::Link(snapshot.name(line).to_owned(), catalogue::address::IMAGE.with(lang, &image.slug)),
            Cell::text(snapshot.department(line, lang)),
            Cell::day(line.renewal_date),
            Cell::day(last.filter(|_| line.renewal_date.is_none())),
            Cell::day(decide),
            decide.filter(|day| *day >= today).map_or(Cell::Empty, |day| Cell::Number((day - today).num_days())),
            late(decide, today, lang),
            last.map_or(Cell::Empty, |day| Cell::Words(FiscalYear::of(day).to_string().into())),
            Cell::Words(renewal.in_words(today, lang).into()),
            Cell::text(line.owed_by().unwrap_or_else(|| snapshot.department_name(line, lang))),
            Cell::day(renewal.unknown_since().or_else(|| since.get(&line.id).map(|moment| clock::day_of(*moment)))),
        ]
    });
    let title = reading.t("report-renewals-list");
    Table { key: "renewals", title, source, columns, total, rows: Box::new(rows) }
}

/// How long ago it had to be decided, in words; nothing where there is time left.
fn late(decide: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> Cell {
    let days = decide.and_then(|day| usize::try_from((today - day).num_days()).ok()).filter(|days| *days > 0);
    days.map_or(Cell::Empty, |days| Cell::Words(lang.n("report-overdue-by", days).into()))
}

fn by_year(reading: &Reading, lines: &[&Line]) -> Table {
    let mut years: BTreeMap<FiscalYear, [usize; 2]> = BTreeMap::new();
    for day in lines.iter().filter_map(|line| line.renewal().last_date()) {
        years.entry(FiscalYear::of(day)).or_default()[0] += 1;
        years.entry(FiscalYear::of(decide_by(day, reading.lead_days))).or_default()[1] += 1;
    }
    let columns = vec![
        reading.column("fiscal_year", "report-fiscal-year", Kind::Short),
        reading.column("to_renew", "report-to-renew", Kind::Number),
        reading.column("to_decide", "report-to-decide", Kind::Number),
    ];
    let rows = years.into_iter().map(|(year, counts)| {
        vec![Cell::Words(year.to_string().into()), Cell::count(counts[0]), Cell::count(counts[1])]
    });
    Table::of("by-fiscal-year", reading.t("report-by-year"), reading.source_of_lines(), columns, rows.collect())
}

fn ages(reading: &Reading, unknown: &[&Line], since: &HashMap<i64, DateTime<Utc>>) -> Part {
    let mut counts = [0_usize; AGES.len() + 2];
    for line in unknown {
        let known = line.renewal().unknown_since();
        let place = match known.or_else(|| since.get(&line.id).map(|moment| clock::day_of(*moment))) {
            None => AGES.len() + 1,
            Some(since) => {
                let days = (reading.day() - since).num_days();
                AGES.iter().take_while(|age| days >= **age).count()
            }
        };
        counts[place] += 1;
    }
    let rows: Vec<(String, usize)> = (0..counts.len()).map(|place| (age(place, reading.lang), counts[place])).collect();
    let drawn = rows.iter().map(|(label, count)| Given { label: label.clone(), figures: vec![*count] }).collect();
    let title = reading.t("report-ages");
    let description = reading.lang.n("report-ages-drawn", unknown.len());
    let chart = Chart::new(title.clone(), description, vec![reading.t("report-licences")], drawn, reading.lang);
    let columns = vec![
        reading.column("not_known_for", "report-age", Kind::Text),
        reading.column("licences", "report-licences", Kind::Number),
    ];
    let rows = rows.into_iter().map(|(label, count)| vec![Cell::Words(label.into()), Cell::count(count)]).collect();
    let table = Table::of("not-known", title, reading.counted("report-ages-means"), columns, rows);
    Part { table, chart }
}

fn age(place: usize, lang: Lang) -> String {
    let days = |place: usize| usize::try_from(AGES[place]).unwrap_or_default();
    match place {
        0 => lang.n("report-age-under", days(0)),
        place if place < AGES.len() => lang
            .tell("report-age-between", &[("from", Word::Number(days(place - 1))), ("to", Word::Number(days(place)))]),
        place if place == AGES.len() => lang.n("report-age-over", days(place - 1)),
        _ => lang.t("report-age-unknown").into_owned(),
    }
}
