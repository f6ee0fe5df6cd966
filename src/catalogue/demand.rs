//! What counts for demand, for every page, file and answer.
//!
//! A department counts once for an image, and a part of a department counts with its whole. It counts
//! * by its line under consideration;
//! * by an accepted request for which it is not to be named: counted, and named nowhere;
//! * by a request that was answered *Already available*, where it does not hold the image itself: counted, not named.
//!
//! What was declined, withdrawn, set aside, taken up again or undone does not count, nor does the line that those share
//! who are not named. The view `counted_requests` says which requests count.

use std::collections::BTreeSet;

use super::db::CountedRequest;
use super::order::Column;
use super::snapshot::{Image, Line, Snapshot};
use super::{Firmness, Status};
use crate::clock::FiscalYear;
use crate::i18n::Lang;
use crate::organisations::{Directory, Organisation, UNNAMED};

/// Who needs an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A department that may be named.
    Named,
    /// A department that counts and is named nowhere.
    Unnamed,
    /// The line that those share who are not named. It counts for nobody.
    Placeholder,
}

/// That an organisation needs an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The image's place in [`Snapshot::images`].
    pub image: u32,
    /// The place in the directory of the organisation that it counts with.
    pub organisation: u32,
    pub who: Who,
    pub fiscal_year: Option<FiscalYear>,
    pub firmness: Option<Firmness>,
}

/// Who needs what in a snapshot.
#[derive(Debug)]
pub struct Needs {
    /// By image, then by organisation: each pair once.
    pub all: Vec<Need>,
    /// Of each image, by its place: its rank by name.
    pub ranks: Vec<u32>,
}

/// Puts needs together: of each thing, by a number that it has, each organisation once, in its earliest year and as firm
/// as it is at its firmest. What a department said without being named adds nothing to what it said by name, so that it
/// cannot be told from it.
pub fn put_together(needs: &mut Vec<Need>, of: impl Fn(&Need) -> u32) {
    needs.sort_by_key(|need| (of(need), need.organisation, need.who));
    needs.dedup_by(|next, held| {
        let is_same = of(next) == of(held) && next.organisation == held.organisation;
        if is_same && next.who == held.who {
            held.fiscal_year = [held.fiscal_year, next.fiscal_year].into_iter().flatten().min();
            held.firmness = held.firmness.max(next.firmness);
        }
        is_same
    });
}

/// The organisation that an organisation counts with: the topmost that it is part of.
#[must_use]
pub fn counts_with(directory: &Directory, organisation: i64) -> i64 {
    let mut top = organisation;
    let mut seen = BTreeSet::new();
    // One that was merged into another is found as that one.
    while let Some(place) = directory.place(top) {
        let found = directory.at(place);
        match found.parent_id.filter(|_| seen.insert(found.id)) {
            Some(parent) => top = parent,
            None => return found.id,
        }
    }
    top
}

impl Snapshot {
    /// Who needs what, as the lines tell it: worked out once.
    pub fn needs(&self) -> &Needs {
        self.needs.get_or_init(|| Needs { all: self.told_needs(), ranks: self.name_ranks() })
    }

    fn told_needs(&self) -> Vec<Need> {
        let directory = &self.organisations;
        let counting: Vec<Counting> = directory.all().iter().map(|one| Counting::of(directory, one)).collect();
        let wanted = self.lines().filter(|line| line.status == Status::UnderConsideration);
        let mut needs: Vec<Need> = wanted.map(|line| line.need(counting[line.organisation as usize])).collect();
        needs.extend(self.counted().iter().filter_map(|request| self.need_of(request)));
        put_together(&mut needs, |need| need.image);
        needs
    }

    /// Who needs one image, each department once.
    #[must_use]
    pub fn needs_of(&self, image: &Image) -> Vec<Need> {
        let directory = &self.organisations;
        let wanted = self.lines_of(image).filter(|line| line.status == Status::UnderConsideration);
        let need = |line: &Line| line.need(Counting::of(directory, directory.at(line.organisation as usize)));
        let mut needs: Vec<Need> = wanted.map(need).collect();
        let from = self.counted().partition_point(|request| request.image_id < image.id);
        let requests = self.counted()[from..].iter().take_while(|request| request.image_id == image.id);
        needs.extend(requests.filter_map(|request| self.need_of(request)));
        put_together(&mut needs, |need| need.image);
        needs
    }

    /// How many departments count for the demand of an image.
    #[must_use]
    pub fn wanting(&self, image: &Image) -> usize {
        self.needs_of(image).iter().filter(|need| need.who != Who::Placeholder).count()
    }

    /// Whether requests count in it beside the lines: they do not on a past day.
    #[must_use]
    pub fn counts_requests(&self) -> bool {
        self.requests.is_some()
    }

    fn counted(&self) -> &[CountedRequest] {
        self.requests.as_ref().map_or(&[], |requests| requests.as_slice())
    }

    /// The need that a request is, where its image still stands so that it counts.
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 images and organisations
    fn need_of(&self, request: &CountedRequest) -> Option<Need> {
        let directory = &self.organisations;
        let place = self.place(request.image_id)?;
        let image = self.image_at(place);
        let top = counts_with(directory, request.organisation_id);
        let counts = if request.is_available {
            image.status == Status::Procured && !self.holding(image).contains(&top)
        } else {
            let is_shared = |line: &Line| {
                let organisation = directory.at(line.organisation as usize);
                line.status == Status::UnderConsideration && organisation.acronym_en == UNNAMED
            };
            self.lines_of(image).any(is_shared)
        };
        counts.then_some(Need {
            image: place,
            organisation: directory.place(top)? as u32,
            who: Who::Unnamed,
            fiscal_year: request.needed_by.map(FiscalYear::of),
            firmness: request.firmness,
        })
    }

    fn name_ranks(&self) -> Vec<u32> {
        let mut ranks = vec![u32::MAX; self.images.len()];
        let by_name = self.orders.by(Some(Column::Name), Lang::En).iter();
        for (rank, line) in (0..).zip(by_name) {
            let image = self.line_at(*line).image as usize;
            ranks[image] = ranks[image].min(rank);
        }
        ranks
    }
}

/// The organisation that an organisation's needs count with, and whether it is named.
#[derive(Clone, Copy)]
struct Counting {
    top: u32,
    who: Who,
}

impl Counting {
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 organisations
    fn of(directory: &Directory, organisation: &Organisation) -> Counting {
        let top = directory.place(counts_with(directory, organisation.id)).unwrap_or_default();
        let who = if organisation.acronym_en == UNNAMED { Who::Placeholder } else { Who::Named };
        Counting { top: top as u32, who }
    }
}

impl Line {
    fn need(&self, counting: Counting) -> Need {
        Need {
            image: self.image,
            organisation: counting.top,
            who: counting.who,
            fiscal_year: self.needed_by().map(FiscalYear::of),
            firmness: self.firmness(),
        }
    }
}
