//! Which rows of a file a person chose: what differs from what stands ticked by itself.

use std::collections::HashSet;

use crate::imports::verdict::{Row, Verdict};

/// Rows by their lines in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    /// Chosen, though not by themselves.
    pub on: HashSet<usize>,
    /// Left out, though chosen by themselves.
    pub off: HashSet<usize>,
}

impl Ticks {
    /// Whether a row is chosen. By itself is what the file alone changed; nothing of a revision that is older, and no row
    /// whose name has to be confirmed.
    pub fn is_on(&self, line: usize, verdict: Verdict, waits: bool) -> bool {
        let by_itself = !waits && matches!(verdict, Verdict::New | Verdict::Changed);
        verdict != Verdict::Same && if by_itself { !self.off.contains(&line) } else { self.on.contains(&line) }
    }

    /// Chooses a row or leaves it out.
    pub fn set(&mut self, line: usize, is_chosen: bool) {
        self.on.remove(&line);
        self.off.remove(&line);
        let side = if is_chosen { &mut self.on } else { &mut self.off };
        side.insert(line);
    }

    /// Whether a row is chosen.
    pub fn has(&self, row: &Row, is_older: bool) -> bool {
        self.is_on(row.file.line, row.verdict, is_older || row.is_open)
    }

    /// How many of these rows are chosen.
    pub fn count(&self, rows: &[Row], is_older: bool) -> usize {
        rows.iter().filter(|row| self.has(row, is_older)).count()
    }
}
