//! The different texts that lines have as one of their labels.

use std::collections::HashMap;
use std::num::NonZeroU32;

use crate::fields::Label;
use crate::text::key;

/// The dictionaries of all labels.
pub type Dictionaries = [Dictionary; Label::COUNT];

/// The texts that lines have as a label, each with a number that it keeps, from 1.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, NonZeroU32>,
    /// Of each text: its place in alphabetical order.
    ranks: Vec<u32>,
}

/// The place of a number's text among all.
pub const fn place_of(number: NonZeroU32) -> u32 {
    number.get() - 1
}

#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 types
impl Dictionary {
    /// The number of a text, which is added where it is new.
    pub fn add(&mut self, text: &str) -> NonZeroU32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = NonZeroU32::MIN.saturating_add(self.texts.len() as u32);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    /// Numbers all texts in alphabetical order.
    pub fn rank_all(&mut self) {
        let mut order: Vec<u32> = (0..self.texts.len() as u32).collect();
        order.sort_by_cached_key(|place| {
            let text = &self.texts[*place as usize];
            (key(text), text.clone())
        });
        self.ranks = vec![0; order.len()];
        for (rank, place) in (0..).zip(order) {
            self.ranks[place as usize] = rank;
        }
    }

    /// Of each text: its place in alphabetical order.
    pub fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// The place of a text in alphabetical order; none comes last.
    pub fn rank(&self, number: Option<NonZeroU32>) -> u32 {
        number.map_or(u32::MAX, |number| self.ranks[place_of(number) as usize])
    }

    /// All texts, by their places.
    pub fn texts(&self) -> &[Box<str>] {
        &self.texts
    }
}
