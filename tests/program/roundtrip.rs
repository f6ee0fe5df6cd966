//! Any table at all comes back from its file as it went in, and no bytes at all break the readers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use image_catalogue::catalogue::Status;
use image_catalogue::fields::Label;
use image_catalogue::files::{FileRow, Format, MarkdownPieces, OutRow, RowSource, RowTable, read};
use image_catalogue::i18n::Lang;
use image_catalogue::web::csv::{CsvOptions, Separator};
use image_catalogue::web::table::{FileFormat, Table, Take, text_pieces};
use proptest::prelude::*;

use crate::support::PAGE;

#[derive(Clone, Debug)]
struct Line {
    name: String,
    department: String,
    date: Option<NaiveDate>,
    labels: Vec<Option<String>>,
    status: Status,
    notes: Option<String>,
}

fn cell() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "|",
        "\\|",
        "*b*",
        "_i_",
        "`c`",
        "<br>",
        "<b>",
        "&amp;",
        "&",
        "\\",
        "[x](y)",
        "![a](b)",
        "'",
        "''",
        "=1",
        "+",
        "-",
        "@",
        "＝",
        "\"",
        ",",
        ";",
        "#",
        "é",
        "’",
        "日本",
        "🦀",
        "https://x.example",
        "1.",
        "~~s~~",
        "a  b",
        "<!-- -->",
    ]);
    prop::collection::vec(prop_oneof![2 => "[a-zA-Z0-9 .()/-]{1,8}", 1 => odd.prop_map(str::to_owned)], 1..5)
        .prop_map(|parts| parts.concat().trim().to_owned())
        .prop_filter("not empty", |text| !text.is_empty())
}

fn line() -> impl Strategy<Value = Line> {
    let date = prop::option::of(
        (2000..2199_i32, 1..=365_u32).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).unwrap()),
    );
    let notes =
        prop::option::of(prop_oneof![4 => cell(), 1 => (cell(), cell()).prop_map(|(a, b)| format!("{a}\n{b}"))]);
    let status = prop::sample::select(Status::ALL.to_vec());
    let labels = prop::collection::vec(prop::option::of(cell()), Label::COUNT);
    (cell(), cell(), date, labels, status, notes).prop_map(|(name, department, date, labels, status, notes)| Line {
        name,
        department,
        date,
        labels,
        status,
        notes,
    })
}

/// Lines that differ in image or department.
fn table() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(line(), 1..8).prop_map(|mut lines| {
        let key = |line: &Line| (image_catalogue::text::key(&line.name), image_catalogue::text::key(&line.department));
        let mut seen = Vec::new();
        lines.retain(|line| {
            !seen.contains(&key(line)) && {
                seen.push(key(line));
                true
            }
        });
        lines.sort_by_key(|line| line.status);
        lines
    })
}

fn out(line: &Line) -> OutRow<'_> {
    OutRow {
        name: &line.name,
        renewal_date: line.date,
        department: &line.department,
        labels: Label::ALL.map(|label| line.labels[label as usize].as_deref()),
        status: line.status,
        notes: line.notes.as_deref(),
        extra: None,
        markdown: None,
    }
}

struct Lines<'l>(&'l [Line]);

impl RowSource for Lines<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn row(&self, place: usize) -> OutRow<'_> {
        out(&self.0[place])
    }
}

fn check(rows: &[FileRow], lines: &[Line]) -> Result<(), TestCaseError> {
    prop_assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(lines) {
        prop_assert_eq!(&row.name, &line.name);
        prop_assert_eq!(&row.department, &line.department);
        prop_assert_eq!(row.status, Some(line.status));
        prop_assert_eq!(row.renewal_date, Some(line.date));
        let labels = row.labels.clone().map(Option::flatten).to_vec();
        prop_assert_eq!(&labels, &line.labels);
        prop_assert_eq!(row.notes.clone().flatten(), line.notes.clone());
        prop_assert_eq!(&row.extra, &BTreeMap::new());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_table_comes_back_from_csv(lines in table(), french in any::<bool>(), bom in any::<bool>(), semicolon in any::<bool>()) {
        let lang = if french { Lang::Fr } else { Lang::En };
        let separator = if semicolon { Separator::Semicolon } else { Separator::Comma };
        let words = RowTable::as_published(lang, &Label::ALL[1..]);
        let rows = lines.iter().map(|line| words.cells(&out(line))).collect();
        let table = Table::of("rows", "", "", words.columns(), rows);
        let whole = Take::made(lang, "", NaiveDate::default(), DateTime::default(), vec![table]);
        let text: Vec<u8> = text_pieces(whole, FileFormat::Csv, CsvOptions { bom, separator }).flatten().collect();
        let file = read(&text, None, Some("rows.csv")).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        prop_assert_eq!(file.language, lang);
        check(&file.rows, &lines)?;
    }

    #[test]
    fn any_table_comes_back_from_markdown(lines in table(), french in any::<bool>()) {
        let lang = if french { Lang::Fr } else { Lang::En };
        let text = MarkdownPieces::new(Lines(&lines), lang).whole();
        let file = read(&text, None, Some("rows.md"))
            .map_err(|problems| TestCaseError::fail(format!("{problems:?}\n{}", String::from_utf8_lossy(&text))))?;
        check(&file.rows, &lines)?;
    }

    #[test]
    fn no_bytes_break_the_readers(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [None, Some(Format::Csv), Some(Format::Markdown)] {
            let _ = read(&bytes, format, None);
        }
    }

    #[test]
    fn no_damage_to_the_page_breaks_the_reader(at in 0..PAGE.len(), length in 0..300_usize, text in "[|\\\\\n\"# -]{0,20}") {
        let mut bytes = PAGE.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, text.bytes());
        for format in [Format::Csv, Format::Markdown] {
            if let Err(problems) = read(&bytes, Some(format), None) {
                prop_assert!(problems.iter().all(|problem| !problem.in_words(Lang::Fr).contains('⟦')));
            }
        }
    }
}
