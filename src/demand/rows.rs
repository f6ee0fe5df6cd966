//! The rows of a view: each image or family with the departments that need it, most wanted first.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::query::{Query, is_firm};
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::need::{Need, Who, counts_with, put_together};
use crate::catalogue::{Catalogue, Firmness, Snapshot, Status, query};
use crate::clock::FiscalYear;
use crate::i18n::Lang;
use crate::web::error::Error;

/// The demand that a view shows.
pub struct Demand {
    pub snapshot: Arc<Snapshot>,
    /// Whether those are counted who are not named. They are not in the past.
    pub counts_unnamed: bool,
    by_family: bool,
    /// Every need, those of one family side by side; none where a row is an image, as the snapshot has them.
    of_families: Option<Vec<Need>>,
    groups: Vec<Group>,
}

/// The needs of one row: small, since many visitors may hold all rows at once.
struct Group {
    needs: Range<u32>,
    departments: u32,
    rank: u32,
}

/// A row: an image or a family.
pub struct Row<'d> {
    /// The image's name, or the family's.
    pub name: String,
    pub family: String,
    pub images: Vec<&'d Image>,
    /// The strongest of its images.
    pub status: Status,
    pub departments: usize,
    pub planned: usize,
    pub funded: usize,
    /// Acronyms of those that are named, in alphabetical order.
    pub named: Vec<&'d str>,
    /// How many are not.
    pub unnamed: usize,
    needs: &'d [Need],
}

impl Demand {
    /// What a view shows.
    ///
    /// # Errors
    /// When a past day is asked for and the database does not answer.
    pub async fn read(catalogue: &Catalogue, query: &Query) -> Result<Demand, Error> {
        Ok(Demand::new(catalogue.as_at(query.as_at).await?, query))
    }

    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 needs
    fn new(snapshot: Arc<Snapshot>, query: &Query) -> Demand {
        let number = |need: &Need| row_number(&snapshot, query.by_family, need);
        let of_families = query.by_family.then(|| {
            let mut needs = snapshot.needs().all.clone();
            put_together(&mut needs, number);
            needs
        });
        let needs = of_families.as_ref().unwrap_or(&snapshot.needs().all);
        let filter = Filter::new(&snapshot, query);
        let ranks = &snapshot.needs().ranks;
        let mut groups = Vec::new();
        let mut from = 0;
        for row in needs.chunk_by(|a, b| number(a) == number(b)) {
            let range = from..from + row.len() as u32;
            from = range.end;
            if filter.lets_pass(number(&row[0]), row) {
                let rank = if query.by_family { number(&row[0]) } else { ranks[row[0].image as usize] };
                groups.push(Group { needs: range, departments: departments(row).count() as u32, rank });
            }
        }
        groups.sort_unstable_by_key(|group| (std::cmp::Reverse(group.departments), group.rank));
        groups.shrink_to_fit();
        let counts_unnamed = snapshot.counts_requests();
        Demand { counts_unnamed, by_family: query.by_family, of_families, groups, snapshot }
    }

    /// The needs of a row.
    fn needs(&self, group: &Group) -> &[Need] {
        let all = self.of_families.as_ref().unwrap_or(&self.snapshot.needs().all);
        &all[group.needs.start as usize..group.needs.end as usize]
    }

    /// Whether a row is a family.
    pub fn is_by_family(&self) -> bool {
        self.by_family
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.groups.len()
    }

    /// The row at a place.
    pub fn row(&self, place: usize, lang: Lang) -> Row<'_> {
        let group = &self.groups[place];
        let needs = self.needs(group);
        let first = self.snapshot.image_at(needs[0].image);
        let images: Vec<&Image> = if self.by_family {
            self.images_of(needs).into_iter().map(|place| self.snapshot.image_at(place)).collect()
        } else {
            vec![first]
        };
        let family = family_of(first);
        let directory = &self.snapshot.organisations;
        let named = needs.iter().filter(|need| need.who == Who::Named);
        let mut named: Vec<&str> = named.map(|need| directory.at(need.organisation as usize).acronym(lang)).collect();
        named.sort_by_cached_key(|acronym| crate::text::key(acronym));
        let firm = |firmness| departments(needs).filter(|need| need.firmness == Some(firmness)).count();
        Row {
            name: if self.by_family { family.clone() } else { first.name.to_string() },
            family,
            status: images.iter().map(|image| image.status).min().unwrap_or(first.status),
            images,
            departments: group.departments as usize,
            planned: firm(Firmness::Planned),
            funded: firm(Firmness::Funded),
            unnamed: group.departments as usize - named.len(),
            named,
            needs,
        }
    }

    /// The images that a row adds up, by name. A department that needs two of them stands there once, so they are taken
    /// from the family, not from its needs.
    fn images_of(&self, needs: &[Need]) -> BTreeSet<u32> {
        let snapshot = &self.snapshot;
        let first = snapshot.image_at(needs[0].image);
        let all = std::iter::once(first).chain(snapshot.relatives(first));
        let is_wanted = |image: &&Image| !snapshot.needs_of(image).is_empty();
        let place = |image: &Image| snapshot.place(image.id);
        all.filter(is_wanted).filter_map(place).collect()
    }

    /// The fiscal years of the rows, the first first.
    pub fn years(&self) -> Vec<FiscalYear> {
        let needs = self.groups.iter().flat_map(|group| departments(self.needs(group)));
        needs.filter_map(|need| need.fiscal_year).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What all rows have together.
    pub fn totals(&self) -> Totals {
        let (mut all, mut firm) = (BTreeSet::new(), BTreeSet::new());
        let mut shown = vec![false; self.snapshot.end_of_images()];
        for group in &self.groups {
            let needs = self.needs(group);
            shown[row_number(&self.snapshot, self.by_family, &needs[0]) as usize] = true;
            for need in departments(needs) {
                all.insert(need.organisation);
                if is_firm(need.firmness) {
                    firm.insert(need.organisation);
                }
            }
        }
        let mut totals = Totals { departments: all.len(), firm: firm.len(), ..Totals::default() };
        for needs in self.snapshot.needs().all.chunk_by(|a, b| a.image == b.image) {
            let is_shown = shown[row_number(&self.snapshot, self.by_family, &needs[0]) as usize];
            let is_procured = self.snapshot.image_at(needs[0].image).status == Status::Procured;
            totals.images += usize::from(is_shown);
            totals.procured += usize::from(is_shown && is_procured);
        }
        totals
    }

    /// The departments by which the view can be narrowed: acronyms in English and in a language.
    pub fn choices(&self, lang: Lang, most: usize) -> Vec<(&str, &str)> {
        let named = self.snapshot.needs().all.iter().filter(|need| need.who == Who::Named);
        let organisations: BTreeSet<u32> = named.map(|need| need.organisation).collect();
        let directory = &self.snapshot.organisations;
        let choice = |place: &u32| {
            let organisation = directory.at(*place as usize);
            (&*organisation.acronym_en, organisation.acronym(lang))
        };
        let mut choices: Vec<_> = organisations.iter().map(choice).collect();
        choices.sort_by_cached_key(|(_, acronym)| crate::text::key(acronym));
        choices.truncate(most);
        choices
    }
}

