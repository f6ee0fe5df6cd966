//! What a plan is made of: what the catalogue holds, and what is to be written.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, RandomState};

use hashbrown::HashTable;

use crate::catalogue::snapshot::names::Names;
use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::imports::base::Base;
use crate::imports::line::PlannedLine;
use crate::imports::named::Named;
use crate::imports::verdict::{Missing, Row};
use crate::imports::warned::Warned;
use crate::organisations::{Directory, Organisation};
use crate::text::key;

/// What the catalogue holds before the file.
#[derive(Debug, Default)]
pub struct Held {
    pub organisations: Directory,
    pub images: Vec<ImageRow>,
    pub slugs: HashSet<String>,
    /// All names of images; none where every name of the file is an image's present one.
    pub names: Names,
    pub lines: Vec<LineRow>,
    pub removed: Removed,
    pub base: Base,
}

/// What was taken out and keeps its number: it comes back with it.
#[derive(Debug, Default)]
pub struct Removed {
    /// Images by key: number and address.
    pub images: HashMap<String, (i64, String)>,
    /// Lines by image and organisation.
    pub lines: HashMap<(i64, i64), i64>,
}

/// What is to be written. Numbers of new things are places here, until the database gives them.
#[derive(Debug, Default)]
pub struct Plan {
    pub rows: Vec<Row>,
    pub missing: Vec<Missing>,
    pub warned: Warned,
    pub organisations: Vec<Organisation>,
    pub images: Vec<NewImage>,
    pub removed: Removed,
    /// Images whose name is spelled otherwise: number, before, after.
    pub respelled: Vec<(i64, String, String)>,
    /// Names of the file that a person was asked about, or is.
    pub named: Vec<Named>,
    /// Names of the file that images had before: as the file has it, and as the image is called now.
    pub renamed: Vec<(String, String)>,
    /// Names that images are known by from now on.
    pub learned: Vec<(i64, String)>,
    pub lines: Vec<PlannedLine>,
    /// The places of rows that say something else than their source said before.
    pub said: Vec<usize>,
}

/// A new image. It is called as its row calls it.
#[derive(Debug)]
pub struct NewImage {
    /// A negative place, to be replaced.
    pub id: i64,
    /// The place of the row that brings it.
    pub row: usize,
    pub slug: Box<str>,
}

impl NewImage {
    /// As the database has it.
    pub fn row(&self, rows: &[Row]) -> ImageRow {
        let name = rows[self.row].file.name.clone();
        let key = key(&name);
        ImageRow { id: self.id, slug: self.slug.to_string(), name, key, description_en: None, description_fr: None }
    }
}

/// Places of rows or images, found by what stands there: a map would hold every name a second time.
#[derive(Debug, Default)]
pub struct Places {
    hashes: RandomState,
    table: HashTable<u32>,
}

impl Places {
    /// Room for so many places.
    pub fn new(most: usize) -> Places {
        Places { hashes: RandomState::new(), table: HashTable::with_capacity(most) }
    }

    /// The place where `at` gives what is looked for.
    pub fn find<T: Hash + Eq>(&self, sought: T, at: impl Fn(usize) -> Option<T>) -> Option<usize> {
        let sought = Some(sought);
        let found = self.table.find(self.hashes.hash_one(&sought), |place| at(*place as usize) == sought);
        found.map(|place| *place as usize)
    }

    /// Adds the place of a value; `at` gives what stands at each.
    pub fn insert<T: Hash>(&mut self, place: usize, value: T, at: impl Fn(usize) -> Option<T>) {
        let hash_of = |place: &u32| self.hashes.hash_one(at(*place as usize));
        let short = u32::try_from(place).unwrap_or(u32::MAX); // files have far fewer rows
        self.table.insert_unique(self.hashes.hash_one(Some(value)), short, hash_of);
    }
}
