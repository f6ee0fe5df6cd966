//! Finding lines by words: exact by any part of a word; where no word fits, the words that are spelled almost so.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use rapidfuzz::distance::osa;
use rustc_hash::FxBuildHasher;

use super::bits::Bits;
use crate::text::words;

/// Where a word stands in a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The image's name or a registry name.
    Name,
    /// Anything else.
    Text,
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    pub lines: Bits,
    /// Those of the lines in which every word stands in a name.
    pub by_name: Bits,
    /// Words that no line has, each with the words taken in their place.
    pub respelled: Vec<(String, Vec<String>)>,
}

/// Every word of the catalogue, and the lines where it stands: in pieces that copies share.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// One more than the highest place of a line.
    slots: usize,
    /// The words in order, some hundreds a piece.
    pieces: Vec<Arc<Piece>>,
}

/// So many words in a piece of a new index; one that has grown to twice as many is cut.
const WORDS: usize = 256;

/// Some words that follow one another, and the lines where they stand.
#[derive(Debug, Default)]
struct Piece {
    /// The words, each after a line feed, in order.
    text: String,
    /// Where in `text` each word begins.
    starts: Vec<u32>,
    /// Which letters each word has, folded into 32 bits: a quick test of what can be spelled alike.
    letters: Vec<u32>,
    /// Where in `places` each word's lines begin, and where the last word's end.
    firsts: Vec<u32>,
    /// Line numbers, times two, plus one where the word stands in a name.
    places: Vec<u32>,
}

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

/// The words under which a text is found.
fn words_of(field: Field, text: &str) -> Vec<String> {
    let mut found = words(text);
    if field == Field::Name && found.len() > 1 {
        found.push(found.concat()); // `cert manager` is found by `certmanager` too
    }
    found
}

/// How a line is noted at a word: its place times two, plus one where the word stands in a name.
fn noted_at(line: u32, field: Field) -> u32 {
    line * 2 + u32::from(field == Field::Name)
}

/// Words that stand, or no longer stand, in lines: each with how the lines are noted at it.
#[derive(Debug, Default)]
pub struct Entries(BTreeMap<String, BTreeSet<u32>>);

impl Entries {
    /// Notes that a line has this text.
    pub fn add(&mut self, line: u32, field: Field, text: &str) {
        for word in words_of(field, text) {
            self.0.entry(word).or_default().insert(noted_at(line, field));
        }
    }

    /// Leaves out what others have too.
    fn without(&self, others: &Entries) -> Entries {
        let rest = self.0.iter().map(|(word, places)| match others.0.get(word) {
            Some(theirs) => (word.clone(), places.difference(theirs).copied().collect()),
            None => (word.clone(), places.clone()),
        });
        Entries(rest.filter(|(_, places): &(String, BTreeSet<u32>)| !places.is_empty()).collect())
    }
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
    #[must_use]
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
                words.iter().for_each(|number| piece.begin(spelled(&text, &starts, *number)));
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

#[allow(clippy::cast_possible_truncation)] // as above
impl Piece {
    /// Adds a word after the others.
    fn begin(&mut self, word: &str) {
        self.text.push('\n');
        self.starts.push(self.text.len() as u32);
        self.letters.push(letters_of(word));
        self.text.push_str(word);
    }

