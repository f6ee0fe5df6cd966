//! Names that are nearly the same, found among very many without comparing each with each.

use std::collections::{BTreeSet, HashMap};

use rapidfuzz::distance::osa;

use crate::text::words;

/// Shorter names than this are compared letter by letter with none: `go` and `gdb` are not misspelt.
const SHORTEST: usize = 5;
/// From this length on two letters may differ instead of one.
const LONG: usize = 9;
/// In a bucket with more names than this each is compared with its neighbours of the alphabet only.
const LARGE_BUCKET: usize = 200;
const NEIGHBOURS: usize = 20;

/// A name taken apart.
struct Name {
    words: Vec<String>,
    /// Its letters and digits.
    letters: Vec<char>,
    /// Its digits: names of two versions are not misspelt.
    digits: String,
}

/// Pairs of names, by their places, that are perhaps the same: but for signs and spaces, for a word in the middle
/// (`nginx-controller`, `Nginx Ingress Controller`), or for a letter or two (`metalb`, `metallb`).
pub fn pairs(names: &[&str]) -> BTreeSet<(usize, usize)> {
    let names: Vec<Name> = names.iter().map(|name| Name::new(name)).collect();
    let mut found = BTreeSet::new();
    same_words(&names, &mut found);
    for from_end in [false, true] {
        misspelt(&names, from_end, &mut found);
    }
    found
}

impl Name {
    fn new(name: &str) -> Name {
        let words = words(name);
        let letters: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
        let digits = letters.iter().filter(|letter| letter.is_numeric()).collect();
        Name { words, letters, digits }
    }
}

fn pair(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// The same letters, the same words in another order, or all words but one that is not the first.
fn same_words(names: &[Name], found: &mut BTreeSet<(usize, usize)>) {
    let mut by_letters: HashMap<String, usize> = HashMap::new();
    let mut by_words: HashMap<String, usize> = HashMap::new();
    for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.letters.is_empty()) {
        for (all, text) in
            [(&mut by_letters, name.letters.iter().collect()), (&mut by_words, sorted(&name.words, None))]
        {
            let first = *all.entry(text).or_insert(place);
            if first != place {
                found.insert(pair(first, place));
            }
        }
    }
    for (place, name) in names.iter().enumerate().filter(|(_, name)| name.words.len() >= 3) {
        for without in 1..name.words.len() {
            let shorter = by_words.get(&sorted(&name.words, Some(without)));
            let alike = |other: &&usize| {
                let other = &names[**other];
                other.words.first() == name.words.first() && other.digits == name.digits
            };
            found.extend(shorter.filter(alike).map(|other| pair(*other, place)));
        }
    }
}

/// The words in alphabetical order, without one of them.
fn sorted(words: &[String], without: Option<usize>) -> String {
    let kept = words.iter().enumerate().filter(|(place, _)| Some(*place) != without);
    let mut kept: Vec<&str> = kept.map(|(_, word)| word.as_str()).collect();
    kept.sort_unstable();
    kept.join(" ")
}

/// Names that begin or end alike and of which few letters differ.
fn misspelt(names: &[Name], from_end: bool, found: &mut BTreeSet<(usize, usize)>) {
    let mut buckets: HashMap<(&str, [char; 3]), Vec<usize>> = HashMap::new();
    for (place, name) in names.iter().enumerate().filter(|(_, name)| name.letters.len() >= SHORTEST) {
        let at = |place: usize| name.letters[if from_end { name.letters.len() - 1 - place } else { place }];
        buckets.entry((&name.digits, [at(0), at(1), at(2)])).or_default().push(place);
    }
    for mut bucket in buckets.into_values().filter(|bucket| bucket.len() > 1) {
        bucket.sort_by(|one, other| names[*one].letters.cmp(&names[*other].letters));
        let reach = if bucket.len() > LARGE_BUCKET { NEIGHBOURS } else { bucket.len() };
        for (number, place) in bucket.iter().enumerate() {
            let near = bucket[number + 1..].iter().take(reach);
            found.extend(
                near.filter(|other| is_near(&names[*place], &names[**other])).map(|other| pair(*place, *other)),
            );
        }
    }
}

fn is_near(one: &Name, other: &Name) -> bool {
    let most = if one.letters.len().min(other.letters.len()) < LONG { 1 } else { 2 };
    if one.letters.len().abs_diff(other.letters.len()) > most {
        return false;
    }
    let limit = osa::Args::default().score_cutoff(most);
    osa::distance_with_args(one.letters.iter().copied(), other.letters.iter().copied(), &limit).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str) -> bool {
        !pairs(&[one, other]).is_empty()
    }

    #[test]
    fn misspelt_and_respelt_names_are_found() {
        assert!(near("metalb", "metallb"));
        assert!(near("nginx-controller", "nginx ingress controller"));
        assert!(near("cert manager", "cert-manager"));
        assert!(near("kubernets", "kubernetes"));
        assert!(near("exporter-node", "node exporter"));
    }

    #[test]
    fn names_that_only_resemble_are_not() {
        assert!(!near("nginx", "nginx-controller"));
        assert!(!near("asp.net runtime", ".net runtime"));
        assert!(!near("python-3.11", "python-3.12"));
        assert!(!near("redis", "redux"));
        assert!(!near("go", "gdb"));
        assert!(!near("日本", ""));
    }

    #[test]
    fn very_many_names_are_compared_in_little_time() {
        let names: Vec<String> = (0..20_000_u64)
            .map(|number| {
                let letter =
                    |shift: u64| char::from(b'a' + u8::try_from(((number * 7_919) >> shift) % 26).unwrap_or(0));
                format!("same {}{}{}{}{} image", letter(0), letter(3), letter(6), letter(9), letter(12))
            })
            .collect();
        let begun = std::time::Instant::now();
        pairs(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
