//! A row held against its base: what the same source said of it before, what the catalogue has now, what the file says.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use crate::fields::{Fields, LINE, Label};
use crate::files::{FileRow, Format};
use crate::i18n::Lang;

/// What becomes of a field on which file and catalogue differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The file changed it, nobody here did.
    Changed,
    /// Changed here; the file says what it said before.
    Kept,
    /// Changed there and here, or here where nothing tells what the file said before.
    Conflict,
}

/// A field on which the file and the catalogue differ.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldVerdict {
    /// As in the record.
    pub name: &'static str,
    pub outcome: Outcome,
    /// What the source said before; none where nobody knows.
    pub base: Option<Value>,
    pub ours: Value,
    pub theirs: Value,
    /// The values that remain where the file's is taken, and where the catalogue's is.
    pub taken: Value,
    pub left: Value,
}

/// What a row of a file says. A column that the file does not have is not among it.
pub fn said(row: &FileRow, language: Lang, format: Format) -> Fields {
    let mut said = Fields::new();
    let mut say = |name: &str, value: Value| said.insert(name.to_owned(), value);
    say("name", json!(row.name));
    say("department", json!(row.department));
    if let Some(status) = row.status {
        say("status", json!(status.code()));
    }
    if let Some(date) = row.renewal_date {
        say("renewal_date", json!(date));
    }
    for (label, text) in Label::ALL.into_iter().zip(&row.labels) {
        if let Some(text) = text {
            say(label.name, json!(text));
        }
    }
    if let Some(notes) = &row.notes {
        say(language.of("notes_en", "notes_fr"), json!(notes));
    }
    if !row.extra.is_empty() {
        say("extra", json!(row.extra));
    }
    if format == Format::Markdown {
        let markup: BTreeMap<String, &String> =
            row.markdown.iter().map(|(column, cell)| (column.to_string(), cell)).collect();
        say("markup", json!(markup));
    }
    said
}

/// What a row is held against.
pub struct Sides<'a> {
    pub base: Option<&'a Fields>,
    pub ours: &'a Fields,
    /// Fields that a person decided here, where no base tells.
    pub decided: Option<&'a HashSet<String>>,
    /// The file only spells the department as the program does in files.
    pub is_exported_department: bool,
    /// The row has another name of its image than the present one, so that its name says nothing against that.
    pub is_other_name: bool,
    /// The revision is older than the last one: nothing of it is taken unasked.
    pub is_older: bool,
}

impl Sides<'_> {
    /// Every field on which the file and the catalogue differ.
    pub fn verdicts(&self, theirs: &Fields) -> Vec<FieldVerdict> {
        let said = LINE.iter().filter(|field| field.in_files);
        let told = said.filter_map(|field| Some((field.name, theirs.get(field.name)?)));
        told.filter_map(|(name, theirs)| match name {
            "extra" => self.extra(theirs),
            "markup" => self.markup(theirs),
            _ => self.field(name, theirs),
        })
        .collect()
    }

    fn field(&self, name: &'static str, theirs: &Value) -> Option<FieldVerdict> {
        let ours = self.ours.get(name).cloned().unwrap_or_default();
        if is_said(name, theirs, self.ours) || (name == "department" && self.is_exported_department) {
            return None;
        }
        let base = self.base.and_then(|base| base.get(name));
        if name == "name" && self.is_other_name && base.is_none() {
            return None;
        }
        let is_as_before = self.base.is_some_and(|base| base.contains_key(name) && is_said(name, theirs, base));
        let outcome = self.outcome(name, base.map(|base| (is_as_before, *base == ours)));
        Some(FieldVerdict {
            name,
            outcome,
            base: base.cloned(),
            taken: if outcome == Outcome::Kept { ours.clone() } else { theirs.clone() },
            left: if outcome == Outcome::Changed { theirs.clone() } else { ours.clone() },
            ours,
            theirs: theirs.clone(),
        })
    }

    /// With a base: whether the file says what it said before, and whether the catalogue has that still.
    fn outcome(&self, name: &str, base: Option<(bool, bool)>) -> Outcome {
        let outcome = match base {
            Some((true, _)) => Outcome::Kept,
            Some((false, false)) => Outcome::Conflict,
            None if self.decided.is_some_and(|decided| decided.contains(name)) => Outcome::Conflict,
            Some((false, true)) | None => Outcome::Changed,
        };
        if self.is_older && outcome == Outcome::Changed { Outcome::Conflict } else { outcome }
    }

    /// Columns that the catalogue does not know, heading by heading. A row that never had one comes out of a file with an
    /// empty cell in it: that is no change.
    fn extra(&self, theirs: &Value) -> Option<FieldVerdict> {
        let cells = |fields: Option<&Fields>| fields.and_then(|fields| fields.get("extra")?.as_object().cloned());
        let (base, ours) = (cells(self.base), cells(Some(self.ours)).unwrap_or_default());
        let (mut taken, mut left, mut outcomes) = (ours.clone(), ours.clone(), Vec::new());
        for (heading, cell) in theirs.as_object()? {
            let held = ours.get(heading);
            if held == Some(cell) || (held.is_none() && cell == "") {
                continue;
            }
            let before = base.as_ref().and_then(|base| base.get(heading));
            let outcome = self.outcome("extra", before.map(|before| (before == cell, Some(before) == held)));
            if outcome != Outcome::Kept {
                taken.insert(heading.clone(), cell.clone());
            }
            if outcome == Outcome::Changed {
                left.insert(heading.clone(), cell.clone());
            }
            outcomes.push(outcome);
        }
        let outcome =
            [Outcome::Conflict, Outcome::Changed, Outcome::Kept].into_iter().find(|one| outcomes.contains(one))?;
        Some(FieldVerdict {
            name: "extra",
            outcome,
            base: base.map(Value::Object),
            ours: Value::Object(ours),
            theirs: theirs.clone(),
            taken: Value::Object(taken),
            left: Value::Object(left),
        })
    }

    /// How cells are marked up: a cell marked up otherwise than before is taken. It is never a conflict: it shows only
    /// where it still means what the cell says.
    fn markup(&self, theirs: &Value) -> Option<FieldVerdict> {
        let cells = |fields: &Fields| fields.get("markup").and_then(Value::as_object).cloned();
        let (base, ours) = (self.base.and_then(cells), cells(self.ours).unwrap_or_default());
        let theirs = theirs.as_object()?;
        let mut taken = ours.clone();
        let columns: BTreeSet<&String> =
            theirs.keys().chain(ours.keys()).chain(base.iter().flat_map(Map::keys)).collect();
        for column in columns {
            if base.as_ref().is_some_and(|base| base.get(column) == theirs.get(column)) {
                continue;
            }
            match theirs.get(column) {
                Some(cell) => taken.insert(column.clone(), cell.clone()),
                None => taken.remove(column),
            };
        }
        (taken != ours && !self.is_older).then(|| FieldVerdict {
            name: "markup",
            outcome: Outcome::Changed,
            base: base.map(Value::Object),
            ours: Value::Object(ours),
            theirs: Value::Object(theirs.clone()),
            left: Value::Object(taken.clone()),
            taken: Value::Object(taken),
        })
    }
}

