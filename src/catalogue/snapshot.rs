//! The whole catalogue as it was at one version, in memory: what every page reads.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::OnceCell;

use super::demand::Needs;
use super::facets::Facets;
use super::firmness::Firmness;
use super::order::Orders;
use super::quality::Finding;
use super::resolve::Names;
use super::search::Index;
use super::source::Source;
use super::{Status, db, variant};
use crate::guidance::Texts;
use crate::i18n::Lang;
use crate::licences::{LastKnown, Renewal};
use crate::organisations::Directory;

/// The catalogue at one version. Never changes: a new version is a new snapshot.
#[derive(Debug)]
pub struct Snapshot {
    /// The version in the database that this is, and when that was made.
    pub version: db::Version,
    /// The revision of the page that was brought in last.
    pub(super) source: Option<Source>,
    /// When it was read.
    pub loaded_at: DateTime<Utc>,
    /// The day, in America/Toronto, for which renewal states were worked out.
    pub today: NaiveDate,
    pub organisations: Directory,
    /// The texts that administrators edited.
    pub texts: Arc<Texts>,
    /// By number.
    pub images: Vec<Image>,
    /// By image, then by number.
    pub lines: Vec<Line>,
    /// The types that lines have, in alphabetical order.
    pub kinds: Vec<Box<str>>,
    pub(super) index: Index,
    pub(super) facets: Facets,
    pub(super) orders: Orders,
    pub(super) by_slug: Vec<u32>,
    pub(super) former: HashMap<Box<str>, u32>,
    /// Images by family; images of one family stand side by side.
    pub(super) by_family: Vec<u32>,
    /// Images that are one with others now, by number, each with the other's place.
    pub(super) merged: HashMap<i64, u32>,
    /// All names by which images are known, once somebody has asked.
    pub(super) names: OnceLock<Names>,
    /// What the rules of quality find in it, once somebody has asked.
    pub(super) findings: OnceCell<Arc<Vec<Finding>>>,
    /// The requests that count beside the lines, by image; none: of a past day they are not known.
    pub(super) requests: Option<Vec<db::CountedRequest>>,
    /// Who needs what, once somebody has asked.
    pub(super) needs: OnceLock<Needs>,
}

/// An image.
#[derive(Debug)]
pub struct Image {
    pub id: i64,
    pub slug: Box<str>,
    pub name: Box<str>,
    pub registry_names: Box<[RegistryName]>,
    /// Names by which files and people know it besides.
    pub other_names: Box<[Box<str>]>,
    pub(super) descriptions: Option<Box<[Option<Box<str>>; 2]>>,
    /// The strongest status among its lines: procured by one department is procured.
    pub status: Status,
    /// Its family's number; families are numbered in the order of their names.
    pub family: u32,
    pub(super) first_line: u32,
    pub(super) end_line: u32,
}

/// What the registry calls an image, and a tag that was once seen to work.
#[derive(Debug)]
pub struct RegistryName {
    pub name: Box<str>,
    pub sample_tag: Option<Box<str>>,
    pub source: Box<str>,
}

/// A line: one image and one organisation.
#[derive(Debug)]
pub struct Line {
    pub id: i64,
    /// Its image's place in [`Snapshot::images`].
    pub image: u32,
    /// Its organisation's place in the directory.
    pub organisation: u32,
    pub status: Status,
    /// Its type's place in [`Snapshot::kinds`].
    pub kind: Option<u32>,
    pub renewal_date: Option<NaiveDate>,
    /// The image's name as this line's source wrote it, where that is not the display name.
    pub(super) name: Option<Box<str>>,
    /// The department as this line's source wrote it, where that is not the acronym.
    pub(super) department: Option<Box<str>>,
    pub(super) notes_en: Option<Box<str>>,
    pub(super) notes_fr: Option<Box<str>>,
    pub(super) more: Option<Box<More>>,
}

/// What few lines have.
#[derive(Debug)]
pub(super) struct More {
    pub(super) extra: BTreeMap<String, String>,
    pub(super) markup: BTreeMap<String, String>,
    pub(super) owed_by: Option<String>,
    pub(super) last_known: Option<LastKnown>,
    pub(super) needed_by: Option<NaiveDate>,
    pub(super) firmness: Option<Firmness>,
}

impl Image {
    /// The places of its lines in [`Snapshot::lines`].
    pub(super) fn places(&self) -> std::ops::Range<u32> {
        self.first_line..self.end_line
    }

    /// What it is, in a language.
    #[must_use]
    pub fn description(&self, lang: Lang) -> Option<&str> {
        self.descriptions.as_ref()?[lang as usize].as_deref()
    }

    fn lines(&self) -> std::ops::Range<usize> {
        self.first_line as usize..self.end_line as usize
    }
}

impl Snapshot {
    /// The image at an address, now or formerly (then it has moved to its slug).
    #[must_use]
    pub fn find(&self, slug: &str) -> Option<&Image> {
        self.at(slug).or_else(|| self.former.get(slug).map(|place| &self.images[*place as usize]))
    }

    /// The image at an address now.
    #[must_use]
    pub fn at(&self, slug: &str) -> Option<&Image> {
        let found = self.by_slug.binary_search_by(|place| (*self.images[*place as usize].slug).cmp(slug)).ok()?;
        Some(&self.images[self.by_slug[found] as usize])
    }

    /// What another snapshot's image is in this one.
    #[must_use]
    pub fn same(&self, other: &Image) -> Option<&Image> {
        self.image(other.id)
    }

    /// The image with this number, or the one that it is one with now.
    #[must_use]
    pub fn image(&self, id: i64) -> Option<&Image> {
        let own = self.images.binary_search_by_key(&id, |image| image.id).ok();
        own.or_else(|| self.merged.get(&id).map(|place| *place as usize)).map(|place| &self.images[place])
    }

