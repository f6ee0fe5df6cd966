//! Where a request for an image stands.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::codes::held;
use crate::i18n::Lang;

/// Where a request for an image stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody of SSC has looked at it yet.
    Received,
    /// Staff look at it.
    UnderReview,
    /// It is demand of the catalogue now.
    Accepted,
    /// With a public reason.
    Declined,
    /// The department can use the image already.
    Available,
    /// It counts with another request for the same image.
    Merged,
    /// The department took it back.
    Withdrawn,
    /// It was advertising.
    Discarded,
}

held!(State, State::from_code);

impl State {
    /// All of them, in the order of their lives.
    pub const ALL: [State; 8] = [
        State::Received,
        State::UnderReview,
        State::Accepted,
        State::Declined,
        State::Available,
        State::Merged,
        State::Withdrawn,
        State::Discarded,
    ];

    /// As in addresses and the database.
    pub const fn code(self) -> &'static str {
        match self {
            State::Received => "received",
            State::UnderReview => "under_review",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::Available => "available",
            State::Merged => "merged",
            State::Withdrawn => "withdrawn",
            State::Discarded => "discarded",
        }
    }

    /// The state that a code names.
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it waits for staff.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Received | State::UnderReview)
    }

    /// Its name.
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            State::Received => "request-state-received",
            State::UnderReview => "request-state-under-review",
            State::Accepted => "request-state-accepted",
            State::Declined => "request-state-declined",
            State::Available => "request-state-available",
            State::Merged => "request-state-merged",
            State::Withdrawn => "request-state-withdrawn",
            State::Discarded => "request-state-discarded",
        })
    }

    /// What it means for whoever asked: the key of a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            State::Received => "request-means-received",
            State::UnderReview => "request-means-under-review",
            State::Accepted => "request-means-accepted",
            State::Declined => "request-means-declined",
            State::Available => "request-means-available",
            State::Merged => "request-means-merged",
            State::Withdrawn => "request-means-withdrawn",
            State::Discarded => "request-means-discarded",
        }
    }

    /// Whether who asked is told beside it whether the image can be used today: not of what they took back.
    pub const fn shows_answer(self) -> bool {
        !matches!(self, State::Withdrawn | State::Discarded)
    }

    /// How it is shown: the class of its badge.
    pub const fn badge(self) -> &'static str {
        match self {
            State::Accepted | State::Available => "badge-ok",
            State::Received | State::UnderReview => "badge-soon",
            State::Declined | State::Merged | State::Withdrawn | State::Discarded => "badge-off",
        }
    }
}
