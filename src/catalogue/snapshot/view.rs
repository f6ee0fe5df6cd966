//! The rows that a view of the list shows, and the counts beside its filters.

use crate::catalogue::query::Query;
use crate::catalogue::snapshot::bits::Bits;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::facets::{Chosen, Facet};
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::order::Column;
use crate::catalogue::snapshot::search::Found;
use crate::fields::Label;
use crate::i18n::{Lang, Word};
use crate::text::key;

/// What a view of the list selects.
pub struct Selection<'s> {
    snapshot: &'s Snapshot,
    chosen: Chosen,
    found: Option<Found>,
    lines: Bits,
    /// How many lines were selected.
    pub total: usize,
}

impl Snapshot {
    /// Selects what a view asks for.
    pub fn select(&self, query: &Query) -> Selection<'_> {
        let found = (!query.search.is_empty()).then(|| self.index.find(&query.search));
        let chosen = self.chosen(query);
        let lines = self.facets.matching(&chosen, found.as_ref().map(|found| &found.lines));
        let total = lines.count();
        Selection { snapshot: self, chosen, found, lines, total }
    }

    /// The values of each facet that a view chooses; what nobody has selects nothing.
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 values
    fn chosen(&self, query: &Query) -> Chosen {
        let department = |spelling: &String| self.organisations.find(spelling, Lang::En).map(|place| place as u32);
        let texts = |label: Label, asked: &String| -> Vec<u32> {
            let asked = key(asked);
            let texts = (0..).zip(self.labels[label as usize].texts());
            texts.filter(|(_, text)| key(text) == asked).map(|(place, _)| place).collect()
        };
        Facet::ALL.map(|facet| match facet {
            Facet::Status => asked(&query.status, |status| [*status as u32]),
            Facet::Department => asked(&query.department, department),
            Facet::Label(label) => asked(&query.labels[label as usize], |asked| texts(label, asked)),
            Facet::Renewal => asked(&query.renewal, |state| [*state as u32]),
        })
    }
}

/// The values of a facet that these choices stand for; none where nothing is chosen.
fn asked<T, V: IntoIterator<Item = u32>>(chosen: &[T], values: impl Fn(&T) -> V) -> Option<Vec<u32>> {
    (!chosen.is_empty()).then(|| chosen.iter().flat_map(values).collect())
}

impl<'s> Selection<'s> {
    /// How many lines each value of a facet has among those that the search and the other filters select.
    pub fn counts(&self, facet: Facet) -> Vec<usize> {
        self.snapshot.facets.counts(facet, &self.chosen, self.found.as_ref().map(|found| &found.lines))
    }

    /// Whether the view chooses values of a facet.
    pub fn is_chosen(&self, facet: Facet) -> bool {
        self.chosen[facet.place()].is_some()
    }

    /// Whether the view chooses a value of a facet.
    pub fn has_chosen(&self, facet: Facet, value: usize) -> bool {
        let chosen = self.chosen[facet.place()].as_deref().unwrap_or_default();
        chosen.iter().any(|chosen| *chosen as usize == value)
    }

    /// Of each image, by its place: whether one of its lines is selected.
    pub fn images(&self) -> Vec<bool> {
        let mut selected = vec![false; self.snapshot.images.len()];
        self.lines.each(|line| selected[self.snapshot.line_at(line).image as usize] = true);
        selected
    }

    /// Words of the search that no line has, each with the words taken in their place.
    pub fn respelled(&self) -> &[(String, Vec<String>)] {
        self.found.as_ref().map_or(&[], |found| &found.respelled)
    }

    /// The selected lines in the view's order. Without an order of its own, a search puts first what has the name
    /// that was asked for, then what has its words in a name.
    pub fn rows(&self, query: &Query, lang: Lang) -> impl Iterator<Item = &'s Line> + use<'s> {
        let snapshot = self.snapshot;
        self.places(query, lang).map(move |place| snapshot.line_at(place))
    }

    /// The places of [`Selection::rows`].
    pub fn places(&self, query: &Query, lang: Lang) -> impl Iterator<Item = u32> + use<'s> {
        let tiers = match &self.found {
            Some(found) if query.sort.is_none() => self.tiers(found, &query.search),
            _ => vec![self.lines.clone()],
        };
        let snapshot = self.snapshot;
        let order = snapshot.orders.by(query.sort, lang);
        let known = order.partition_point(|place| snapshot.has_value(query.sort, *place, lang));
        let turned = if query.descending { known } else { 0 };
        tiers.into_iter().flat_map(move |tier| {
            let count = tier.count();
            let ordered = (0..order.len()).map(move |at| order[if at < turned { turned - 1 - at } else { at }]);
            ordered.filter(move |place| tier.has(*place)).take(count)
        })
    }

    fn tiers(&self, found: &Found, search: &str) -> Vec<Bits> {
        let mut exact = Bits::none(self.snapshot.lines.len());
        if let Some(image) = self.snapshot.called(search) {
            image.lines.iter().for_each(|place| exact.insert(*place));
        }
        exact.keep(&self.lines);
        let mut by_name = self.lines.clone();
        by_name.keep(&found.by_name);
        by_name.remove(&exact);
        let mut rest = self.lines.clone();
        rest.remove(&exact);
        rest.remove(&by_name);
        vec![exact, by_name, rest]
    }
}

impl Snapshot {
    /// Whether a line has a value in a column; those that have none come last in either direction.
    fn has_value(&self, column: Option<Column>, place: u32, lang: Lang) -> bool {
        let line = &self.line_at(place);
        match column {
            Some(Column::Renewal) => line.renewal().last_date().is_some(),
            Some(Column::Kind) => line.labels[Label::Kind as usize].is_some(),
            Some(Column::Notes) => line.notes(lang).is_some(),
            _ => true,
        }
    }
}

/// For each word that no line has: what was taken in its place, or that nothing was.
pub fn respelled(selection: &Selection, lang: Lang) -> Vec<String> {
    let sentence = |(asked, instead): &(String, Vec<String>)| {
        let shown: Vec<&str> = instead.iter().take(5).map(String::as_str).collect();
        let key = if instead.is_empty() { "search-not-found" } else { "search-respelled" };
        lang.tell(key, &[("word", Word::Text(asked)), ("instead", Word::Text(&shown.join(", ")))])
    };
    selection.respelled().iter().map(sentence).collect()
}
