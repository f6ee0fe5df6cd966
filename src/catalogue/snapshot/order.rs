//! Every order in which the list can be shown, worked out once a snapshot.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use crate::catalogue::snapshot::dictionary::Dictionary;
use crate::catalogue::snapshot::facets::Replaced;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::pieces::Pieces;
use crate::codes::codes;
use crate::fields::Label;
use crate::i18n::Lang;
use crate::organisations::Directory;
use crate::text::key;

codes! {
    /// A column by which the list is sorted, in the order of the table, with the key of its heading.
    pub enum Column(code, words) {
        Name("name", "field-name"),
        Renewal("renewal", "field-renewal-date"),
        Department("department", "field-department"),
        Kind("type", "field-type"),
        Status("status", "field-status"),
        Notes("notes", "field-notes"),
    }
}

/// What the orders are made by.
#[derive(Clone, Copy)]
pub struct Sorted<'s> {
    pub lines: &'s Pieces<Line>,
    pub images: &'s Pieces<Image>,
    pub kinds: &'s Dictionary,
    pub ranks: &'s [Vec<u32>; 2],
}

/// An order that is kept.
#[derive(Clone, Copy)]
enum By {
    /// Procured first, soonest renewal first.
    Usual,
    Name,
    Renewal,
    Kind,
    Department(Lang),
    Notes(Lang),
}

/// The orders that a snapshot keeps, in the order of [`By::place`].
const ORDERS: [By; 8] = [
    By::Usual,
    By::Name,
    By::Renewal,
    By::Kind,
    By::Department(Lang::En),
    By::Department(Lang::Fr),
    By::Notes(Lang::En),
    By::Notes(Lang::Fr),
];

impl By {
    fn place(self) -> usize {
        match self {
            By::Usual => 0,
            By::Name => 1,
            By::Renewal => 2,
            By::Kind => 3,
            By::Department(lang) => 4 + lang as usize,
            By::Notes(lang) => 6 + lang as usize,
        }
    }

    /// How two lines stand by what the order is named after; where they are equal there, names decide.
    fn compare(self, one: (&Line, Sorted), other: (&Line, Sorted)) -> Ordering {
        let ((a, at), (b, of)) = (one, other);
        match self {
            By::Usual => (a.status, renewal(a)).cmp(&(b.status, renewal(b))),
            By::Name => Ordering::Equal,
            By::Renewal => renewal(a).cmp(&renewal(b)),
            By::Kind => {
                at.kinds.rank(a.labels[Label::Kind as usize]).cmp(&of.kinds.rank(b.labels[Label::Kind as usize]))
            }
            By::Department(lang) => {
                let rank = |line: &Line, sorted: Sorted| sorted.ranks[lang as usize][line.organisation as usize];
                rank(a, at).cmp(&rank(b, of))
            }
            By::Notes(lang) => notes(a, lang).cmp(&notes(b, lang)),
        }
    }
}

fn renewal(line: &Line) -> (bool, Option<NaiveDate>) {
    let date = line.renewal().last_date();
    (date.is_none(), date)
}

fn notes(line: &Line, lang: Lang) -> (bool, Option<String>) {
    let notes = line.notes(lang).map(|(notes, _)| key(notes));
    (notes.is_none(), notes)
}

impl<'s> Sorted<'s> {
    fn at(self, place: u32) -> (&'s Line, Sorted<'s>) {
        (&self.lines[place as usize], self)
    }

    fn image(self, line: &Line) -> &'s Image {
        &self.images[line.image as usize]
    }

    /// How two lines stand by name: no two are equal.
    fn compare_names(self, a: &Line, other: Sorted, b: &Line) -> Ordering {
        let (one, two) = (self.image(a), other.image(b));
        let by_key = || key(&one.name).cmp(&key(&two.name));
        let by_name = if one.name == two.name { Ordering::Equal } else { by_key() };
        by_name.then_with(|| (a.organisation, one.id, a.id).cmp(&(b.organisation, two.id, b.id)))
    }
}

/// The lines in each order: places in [`crate::catalogue::snapshot::contents::Snapshot::lines`].
#[derive(Clone, Debug)]
pub struct Orders {
    orders: [Arc<Vec<u32>>; 8],
    /// Of each organisation: its place by acronym.
    ranks: Arc<[Vec<u32>; 2]>,
}

