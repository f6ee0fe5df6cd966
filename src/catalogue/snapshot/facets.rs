//! Filters by status, department, type and renewal state, with exact counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalogue::snapshot::bits::{Bits, Kept};
use crate::catalogue::snapshot::dictionary::place_of;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::pieces::Pieces;
use crate::fields::Label;

/// What a list can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Status,
    Department,
    Label(Label),
    Renewal,
}

/// The values that are chosen of each facet, in their order; a facet without a choice lets all pass.
pub type Chosen = [Option<Vec<u32>>; Facet::COUNT];

impl Facet {
    pub const COUNT: usize = 3 + Label::COUNT;

    /// All of them, in the order in which the form shows them.
    pub const ALL: [Facet; Facet::COUNT] =
        [Facet::Status, Facet::Department, Facet::Label(Label::Kind), Facet::Label(Label::Vendor), Facet::Renewal];

    /// Its place among all.
    pub(super) const fn place(self) -> usize {
        match self {
            Facet::Status => 0,
            Facet::Department => 1,
            Facet::Label(label) => 2 + label as usize,
            Facet::Renewal => 2 + Label::COUNT,
        }
    }

    /// The place of a line's value among all.
    fn value(self, line: &Line, today: NaiveDate) -> Option<u32> {
        match self {
            Facet::Status => Some(line.status as u32),
            Facet::Department => Some(line.organisation),
            Facet::Label(label) => line.labels[label as usize].map(place_of),
            Facet::Renewal => Some(line.renewal().state(today) as u32),
        }
    }
}

/// A place where lines differ between two snapshots.
#[derive(Clone, Copy, Debug)]
pub struct Replaced {
    pub line: u32,
    /// Whether there was a line before.
    pub was: bool,
    /// Whether there is one now.
    pub is: bool,
}

/// A line that has another value than before.
struct Move {
    line: u32,
    from: u32,
    to: u32,
}

/// For each facet: the value of each line, and the lines of each value.
#[derive(Clone, Debug)]
pub struct Facets {
    columns: [Column; Facet::COUNT],
    /// The lines that there are.
    lines: Arc<Bits>,
    count: usize,
    today: NaiveDate,
}

#[derive(Clone, Debug)]
struct Column {
    /// Of each line: its value's place, or [`NONE`].
    values: Arc<Vec<u32>>,
    /// Of each value: its lines.
    lines: Vec<Arc<Kept>>,
    /// Of each value: how many lines it has.
    totals: Vec<usize>,
}

/// The value of a line that has none, or that is not there.
const NONE: u32 = u32::MAX;

impl Facets {
    /// The facets of these lines on a day.
    pub fn new(lines: &Pieces<Line>, labels: [usize; Label::COUNT], organisations: usize, today: NaiveDate) -> Facets {
        let columns = Facet::ALL.map(|facet| {
            let values = match facet {
                Facet::Status | Facet::Renewal => 4,
                Facet::Department => organisations,
                Facet::Label(label) => labels[label as usize],
            };
            Column::new(lines, values, |line| facet.value(line, today))
        });
        Facets { columns, lines: Arc::new(Bits::all(lines.len())), count: lines.len(), today }
    }

    /// The facets where the lines at these places have changed, come or gone.
    pub fn changed(
        &self,
        before: &Pieces<Line>,
        after: &Pieces<Line>,
        places: &[Replaced],
        labels: [usize; Label::COUNT],
    ) -> Facets {
        let mut facets = self.clone();
        let slots = after.len();
        let mut lines = self.lines.grown(slots);
        for place in places {
            if place.is { lines.insert(place.line) } else { lines.take(place.line) }
        }
        facets.count = lines.count();
        facets.lines = Arc::new(lines);
        let empty = Arc::new(Kept::new(&[], slots));
        for label in Label::ALL {
            let column = &mut facets.columns[Facet::Label(label).place()];
            column.lines.resize(labels[label as usize], Arc::clone(&empty));
            column.totals.resize(labels[label as usize], 0);
        }
        for (facet, column) in Facet::ALL.into_iter().zip(&mut facets.columns) {
            let value = |lines: &Pieces<Line>, at: u32| facet.value(&lines[at as usize], self.today).unwrap_or(NONE);
            let moves = places.iter().map(|place| Move {
                line: place.line,
                from: if place.was { value(before, place.line) } else { NONE },
                to: if place.is { value(after, place.line) } else { NONE },
            });
            column.change(&moves.filter(|one| one.from != one.to).collect::<Vec<_>>(), slots);
        }
        facets
    }

