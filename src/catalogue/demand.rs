//! How many departments want an image: organisations are counted, not lines, and a part counts with its whole.

use std::collections::BTreeSet;

use super::order::Column;
use super::snapshot::{Image, Snapshot};
use super::{Firmness, Status};
use crate::clock::FiscalYear;
use crate::i18n::Lang;
use crate::organisations::{Directory, UNNAMED};

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

    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 organisations
    fn told_needs(&self) -> Vec<Need> {
        let directory = &self.organisations;
        let counting = directory.all().iter().map(|organisation| {
            let top = directory.place(counts_with(directory, organisation.id)).unwrap_or_default();
            (top as u32, if organisation.acronym_en == UNNAMED { Who::Placeholder } else { Who::Named })
        });
        let counting: Vec<(u32, Who)> = counting.collect();
        let wanted = self.lines.iter().filter(|line| line.status == Status::UnderConsideration);
        let need = wanted.map(|line| {
            let (organisation, who) = counting[line.organisation as usize];
            let fiscal_year = line.needed_by().map(FiscalYear::of);
            Need { image: line.image, organisation, who, fiscal_year, firmness: line.firmness() }
        });
        let mut needs = need.collect();
        put_together(&mut needs, |need| need.image);
        needs
    }

    fn name_ranks(&self) -> Vec<u32> {
        let mut ranks = vec![u32::MAX; self.images.len()];
        let by_name = self.orders.by(Some(Column::Name), Lang::En).iter();
        for (rank, line) in (0..).zip(by_name) {
            let image = self.lines[*line as usize].image as usize;
            ranks[image] = ranks[image].min(rank);
        }
        ranks
    }

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
