//! What a renewal date means today, as a badge.

use chrono::NaiveDate;

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::line::Line;
use crate::fields::Status;
use crate::i18n::Lang;
use crate::licences::{self, RenewalState};

/// A badge's class and words.
pub type Badge = (&'static str, String);

/// What a procured line's renewal date means today, with its badge's class; none where it has no date.
pub fn renewal_badge(line: &Line, snapshot: &Snapshot, lang: Lang) -> Option<Badge> {
    if line.status == Status::Procured { badge(line.renewal(), snapshot.today, lang) } else { None }
}

/// What a renewal means on a day, with its badge's class; none where it has no date.
pub fn badge(renewal: licences::Renewal, today: NaiveDate, lang: Lang) -> Option<Badge> {
    let class = match renewal.state(today) {
        RenewalState::Passed => "badge-passed",
        RenewalState::Soon => "badge-soon",
        RenewalState::Later => "badge-ok",
        RenewalState::Undetermined => return None,
    };
    Some((class, renewal.in_words(today, lang)))
}