/// Whether a row says what its source said before.
pub fn says_the_same(said: &Fields, base: &Fields) -> bool {
    said.iter().filter(|(name, _)| *name != "markup").all(|(name, value)| is_said(name, value, base))
}

/// Whether a value is what is said there already. Where a language has no notes, files show the other's.
fn is_said(name: &str, value: &Value, there: &Fields) -> bool {
    let held = there.get(name).unwrap_or(&Value::Null);
    let other = match name {
        "notes_en" => there.get("notes_fr"),
        "notes_fr" => there.get("notes_en"),
        _ => None,
    };
    value == held || (held.is_null() && other == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
    }

    #[test]
    fn for_all_edits_here_and_there_what_was_changed_here_stays_unless_both_changed_it() {
        let values = ["a", "b", "c"];
        for before in values {
            for here in values {
                for there in values {
                    let (base, ours, theirs) =
                        (fields(&[("type", before)]), fields(&[("type", here)]), fields(&[("type", there)]));
                    let sides = Sides {
                        base: Some(&base),
                        ours: &ours,
                        decided: None,
                        is_exported_department: false,
                        is_other_name: false,
                        is_older: false,
                    };
                    let expected = match (here == before, there == before) {
                        _ if here == there => None,
                        (_, true) => Some((Outcome::Kept, here, here)),
                        (true, false) => Some((Outcome::Changed, there, there)),
                        (false, false) => Some((Outcome::Conflict, there, here)),
                    };
                    let found = sides.verdicts(&theirs);
                    let found = found.first().map(|one| {
                        (
                            one.outcome,
                            one.taken.as_str().unwrap_or_default().to_owned(),
                            one.left.as_str().unwrap_or_default().to_owned(),
                        )
                    });
                    let expected = expected.map(|(outcome, taken, left)| (outcome, taken.to_owned(), left.to_owned()));
                    assert_eq!(found, expected, "{before} {here} {there}");
                }
            }
        }
    }

    #[test]
    fn notes_of_the_other_language_in_a_file_are_no_change() {
        let ours = fields(&[("notes_en", "English")]);
        let sides = Sides {
            base: None,
            ours: &ours,
            decided: None,
            is_exported_department: false,
            is_other_name: false,
            is_older: false,
        };
        assert!(sides.verdicts(&fields(&[("notes_fr", "English")])).is_empty());
        assert_eq!(sides.verdicts(&fields(&[("notes_fr", "Français")])).len(), 1);
    }
}