/// What all rows of a view have together.
#[derive(Default)]
pub struct Totals {
    pub images: usize,
    /// How many departments need any of them.
    pub departments: usize,
    /// How many of those are sure of one at least.
    pub firm: usize,
    /// How many of the images are procured already, for others.
    pub procured: usize,
}

impl Row<'_> {
    /// How many departments need it in a fiscal year; none: they have not said when.
    pub fn in_year(&self, year: Option<FiscalYear>) -> usize {
        departments(self.needs).filter(|need| need.fiscal_year == year).count()
    }

    /// How many departments need it after a fiscal year.
    pub fn after(&self, year: FiscalYear) -> usize {
        departments(self.needs).filter(|need| need.fiscal_year > Some(year)).count()
    }

    /// How many departments are sure.
    pub fn firm(&self) -> usize {
        self.planned + self.funded
    }

    /// Whether all that is known is that somebody needs it who is not named.
    pub fn is_nameless(&self) -> bool {
        self.departments == 0
    }
}

/// The needs that count: a department's each.
fn departments(needs: &[Need]) -> impl Iterator<Item = &Need> {
    needs.iter().filter(|need| need.who != Who::Placeholder)
}

/// The number by which needs belong to one row.
fn row_number(snapshot: &Snapshot, by_family: bool, need: &Need) -> u32 {
    if by_family { snapshot.families()[need.image as usize] } else { need.image }
}

/// What a view lets pass, as far as it can be worked out once.
struct Filter<'q> {
    query: &'q Query,
    /// Of each row, by its number: whether it has an image that the search finds and that stands as asked for.
    passing: Option<Vec<bool>>,
    /// The department that was asked for; none: there is no such department.
    organisation: Option<u32>,
}

impl<'q> Filter<'q> {
    #[allow(clippy::cast_possible_truncation)] // fewer than 2^32 organisations
    fn new(snapshot: &Snapshot, query: &'q Query) -> Filter<'q> {
        let directory = &snapshot.organisations;
        let organisation = directory.find(&query.department, Lang::En).and_then(|place| {
            let top = counts_with(directory, directory.at(place).id);
            Some(directory.place(top)? as u32)
        });
        let narrows = !query.search.is_empty() || query.status.is_some();
        Filter { query, passing: narrows.then(|| passing(snapshot, query)), organisation }
    }

    /// Whether a row shows: by its images, and by one department's need that is all that was asked for.
    fn lets_pass(&self, number: u32, row: &[Need]) -> bool {
        let query = self.query;
        let is_asked = |need: &Need| {
            let is_theirs = || need.who == Who::Named && Some(need.organisation) == self.organisation;
            (query.department.is_empty() || is_theirs())
                && query.when.is_none_or(|when| when.fits(need.fiscal_year))
                && query.sureness.is_none_or(|sureness| sureness.fits(need.firmness))
        };
        self.passing.as_ref().is_none_or(|passing| passing[number as usize]) && row.iter().any(is_asked)
    }
}

fn passing(snapshot: &Snapshot, asked: &Query) -> Vec<bool> {
    let search = query::Query { search: asked.search.clone(), ..query::Query::default() };
    let found = (!asked.search.is_empty()).then(|| snapshot.select(&search).images());
    let mut passing = vec![false; snapshot.end_of_images()];
    for need in &snapshot.needs().all {
        let status = snapshot.image_at(need.image).status;
        passing[row_number(snapshot, asked.by_family, need) as usize] |=
            found.as_ref().is_none_or(|found| found[need.image as usize])
                && asked.status.is_none_or(|asked| status == asked);
    }
    passing
}
