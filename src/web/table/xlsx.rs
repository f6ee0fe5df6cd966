//! Tables as an Excel workbook: a sheet a table, its header in sight and filtering, days as days. It is written through
//! temporary files, so that its size does not show in memory.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use anyhow::Context;
use chrono::{Datelike, NaiveDate, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::{Cell, Column, Kind, Table, Take};
use crate::i18n::Lang;
use crate::web::file::read_back;
use crate::web::work::Stop;

/// A sheet has so many rows, its header among them.
const MOST_ROWS: usize = 1_048_576;
/// A cell holds so many characters.
const MOST_CHARACTERS: usize = 32_767;
/// The name of a sheet has so many characters.
const LONGEST_SHEET_NAME: usize = 31;
/// That a table has more rows than a sheet holds.
#[derive(Debug, thiserror::Error)]
#[error("a sheet holds {MOST_ROWS} rows, and a table has more")]
pub struct TooLong;

/// That nobody waits for the workbook any more.
#[derive(Debug, thiserror::Error)]
#[error("nobody waits for the workbook")]
struct Stopped;

/// A file that takes nothing more once nobody waits for it.
struct Stopping<'f> {
    file: &'f mut File,
    stop: &'f Stop,
    /// Whether that was said: what tidies up afterwards is let do so.
    is_said: bool,
}

impl Write for Stopping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (self.stop.is_set(), std::mem::replace(&mut self.is_said, self.stop.is_set())) {
            (false, _) => self.file.write(bytes),
            (true, false) => Err(io::Error::other(Stopped)),
            (true, true) => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Stopping<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// The workbook as a file of its own, made while the caller waits and until it does no more, and then in pieces.
///
/// # Errors
/// When there are more rows than a sheet holds, no temporary file can be written, or nobody waits.
pub fn workbook(take: Take, stop: &Stop) -> anyhow::Result<impl Iterator<Item = Vec<u8>> + Send + use<>> {
    let mut book = Workbook::new();
    let formats = Formats::new(take.lang);
    if let Some(version) = take.version {
        let properties = DocProperties::new().set_title(&take.title);
        book.set_properties(&properties.set_custom_property("catalogue-version", version.to_string()));
    }
    let mut about: Vec<(String, String)> = vec![(take.title, take.about)];
    let mut names = Vec::new();
    for table in take.tables {
        anyhow::ensure!(table.total < MOST_ROWS, TooLong);
        let name = sheet_name(&table.title, &names);
        about.push((table.title.clone(), table.source.clone()));
        let sheet = book.add_worksheet_with_constant_memory().context("no temporary file")?;
        sheet.set_name(&name)?;
        names.push(name);
        write(sheet, table, &formats, stop)?;
    }
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(sheet_name(&take.lang.t("table-about"), &names))?;
    sheet.set_column_width(0, 40)?;
    sheet.set_column_width(1, 100)?;
    for (row, (what, source)) in (0..).zip(about) {
        sheet.write_string_with_format(row, 0, what, &formats.heading)?;
        sheet.write_string(row, 1, source)?;
    }
    let mut file = tempfile::tempfile().context("no temporary file")?;
    book.save_to_writer(Stopping { file: &mut file, stop, is_said: false })?;
    Ok(read_back(file)?)
}

struct Formats {
    heading: Format,
    day: Format,
    moment: Format,
    number: Format,
    money: Format,
}

impl Formats {
    fn new(lang: Lang) -> Formats {
        let of = |code| Format::new().set_num_format(code);
        Formats {
            heading: Format::new().set_bold(),
            day: of("yyyy-mm-dd"),
            moment: of("yyyy-mm-dd hh:mm:ss"),
            number: of("#,##0"),
            money: of(lang.of("$#,##0.00", "#,##0.00\u{a0}$")),
        }
    }
}

fn write(sheet: &mut Worksheet, table: Table, formats: &Formats, stop: &Stop) -> anyhow::Result<()> {
    for (place, column) in (0..).zip(&table.columns) {
        sheet.set_column_width(place, width(column))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (place, column) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, place, &column.heading, &formats.heading)?;
    }
    let mut last = 0;
    for (row, cells) in (1_u32..).zip(table.rows) {
        anyhow::ensure!((row as usize) < MOST_ROWS, TooLong);
        anyhow::ensure!(!stop.is_set(), Stopped);
        last = row;
        for (place, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Number(number) => {
                    #[allow(clippy::cast_precision_loss)] // counts: far below 2^53
                    sheet.write_number_with_format(row, place, number as f64, &formats.number)?;
                }
                Cell::Day(day) => {
                    sheet.write_datetime_with_format(row, place, excel(day)?, &formats.day)?;
                }
                Cell::Moment(moment) => {
                    let (day, time) = (moment.date(), moment.time());
                    let seconds = f64::from(time.second());
                    let [hour, minute] = [time.hour(), time.minute()].map(|part| u16::try_from(part).unwrap_or(0));
                    let at = excel(day)?.and_hms(hour, u8::try_from(minute).unwrap_or(0), seconds)?;
                    sheet.write_datetime_with_format(row, place, at, &formats.moment)?;
                }
                Cell::Money(cents) => {
                    #[allow(clippy::cast_precision_loss)] // prices: far below 2^53 cents
                    sheet.write_number_with_format(row, place, cents as f64 / 100.0, &formats.money)?;
                }
                other => {
                    let text = other.plain();
                    let end = text.char_indices().nth(MOST_CHARACTERS).map_or(text.len(), |(end, _)| end);
                    sheet.write_string(row, place, &text[..end])?;
                }
            }
        }
    }
    let columns = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last, columns)?;
    Ok(())
}

