//! What is decided about the rows of a file, and what its plan is for.

use crate::imports::named::ImageChoice;
use crate::imports::ticks::Ticks;
use crate::imports::verdict::Verdict;
use crate::imports::{Shown, Take};

/// What a plan is for, and so what it holds: rows take much memory.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// All that is to be written.
    Write,
    /// The verdict on each row, and what is new in those that a page shows.
    Tell(Shown),
}

/// What is decided about rows: by ticks, or for all at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decision<'d> {
    pub take: Option<Take>,
    pub ticks: Option<&'d Ticks>,
    pub images: &'d [ImageChoice],
    /// A page asks anew where a choice no longer fits; a command or a program is told.
    pub is_of_page: bool,
}

impl Decision<'_> {
    /// Whose values a row with this verdict gets; none where it is left alone.
    pub fn on(&self, line: usize, verdict: Verdict, is_older: bool) -> Option<Take> {
        match (self.ticks, verdict) {
            (Some(ticks), _) => ticks.is_on(line, verdict, is_older).then_some(Take::File),
            (None, Verdict::New | Verdict::Changed) => Some(Take::File),
            (None, Verdict::Conflict) => self.take,
            (None, Verdict::Kept | Verdict::Same) => None,
        }
    }
}
