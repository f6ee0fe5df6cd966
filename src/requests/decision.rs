//! What staff can decide of a request, and on which it can be taken.

use super::state::{State, StepKind};
use crate::codes::codes;
use crate::web::readers::Readers;

codes! {
    /// What staff decide: as in forms, the keys of its page's title and of its button.
    pub enum Decision(code, title, button) {
        /// Somebody looks after it.
        Assign("assign", "decide-assign", "button-assign"),
        Accept("accept", "decide-accept", "button-accept"),
        Decline("decline", "decide-decline", "button-decline"),
        Available("available", "decide-available", "button-available"),
        Merge("merge", "decide-merge", "button-merge"),
        /// It is looked at once more.
        Reopen("reopen", "decide-reopen", "button-reopen"),
        /// It was held, and is no advertising.
        Release("release", "decide-release", "button-release"),
        /// It is advertising.
        Discard("discard", "decide-discard", "button-discard"),
    }
}

impl Decision {
    /// Whether it can be taken on an item that stands here.
    pub const fn fits(self, state: State, held: bool) -> bool {
        match self {
            Decision::Release => held,
            Decision::Reopen => !state.is_open() && !matches!(state, State::Withdrawn),
            _ => state.is_open(),
        }
    }

    /// Whether it says something to whoever asked. What looks like advertising gets no answer, and what is let through
    /// gets the one that it waited for.
    pub const fn has_words(self) -> bool {
        !matches!(self, Decision::Release | Decision::Discard)
    }

    /// Who can read the words that go with the decision.
    pub const fn words_readers(self) -> Readers {
        match self {
            Decision::Decline | Decision::Accept => Readers::Everyone,
            _ => Readers::Sender,
        }
    }

    /// Whether the name that it has is taken for an image of the catalogue.
    pub const fn reads_name(self) -> bool {
        matches!(self, Decision::Accept | Decision::Available)
    }

    /// Where an item stands after it.
    pub const fn state(self, before: State) -> State {
        match self {
            Decision::Assign | Decision::Reopen => State::UnderReview,
            Decision::Accept => State::Accepted,
            Decision::Decline => State::Declined,
            Decision::Available => State::Available,
            Decision::Merge => State::Merged,
            Decision::Discard => State::Discarded,
            Decision::Release => before,
        }
    }

    /// The step that it is.
    pub const fn step(self) -> StepKind {
        match self {
            Decision::Assign => StepKind::Assigned,
            Decision::Accept => StepKind::Accepted,
            Decision::Decline => StepKind::Declined,
            Decision::Available => StepKind::Available,
            Decision::Merge => StepKind::Merged,
            Decision::Reopen => StepKind::Reopened,
            Decision::Release => StepKind::Released,
            Decision::Discard => StepKind::Discarded,
        }
    }
}
