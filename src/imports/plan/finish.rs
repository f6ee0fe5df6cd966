//! What a plan comes to once every row of its file was held against the catalogue.

use std::collections::HashMap;

use crate::catalogue::store::db::LineRow;
use crate::i18n::Lang;
use crate::imports::plan::Planner;
use crate::imports::planned::Plan;
use crate::imports::verdict::Missing;

impl Planner<'_> {
    pub(super) fn finish(mut self) -> Plan {
        let mut missing: Vec<&LineRow> = self
            .lines
            .iter()
            .filter(|(identity, _)| self.seen_row(**identity).is_none())
            .map(|(_, line)| line)
            .collect();
        missing.sort_unstable_by_key(|line| line.id);
        let present = || self.images.values().map(|image| (image.id, &*image.name));
        let names: HashMap<i64, &str> = present().filter(|_| !missing.is_empty()).collect();
        let missing = missing.into_iter().map(|line| self.missing(line, names.get(&line.image_id))).collect();
        self.plan.missing = missing;
        (self.plan.named, self.plan.renamed) = self.namer.end();
        self.warn_of_names();
        self.plan.learned = std::mem::take(&mut self.namer.learned);
        if self.leaves_out {
            self.forget_unused();
        }
        self.plan
    }

    /// A line that the file does not have, under the name of its image and the acronym of its organisation.
    fn missing(&self, line: &LineRow, image: Option<&&str>) -> Missing {
        let place = self.organisations.place(line.organisation_id);
        let acronym = |lang: Lang| {
            place.map_or_else(
                || line.fields.department.clone(),
                |place| self.organisations.at(place).acronym(lang).to_owned(),
            )
        };
        let name = image.map_or_else(|| line.fields.name.clone(), |name| (*name).to_owned());
        Missing { name, department: Lang::BOTH.map(acronym) }
    }

    /// Forgets the images and organisations that only lines left out would have brought; an image is called as the first
    /// line calls it that is written.
    fn forget_unused(&mut self) {
        let Plan { images, rows, lines, organisations, .. } = &mut self.plan;
        let mut row_of: HashMap<i64, usize> = HashMap::new();
        for line in lines.iter().filter(|line| line.edited.is_none()) {
            row_of.entry(rows[line.row].image).or_insert(line.row);
        }
        images.retain_mut(|image| {
            let Some(row) = row_of.get(&image.id) else { return false };
            image.row = *row;
            true
        });
        organisations.retain(|organisation| self.used.contains(&organisation.id));
    }
}
