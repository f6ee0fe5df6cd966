//! What staff can decide of a request, and on which it can be taken.

use super::state::State;

/// What staff decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Somebody looks after it.
    Assign,
    Accept,
    Decline,
    Available,
    Merge,
    /// It is looked at once more.
    Reopen,
    /// It was held, and is no advertising.
    Release,
    /// It is advertising.
    Discard,
}

impl Decision {
    /// All of them.
    pub const ALL: [Decision; 8] = [
        Decision::Assign,
        Decision::Accept,
        Decision::Decline,
        Decision::Available,
        Decision::Merge,
        Decision::Reopen,
        Decision::Release,
        Decision::Discard,
    ];

    /// As in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Decision::Assign => "assign",
            Decision::Accept => "accept",
            Decision::Decline => "decline",
            Decision::Available => "available",
            Decision::Merge => "merge",
            Decision::Reopen => "reopen",
            Decision::Release => "release",
            Decision::Discard => "discard",
        }
    }

    /// The decision that a code names.
    pub fn from_code(code: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.code() == code)
    }

    /// The key of its page's title.
    pub const fn title(self) -> &'static str {
        match self {
            Decision::Assign => "decide-assign",
            Decision::Accept => "decide-accept",
            Decision::Decline => "decide-decline",
            Decision::Available => "decide-available",
            Decision::Merge => "decide-merge",
            Decision::Reopen => "decide-reopen",
            Decision::Release => "decide-release",
            Decision::Discard => "decide-discard",
        }
    }

    /// The key of its button's words.
    pub const fn button(self) -> &'static str {
        match self {
            Decision::Assign => "button-assign",
            Decision::Accept => "button-accept",
            Decision::Decline => "button-decline",
            Decision::Available => "button-available",
            Decision::Merge => "button-merge",
            Decision::Reopen => "button-reopen",
            Decision::Release => "button-release",
            Decision::Discard => "button-discard",
        }
    }

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
    pub const fn step(self) -> &'static str {
        match self {
            Decision::Assign => "assigned",
            Decision::Accept => "accepted",
            Decision::Decline => "declined",
            Decision::Available => "available",
            Decision::Merge => "merged",
            Decision::Reopen => "reopened",
            Decision::Release => "released",
            Decision::Discard => "discarded",
        }
    }
}
