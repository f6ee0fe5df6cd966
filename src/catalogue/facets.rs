//! Filters by status, department, type and renewal state, with exact counts.

use chrono::NaiveDate;

use super::bits::{Bits, Kept};
use super::snapshot::Line;

/// What a list can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Status,
    Department,
    Kind,
    Renewal,
}

impl Facet {
    /// All of them, in the order in which the form shows them.
    pub const ALL: [Facet; 4] = [Facet::Status, Facet::Department, Facet::Kind, Facet::Renewal];
}

/// For each facet: the value of each line, and the lines of each value.
#[derive(Debug)]
pub struct Facets {
    columns: [Column; 4],
    lines: usize,
}

#[derive(Debug)]
struct Column {
    /// Of each line: its value's place, or as many as there are values where it has none.
    values: Vec<u32>,
    /// Of each value: its lines.
    lines: Vec<Kept>,
    /// Of each value: how many lines it has.
    totals: Vec<usize>,
}

impl Facets {
    /// The facets of these lines on a day.
    #[must_use]
    pub fn new(lines: &[Line], kinds: usize, organisations: usize, today: NaiveDate) -> Facets {
        let renewal = |line: &Line| line.renewal().state(today) as u32;
        let columns = [
            Column::new(lines, 4, |line| Some(line.status as u32)),
            Column::new(lines, organisations, |line| Some(line.organisation)),
            Column::new(lines, kinds, |line| line.kind),
            Column::new(lines, 4, |line| Some(renewal(line))),
        ];
        Facets { columns, lines: lines.len() }
    }

    /// The lines that have one of the chosen values in each facet; a facet without a choice lets all pass.
    #[must_use]
    pub fn matching(&self, chosen: &[Option<Vec<u32>>; 4], within: Option<&Bits>) -> Bits {
        let mut lines = within.cloned().unwrap_or_else(|| Bits::all(self.lines));
        for (column, values) in self.columns.iter().zip(chosen) {
            if let Some(values) = values {
                lines.keep(&column.having(values, self.lines));
            }
        }
        lines
    }

    /// How many lines each value of a facet has among those that the other facets let pass. Where they let most lines
    /// pass, the few that they do not are counted and taken off.
    #[must_use]
    pub fn counts(&self, facet: Facet, chosen: &[Option<Vec<u32>>; 4], within: Option<&Bits>) -> Vec<usize> {
        let column = &self.columns[facet as usize];
        let mut others = chosen.clone();
        others[facet as usize] = None;
        if within.is_none() && others.iter().all(Option::is_none) {
            return column.totals.clone();
        }
        let among = self.matching(&others, within);
        if among.count() <= self.lines / 2 {
            return column.tally(&among);
        }
        let mut rest = Bits::all(self.lines);
        rest.remove(&among);
        let left_out = column.tally(&rest);
        column.totals.iter().zip(left_out).map(|(total, left_out)| total - left_out).collect()
    }

    /// The lines of the organisation at a place of the directory.
    #[must_use]
    pub fn organisation(&self, place: usize) -> Vec<u32> {
        match &self.columns[Facet::Department as usize].lines[place] {
            Kept::Dense(bits) => bits.lines().collect(),
            Kept::Sparse(lines) => lines.to_vec(),
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // fewer than 2^32 lines and values
impl Column {
    fn new(lines: &[Line], values: usize, of: impl Fn(&Line) -> Option<u32>) -> Column {
        let mut by_value = vec![Vec::new(); values];
        let mut column = Vec::with_capacity(lines.len());
        for (place, line) in (0..).zip(lines) {
            let value = of(line);
            if let Some(value) = value {
                by_value[value as usize].push(place);
            }
            column.push(value.unwrap_or(values as u32));
        }
        let totals = by_value.iter().map(Vec::len).collect();
        let kept = by_value.into_iter().map(|found| Kept::new(&found, lines.len())).collect();
        Column { values: column, lines: kept, totals }
    }

    /// How many of these lines each value has: by the lines, or by the values' own lines where those are quicker to go
    /// through, 64 at once.
    fn tally(&self, among: &Bits) -> Vec<usize> {
        if self.lines.len() * self.values.len() / 64 < among.count() {
            return self.lines.iter().map(|lines| among.count_of(lines)).collect();
        }
        let mut counts = vec![0; self.totals.len() + 1];
        among.each(|line| counts[self.values[line as usize] as usize] += 1);
        counts.truncate(self.totals.len());
        counts
    }

    fn having(&self, values: &[u32], of: usize) -> Bits {
        let mut lines = Bits::none(of);
        for value in values {
            lines.add(&self.lines[*value as usize]);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::Status;

    fn line((status, organisation, kind): (usize, u32, Option<u32>)) -> Line {
        Line {
            id: 0,
            image: 0,
            organisation,
            status: Status::ALL[status],
            kind,
            renewal_date: None,
            name: None,
            department: None,
            notes_en: None,
            notes_fr: None,
            more: None,
        }
    }

    proptest! {
        #[test]
        fn counts_are_those_of_going_through_every_line(
            lines in prop::collection::vec((0..4_usize, 0..5_u32, prop::option::of(0..3_u32)), 0..300),
            status in prop::option::of(prop::collection::vec(0..4_u32, 0..4)),
            organisation in prop::option::of(prop::collection::vec(0..5_u32, 0..5)),
            kind in prop::option::of(prop::collection::vec(0..3_u32, 0..3)),
        ) {
            let lines: Vec<Line> = lines.into_iter().map(line).collect();
            let facets = Facets::new(&lines, 3, 5, NaiveDate::default());
            let passes = |chosen: &Option<Vec<u32>>, value: Option<u32>| {
                chosen.as_ref().is_none_or(|chosen| value.is_some_and(|value| chosen.contains(&value)))
            };
            let counted = |is_of: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| is_of(line)).count();
            let of_status: Vec<usize> = (0..4).map(|value| counted(&|line| {
                line.status as u32 == value && passes(&organisation, Some(line.organisation)) && passes(&kind, line.kind)
            })).collect();
            let of_kind: Vec<usize> = (0..3).map(|value| counted(&|line| {
                line.kind == Some(value) && passes(&organisation, Some(line.organisation)) && passes(&status, Some(line.status as u32))
            })).collect();
            let chosen = [status, organisation, kind, None];
            prop_assert_eq!(facets.counts(Facet::Status, &chosen, None), of_status);
            prop_assert_eq!(facets.counts(Facet::Kind, &chosen, None), of_kind);
        }
    }
}
