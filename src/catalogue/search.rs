//! Finding lines by words: exact by any part of a word; where no word fits, the words that are spelled almost so.

use std::hash::BuildHasher;

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

/// Every word of the catalogue, and the lines where it stands.
#[derive(Debug, Default)]
pub struct Index {
    lines: usize,
    /// The words, each after a line feed, in order.
    text: String,
    /// Where in `text` each word begins.
    starts: Vec<u32>,
    /// Which letters each word has, folded into 32 bits: a quick test of what can be spelled alike.
    letters: Vec<u32>,
    /// Where in `places` each word's lines begin.
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

#[allow(clippy::cast_possible_truncation)] // fewer than 2^31 words, and places where they stand
impl Indexer {
    /// Notes that a line has this text. Lines come in their order.
    pub fn add(&mut self, line: u32, field: Field, text: &str) {
        self.lines.resize(line as usize + 1, self.noted.len() as u32);
        let mut found = words(text);
        if field == Field::Name && found.len() > 1 {
            found.push(found.concat()); // `cert manager` is found by `certmanager` too
        }
        for word in found {
            let number = self.number(&word);
            self.noted.push(number * 2 + u32::from(field == Field::Name));
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
        let mut index = Index { lines, ..Index::default() };
        index.text.reserve_exact(text.len() + sorted.len());
        for (place, number) in sorted.iter().enumerate() {
            let word = spelled(&text, &starts, *number);
            rank[*number as usize] = place as u32;
            index.text.push('\n');
            index.starts.push(index.text.len() as u32);
            index.letters.push(letters_of(word));
            index.text.push_str(word);
        }
        begins.resize(lines + 1, noted.len() as u32);
        index.places_from(&mut noted, &begins, &rank);
        index
    }
}

/// The word of a number.
fn spelled<'t>(text: &'t str, starts: &[u32], number: u32) -> &'t str {
    let number = number as usize;
    let end = starts.get(number + 1).map_or(text.len(), |next| *next as usize);
    &text[starts[number] as usize..end]
}

impl Index {
    /// Takes in the words of all lines: each line's from where it begins to where the next does, by the words' ranks.
    #[allow(clippy::cast_possible_truncation)] // as above
    fn places_from(&mut self, noted: &mut [u32], begins: &[u32], rank: &[u32]) {
        let of_line = |line: usize| begins[line] as usize..begins[line + 1] as usize;
        let mut counts = vec![0_u32; rank.len() + 1];
        let mut total = 0;
        for line in 0..self.lines {
            let words = &mut noted[of_line(line)];
            for word in words.iter_mut() {
                *word = rank[(*word / 2) as usize] * 2 + *word % 2;
            }
            words.sort_unstable();
            for word in each_once(words) {
                counts[(word / 2) as usize + 1] += 1;
                total += 1;
            }
        }
        for word in 1..counts.len() {
            counts[word] += counts[word - 1];
        }
        self.firsts.clone_from(&counts);
        self.places = vec![0; total];
        for line in 0..self.lines {
            for word in each_once(&noted[of_line(line)]) {
                let next = &mut counts[(word / 2) as usize];
                self.places[*next as usize] = line as u32 * 2 + word % 2;
                *next += 1;
            }
        }
    }

    /// The lines that have every word of a question. No words: no lines.
    #[must_use]
    pub fn find(&self, question: &str) -> Found {
        let asked = words(question);
        let every = if asked.is_empty() { Bits::none(self.lines) } else { Bits::all(self.lines) };
        let mut found = Found { lines: every.clone(), by_name: every, respelled: Vec::new() };
        for word in asked.iter().take(MOST_WORDS) {
            let mut fitting = self.containing(word);
            if fitting.is_empty() {
                fitting = self.spelled_almost(word);
                let instead = fitting.iter().map(|word| self.word(*word).to_owned()).collect();
                found.respelled.push((word.clone(), instead));
            }
            let mut lines = Bits::none(self.lines);
            let mut by_name = Bits::none(self.lines);
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

    fn places_of(&self, word: u32) -> &[u32] {
        let word = word as usize;
        &self.places[self.firsts[word] as usize..self.firsts[word + 1] as usize]
    }

    fn word(&self, word: u32) -> &str {
        let word = word as usize;
        let end = self.starts.get(word + 1).map_or(self.text.len(), |next| *next as usize - 1);
        &self.text[self.starts[word] as usize..end]
    }

    /// The words that have this text in them.
    #[allow(clippy::cast_possible_truncation)] // as above
    fn containing(&self, part: &str) -> Vec<u32> {
        let finder = memchr::memmem::Finder::new(part);
        let text = self.text.as_bytes();
        let (mut found, mut from, mut word) = (Vec::new(), 0, 0);
        while let Some(ahead) = finder.find(&text[from..]) {
            word = self.word_at(from + ahead, word);
            found.push(word as u32);
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

    /// The words nearest to this one by spelling: a letter wrong, missing, too many or in the wrong place;
    /// two of those in words of six letters or more.
    #[allow(clippy::cast_possible_truncation)] // as above
    fn spelled_almost(&self, word: &str) -> Vec<u32> {
        let length = word.chars().count();
        let mut most = match length {
            0..=2 => return Vec::new(),
            3..=5 => 1,
            _ => 2,
        };
        let letters = letters_of(word);
        let compare = osa::BatchComparator::new(word.chars());
        let mut nearest = Vec::new();
        for candidate in 0..self.starts.len() as u32 {
            if (self.letters[candidate as usize] ^ letters).count_ones() > 2 * most {
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
