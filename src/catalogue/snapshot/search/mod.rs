//! Finding lines by words: exact by any part of a word; where no word fits, the words that are spelled almost so.

mod indexer;
mod piece;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rapidfuzz::distance::osa;

use crate::catalogue::snapshot::bits::Bits;
use crate::text::words;

pub use indexer::Indexer;
use piece::{Piece, letters_of};

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

/// A word of an index: its piece, and its place there.
type At = (usize, usize);

impl Index {
    /// The index where some lines had the words of `before` and have those of `after`.
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

/// More words than this in one question are not looked at.
const MOST_WORDS: usize = 12;

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
