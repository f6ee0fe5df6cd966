//! Every order in which the list can be shown, worked out once a snapshot.

use std::cmp::Ordering;

use super::snapshot::{Image, Line};
use crate::i18n::Lang;
use crate::organisations::Directory;
use crate::text::key;

/// A column by which the list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Renewal,
    Department,
    Kind,
    Status,
    Notes,
}

impl Column {
    /// All of them, in the order of the table.
    pub const ALL: [Column; 6] =
        [Column::Name, Column::Renewal, Column::Department, Column::Kind, Column::Status, Column::Notes];

    /// As in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Renewal => "renewal",
            Column::Department => "department",
            Column::Kind => "type",
            Column::Status => "status",
            Column::Notes => "notes",
        }
    }

    /// The column that an address names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.code() == code)
    }
}

/// The lines in each order: places in [`super::Snapshot::lines`].
#[derive(Debug)]
pub struct Orders {
    /// Procured first, soonest renewal first.
    usual: Vec<u32>,
    by_name: Vec<u32>,
    by_renewal: Vec<u32>,
    by_kind: Vec<u32>,
    by_department: [Vec<u32>; 2],
    by_notes: [Vec<u32>; 2],
    /// Of each organisation: its place by acronym.
    ranks: [Vec<u32>; 2],
}

impl Orders {
    /// The orders of these lines.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 lines
    pub fn new(lines: &[Line], images: &[Image], organisations: &Directory) -> Orders {
        let name_of = |line: &Line| key(&images[line.image as usize].name);
        let at = |place: &u32| &lines[*place as usize];
        let mut by_name: Vec<u32> = (0..lines.len() as u32).collect();
        by_name.sort_by_cached_key(|place| (name_of(at(place)), at(place).organisation));
        let then_by_name = |compare: &dyn Fn(&Line, &Line) -> Ordering| {
            let mut order = by_name.clone();
            order.sort_by(|a, b| compare(at(a), at(b)));
            order
        };
        let renewal = |line: &Line| {
            let date = line.renewal().last_date();
            (date.is_none(), date)
        };
        let ranks = Lang::BOTH.map(|lang| ranks(organisations, lang));
        let department = |lang: Lang| {
            let ranks = &ranks[lang as usize];
            then_by_name(&|a, b| ranks[a.organisation as usize].cmp(&ranks[b.organisation as usize]))
        };
        let notes = |lang: Lang| {
            let mut order = by_name.clone();
            order.sort_by_cached_key(|place| {
                let notes = at(place).notes(lang).map(|(notes, _)| key(notes));
                (notes.is_none(), notes)
            });
            order
        };
        Orders {
            usual: then_by_name(&|a, b| (a.status, renewal(a)).cmp(&(b.status, renewal(b)))),
            by_renewal: then_by_name(&|a, b| renewal(a).cmp(&renewal(b))),
            by_kind: then_by_name(&|a, b| (a.kind.is_none(), a.kind).cmp(&(b.kind.is_none(), b.kind))),
            by_department: Lang::BOTH.map(department),
            by_notes: Lang::BOTH.map(notes),
            by_name,
            ranks,
        }
    }

    /// The place of an organisation among all by acronym in a language.
    #[must_use]
    pub fn rank(&self, organisation: usize, lang: Lang) -> u32 {
        self.ranks[lang as usize][organisation]
    }

    /// The lines by a column, or in the usual order: procured first, soonest renewal first.
    #[must_use]
    pub fn by(&self, column: Option<Column>, lang: Lang) -> &[u32] {
        match column {
            None | Some(Column::Status) => &self.usual,
            Some(Column::Name) => &self.by_name,
            Some(Column::Renewal) => &self.by_renewal,
            Some(Column::Kind) => &self.by_kind,
            Some(Column::Department) => &self.by_department[lang as usize],
            Some(Column::Notes) => &self.by_notes[lang as usize],
        }
    }
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