fn excel(day: NaiveDate) -> anyhow::Result<ExcelDateTime> {
    let year = u16::try_from(day.year()).context("a year that no spreadsheet has")?;
    let [month, day] = [day.month(), day.day()].map(|part| u8::try_from(part).unwrap_or(1));
    Ok(ExcelDateTime::from_ymd(year, month, day)?)
}

fn width(column: &Column) -> f64 {
    match column.kind {
        Kind::Text => 30.0,
        Kind::Long => 60.0,
        Kind::Number | Kind::Short | Kind::Money => 16.0,
    }
}

/// A title as the name of a sheet: whole words of at most 31 characters, none of those that Excel refuses, and none twice.
fn sheet_name(title: &str, taken: &[String]) -> String {
    let allowed = |character: &char| !"[]:*?/\\'".contains(*character) && !character.is_control();
    let allowed: String = title.chars().filter(allowed).collect();
    let is_free =
        |name: &String| !name.is_empty() && !taken.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let name = cut(allowed.trim(), LONGEST_SHEET_NAME);
    if is_free(&name) {
        return name;
    }
    let numbered = (2..).map(|number: usize| {
        let number = number.to_string();
        format!("{} {number}", cut(allowed.trim(), LONGEST_SHEET_NAME - number.len() - 1))
    });
    numbered.into_iter().find(is_free).unwrap_or(name)
}

/// The words of a text that fit into so many characters; a single word that does not fit is cut.
fn cut(text: &str, most: usize) -> String {
    let Some((end, next)) = text.char_indices().nth(most) else { return text.to_owned() };
    let whole = if next == ' ' { Some(end) } else { text[..end].rfind(' ') };
    text[..whole.unwrap_or(end)].trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::Column;
    use super::*;

    /// A workbook that nobody waits for any more when this row is asked for; how many rows were.
    fn stopped_at(last: usize, rows: usize) -> (anyhow::Result<()>, usize) {
        let (stop, asked) = (Stop::default(), Arc::new(AtomicUsize::new(0)));
        let (leaver, counted) = (stop.clone(), Arc::clone(&asked));
        let mut table = Table::of("a", "A", "", vec![Column::new("a", "A", Kind::Text)], Vec::new());
        table.rows = Box::new((1..=rows + 1).map_while(move |row| {
            counted.store(row, Ordering::Relaxed);
            if row == last {
                leaver.set();
            }
            (row <= rows).then(|| vec![Cell::Text("a".to_owned())])
        }));
        let take = Take {
            lang: Lang::En,
            title: "A".to_owned(),
            about: String::new(),
            as_at: NaiveDate::default(),
            made_at: String::new(),
            version: None,
            is_bare: false,
            tables: vec![table],
        };
        let made = workbook(take, &stop).map(drop);
        (made, asked.load(Ordering::Relaxed))
    }

    #[test]
    fn a_workbook_that_nobody_waits_for_is_made_no_further() {
        for (last, rows) in [(1, 2_000), (700, 2_000), (2_001, 2_000)] {
            let (made, asked) = stopped_at(last, rows);
            assert!(made.is_err(), "it ends, among its rows or while it is packed");
            assert_eq!(asked, last);
        }
        assert!(stopped_at(0, 2_000).0.is_ok());
    }

    #[test]
    fn a_sheet_has_a_name_of_whole_words_that_excel_takes_and_no_other_sheet_has() {
        let taken = ["By month".to_owned(), "Renouvellements par trimestre".to_owned()];
        assert_eq!(sheet_name("By month", &taken), "By month 2");
        assert_eq!(sheet_name("A/B: [what] changed?", &taken), "AB what changed");
        assert_eq!(sheet_name("Renouvellements par trimestre financier", &[]), "Renouvellements par trimestre");
        assert_eq!(
            sheet_name("Renouvellements par trimestre de l’exercice", &taken),
            "Renouvellements par trimestre 2"
        );
        assert_eq!(sheet_name(&"é".repeat(40), &[]).chars().count(), 31);
        assert_eq!(sheet_name("??", &[]), " 2");
    }
}
