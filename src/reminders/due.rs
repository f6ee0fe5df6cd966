//! When a renewal is told of: 180, 90, 60, 30 and 7 days before its date, and every week once that is past.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::db::Told;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{Snapshot, Status};

/// So many days before the date somebody is told.
pub const STAGES: [i64; 5] = [7, 30, 60, 90, 180];

/// What a recipient was told last: the stage, by line and date.
pub type Known = HashMap<(i64, NaiveDate), i64>;

/// The last stage that a date has reached on a day: so many days before it, or after it where negative.
pub fn stage(date: NaiveDate, day: NaiveDate) -> Option<i64> {
    match (date - day).num_days() {
        past if past < 0 => Some(past + (-past - 1) % 7),
        left => STAGES.into_iter().find(|stage| left <= *stage),
    }
}

/// What was told, by recipient.
pub fn known(told: Vec<Told>) -> HashMap<String, Known> {
    let mut known: HashMap<String, Known> = HashMap::new();
    for one in told {
        known.entry(one.recipient).or_default().insert((one.line_id, one.renewal_date), i64::from(one.stage));
    }
    known
}

/// The lines that are to be told of on a day, with their stages: held, of one organisation or of all, and told of
/// at no stage as late as this. What was missed is told of once, at its last stage. The soonest first.
pub fn due<'s>(
    snapshot: &'s Snapshot,
    organisation: Option<i64>,
    known: Option<&Known>,
    day: NaiveDate,
) -> Vec<(&'s Line, NaiveDate, i64)> {
    let place = organisation.map(|id| snapshot.organisations.place(id));
    let is_asked = |line: &&Line| place.is_none_or(|place| place == Some(line.organisation as usize));
    let held = snapshot.lines().filter(|line| line.status == Status::Procured).filter(is_asked);
    let reached = held.filter_map(|line| {
        let date = line.renewal().last_date()?;
        let stage = stage(date, day)?;
        let last = known.and_then(|known| known.get(&(line.id, date)));
        last.is_none_or(|last| stage < *last).then_some((line, date, stage))
    });
    let mut due: Vec<_> = reached.collect();
    due.sort_by_key(|(line, date, _)| (*date, line.id));
    due
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    #[test]
    fn each_stage_is_reached_once_and_every_week_after_the_date() {
        let date: NaiveDate = "2026-06-30".parse().expect("a day");
        let at = |before: i64| stage(date, date - chrono::TimeDelta::days(before));
        assert_eq!(
            [at(181), at(180), at(91), at(90), at(60), at(31)],
            [None, Some(180), Some(180), Some(90), Some(60), Some(60)]
        );
        assert_eq!([at(30), at(8), at(7), at(0)], [Some(30), Some(30), Some(7), Some(7)]);
        assert_eq!([at(-1), at(-7), at(-8), at(-14), at(-15)], [Some(-1), Some(-1), Some(-8), Some(-8), Some(-15)]);
        let stages: Vec<i64> = (0..300).filter_map(|n| stage(date, date - Days::new(200) + Days::new(n))).collect();
        assert!(stages.is_sorted_by(|one, next| one >= next), "a stage never comes back");
    }
}
