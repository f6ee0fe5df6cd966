//! Making an index of all lines.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::catalogue::snapshot::search::piece::{Piece, WORDS};
use crate::catalogue::snapshot::search::{Field, Index, noted_at, words_of};

/// Collects words and where they stand, then makes an index of them.
#[derive(Default)]
pub struct Indexer {
    /// The words, one after another, in the order in which they came.
    text: String,
    /// Where in `text` each word begins.
    starts: Vec<u32>,
    /// The words' numbers, found by the words.
    numbers: HashTable<u32>,
    /// The words of all lines, line by line: the word's number times two, plus one where it stands in a name.
    noted: Vec<u32>,
    /// Where in `noted` each line's words begin.
    lines: Vec<u32>,
}

#[allow(clippy::cast_possible_truncation)] // fewer than 2^31 words, and places where they stand
impl Indexer {
    /// Notes that a line has this text. Lines come in their order.
    pub fn add(&mut self, line: u32, field: Field, text: &str) {
        self.lines.resize(line as usize + 1, self.noted.len() as u32);
        for word in words_of(field, text) {
            let number = self.number(&word);
            self.noted.push(noted_at(number, field));
        }
    }

    /// The number of a word: the next one where it is new.
    fn number(&mut self, word: &str) -> u32 {
        let Indexer { text, starts, numbers, .. } = self;
        let hash = |word: &str| FxBuildHasher.hash_one(word);
        if let Some(number) = numbers.find(hash(word), |number| spelled(text, starts, *number) == word) {
            return *number;
        }
        let number = starts.len() as u32;
        starts.push(text.len() as u32);
        text.push_str(word);
        numbers.insert_unique(hash(word), number, |number| hash(spelled(text, starts, *number)));
        number
    }

    /// The index of what was noted, for a catalogue of `lines` lines.
    pub fn finish(self, lines: usize) -> Index {
        let Indexer { text, starts, numbers, mut noted, lines: mut begins } = self;
        drop(numbers);
        let mut sorted: Vec<u32> = (0..starts.len() as u32).collect();
        sorted.sort_unstable_by_key(|number| spelled(&text, &starts, *number));
        let mut rank = vec![0_u32; sorted.len()];
        for (place, number) in sorted.iter().enumerate() {
            rank[*number as usize] = place as u32;
        }
        begins.resize(lines + 1, noted.len() as u32);
        let of_line = |line: usize| begins[line] as usize..begins[line + 1] as usize;
        let mut counts = vec![0_u32; sorted.len()];
        for line in 0..lines {
            let words = &mut noted[of_line(line)];
            for word in words.iter_mut() {
                *word = rank[(*word / 2) as usize] * 2 + *word % 2;
            }
            words.sort_unstable();
            each_once(words).for_each(|word| counts[(word / 2) as usize] += 1);
        }
        let mut pieces: Vec<Piece> = (sorted.chunks(WORDS).zip(counts.chunks(WORDS)))
            .map(|(words, counts)| {
                let mut piece = Piece::default();
                for number in words {
                    piece.begin(spelled(&text, &starts, *number));
                }
                piece.make_room(counts);
                piece
            })
            .collect();
        counts.fill(0); // from here on: how many of each word's places are known
        for line in 0..lines {
            for word in each_once(&noted[of_line(line)]) {
                let known = &mut counts[(word / 2) as usize];
                let (piece, at) = ((word / 2) as usize / WORDS, (word / 2) as usize % WORDS);
                let piece = &mut pieces[piece];
                piece.places[(piece.firsts[at] + *known) as usize] = line as u32 * 2 + word % 2;
                *known += 1;
            }
        }
        Index { slots: lines, pieces: pieces.into_iter().map(Arc::new).collect() }
    }
}

/// The word of a number.
fn spelled<'t>(text: &'t str, starts: &[u32], number: u32) -> &'t str {
    let number = number as usize;
    let end = starts.get(number + 1).map_or(text.len(), |next| *next as usize);
    &text[starts[number] as usize..end]
}

/// Numbers in order, each of them once.
fn each_once(sorted: &[u32]) -> impl Iterator<Item = u32> {
    sorted.chunk_by(|one, next| one == next).map(|same| same[0])
}
