//! Where a request for an image stands, and the steps that took it there.

use serde::{Deserialize, Serialize};

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// Where a request for an image stands, in the order of their lives: what it is called, the sentence of what it means for
    /// whoever asked, and the class of its badge.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum State("request_items.state", code, label, meaning, badge) {
        /// Nobody of SSC has looked at it yet.
        Received("received", "request-state-received", "request-means-received", "badge-soon"),
        /// Staff look at it.
        UnderReview("under_review", "request-state-under-review", "request-means-under-review", "badge-soon"),
        /// It is demand of the catalogue now.
        Accepted("accepted", "request-state-accepted", "request-means-accepted", "badge-ok"),
        /// With a public reason.
        Declined("declined", "request-state-declined", "request-means-declined", "badge-off"),
        /// The department can use the image already.
        Available("available", "request-state-available", "request-means-available", "badge-ok"),
        /// It counts with another request for the same image.
        Merged("merged", "request-state-merged", "request-means-merged", "badge-off"),
        /// The department took it back.
        Withdrawn("withdrawn", "request-state-withdrawn", "request-means-withdrawn", "badge-off"),
        /// It was advertising.
        Discarded("discarded", "request-state-discarded", "request-means-discarded", "badge-off"),
    }
}

impl State {
    /// Whether it waits for staff.
    pub const fn is_open(self) -> bool {
        matches!(self, State::Received | State::UnderReview)
    }

    /// Whether who asked is told beside it whether the image can be used today: not of what they took back.
    pub const fn shows_answer(self) -> bool {
        !matches!(self, State::Withdrawn | State::Discarded)
    }
}

codes! {
    /// What happened to a request.
    pub enum StepKind("request_events.kind", code, label) {
        Received("received", "request-step-received"),
        Changed("changed", "request-step-changed"),
        Withdrawn("withdrawn", "request-step-withdrawn"),
        Assigned("assigned", "request-step-assigned"),
        UnderReview("under_review", "request-step-under-review"),
        Accepted("accepted", "request-step-accepted"),
        Declined("declined", "request-step-declined"),
        Available("available", "request-step-available"),
        Merged("merged", "request-step-merged"),
        Note("note", "request-step-note"),
        Reply("reply", "request-step-reply"),
        Released("released", "request-step-released"),
        Discarded("discarded", "request-step-discarded"),
        Reopened("reopened", "request-step-reopened"),
    }
}
