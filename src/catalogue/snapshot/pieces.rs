//! A sequence in pieces that copies share: a copy that differs in a few places has new pieces there alone.

use std::ops::Index;
use std::sync::Arc;

/// The number of values in a piece. A change copies one piece.
const PIECE: usize = 128;

#[derive(Debug)]
pub struct Pieces<T>(Vec<Arc<Vec<T>>>);

impl<T> Default for Pieces<T> {
    fn default() -> Pieces<T> {
        Pieces(Vec::new())
    }
}

impl<T> Clone for Pieces<T> {
    fn clone(&self) -> Pieces<T> {
        Pieces(self.0.clone())
    }
}

impl<T> Pieces<T> {
    /// An empty sequence with room for this many values.
    pub fn with_capacity(values: usize) -> Pieces<T> {
        Pieces(Vec::with_capacity(values.div_ceil(PIECE)))
    }

    pub fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PIECE + last.len())
    }

    pub fn get(&self, place: usize) -> Option<&T> {
        self.0.get(place / PIECE)?.get(place % PIECE)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flat_map(|piece| piece.iter())
    }
}

impl<T: Clone> Pieces<T> {
    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        if let Some(last) = self.0.last_mut().filter(|last| last.len() < PIECE) {
            Arc::make_mut(last).push(value);
        } else {
            let mut piece = Vec::with_capacity(PIECE);
            piece.push(value);
            self.0.push(Arc::new(piece));
        }
    }

    /// The value at a place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.0[place / PIECE])[place % PIECE]
    }

    /// Puts a value at a place: one that there is, or the end.
    pub fn set(&mut self, place: usize, value: T) {
        if place == self.len() { self.push(value) } else { *self.get_mut(place) = value }
    }
}

impl<T> Index<usize> for Pieces<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.0[place / PIECE][place % PIECE]
    }
}
