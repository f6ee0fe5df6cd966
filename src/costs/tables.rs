//! What prices come to: by image, by department that shares them, and image by image beside the whole catalogue at once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::db::Price;
use super::money::shared;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::{self, Snapshot, Status};
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::web::table::{Cell, Column, Kind, Table};

/// Prices in force, and the catalogue that they are about.
pub struct Costs<'c> {
    pub snapshot: &'c Snapshot,
    pub lang: Lang,
    pub prices: Vec<Price>,
    /// When they were read.
    pub read_at: DateTime<Utc>,
}

/// An image that is held, with its price and who shares it.
struct Held<'c> {
    image: &'c Image,
    price: &'c Price,
    /// Departments that hold or want it.
    departments: BTreeSet<i64>,
}

impl Costs<'_> {
    /// Whether any price is in force.
    pub fn is_empty(&self) -> bool {
        self.prices.is_empty()
    }

    /// All tables.
    pub fn tables(&self) -> Vec<Table> {
        let held = self.held();
        vec![self.figures(&held), self.break_even(&held), self.by_image(&held), self.by_department(&held)]
    }

    fn whole(&self) -> Option<&Price> {
        self.prices.iter().find(|price| price.image_id.is_none())
    }

    fn held(&self) -> Vec<Held<'_>> {
        let mut held: Vec<Held> = self.prices.iter().filter_map(|price| self.held_for(price)).collect();
        // Of images that are one now, the price of the one that stayed counts before that of one that went.
        held.sort_by_key(|one| {
            (one.image.id, one.price.image_id != Some(one.image.id), std::cmp::Reverse(one.price.id))
        });
        held.dedup_by_key(|one| one.image.id);
        held.sort_by_cached_key(|one| (std::cmp::Reverse(one.price.a_year()), crate::text::key(&one.image.name)));
        held
    }

    /// The image that a price is for, where it is held.
    fn held_for<'a>(&'a self, price: &'a Price) -> Option<Held<'a>> {
        let image = self.snapshot.image(price.image_id?)?;
        let departments = self.snapshot.holding(image).union(&self.snapshot.needing(image)).copied().collect();
        (image.status == Status::Procured).then_some(Held { image, price, departments })
    }

    fn t(&self, key: &str) -> String {
        self.lang.t(key).into_owned()
    }

    fn column(&self, key: &'static str, words: &str, kind: Kind) -> Column {
        Column::new(key, self.lang.t(words), kind)
    }

    fn source(&self, how: &str) -> String {
        let at = clock::local(self.read_at).format("%Y-%m-%d %H:%M").to_string();
        let day = self.snapshot.today.to_string();
        let when = [("day", Word::Text(&day)), ("now", Word::Text(&at))];
        format!("{} {}", self.lang.tell("costs-source", &when), self.lang.t(how))
    }

    fn figures(&self, held: &[Held]) -> Table {
        let images = self.snapshot.images_standing(Status::Procured);
        let total: i64 = held.iter().map(|one| one.price.a_year()).sum();
        let mut rows = vec![
            ("costs-total", Cell::Money(total)),
            ("costs-priced", Cell::count(held.len())),
            ("costs-unpriced", Cell::count(images - held.len())),
        ];
        if let Some(mean) = mean(held) {
            rows.push(("costs-mean", Cell::Money(mean)));
        }
        if let Some(whole) = self.whole() {
            rows.push(("costs-whole", Cell::Money(whole.a_year())));
            if let Some(count) = mean(held).and_then(|mean| break_even(whole.a_year(), mean)) {
                rows.push(("costs-break-even", Cell::Number(count)));
            }
        }
        let columns =
            vec![self.column("figure", "costs-figure", Kind::Text), self.column("value", "costs-value", Kind::Money)];
        let rows = rows.into_iter().map(|(words, value)| vec![Cell::Words(self.lang.t(words)), value]).collect();
        Table::of("figures", self.t("costs-figures"), self.source("costs-figures-mean"), columns, rows)
    }

    /// So many images bought one by one, beside the whole catalogue.
    fn break_even(&self, held: &[Held]) -> Table {
        let columns = vec![
            self.column("images", "costs-images", Kind::Number),
            self.column("one_by_one", "costs-one-by-one", Kind::Money),
            self.column("whole", "costs-whole-short", Kind::Money),
            self.column("cheaper", "costs-cheaper", Kind::Text),
        ];
        let mut rows = Vec::new();
        if let (Some(mean), Some(whole)) = (mean(held), self.whole().map(Price::a_year)) {
            let own = i64::try_from(held.len()).unwrap_or(i64::MAX);
            let all = i64::try_from(self.snapshot.count_images()).unwrap_or(i64::MAX);
            let mut counts = BTreeSet::from([1, own, all]);
            counts.extend(break_even(whole, mean).iter().flat_map(|count| [*count - 1, *count]));
            for count in counts.into_iter().filter(|count| *count > 0) {
                let one_by_one = mean.saturating_mul(count);
                let cheaper = match one_by_one.cmp(&whole) {
                    std::cmp::Ordering::Less => "costs-one-by-one",
                    std::cmp::Ordering::Equal => "costs-same",
                    std::cmp::Ordering::Greater => "costs-whole-short",
                };
                let cheaper = Cell::Words(self.lang.t(cheaper));
                rows.push(vec![Cell::Number(count), Cell::Money(one_by_one), Cell::Money(whole), cheaper]);
            }
        }
        let source = self.source("costs-break-even-means");
        Table::of("break-even", self.t("costs-break-even-title"), source, columns, rows)
    }

    fn by_image(&self, held: &[Held]) -> Table {
        let columns = vec![
            self.column("image", "field-name", Kind::Text),
            self.column("price", "costs-price", Kind::Money),
            self.column("months", "costs-months", Kind::Number),
            self.column("a_year", "costs-a-year", Kind::Money),
            self.column("departments", "costs-departments", Kind::Number),
            self.column("each", "costs-each", Kind::Money),
            self.column("valid_from", "costs-valid-from", Kind::Short),
            self.column("source", "costs-stands-in", Kind::Text),
        ];
        let row = |one: &Held| {
            let departments = one.departments.len();
            vec![
                Cell::Link(one.image.name.to_string(), catalogue::address::IMAGE.with(self.lang, &one.image.slug)),
                Cell::Money(one.price.cents.unwrap_or_default()),
                Cell::Number(i64::from(one.price.months)),
                Cell::Money(one.price.a_year()),
                Cell::count(departments),
                shared(one.price.a_year(), departments).next().map_or(Cell::Empty, Cell::Money),
                Cell::Day(one.price.valid_from),
                Cell::text(&one.price.source),
            ]
        };
        let rows = held.iter().map(row).collect();
        Table::of("by-image", self.t("costs-by-image"), self.source("costs-by-image-means"), columns, rows)
    }

    fn by_department(&self, held: &[Held]) -> Table {
        let directory = &self.snapshot.organisations;
        let mut shares: BTreeMap<i64, (usize, i64)> = BTreeMap::new();
        for one in held {
            for (department, share) in one.departments.iter().zip(shared(one.price.a_year(), one.departments.len())) {
                let (images, cents) = shares.entry(*department).or_default();
                *images += 1;
                *cents += share;
            }
        }
        let mut shares: Vec<_> = shares.into_iter().collect();
        shares.sort_by_key(|(department, (_, cents))| (std::cmp::Reverse(*cents), *department));
        let columns = vec![
            self.column("department", "field-department", Kind::Short),
            self.column("name", "costs-name", Kind::Text),
            self.column("images", "costs-images", Kind::Number),
            self.column("share", "costs-share", Kind::Money),
        ];
        let row = |(department, (images, cents)): (i64, (usize, i64))| {
            let organisation = directory.place(department).map(|place| directory.at(place));
            let of = |part: Option<&str>| part.map_or(Cell::Empty, Cell::text);
            vec![
                of(organisation.map(|organisation| organisation.acronym(self.lang))),
                of(organisation.map(|organisation| organisation.name(self.lang))),
                Cell::count(images),
                Cell::Money(cents),
            ]
        };
        let rows = shares.into_iter().map(row).collect();
        let source = self.source("costs-by-department-means");
        Table::of("by-department", self.t("costs-by-department"), source, columns, rows)
    }
}

/// What one held image costs a year on average, in cents.
fn mean(held: &[Held]) -> Option<i64> {
    let count = i64::try_from(held.len()).ok().filter(|count| *count > 0)?;
    let total: i64 = held.iter().map(|one| one.price.a_year()).sum();
    Some((total + count / 2) / count)
}

/// From how many images on the whole catalogue costs no more than they do one by one.
fn break_even(whole: i64, mean: i64) -> Option<i64> {
    (mean > 0).then(|| (whole + mean - 1) / mean)
}