    /// Makes room for so many places of each word.
    fn make_room(&mut self, counts: &[u32]) {
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

    fn count(&self) -> usize {
        self.starts.len()
    }

    fn word(&self, word: usize) -> &str {
        let end = self.starts.get(word + 1).map_or(self.text.len(), |next| *next as usize - 1);
        &self.text[self.starts[word] as usize..end]
    }

    fn places_of(&self, word: usize) -> &[u32] {
        &self.places[self.firsts[word] as usize..self.firsts[word + 1] as usize]
    }

    /// The same words where some stand in other lines: in one piece, or in several where they have become many.
    fn changed(&self, gone: &[(&str, &BTreeSet<u32>)], come: &[(&str, &BTreeSet<u32>)]) -> Vec<Piece> {
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
    fn containing(&self, finder: &memchr::memmem::Finder) -> Vec<usize> {
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

/// A word of an index: its piece, and its place there.
type At = (usize, usize);

impl Index {
    /// The index where some lines had the words of `before` and have those of `after`.
    #[must_use]
    pub fn changed(&self, before: &Entries, after: &Entries, slots: usize) -> Index {
        let (gone, come) = (before.without(after), after.without(before));
        let (gone, come) = (self.by_piece(&gone), self.by_piece(&come));
        let mut pieces = self.pieces.clone();
        if pieces.is_empty() && !come.is_empty() {
            pieces.push(Arc::default());
        }
        let none = Vec::new();
        let touched: BTreeSet<usize> = gone.keys().chain(come.keys()).copied().collect();
        for piece in touched.into_iter().rev() {
            let (gone, come) = (gone.get(&piece).unwrap_or(&none), come.get(&piece).unwrap_or(&none));
            let changed = pieces[piece].changed(gone, come).into_iter().map(Arc::new).collect::<Vec<_>>();
            pieces.splice(piece..=piece, changed);
        }
        Index { slots, pieces }
    }

    /// Entries by the piece in which their words belong.
    fn by_piece<'e>(&self, entries: &'e Entries) -> BTreeMap<usize, Vec<(&'e str, &'e BTreeSet<u32>)>> {
        let mut by_piece: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (word, places) in &entries.0 {
            let after = self.pieces.partition_point(|piece| piece.word(0) <= word.as_str());
            by_piece.entry(after.saturating_sub(1)).or_default().push((&**word, places));
        }
        by_piece
    }

    /// The lines that have every word of a question. No words: no lines.
    #[must_use]
    pub fn find(&self, question: &str) -> Found {
        let asked = words(question);
        let every = if asked.is_empty() { Bits::none(self.slots) } else { Bits::all(self.slots) };
        let mut found = Found { lines: every.clone(), by_name: every, respelled: Vec::new() };
        for word in asked.iter().take(MOST_WORDS) {
            let mut fitting = self.containing(word);
            if fitting.is_empty() {
                fitting = self.spelled_almost(word);
                let instead = fitting.iter().map(|word| self.word(*word).to_owned()).collect();
                found.respelled.push((word.clone(), instead));
            }
            let mut lines = Bits::none(self.slots);
            let mut by_name = Bits::none(self.slots);
            for word in fitting {
                for place in self.places_of(word) {
                    lines.insert(place / 2);
                    if place % 2 == 1 {
                        by_name.insert(place / 2);
                    }
                }
            }
            found.lines.keep(&lines);
            found.by_name.keep(&by_name);
        }
        found
    }

    fn places_of(&self, (piece, word): At) -> &[u32] {
        self.pieces[piece].places_of(word)
    }

    fn word(&self, (piece, word): At) -> &str {
        self.pieces[piece].word(word)
    }

    /// The words that have this text in them.
    fn containing(&self, part: &str) -> Vec<At> {
        let finder = memchr::memmem::Finder::new(part);
        let in_piece = |(at, piece): (usize, &Arc<Piece>)| {
            piece.containing(&finder).into_iter().map(move |word| (at, word)).collect::<Vec<_>>()
        };
        self.pieces.iter().enumerate().flat_map(in_piece).collect()
    }

    /// The words nearest to this one by spelling: a letter wrong, missing, too many or in the wrong place;
    /// two of those in words of six letters or more.
    #[allow(clippy::cast_possible_truncation)] // as above
    fn spelled_almost(&self, word: &str) -> Vec<At> {
        let length = word.chars().count();
        let mut most = match length {
            0..=2 => return Vec::new(),
            3..=5 => 1,
            _ => 2,
        };
        let letters = letters_of(word);
        let compare = osa::BatchComparator::new(word.chars());
        let mut nearest = Vec::new();
        let all = self.pieces.iter().enumerate();
        let all =
            all.flat_map(|(at, piece)| piece.letters.iter().enumerate().map(move |(word, has)| ((at, word), has)));
        for (candidate, has) in all {
            if (has ^ letters).count_ones() > 2 * most {
                continue;
            }
            let spelled = self.word(candidate);
            if spelled.len() + 2 * 4 < word.len() || spelled.len() > word.len() + 2 * 4 {
                continue;
            }
            let limit = osa::Args::default().score_cutoff(most as usize);
            let Some(distance) = compare.distance_with_args(spelled.chars(), &limit) else { continue };
            if (distance as u32) < most {
                most = distance as u32;
                nearest.clear();
            }
            nearest.push(candidate);
        }
        nearest
    }
}

/// Numbers in order, each of them once.
fn each_once(sorted: &[u32]) -> impl Iterator<Item = u32> {
    sorted.chunk_by(|one, next| one == next).map(|same| same[0])
}

/// More words than this in one question are not looked at.
const MOST_WORDS: usize = 12;

fn letters_of(word: &str) -> u32 {
    word.chars().fold(0, |bits, letter| bits | 1 << (letter as u32 % 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(names: &[&str]) -> Index {
        let mut indexer = Indexer::default();
        for (line, name) in (0..).zip(names) {
            indexer.add(line, Field::Name, name);
        }
        indexer.finish(names.len())
    }

    fn found(names: &[&str], question: &str) -> Vec<u32> {
        index(names).find(question).lines.lines().collect()
    }

    #[test]
    fn a_misspelt_word_finds_the_word_that_was_meant() {
        let names = ["nginx", "metalb-iamguarded", "Kubernetes-event-exporter", "postgis"];
        assert_eq!(found(&names, "ngix"), [0]);
        assert_eq!(found(&names, "metallb"), [1]);
        assert_eq!(found(&names, "kuberntes"), [2]);
        assert_eq!(found(&names, "psotgis"), [3]);
    }

    #[test]
    fn a_word_that_stands_there_is_not_respelled() {
        let result = index(&["nginx", "nginz"]).find("nginx");
        assert_eq!(result.lines.lines().collect::<Vec<_>>(), [0]);
        assert!(result.respelled.is_empty());
    }

    #[test]
    fn case_accents_and_the_order_of_words_do_not_matter() {
        let names = ["Kubernetes-event-exporter", "Données Géospatiales"];
        assert_eq!(found(&names, "EVENT kubernetes"), [0]);
        assert_eq!(found(&names, "geospatiales donnees"), [1]);
        assert_eq!(found(&names, "GÉO"), [1]);
    }

    #[test]
    fn words_written_together_are_found() {
        assert_eq!(found(&["Cert Manager"], "certmanager"), [0]);
    }

    #[test]
    fn nothing_is_found_by_a_question_without_letters_or_by_a_word_far_from_all() {
        assert!(found(&["nginx"], "…!").is_empty());
        assert!(found(&["nginx"], "zookeeper").is_empty());
    }
}