impl Orders {
    /// The orders of these lines.
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 lines
    pub fn new(lines: &Pieces<Line>, images: &Pieces<Image>, kinds: &Dictionary, organisations: &Directory) -> Orders {
        let ranks = Lang::BOTH.map(|lang| ranks(organisations, lang));
        let sorted = Sorted { lines, images, kinds, ranks: &ranks };
        let line = |place: &u32| sorted.at(*place).0;
        let mut by_name: Vec<u32> = (0..lines.len() as u32).collect();
        by_name.sort_by_cached_key(|place| (key(&sorted.image(line(place)).name), line(place).organisation));
        let orders = ORDERS.map(|by| {
            let mut order = by_name.clone();
            match by {
                By::Name => {}
                By::Notes(lang) => order.sort_by_cached_key(|place| notes(line(place), lang)),
                _ => order.sort_by(|a, b| by.compare(sorted.at(*a), sorted.at(*b))),
            }
            Arc::new(order)
        });
        Orders { orders, ranks: Arc::new(ranks) }
    }

    /// The orders where the lines at these places have changed, come or gone.
    pub fn changed(&self, before: Sorted, after: Sorted, places: &[Replaced]) -> Orders {
        let orders = ORDERS.map(|by| {
            let held = &self.orders[by.place()];
            let stays = |one: &&Replaced| {
                let (was, is) = ((one.was).then(|| before.at(one.line)), (one.is).then(|| after.at(one.line)));
                let (Some(was), Some(is)) = (was, is) else { return one.was == one.is };
                by.compare(was, is).is_eq() && before.compare_names(was.0, after, is.0).is_eq()
            };
            let moved: Vec<Replaced> = places.iter().filter(|one| !stays(one)).copied().collect();
            let come = moved.iter().filter(|one| one.is).map(|one| one.line).collect();
            let compare = |a: u32, b: u32| {
                let (a, b) = (after.at(a), after.at(b));
                by.compare(a, b).then_with(|| after.compare_names(a.0, after, b.0))
            };
            let gone = moved.iter().filter(|one| one.was).map(|one| one.line).collect();
            rearranged(held, &gone, come, compare)
        });
        Orders { orders, ranks: Arc::clone(&self.ranks) }
    }

    /// Of each organisation: its place by acronym, in each language.
    pub(super) fn ranks(&self) -> &[Vec<u32>; 2] {
        &self.ranks
    }

    /// The place of an organisation among all by acronym in a language.
    pub fn rank(&self, organisation: usize, lang: Lang) -> u32 {
        self.ranks[lang as usize][organisation]
    }

    /// The lines by a column, or in the usual order: procured first, soonest renewal first.
    pub fn by(&self, column: Option<Column>, lang: Lang) -> &[u32] {
        let by = match column {
            None | Some(Column::Status) => By::Usual,
            Some(Column::Name) => By::Name,
            Some(Column::Renewal) => By::Renewal,
            Some(Column::Kind) => By::Kind,
            Some(Column::Department) => By::Department(lang),
            Some(Column::Notes) => By::Notes(lang),
        };
        &self.orders[by.place()]
    }
}

/// An order without some numbers and with others, each where it belongs.
pub(super) fn rearranged(
    held: &Arc<Vec<u32>>,
    gone: &FxHashSet<u32>,
    mut come: Vec<u32>,
    compare: impl Fn(u32, u32) -> Ordering,
) -> Arc<Vec<u32>> {
    if gone.is_empty() && come.is_empty() {
        return Arc::clone(held);
    }
    let stay: Vec<u32> = held.iter().copied().filter(|number| !gone.contains(number)).collect();
    come.sort_unstable_by(|a, b| compare(*a, *b));
    let mut order = Vec::with_capacity(stay.len() + come.len());
    let mut from = 0;
    for number in come {
        let end = from + stay[from..].partition_point(|other| compare(*other, number).is_lt());
        order.extend_from_slice(&stay[from..end]);
        order.push(number);
        from = end;
    }
    order.extend_from_slice(&stay[from..]);
    Arc::new(order)
}

/// Of each organisation: its place by acronym in a language.
fn ranks(organisations: &Directory, lang: Lang) -> Vec<u32> {
    let mut order: Vec<usize> = (0..organisations.all().len()).collect();
    order.sort_by_cached_key(|place| key(organisations.at(*place).acronym(lang)));
    let mut ranks = vec![0; order.len()];
    for (rank, place) in (0..).zip(order) {
        ranks[place] = rank;
    }
    ranks
}
