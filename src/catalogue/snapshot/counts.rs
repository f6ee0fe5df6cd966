//! Numbers of the catalogue that several pages, files and answers show: each is counted here, once.
//!
//! Images and lines are counted as they stand. Departments are counted as in demand: a part counts with its whole, and
//! the line of those that are not named counts for nobody.

use std::collections::BTreeSet;

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::need::{Who, counts_with};
use crate::fields::Status;
use crate::licences::RenewalState;
use crate::organisations::UNNAMED;

impl Snapshot {
    /// How many images stand so.
    pub fn images_standing(&self, status: Status) -> usize {
        self.images().filter(|image| image.status == status).count()
    }

    /// How many lines stand so.
    pub fn lines_standing(&self, status: Status) -> usize {
        self.lines().filter(|line| line.status == status).count()
    }

    /// How many procured lines have a renewal date that means this today.
    pub fn lines_renewing(&self, state: RenewalState) -> usize {
        let held = self.lines().filter(|line| line.status == Status::Procured);
        held.filter(|line| line.renewal().state(self.today) == state).count()
    }

    /// The department that a line counts for; none for the line of those that are not named.
    fn department_of(&self, line: &Line) -> Option<i64> {
        let organisation = self.organisations.at(line.organisation as usize);
        (organisation.acronym_en != UNNAMED).then(|| counts_with(&self.organisations, organisation.id))
    }

    /// The departments that hold an image.
    pub fn holding(&self, image: &Image) -> BTreeSet<i64> {
        let held = self.lines_of(image).filter(|line| line.status == Status::Procured);
        held.filter_map(|line| self.department_of(line)).collect()
    }

    /// The departments that count for the demand of an image, named or not.
    pub fn needing(&self, image: &Image) -> BTreeSet<i64> {
        let needs = self.needs_of(image);
        let counted = needs.iter().filter(|need| need.who != Who::Placeholder);
        counted.map(|need| self.organisations.at(need.organisation as usize).id).collect()
    }

    /// The departments that hold any image.
    pub fn departments_holding(&self) -> BTreeSet<i64> {
        let held = self.lines().filter(|line| line.status == Status::Procured);
        let places: BTreeSet<u32> = held.map(|line| line.organisation).collect();
        let organisations = places.into_iter().map(|place| self.organisations.at(place as usize));
        let named = organisations.filter(|organisation| organisation.acronym_en != UNNAMED);
        named.map(|organisation| counts_with(&self.organisations, organisation.id)).collect()
    }

    /// The departments that count for the demand of any image, named or not.
    pub fn departments_needing(&self) -> BTreeSet<i64> {
        let counted = self.needs().all.iter().filter(|need| need.who != Who::Placeholder);
        let places: BTreeSet<u32> = counted.map(|need| need.organisation).collect();
        places.into_iter().map(|place| self.organisations.at(place as usize).id).collect()
    }

    /// How many departments hold or need something.
    pub fn departments_counted(&self) -> usize {
        self.departments_holding().union(&self.departments_needing()).count()
    }
}
