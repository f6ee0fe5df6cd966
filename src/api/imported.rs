//! What a program is told of a file that it brought in.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::files::FileRow;
use crate::i18n::Lang;
use crate::imports::{FieldVerdict, ImageChoice, Missing, Named, Outcome, Report, Row, Verdict};

/// Rows that an answer lists at most; all are counted.
pub const MOST_ROWS: usize = 1_000;

/// What a file changes.
#[derive(Serialize, ToSchema)]
pub struct Imported {
    /// The act in the record; none where nothing changed or was to be written.
    #[schema(required)]
    change_set: Option<i64>,
    new: usize,
    changed: usize,
    /// Changed here, and the file says what it said before: left alone.
    kept: usize,
    /// Changed in the file and here.
    conflict: usize,
    same: usize,
    missing: usize,
    /// The file is older than the last revision that was brought in.
    older: bool,
    rows: Vec<ImportedRow>,
    names: Vec<ImportedName>,
    missing_rows: Vec<MissingRow>,
    new_departments: Vec<String>,
    remarks: Vec<String>,
}

/// A row of the file that is not the same as in the catalogue.
#[derive(Serialize, ToSchema)]
pub struct ImportedRow {
    line: usize,
    name: String,
    department: String,
    #[schema(inline)]
    verdict: VerdictCode,
    /// The present name of its image, where the row has another name of it.
    #[schema(required)]
    called: Option<String>,
    /// It is not written before somebody says which image its name means.
    open: bool,
    /// The fields on which the file and the catalogue differ, as the record names them.
    fields: Vec<&'static str>,
    values: Vec<ImportedField>,
}

/// A name of the file that is no image's present one.
#[derive(Serialize, ToSchema)]
pub struct ImportedName {
    name: String,
    /// Somebody has to say which image is meant.
    open: bool,
    /// What `image` can say of it.
    choices: Vec<String>,
    /// What it said.
    #[schema(required)]
    chosen: Option<String>,
}

/// A field on which the file and the catalogue differ, with its values.
#[derive(Serialize, ToSchema)]
pub struct ImportedField {
    field: &'static str,
    #[schema(inline)]
    verdict: VerdictCode,
    /// What the last import said; none where nobody knows.
    #[schema(required)]
    base: Option<Value>,
    /// What the catalogue has.
    #[schema(required)]
    catalogue: Option<Value>,
    /// What the file says.
    #[schema(required)]
    file: Option<Value>,
}

/// What becomes of a row or a field.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerdictCode {
    New,
    Changed,
    Kept,
    Conflict,
}

/// A row of the catalogue that the file does not have: it is left alone.
#[derive(Serialize, ToSchema)]
pub struct MissingRow {
    name: String,
    department: String,
}

impl ImportedRow {
    /// A row that says something; what is the same is only counted.
    fn new(row: Row) -> Option<ImportedRow> {
        let verdict = match row.verdict {
            Verdict::New => VerdictCode::New,
            Verdict::Changed => VerdictCode::Changed,
            Verdict::Kept => VerdictCode::Kept,
            Verdict::Conflict => VerdictCode::Conflict,
            Verdict::Same => return None,
        };
        let fields = row.fields.iter().map(|field| field.name).collect();
        let Row { file, called, is_open: open, fields: differing, .. } = row;
        let FileRow { line, name, department, .. } = file;
        let values = differing.into_iter().map(ImportedField::new).collect();
        let called = called.map(Into::into);
        Some(ImportedRow { line, name, department, verdict, called, open, fields, values })
    }
}

impl ImportedName {
    fn new(named: Named) -> ImportedName {
        let (choices, chosen) = (named.options(), named.choice.as_ref().map(ImageChoice::text));
        ImportedName { name: named.name, open: named.is_open, choices, chosen }
    }
}

impl ImportedField {
    fn new(field: FieldVerdict) -> ImportedField {
        ImportedField {
            field: field.name,
            verdict: match field.outcome {
                Outcome::Changed => VerdictCode::Changed,
                Outcome::Kept => VerdictCode::Kept,
                Outcome::Conflict => VerdictCode::Conflict,
            },
            base: field.base,
            catalogue: Some(field.ours).filter(|value| !value.is_null()),
            file: Some(field.theirs).filter(|value| !value.is_null()),
        }
    }
}

impl MissingRow {
    fn new(row: Missing, lang: Lang) -> MissingRow {
        MissingRow { department: row.department(lang).to_owned(), name: row.name }
    }
}

impl Imported {
    pub fn new(report: Report, lang: Lang) -> Imported {
        let [new, changed, conflict, kept, same] = Verdict::ALL.map(|verdict| report.count(verdict));
        let missing = report.missing.len();
        let remarks = report.notes(lang);
        let missing_rows = report.missing.into_iter().take(MOST_ROWS);
        let rows = report.rows.into_iter().filter_map(ImportedRow::new);
        Imported {
            change_set: report.change_set,
            new,
            changed,
            kept,
            conflict,
            same,
            missing,
            older: report.is_older,
            rows: rows.take(MOST_ROWS).collect(),
            names: report.named.into_iter().take(MOST_ROWS).map(ImportedName::new).collect(),
            missing_rows: missing_rows.map(|row| MissingRow::new(row, lang)).collect(),
            new_departments: report.new_departments,
            remarks: remarks.into_iter().take(MOST_ROWS).collect(),
        }
    }
}
