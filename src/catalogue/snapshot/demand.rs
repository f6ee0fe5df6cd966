//! What counts for demand, for every page, file and answer.
//!
//! A department counts once for an image, and a part of a department counts with its whole. It counts
//! * by its line under consideration;
//! * by an accepted request for which it is not to be named: counted, and named nowhere;
//! * by a request that was answered *Already available*, where it does not hold the image itself: counted, not named.
//!
//! What was declined, withdrawn, set aside, taken up again or undone does not count, nor does the line that those share
//! who are not named. The view `counted_requests` says which requests count.

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::need::{Need, Needs, Who, counts_with, put_together};
use crate::catalogue::snapshot::order::Column;
use crate::catalogue::store::db::CountedRequest;
use crate::clock::FiscalYear;
use crate::fields::Status;
use crate::i18n::Lang;
use crate::organisations::{Directory, Organisation, UNNAMED};

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
    pub fn wanting(&self, image: &Image) -> usize {
        self.needs_of(image).iter().filter(|need| need.who != Who::Placeholder).count()
    }

    /// Whether requests count in it beside the lines: they do not on a past day.
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
