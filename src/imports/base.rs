//! What a file is held against besides the catalogue: what its source said when it was last brought in, or the catalogue
//! as it was when the file was made from it.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use ring::digest::{SHA256, digest};
use sqlx::PgConnection;

use crate::fields::Fields;
use crate::files::Format;
use crate::imports::db::revisions::{self, Revision, Source};
use crate::text::key;

/// The rows that a source said before, each as text: most are never looked at.
#[derive(Debug, Default)]
pub struct Base {
    rows: Vec<String>,
    by_number: HashMap<(i64, i64), usize>,
    by_name: HashMap<(String, String), usize>,
    /// The image that a name was taken for.
    images: HashMap<String, i64>,
    /// What a person decided here, field by field, where the source said nothing before: by the line's number.
    pub decided: HashMap<i64, HashSet<String>>,
    /// It is the catalogue as it was when the file was made from it.
    pub is_export: bool,
    /// The file is older than the last revision of its source.
    pub is_older: bool,
    /// The very file that was brought in last.
    pub is_last: bool,
}

impl Base {
    fn add(&mut self, image: Option<i64>, organisation: Option<i64>, said: &Fields) -> anyhow::Result<()> {
        let text = |name: &str| said.get(name).and_then(|value| value.as_str());
        let names = text("name").zip(text("department")).map(|(name, department)| (key(name), key(department)));
        let numbers = image.zip(organisation);
        let known = numbers.and_then(|numbers| self.by_number.get(&numbers).copied());
        let known = known.or_else(|| names.as_ref().and_then(|names| self.by_name.get(names).copied()));
        let place = if let Some(place) = known {
            let mut fields: Fields = serde_json::from_str(&self.rows[place])?;
            fields.extend(said.clone());
            self.rows[place] = serde_json::to_string(&fields)?;
            place
        } else {
            self.rows.push(serde_json::to_string(said)?);
            self.rows.len() - 1
        };
        if let Some((name, image)) = text("name").zip(image) {
            self.images.insert(key(name), image);
        }
        self.by_number.extend(numbers.map(|numbers| (numbers, place)));
        self.by_name.extend(names.map(|names| (names, place)));
        Ok(())
    }

    /// What the source said before of a row: the row of the same image and organisation, or of the same names. Of an image
    /// that it calls by another name than the present one the same names come first: two that it knows may be one here.
    pub fn row(&self, numbers: (i64, i64), name: &str, department: &str, is_other_name: bool) -> Option<Fields> {
        let by_name = || self.by_name.get(&(key(name), key(department)));
        let by_number = || self.by_number.get(&numbers);
        let place = if is_other_name { by_name().or_else(by_number) } else { by_number().or_else(by_name) }?;
        serde_json::from_str(&self.rows[*place]).ok()
    }

    /// The image that a name in a revision before was taken for.
    pub fn image_named(&self, key: &str) -> Option<i64> {
        self.images.get(key).copied()
    }
}

/// A file, as it is known by: for its base, and for what is kept of it.
#[derive(Clone, Debug)]
pub struct Known {
    pub source: Source,
    pub sha256: Vec<u8>,
    pub as_of: Option<NaiveDate>,
    /// The version of the catalogue that its name says it was made from.
    pub version: Option<i64>,
}

impl Known {
    pub fn new(bytes: &[u8], format: Format, file_name: &str, as_of: Option<NaiveDate>) -> Known {
        Known {
            source: Source::of(format),
            sha256: digest(&SHA256, bytes).as_ref().to_vec(),
            as_of,
            version: version_in(file_name),
        }
    }

    /// Loads what the file is held against. Where nothing was said before, what people decided since `since` counts.
    pub async fn base(&self, db: &mut PgConnection, since: Option<DateTime<Utc>>) -> anyhow::Result<Base> {
        let mut base = Base::default();
        if let Some(version) = self.version
            && revisions::has_version(db, version).await?
        {
            let mut lines: HashMap<i64, (i64, i64, Fields)> = HashMap::new();
            let mut changes = std::pin::pin!(revisions::lines_until(db, version));
            while let Some(change) = changes.try_next().await? {
                match change.after {
                    Some(serde_json::Value::Object(fields)) => {
                        let line = lines.entry(change.line);
                        let new = || (change.image_id, change.organisation_id, Fields::new());
                        line.or_insert_with(new).2.extend(fields);
                    }
                    _ => {
                        lines.remove(&change.line);
                    }
                }
            }
            for (image, organisation, fields) in lines.into_values() {
                base.add(Some(image), Some(organisation), &fields)?;
            }
            base.is_export = true;
            return Ok(base);
        }
        let before = revisions::of_source(db, self.source).await?;
        (base.is_older, base.is_last) = self.place_among(&before);
        base.decided = revisions::decided(db, since.unwrap_or(DateTime::UNIX_EPOCH)).await?;
        let mut rows = std::pin::pin!(revisions::rows(db, self.source));
        while let Some(row) = rows.try_next().await? {
            let said = row.said.as_object().context("a row as an object")?;
            base.add(row.image_id, row.organisation_id, said)?;
        }
        Ok(base)
    }

    /// Whether it is older than the last of these revisions, and whether it is the last one itself.
    fn place_among(&self, revisions: &[Revision]) -> (bool, bool) {
        let Some(last) = revisions.last() else { return (false, false) };
        let is = |revision: &Revision| revision.sha256.as_ref() == Some(&self.sha256);
        if is(last) {
            return (false, true);
        }
        let is_dated_before = self.as_of.zip(last.as_of).is_some_and(|(this, last)| this < last);
        (is_dated_before || revisions.iter().any(is), false)
    }
}

/// The version that an export's name ends with: `images-en-2026-11-22-v48.csv`, and as browsers and people alter it:
/// `images-en-2026-11-22-v48 (1).csv`.
fn version_in(file_name: &str) -> Option<i64> {
    let start = file_name.rfind("-v")? + 2;
    let rest = &file_name[start..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !rest[digits..].starts_with(|letter: char| letter.is_alphanumeric());
    let is_export = file_name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("images-"));
    rest[..digits].parse().ok().filter(|_| ends && is_export)
}

#[cfg(test)]
mod tests {
    use crate::imports::base::version_in;

    #[test]
    fn an_exports_name_tells_the_version_that_it_was_made_from() {
        assert_eq!(version_in("images-en-2026-11-22-v48.csv"), Some(48));
        assert_eq!(version_in("images-fr-2026-11-22-v7 (1).csv"), Some(7));
        assert_eq!(version_in("images-en-2026-11-22-v48_edited.csv"), Some(48));
        for other in ["images-en-2026-11-22.csv", "report-v2.csv", "images-en-v2b.csv", "next.csv", "images-v.csv"] {
            assert_eq!(version_in(other), None, "{other}");
        }
    }
}
