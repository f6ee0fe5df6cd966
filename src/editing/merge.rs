//! Two people change one image: what each changed since the form was opened, put together field by field.

use serde_json::Value;

use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::fields::{Fields, describe, parse};

/// A field that both changed, each otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The line; none for the image's own fields.
    pub line: Option<i64>,
    pub field: String,
    pub base: Value,
    pub theirs: Value,
    pub mine: Value,
}

/// A sheet with what both changed; where both changed a field it has what was sent last.
#[derive(Debug)]
pub struct Merged {
    pub image_record: ImageRecord,
    pub collisions: Vec<Collision>,
}

/// Puts together what one sent (`mine`) and what others wrote meanwhile (`current`), both made from `base`.
///
/// # Errors
/// Never for the fields of sheets: they are plain values.
pub fn merge(base: &ImageRecord, mine: &ImageRecord, current: &ImageRecord) -> anyhow::Result<Merged> {
    let mut collisions = Vec::new();
    let image =
        fields(&describe(&base.image)?, &describe(&mine.image)?, &describe(&current.image)?, None, &mut collisions);
    let mut image_record = ImageRecord { id: current.id, image: parse(image)?, lines: Vec::new() };
    let at = |image_record: &ImageRecord, id: i64| image_record.lines.iter().find(|line| line.id == id).cloned();
    for line in &current.lines {
        let merged = match (at(base, line.id), at(mine, line.id)) {
            (Some(base), Some(mine)) => {
                let merged = fields(
                    &describe(&base.fields)?,
                    &describe(&mine.fields)?,
                    &describe(&line.fields)?,
                    Some(line.id),
                    &mut collisions,
                );
                LineRecord { fields: parse(merged)?, ..line.clone() }
            }
            _ => line.clone(),
        };
        image_record.lines.push(merged);
    }
    let is_new =
        |line: &&LineRecord| line.id == 0 && !current.lines.iter().any(|held| held.organisation == line.organisation);
    image_record.lines.extend(mine.lines.iter().filter(is_new).cloned());
    Ok(Merged { image_record, collisions })
}

fn fields(
    base: &Fields,
    mine: &Fields,
    current: &Fields,
    line: Option<i64>,
    collisions: &mut Vec<Collision>,
) -> Fields {
    let mut merged = current.clone();
    for (name, value) in mine {
        let (base, theirs) = (base.get(name).unwrap_or(&Value::Null), current.get(name).unwrap_or(&Value::Null));
        if value == base || value == theirs {
            continue;
        }
        if theirs != base {
            collisions.push(Collision {
                line,
                field: name.clone(),
                base: base.clone(),
                theirs: theirs.clone(),
                mine: value.clone(),
            });
        }
        merged.insert(name.clone(), value.clone());
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{ImageFields, LineFields, Status};

    fn image_record(name: &str, notes: &str, status: Status) -> ImageRecord {
        let fields = LineFields { notes_en: Some(notes.to_owned()), status, ..LineFields::default() };
        ImageRecord {
            id: 1,
            image: ImageFields { name: name.to_owned(), ..ImageFields::default() },
            lines: vec![LineRecord { id: 7, organisation: 3, fields }],
        }
    }

    #[test]
    fn what_two_changed_apart_stands_together() {
        let base = image_record("a", "note", Status::Procured);
        let merged = merge(
            &base,
            &image_record("b", "note", Status::Procured),
            &image_record("a", "other note", Status::Procured),
        )
        .expect("merged");
        assert_eq!(merged.collisions, []);
        assert_eq!(merged.image_record, image_record("b", "other note", Status::Procured));
    }

    #[test]
    fn what_two_changed_otherwise_is_told_and_the_last_words_are_kept() {
        let base = image_record("a", "note", Status::Procured);
        let merged =
            merge(&base, &image_record("a", "mine", Status::Procured), &image_record("a", "theirs", Status::Retired))
                .expect("merged");
        assert_eq!(merged.image_record, image_record("a", "mine", Status::Retired));
        let told: Vec<_> = merged.collisions.iter().map(|one| (one.line, one.field.as_str())).collect();
        assert_eq!(told, [(Some(7), "notes_en")]);
    }

    #[test]
    fn the_same_change_made_twice_collides_with_nothing() {
        let base = image_record("a", "note", Status::Procured);
        let same = image_record("a", "new note", Status::Procured);
        assert_eq!(merge(&base, &same, &same).expect("merged").collisions, []);
    }
}
