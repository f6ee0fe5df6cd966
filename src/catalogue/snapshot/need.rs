//! That an organisation needs an image, and what needs come to when they are put together.

use std::collections::BTreeSet;

use crate::clock::FiscalYear;
use crate::fields::Firmness;
use crate::organisations::Directory;

/// Whether a department that needs an image may be named.
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

/// The needs of all departments in a snapshot.
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