    /// The lines of an image.
    #[must_use]
    pub fn lines_of(&self, image: &Image) -> &[Line] {
        &self.lines[image.lines()]
    }

    /// The renewal of the licence of an image that lasts longest: it speaks for the image. None where nothing is held.
    #[must_use]
    pub fn renewal_of(&self, image: &Image) -> Option<Renewal<'_>> {
        let held = self.lines_of(image).iter().filter(|line| line.status == Status::Procured);
        held.max_by_key(|line| (line.renewal_date, line.renewal().last_date())).map(Line::renewal)
    }

    /// The renewal date of the licence of an image that lasts longest; where none is known, the last one that was
    /// known and is past.
    #[must_use]
    pub fn held_until(&self, image: &Image) -> Option<NaiveDate> {
        match self.renewal_of(image)? {
            Renewal::On(date) => Some(date),
            unknown @ Renewal::Unknown { .. } => unknown.last_date().filter(|date| *date < self.today),
        }
    }

    /// The lines of the organisation at a place of the directory.
    pub fn lines_of_organisation(&self, place: usize) -> impl Iterator<Item = &Line> {
        self.facets.organisation(place).into_iter().map(|line| &self.lines[line as usize])
    }

    /// The image of a line.
    #[must_use]
    pub fn image_of(&self, line: &Line) -> &Image {
        &self.images[line.image as usize]
    }

    /// The images of a family.
    pub fn family<'a>(&'a self, family: &str) -> impl Iterator<Item = &'a Image> + use<'a> {
        let family = family.to_owned();
        let from = self.by_family.partition_point(|place| family_of(&self.images[*place as usize]) < family);
        self.by_family[from..]
            .iter()
            .map(|place| &self.images[*place as usize])
            .take_while(move |image| family_of(image) == family)
    }

    /// The other images of an image's family.
    pub fn relatives<'a>(&'a self, image: &'a Image) -> impl Iterator<Item = &'a Image> {
        let from = self.by_family.partition_point(|place| self.images[*place as usize].family < image.family);
        self.by_family[from..]
            .iter()
            .map(|place| &self.images[*place as usize])
            .take_while(move |other| other.family == image.family)
            .filter(|other| other.id != image.id)
    }

    /// A line's image name as its source wrote it.
    #[must_use]
    pub fn name<'a>(&'a self, line: &'a Line) -> &'a str {
        line.name.as_deref().unwrap_or(&self.image_of(line).name)
    }

    /// A line's department as pages, files and answers name it: by its acronym.
    #[must_use]
    pub fn department(&self, line: &Line, lang: Lang) -> &str {
        self.organisations.at(line.organisation as usize).acronym(lang)
    }

    /// A line's department as the page in Markdown writes it: in English as its source did, in French by the
    /// organisation's French acronym.
    #[must_use]
    pub fn department_as_written<'a>(&'a self, line: &'a Line, lang: Lang) -> &'a str {
        let organisation = self.organisations.at(line.organisation as usize);
        match lang {
            Lang::Fr if organisation.confirmed => &organisation.acronym_fr,
            _ => line.department.as_deref().unwrap_or(&organisation.acronym_en),
        }
    }

    /// The applied title of a line's department in a language.
    #[must_use]
    pub fn department_name(&self, line: &Line, lang: Lang) -> &str {
        self.organisations.at(line.organisation as usize).name(lang)
    }

    /// A line's type.
    #[must_use]
    pub fn kind(&self, line: &Line) -> Option<&str> {
        Some(&self.kinds[line.kind? as usize])
    }
}

impl Line {
    /// Its notes, in the language asked for or else in the other, and the language they are in.
    #[must_use]
    pub fn notes(&self, lang: Lang) -> Option<(&str, Lang)> {
        let in_language = |lang: Lang| Some((self.notes_in(lang)?, lang));
        in_language(lang).or_else(|| in_language(lang.other()))
    }

    /// Its notes in a language.
    #[must_use]
    pub fn notes_in(&self, lang: Lang) -> Option<&str> {
        lang.of(&self.notes_en, &self.notes_fr).as_deref()
    }

    /// When it is to be renewed, or what is known in place of that.
    #[must_use]
    pub fn renewal(&self) -> Renewal<'_> {
        let more = self.more.as_deref();
        match self.renewal_date {
            Some(date) => Renewal::On(date),
            None => Renewal::Unknown { last_known: more.and_then(|more| more.last_known), owed_by: self.owed_by() },
        }
    }

    /// Who owes the renewal date, where it is not known and somebody said so.
    #[must_use]
    pub fn owed_by(&self) -> Option<&str> {
        self.more.as_deref()?.owed_by.as_deref()
    }

    /// The day by which its department needs it, where it said so.
    #[must_use]
    pub fn needed_by(&self) -> Option<NaiveDate> {
        self.more.as_deref()?.needed_by
    }

    /// How sure its department is, where it said so.
    #[must_use]
    pub fn firmness(&self) -> Option<Firmness> {
        self.more.as_deref()?.firmness
    }

    /// Cells of columns that the catalogue does not know, by heading.
    #[must_use]
    pub fn extra(&self) -> Option<&BTreeMap<String, String>> {
        self.more.as_deref().map(|more| &more.extra)
    }

    /// Cells as marked up by their source, by column.
    #[must_use]
    pub fn markup(&self) -> Option<&BTreeMap<String, String>> {
        self.more.as_deref().map(|more| &more.markup)
    }
}

/// The name of an image's family.
#[must_use]
pub fn family_of(image: &Image) -> String {
    variant::family(&crate::text::key(&image.name)).0.to_owned()
}
