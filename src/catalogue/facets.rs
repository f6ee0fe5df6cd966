//! Filters by status, department, type and renewal state, with exact counts.

use chrono::NaiveDate;

use super::bits::{Bits, Kept};
use super::snapshot::Line;
use crate::licences::RenewalState;

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
}

impl Facets {
    /// The facets of these lines on a day.
    #[must_use]
    pub fn new(lines: &[Line], kinds: usize, organisations: usize, today: NaiveDate) -> Facets {
        let renewal = |line: &Line| RenewalState::of(line.renewal_date, today) as u32;
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

    /// How many lines each value of a facet has among those that the other facets let pass.
    #[must_use]
    pub fn counts(&self, facet: Facet, chosen: &[Option<Vec<u32>>; 4], within: Option<&Bits>) -> Vec<usize> {
        let column = &self.columns[facet as usize];
        let mut others = chosen.clone();
        others[facet as usize] = None;
        if within.is_none() && others.iter().all(Option::is_none) {
            return column.lines.iter().map(Kept::count).collect();
        }
        let mut counts = vec![0; column.lines.len() + 1];
        for line in self.matching(&others, within).lines() {
            counts[column.values[line as usize] as usize] += 1;
        }
        counts.truncate(column.lines.len());
        counts
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
        let kept = by_value.into_iter().map(|found| Kept::new(&found, lines.len())).collect();
        Column { values: column, lines: kept }
    }

    fn having(&self, values: &[u32], of: usize) -> Bits {
        let mut lines = Bits::none(of);
        for value in values {
            lines.add(&self.lines[*value as usize]);
        }
        lines
    }
}