    /// How many lines there are.
    pub fn count_lines(&self) -> usize {
        self.count
    }

    /// The lines that have one of the chosen values in each facet; a facet without a choice lets all pass.
    pub fn matching(&self, chosen: &Chosen, within: Option<&Bits>) -> Bits {
        let mut lines = within.cloned().unwrap_or_else(|| (*self.lines).clone());
        for (column, values) in self.columns.iter().zip(chosen) {
            if let Some(values) = values {
                lines.keep(&column.having(values));
            }
        }
        lines
    }

    /// How many lines each value of a facet has among those that the other facets let pass. Where they let most lines
    /// pass, the few that they do not are counted and taken off.
    pub fn counts(&self, facet: Facet, chosen: &Chosen, within: Option<&Bits>) -> Vec<usize> {
        let column = &self.columns[facet.place()];
        let mut others = chosen.clone();
        others[facet.place()] = None;
        if within.is_none() && others.iter().all(Option::is_none) {
            return column.totals.clone();
        }
        let among = self.matching(&others, within);
        if among.count() <= self.count / 2 {
            return column.tally(&among);
        }
        let mut rest = (*self.lines).clone();
        rest.remove(&among);
        let left_out = column.tally(&rest);
        column.totals.iter().zip(left_out).map(|(total, left_out)| total - left_out).collect()
    }

    /// The lines of the organisation at a place of the directory.
    pub fn organisation(&self, place: usize) -> Vec<u32> {
        self.columns[Facet::Department.place()].lines[place].lines()
    }
}

#[allow(clippy::cast_possible_truncation)] // fewer than 2^32 lines and values
impl Column {
    fn new(lines: &Pieces<Line>, values: usize, of: impl Fn(&Line) -> Option<u32>) -> Column {
        let mut by_value = vec![Vec::new(); values];
        let mut column = Vec::with_capacity(lines.len());
        for (place, line) in (0..).zip(lines.iter()) {
            let value = of(line);
            if let Some(value) = value {
                by_value[value as usize].push(place);
            }
            column.push(value.unwrap_or(NONE));
        }
        let totals = by_value.iter().map(Vec::len).collect();
        let kept = by_value.into_iter().map(|found| Arc::new(Kept::new(&found, lines.len()))).collect();
        Column { values: Arc::new(column), lines: kept, totals }
    }

    fn change(&mut self, moves: &[Move], slots: usize) {
        if moves.is_empty() {
            return;
        }
        let mut values = Vec::with_capacity(slots);
        values.extend_from_slice(&self.values);
        values.resize(slots, NONE);
        let mut touched: BTreeMap<u32, [Vec<u32>; 2]> = BTreeMap::new();
        for one in moves {
            values[one.line as usize] = one.to;
            touched.entry(one.from).or_default()[0].push(one.line);
            touched.entry(one.to).or_default()[1].push(one.line);
        }
        self.values = Arc::new(values);
        touched.remove(&NONE);
        for (value, [gone, come]) in touched {
            let value = value as usize;
            self.lines[value] = Arc::new(self.lines[value].changed(&gone, &come, slots));
            self.totals[value] = self.totals[value] + come.len() - gone.len();
        }
    }

    /// How many of these lines each value has: by the lines, or by the values' own lines where those are quicker to go
    /// through, 64 at once.
    fn tally(&self, among: &Bits) -> Vec<usize> {
        if self.lines.len() * self.values.len() / 64 < among.count() {
            return self.lines.iter().map(|lines| among.count_of(lines)).collect();
        }
        let mut counts = vec![0; self.totals.len()];
        among.each(|line| {
            let value = self.values.get(line as usize).copied().unwrap_or(NONE);
            if let Some(count) = counts.get_mut(value as usize) {
                *count += 1;
            }
        });
        counts
    }

    fn having(&self, values: &[u32]) -> Bits {
        let mut lines = Bits::none(self.values.len());
        for value in values {
            lines.add(&self.lines[*value as usize]);
        }
        lines
    }
}

#[cfg(test)]
mod tests;
