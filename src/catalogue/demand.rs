//! How many departments want an image: organisations are counted, not lines, and a part counts with its whole.

use std::collections::BTreeSet;

use super::Status;
use super::snapshot::{Image, Snapshot};
use crate::organisations::{Directory, UNNAMED};

/// The organisation that an organisation counts with: the topmost that it is part of.
#[must_use]
pub fn counts_with(directory: &Directory, organisation: i64) -> i64 {
    let mut top = organisation;
    let mut seen = BTreeSet::new();
    while seen.insert(top) {
        let parent = directory.place(top).and_then(|place| directory.at(place).parent_id);
        let Some(parent) = parent else { break };
        top = parent;
    }
    top
}

impl Snapshot {
    /// The departments that want an image, by the organisations that they count with. Those that are not named are not
    /// among them.
    #[must_use]
    pub fn wanted_by(&self, image: &Image) -> BTreeSet<i64> {
        let wanted = self.lines_of(image).iter().filter(|line| line.status == Status::UnderConsideration);
        let organisations = wanted.map(|line| self.organisations.at(line.organisation as usize));
        organisations
            .filter(|organisation| organisation.acronym_en != UNNAMED)
            .map(|organisation| counts_with(&self.organisations, organisation.id))
            .collect()
    }
}
