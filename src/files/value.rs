//! What a cell may hold, column by column.

use chrono::NaiveDate;

use crate::catalogue::Status;
use crate::clock;
use crate::fields::{Field, Shape};
use crate::files::cell::Cell;
use crate::files::column::Column;
use crate::files::{FileRow, Problem, ProblemKind};
use crate::i18n::Lang;
use crate::text::{key, unseen, words};

/// What spreadsheets and programs write after a day that has no time.
const MIDNIGHTS: &[&str] = &[" 00:00:00", "T00:00:00Z", "T00:00:00", " 00:00", "T00:00:00.000Z"];
/// How long cells may be, in characters.
const LONGEST_NAME: usize = 200;
const LONGEST_CODE: usize = 100;
const LONGEST_NOTES: usize = 10_000;

/// What is written where no date is known.
const UNKNOWN_DATES: &[&str] =
    &["tbd", "tba", "tbc", "to be determined", "to be confirmed", "a determiner", "a confirmer", "n a", "s o"];

/// What a text typed by a person is, and so how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Name,
    Notes,
}

/// Holds a text that a person typed to what a cell may hold.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_text(text: &str, limit: Limit, lang: Lang) -> Result<(), String> {
    let (column, most) = match limit {
        Limit::Name => (Column::Name, LONGEST_NAME),
        Limit::Notes => (Column::Notes, LONGEST_NOTES),
    };
    check_words(&lang.t(column.words()), text, most, limit == Limit::Notes, lang)
}

/// Holds what a person typed into a field of a line to what it may hold.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_field(field: &Field, text: &str, lang: Lang) -> Result<(), String> {
    match field.shape {
        Shape::Text(most) => check_words(&lang.t(&field.words()), text, most, false, lang),
        _ => check_text(text, Limit::Notes, lang),
    }
}

/// Holds a text that a person typed to so many characters, none of them unseen; a long one may have several lines.
///
/// # Errors
/// A sentence that says what is wrong with the text called `label`.
pub fn check_words(label: &str, text: &str, most: usize, is_long: bool, lang: Lang) -> Result<(), String> {
    let checked = length(label, text, most).and_then(|()| characters(text, is_long));
    checked.map_err(|kind| Problem { line: None, kind }.in_words(lang))
}

/// Puts a cell into its row.
pub fn put(row: &mut FileRow, column: Result<&Column, &String>, cell: &Cell) -> Result<(), ProblemKind> {
    let text = cell.text.as_str();
    let optional = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    match column {
        Ok(column) => {
            check(text, *column)?;
            match column {
                Column::Name => text.clone_into(&mut row.name),
                Column::Department => text.clone_into(&mut row.department),
                Column::Renewal => row.renewal_date = Some(date(text)?),
                Column::Label(label) => row.labels[*label as usize] = Some(optional(text)),
                Column::Status => row.status = status(text)?.or(row.status),
                Column::Notes => row.notes = Some(optional(text)),
            }
            if let Some(markup) = &cell.markup {
                row.markdown.push((*column, markup.clone()));
            }
        }
        Err(heading) => {
            characters(text, true)?;
            length(heading, text, LONGEST_NOTES)?;
            row.extra.insert(heading.clone(), text.to_owned());
        }
    }
    Ok(())
}

fn check(text: &str, column: Column) -> Result<(), ProblemKind> {
    let (most, is_required) = match column {
        Column::Name | Column::Department => (LONGEST_NAME, true),
        Column::Label(label) => (label.most, false),
        Column::Status | Column::Renewal => (LONGEST_CODE, false),
        Column::Notes => (LONGEST_NOTES, false),
    };
    if text.is_empty() && is_required {
        return Err(ProblemKind::Missing { column });
    }
    length(column.code(), text, most)?;
    if column != Column::Notes && text.contains('\n') {
        return Err(ProblemKind::LineBreak { column });
    }
    characters(text, column == Column::Notes)
}

fn length(column: &str, text: &str, most: usize) -> Result<(), ProblemKind> {
    if text.len() <= most {
        return Ok(());
    }
    let length = text.chars().count();
    if length <= most { Ok(()) } else { Err(ProblemKind::TooLong { column: column.to_owned(), length, most }) }
}

/// Refuses characters that nobody sees: controls, and those that turn the direction of writing.
fn characters(text: &str, is_long: bool) -> Result<(), ProblemKind> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_control()) {
        return Ok(());
    }
    match unseen(text, is_long) {
        Some(character) => Err(ProblemKind::Character { character }),
        None => Ok(()),
    }
}

/// A date, or none where the cell says that it is not known. The year stands first, as ISO 8601 and most exports write it,
/// with whatever stands between the numbers; a time of day has to be midnight.
fn date(text: &str) -> Result<Option<NaiveDate>, ProblemKind> {
    let plain: String = text.chars().map(|letter| if is_date_separator(letter) { '-' } else { letter }).collect();
    let day = MIDNIGHTS.iter().find_map(|time| plain.strip_suffix(time)).unwrap_or(&plain);
    let is_date = day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date && let Some(date) = clock::day(day) {
        return Ok(Some(date));
    }
    if ["", "-", "–", "—"].contains(&text) {
        return Ok(None);
    }
    if UNKNOWN_DATES.contains(&&*words(text).join(" ")) && !text.contains(|letter: char| letter.is_ascii_digit()) {
        return Ok(None);
    }
    Err(ProblemKind::Date { text: text.to_owned() })
}

/// A slash, or one of the hyphens and dashes that word processors put for `-`.
fn is_date_separator(letter: char) -> bool {
    matches!(letter, '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}')
}

/// The status that a word in either language means; none for an empty cell.
pub fn status(text: &str) -> Result<Option<Status>, ProblemKind> {
    let status = match key(text).replace(['_', '-'], " ").as_str() {
        "" => return Ok(None),
        "procured" | "acquise" | "acquis" => Status::Procured,
        "under consideration" | "a l'etude" | "potential" => Status::UnderConsideration,
        "declined" | "refusee" | "refuse" => Status::Declined,
        "retired" | "retiree" | "retire" => Status::Retired,
        _ => return Err(ProblemKind::Status { text: text.to_owned() }),
    };
    Ok(Some(status))
}
