//! Reading and writing files, for any table and any bytes: what is written reads back, and nothing panics.

use std::collections::{BTreeMap, HashSet};

use chrono::{Days, NaiveDate};
use image_catalogue::catalogue::Status;
use image_catalogue::catalogue::files::{
    CsvOptions, CsvWriter, FileRow, Format, MarkdownWriter, OutRow, RowFile, Separator, read,
};
use image_catalogue::catalogue::import::PUBLISHED_PAGE;
use image_catalogue::i18n::Lang;
use image_catalogue::text::key;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What is hard to tell from words in Markdown, HTML, CSV and spreadsheets.
const MARKS: &str = "|·*·**·_·`·``·\\·\\|·\\\\·[·](·)·<·>·<br>·</b>·<!-- x -->·&·&amp;·&lt;·&#124;·!·#·~·~~·:·$·[^1]·1.·---·:-·\
    \"·\"\"·,·;·'·=·+·-·@· ·  ·\u{a0}·a·é·’·日本·🐧·https://example.org/a_b_c·www.example.org·a@example.org";

/// A row without its place in a file.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    name: String,
    renewal_date: Option<NaiveDate>,
    department: String,
    kind: Option<String>,
    status: Status,
    notes: Option<String>,
    extra: BTreeMap<String, String>,
}

impl Row {
    fn out(&self) -> OutRow<'_> {
        OutRow {
            name: &self.name,
            renewal_date: self.renewal_date,
            department: &self.department,
            kind: self.kind.as_deref(),
            status: self.status,
            notes: self.notes.as_deref(),
            extra: Some(&self.extra),
            markdown: None,
        }
    }
}

impl From<FileRow> for Row {
    fn from(row: FileRow) -> Row {
        Row {
            name: row.name,
            renewal_date: row.renewal_date.flatten(),
            department: row.department,
            kind: row.kind.flatten(),
            status: row.status.expect("a status"),
            notes: row.notes.flatten(),
            extra: row.extra.into_iter().filter(|(_, cell)| !cell.is_empty()).collect(),
        }
    }
}

/// A cell of words, marks of Markdown and CSV, what looks like HTML or a formula, and any visible letters.
fn cell() -> impl Strategy<Value = String> {
    let marks: Vec<&str> = MARKS.split('·').collect();
    let part = prop_oneof![4 => select(marks).prop_map(str::to_owned), 1 => "\\PC{0,4}", 1 => "[a-z]{1,6}"];
    vec(part, 1..6).prop_map(|parts| parts.concat().trim().to_owned())
}

fn filled() -> impl Strategy<Value = String> {
    cell().prop_map(|text| if key(&text).is_empty() { format!("x{text}x") } else { text })
}

fn optional(cell: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    proptest::option::of(cell).prop_map(|cell| cell.filter(|text| !text.is_empty()))
}

/// Notes may have several lines.
fn notes() -> impl Strategy<Value = String> {
    vec(cell(), 1..3).prop_map(|lines| lines.join("\n").trim().to_owned())
}

fn row() -> impl Strategy<Value = Row> {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");
    let date = (0u64..70_000).prop_map(move |days| first + Days::new(days));
    let extra = btree_map(select(&["Owner", "Cost | year", "Été *2*"][..]).prop_map(str::to_owned), cell(), 0..3);
    let date = proptest::option::of(date);
    (filled(), date, filled(), optional(cell()), select(&Status::ALL[..]), optional(notes()), extra).prop_map(
        |(name, renewal_date, department, kind, status, notes, extra)| {
            let extra = extra.into_iter().filter(|(_, cell)| !cell.is_empty()).collect();
            Row { name, renewal_date, department, kind, status, notes, extra }
        },
    )
}

/// Rows of different images or departments, in the order in which tables show them.
fn table() -> impl Strategy<Value = Vec<Row>> {
    vec(row(), 1..12).prop_map(|mut rows| {
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert((key(&row.name), key(&row.department))));
        rows.sort_by_key(|row| row.status);
        rows
    })
}

fn lang() -> impl Strategy<Value = Lang> {
    select(&Lang::BOTH[..])
}

fn markdown(rows: &[Row], lang: Lang) -> Vec<u8> {
    let mut writer = MarkdownWriter::new(lang);
    rows.iter().for_each(|row| writer.row(&row.out()));
    writer.finish()
}

fn rows(file: RowFile) -> Vec<Row> {
    file.rows.into_iter().map(Row::from).collect()
}

/// Reads bytes in every way; tells every problem in both languages.
fn read_anyhow(bytes: &[u8]) {
    for format in [None, Some(Format::Markdown), Some(Format::Csv)] {
        if let Err(problems) = read(bytes, format, Some("rows.txt")) {
            assert!(!problems.is_empty());
            for problem in problems {
                assert!(Lang::BOTH.iter().all(|lang| !problem.in_words(*lang).is_empty()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_written_as_markdown_reads_back(wanted in table(), lang in lang()) {
        let written = markdown(&wanted, lang);
        let file = read(&written, Some(Format::Markdown), None);
        let text = String::from_utf8_lossy(&written);
        let file = file.map_err(|problems| TestCaseError::fail(format!("{problems:?}\n{text}")))?;
        prop_assert_eq!(file.language, lang);
        prop_assert_eq!(rows(file), wanted, "{}", text);
    }

    #[test]
    fn any_table_written_as_csv_reads_back(wanted in table(), lang in lang(), bom: bool, semicolon: bool) {
        let separator = if semicolon { Separator::Semicolon } else { Separator::Comma };
        let mut writer = CsvWriter::new(lang, CsvOptions { bom, separator });
        let wanted: Vec<Row> = wanted.into_iter().map(|row| Row { extra: BTreeMap::new(), ..row }).collect();
        wanted.iter().for_each(|row| writer.row(&row.out()));
        let written = writer.take();
        let file = read(&written, None, Some("rows.csv"));
        let text = String::from_utf8_lossy(&written);
        let file = file.map_err(|problems| TestCaseError::fail(format!("{problems:?}\n{text}")))?;
        prop_assert_eq!(file.language, lang);
        prop_assert_eq!(rows(file), wanted, "{}", text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..400)) {
        read_anyhow(&bytes);
    }

    #[test]
    fn any_text_under_a_header_is_read_or_refused(
        header in select(&["| Image name | Department |\n|---|---|\n", "Image name;Department\n"][..]),
        text in "(?s).{0,200}",
    ) {
        read_anyhow(format!("## Procured\n\n{header}{text}").as_bytes());
        read_anyhow(format!("{header}{text}").as_bytes());
    }

    #[test]
    fn a_damaged_page_is_read_or_refused_and_what_is_read_can_be_written(
        damages in vec((any::<Index>(), 0usize..30, select(&["", "|", "\n", "\\", "`", "**", "<br>", "\u{0}", "é"][..])), 1..8),
    ) {
        let mut page = PUBLISHED_PAGE.as_bytes().to_vec();
        for (place, length, put) in damages {
            let at = place.index(page.len());
            let end = (at + length).min(page.len());
            page.splice(at..end, put.bytes());
        }
        read_anyhow(&page);
        if let Ok(file) = read(&page, Some(Format::Markdown), None) {
            let lang = file.language;
            let mut found = rows(file);
            found.sort_by_key(|row| row.status);
            let again = read(&markdown(&found, lang), Some(Format::Markdown), None);
            prop_assert_eq!(rows(again.map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?), found);
        }
    }
}
