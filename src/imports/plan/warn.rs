//! What a person is warned of before a file's rows are written: the same as before a form is saved.

use std::collections::BTreeMap;

use crate::catalogue::model::variant;
use crate::catalogue::near;
use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::catalogue::warnings::of_line;
use crate::imports::Take;
use crate::imports::known;
use crate::imports::line::changed;
use crate::imports::plan::Planner;
use crate::imports::verdict::Verdict;
use crate::imports::warned::NameWarning;
use crate::text::key;

/// New names of a file that are compared with others.
const MOST_COMPARED: i64 = 5_000;
/// Names that one name is said to resemble.
const MOST_NAMED: usize = 5;

impl Planner<'_> {
    /// Notes what to warn of in the row that was planned last, as it would be written: by what was decided, and where
    /// nothing was, with the file's values.
    pub(super) fn warn(&mut self, image: i64, (before, after): (Option<&LineRow>, &LineRow), decided: Option<Take>) {
        let place = self.plan.rows.len() - 1;
        let row = &self.plan.rows[place];
        if self.decision.ticks.is_some() || row.verdict == Verdict::Same {
            return; // what was shown before is not told again
        }
        let all: Vec<_> = match (before, decided) {
            (Some(before), None) => {
                let would = changed(before, &row.fields, Some(Take::File));
                of_line(Some((&before.fields).into()), (&would.fields).into()).collect()
            }
            (before, _) => of_line(before.map(|before| (&before.fields).into()), (&after.fields).into()).collect(),
        };
        self.plan.warned.lines.extend(all.into_iter().map(|of| (place, of)));
        if image < 0 && !self.plan.rows[place].is_open {
            if image < -MOST_COMPARED {
                self.plan.warned.is_cut = true;
            } else {
                self.new_rows.push((image, place));
            }
        }
    }

    /// Finds new images whose names are nearly those of others, whether those are new as well or there already, and those
    /// that get a registry name which another image has.
    pub(super) fn warn_of_names(&mut self) {
        let mut rows_of: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (image, place) in std::mem::take(&mut self.new_rows) {
            rows_of.entry(-image).or_default().push(place);
        }
        let new: Vec<Vec<usize>> = rows_of.into_values().collect();
        let keys: Vec<String> = new.iter().map(|rows| key(&self.plan.rows[rows[0]].file.name)).collect();
        let present: Vec<&ImageRow> = if new.is_empty() { Vec::new() } else { self.images.values().collect() };
        let present_keys = present.iter().map(|image| &image.key);
        let families: Vec<&str> = keys.iter().chain(present_keys).map(|key| variant::family(key).0).collect();
        let mut named = vec![0; new.len()];
        let mut found = Vec::new();
        for (one, other) in near::pairs_with(&families, new.len()) {
            let image = other.checked_sub(new.len()).map(|place| present[place]);
            let is_asked = image.is_some_and(|image| self.is_asked(&keys[one], image));
            if families[one] == families[other] || is_asked || named[one] == MOST_NAMED {
                continue;
            }
            named[one] += 1;
            let name_of = |rows: &[usize]| self.plan.rows[rows[0]].file.name.clone();
            found.push(NameWarning {
                rows: new[one].clone(),
                name: name_of(&new[one]),
                registry_name: None,
                other: image.map_or_else(|| name_of(&new[other]), |image| image.name.clone()),
                address: image.map(|image| image.slug.clone()),
            });
        }
        found.extend(self.shared_registry_names(&new, &keys));
        found.sort_by(|one, other| (one.rows[0], &one.other).cmp(&(other.rows[0], &other.other)));
        self.plan.warned.names = found;
    }

    /// The registry names that new images get from the start though other images have them.
    fn shared_registry_names(&self, new: &[Vec<usize>], keys: &[String]) -> Vec<NameWarning> {
        let known = known::registry_names().unwrap_or_default();
        let given = |key: &String| known.get(key).into_iter().flatten();
        let all = new.iter().zip(keys).flat_map(|(rows, key)| given(key).map(move |given| (rows, &*given.name)));
        let shared = all.flat_map(|(rows, name)| self.namer.in_registry(name).map(move |other| (rows, name, other)));
        let warning = |(rows, registry_name, (slug, other)): (&Vec<usize>, &str, (&str, &str))| NameWarning {
            rows: rows.clone(),
            name: self.plan.rows[rows[0]].file.name.clone(),
            registry_name: Some(registry_name.to_owned()),
            other: other.to_owned(),
            address: Some(slug.to_owned()),
        };
        shared.map(warning).collect()
    }

    /// Whether somebody is asked anyway whether a name means an image.
    fn is_asked(&self, name: &str, image: &ImageRow) -> bool {
        let mut asked = self.plan.named.iter().filter(|named| key(&named.name) == name);
        asked.any(|named| named.images.iter().any(|(address, _)| *address == image.slug))
    }
}
