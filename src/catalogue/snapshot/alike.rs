//! The images that are called almost as a person typed.

use std::collections::BTreeSet;

use rapidfuzz::distance::osa;

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::text::key;

/// Images that are looked at, at most, and those that are offered.
const MOST_SEEN: usize = 500;
const MOST_OFFERED: usize = 5;
/// Names that agree in less than this are not offered, from 0 to 1.
const LEAST: f64 = 0.55;

impl Snapshot {
    /// Images that are called almost so, the nearest first; not the one that is called so.
    pub fn alike(&self, name: &str) -> Vec<&Image> {
        let wanted = key(name);
        let compare = osa::BatchComparator::new(wanted.chars());
        let scored =
            self.near(name).into_iter().map(|image| (compare.normalized_similarity(key(&image.name).chars()), image));
        let mut scored: Vec<_> =
            scored.filter(|(score, image)| *score >= LEAST && key(&image.name) != wanted).collect();
        scored.sort_by(|(one, a), (other, b)| other.total_cmp(one).then_with(|| a.name.cmp(&b.name)));
        scored.into_iter().take(MOST_OFFERED).map(|(_, image)| image).collect()
    }

    /// Images with any word of a name, or one spelled almost so; those with every word first.
    fn near(&self, name: &str) -> Vec<&Image> {
        let words = crate::text::words(name);
        let every = self.index.find(name).by_name;
        let any = words.iter().map(|word| self.index.find(word).by_name);
        let lines =
            std::iter::once(every).chain(any).flat_map(|found| found.lines().take(MOST_SEEN).collect::<Vec<_>>());
        let mut seen = BTreeSet::new();
        let images = lines.map(|line| self.line_at(line).image).filter(|image| seen.insert(*image));
        images.take(MOST_SEEN).map(|image| self.image_at(image)).collect()
    }
}
