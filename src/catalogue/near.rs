//! Names that are nearly the same, found among very many without comparing each with each.

use std::collections::{BTreeSet, HashMap, HashSet};

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
    for by in [By::Start, By::End, By::Letters] {
        misspelt(&names, by, &mut found);
    }
    found
}

/// The pairs, the smaller place first, in which one of the first `few` names is. Of the others only those are compared that
/// have something in common with one of them.
pub fn pairs_with(names: &[&str], few: usize) -> BTreeSet<(usize, usize)> {
    let common: HashSet<String> = names[..few].iter().flat_map(|name| Name::new(name).marks()).collect();
    let is_compared =
        |place: &usize| *place < few || Name::new(names[*place]).marks().iter().any(|mark| common.contains(mark));
    let places: Vec<usize> = (0..names.len()).filter(is_compared).collect();
    let compared: Vec<&str> = places.iter().map(|place| names[*place]).collect();
    let found = pairs(&compared).into_iter().map(|(one, other)| (places[one], places[other]));
    found.filter(|(one, _)| *one < few).collect()
}

/// What names that are compared letter by letter have in common: how they begin, how they end, or all their letters in
/// another order, as where two were typed the wrong way round.
#[derive(Clone, Copy)]
enum By {
    Start,
    End,
    Letters,
}

impl Name {
    fn new(name: &str) -> Name {
        let words = words(name);
        let letters: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
        let digits = letters.iter().filter(|letter| letter.is_numeric()).collect();
        Name { words, letters, digits }
    }

    /// What it has in common with every name that is perhaps the same: one of these at least.
    fn marks(&self) -> [String; 4] {
        let (digits, letters) = (&self.digits, &self.letters);
        let start: String = letters.iter().take(3).collect();
        let end: String = letters[letters.len().saturating_sub(3)..].iter().collect();
        let mut sorted = letters.clone();
        sorted.sort_unstable();
        let (sorted, first) = (sorted.iter().collect::<String>(), self.words.first().map_or("", String::as_str));
        [("start", &*start), ("end", &end), ("letters", &sorted), ("word", first)]
            .map(|(kind, part)| format!("{kind} {digits} {part}"))
    }
}

fn pair(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

/// The same letters, the same words in another order, or all words but one in the middle: a word before or after a name
/// makes another of it (`apache-nifi`, `apache-nifi-registry`).
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
        for without in 1..name.words.len() - 1 {
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

/// Names that have something in common and of which few letters differ.
fn misspelt(names: &[Name], by: By, found: &mut BTreeSet<(usize, usize)>) {
    let mut buckets: HashMap<(&str, Vec<char>), Vec<usize>> = HashMap::new();
    for (place, name) in names.iter().enumerate().filter(|(_, name)| name.letters.len() >= SHORTEST) {
        let common = match by {
            By::Start => name.letters[..3].to_vec(),
            By::End => name.letters[name.letters.len() - 3..].to_vec(),
            By::Letters => {
                let mut letters = name.letters.clone();
                letters.sort_unstable();
                letters
            }
        };
        buckets.entry((&name.digits, common)).or_default().push(place);
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
    if one.letters.len().abs_diff(other.letters.len()) > most || is_variant(one, other) {
        return false;
    }
    let limit = osa::Args::default().score_cutoff(most);
    osa::distance_with_args(one.letters.iter().copied(), other.letters.iter().copied(), &limit).is_some()
}

/// Whether one name is the other and whole words before or after it.
fn is_variant(one: &Name, other: &Name) -> bool {
    let (shorter, longer) =
        if one.words.len() < other.words.len() { (&one.words, &other.words) } else { (&other.words, &one.words) };
    shorter.len() < longer.len() && (longer.starts_with(shorter) || longer.ends_with(shorter))
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
        assert!(near("ngnix", "nginx"), "two letters the wrong way round");
        assert!(near("nigxn", "nigxn "), "signs and spaces");
    }

    #[test]
    fn names_that_only_resemble_are_not() {
        assert!(!near("nginx", "nginx-controller"));
        assert!(!near("apache-nifi", "apache-nifi-registry"));
        assert!(!near("apache-nifi-registry", "nifi-registry"));
        assert!(!near("grafana-agent", "grafana-agent-ui"));
        assert!(!near("lemon", "melon"), "the same letters, but more than two of them elsewhere");
        assert!(!near("asp.net runtime", ".net runtime"));
        assert!(!near("python-3.11", "python-3.12"));
        assert!(!near("redis", "redux"));
        assert!(!near("go", "gdb"));
        assert!(!near("日本", ""));
    }

    #[test]
    fn the_pairs_of_a_few_names_are_those_of_all_in_which_they_are() {
        let few = ["ngnix", "metalb", "go x tool", "cert manager"];
        let others = [
            "nginx",
            "metallb",
            "go tool",
            "cert-manager",
            "nginx ingress controller",
            "nginx-controller",
            "kubernets",
            "kubernetes",
            "redis",
            "exporter-node",
        ];
        let all = [&few[..], &others[..]].concat();
        let expected: BTreeSet<_> = pairs(&all).into_iter().filter(|(one, _)| *one < few.len()).collect();
        assert_eq!(pairs_with(&all, few.len()), expected);
        assert_eq!(expected.len(), few.len(), "{expected:?}");
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
