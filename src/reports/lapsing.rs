//! The licences that are held, by the month and the fiscal quarter in which they are to be renewed.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use super::chart::{Chart, Given};
use crate::catalogue::Status;
use crate::catalogue::snapshot::line::Line;
use crate::clock::FiscalYear;
use crate::i18n::Lang;
use crate::reports::reading::{Part, Reading};
use crate::web::table::{Cell, Kind, Table};

/// Months that have a row of their own, up to the last one with renewals; those after them stand together.
const MONTHS: u32 = 24;

pub fn is_held(line: &Line) -> bool {
    line.status == Status::Procured
}

/// A quarter of a fiscal year: `2026-2027 Q3`.
fn quarter(day: NaiveDate, lang: Lang) -> String {
    let number = (day.month0() + 9) % 12 / 3 + 1;
    format!("{} {}{number}", FiscalYear::of(day), lang.of("Q", "T"))
}

/// By renewal date: past, by month, later, not known.
pub fn by_month(reading: &Reading) -> Part {
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

/// By fiscal quarter.
pub fn by_quarter(reading: &Reading) -> Table {
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
