//! A piece of the index: some words that follow one another, and the lines where they stand.

use std::collections::{BTreeMap, BTreeSet};

/// The number of words in a piece of a new index. A piece that grows beyond twice as many is split.
pub const WORDS: usize = 256;

/// Some words that follow one another, and the lines where they stand.
#[derive(Debug, Default)]
pub struct Piece {
    /// The words, each after a line feed, in order.
    text: String,
    /// Where in `text` each word begins.
    starts: Vec<u32>,
    /// Which letters each word has, folded into 32 bits: a quick test of what can be spelled alike.
    pub letters: Vec<u32>,
    /// Where in `places` each word's lines begin, and where the last word's end.
    pub firsts: Vec<u32>,
    /// Line numbers, times two, plus one where the word stands in a name.
    pub places: Vec<u32>,
}

#[allow(clippy::cast_possible_truncation)] // fewer than 2^31 words, and places where they stand
impl Piece {
    /// Adds a word after the others.
    pub fn begin(&mut self, word: &str) {
        self.text.push('\n');
        self.starts.push(self.text.len() as u32);
        self.letters.push(letters_of(word));
        self.text.push_str(word);
    }

    /// Makes room for so many places of each word.
    pub fn make_room(&mut self, counts: &[u32]) {
        let mut end = 0;
        self.firsts.push(end);
        self.firsts.extend(counts.iter().map(|count| {
            end += count;
            end
        }));
        self.places = vec![0; end as usize];
        self.text.shrink_to_fit();
    }

    /// Adds a word after the others, with its places.
    fn push(&mut self, word: &str, places: impl Iterator<Item = u32>) {
        if self.firsts.is_empty() {
            self.firsts.push(0);
        }
        let before = self.places.len();
        self.places.extend(places);
        if self.places.len() > before {
            self.begin(word);
            self.firsts.push(self.places.len() as u32);
        }
    }

    pub fn count(&self) -> usize {
        self.starts.len()
    }

    pub fn word(&self, word: usize) -> &str {
        let end = self.starts.get(word + 1).map_or(self.text.len(), |next| *next as usize - 1);
        &self.text[self.starts[word] as usize..end]
    }

    pub fn places_of(&self, word: usize) -> &[u32] {
        &self.places[self.firsts[word] as usize..self.firsts[word + 1] as usize]
    }

    /// The same words where some stand in other lines: in one piece, or in several where they have become many.
    pub fn changed(&self, gone: &[(&str, &BTreeSet<u32>)], come: &[(&str, &BTreeSet<u32>)]) -> Vec<Piece> {
        let (gone, come): (BTreeMap<_, _>, BTreeMap<_, _>) =
            (gone.iter().copied().collect(), come.iter().copied().collect());
        let held: BTreeMap<&str, &[u32]> =
            (0..self.count()).map(|word| (self.word(word), self.places_of(word))).collect();
        let words: BTreeSet<&str> = held.keys().chain(come.keys()).copied().collect();
        let most = if words.len() > 2 * WORDS { WORDS } else { words.len() };
        let mut pieces = vec![Piece::default()];
        for word in words {
            if pieces.last().is_some_and(|last| last.count() == most) {
                pieces.push(Piece::default());
            }
            let Some(piece) = pieces.last_mut() else { continue };
            let stay = held.get(word).copied().unwrap_or_default().iter().copied();
            match (gone.get(word), come.get(word)) {
                (None, None) => piece.push(word, stay),
                (gone, come) => {
                    let stay = stay.filter(|place| gone.is_none_or(|gone| !gone.contains(place)));
                    let mut places: Vec<u32> =
                        stay.chain(come.into_iter().flat_map(|come| come.iter().copied())).collect();
                    places.sort_unstable();
                    piece.push(word, places.into_iter());
                }
            }
        }
        pieces.retain(|piece| piece.count() > 0);
        pieces
    }

    /// The words that have this text in them.
    pub fn containing(&self, finder: &memchr::memmem::Finder) -> Vec<usize> {
        let text = self.text.as_bytes();
        let (mut found, mut from, mut word) = (Vec::new(), 0, 0);
        while let Some(ahead) = finder.find(&text[from..]) {
            word = self.word_at(from + ahead, word);
            found.push(word);
            word += 1;
            let Some(next) = self.starts.get(word) else { break };
            from = *next as usize;
        }
        found
    }

    /// The word that a place of the text belongs to, looked for from a word before it on, in steps that double.
    fn word_at(&self, place: usize, from: usize) -> usize {
        let is_before = |word: usize| self.starts.get(word).is_some_and(|start| *start as usize <= place);
        let (mut low, mut step) = (from, 1);
        while is_before(low + step) {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.starts.len());
        low + self.starts[low..high].partition_point(|start| *start as usize <= place) - 1
    }
}

/// Which letters a word has, folded into 32 bits.
pub fn letters_of(word: &str) -> u32 {
    word.chars().fold(0, |bits, letter| bits | 1 << (letter as u32 % 32))
}
