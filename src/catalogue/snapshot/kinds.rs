//! The types that lines have.

use std::collections::HashMap;

use crate::text::key;

/// The types that lines have, each at a place that it keeps.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    names: Vec<Box<str>>,
    places: HashMap<Box<str>, u32>,
    /// Of each type, by its place: its place in alphabetical order.
    ranks: Vec<u32>,
}

#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 types
impl Kinds {
    /// The place of a type, which is added where it is new.
    pub fn add(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.names.push(name.into());
        self.places.insert(name.into(), place);
        place
    }

    /// Numbers all types in alphabetical order.
    pub fn rank_all(&mut self) {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_by_cached_key(|place| {
            let name = &self.names[*place as usize];
            (key(name), name.clone())
        });
        self.ranks = vec![0; order.len()];
        for (rank, place) in (0..).zip(order) {
            self.ranks[place as usize] = rank;
        }
    }

    /// The place of a type in alphabetical order; none comes last.
    #[must_use]
    pub fn rank(&self, kind: Option<u32>) -> u32 {
        kind.map_or(u32::MAX, |kind| self.ranks[kind as usize])
    }

    /// All types, by their places.
    #[must_use]
    pub fn names(&self) -> &[Box<str>] {
        &self.names
    }
}
