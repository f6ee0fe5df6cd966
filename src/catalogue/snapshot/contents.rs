//! The whole catalogue as it was at one version, in memory: what every page reads.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};

use crate::catalogue::snapshot::dictionary::{Dictionaries, place_of};
use crate::catalogue::snapshot::facets::{Chosen, Facet, Facets};
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::names::Names;
use crate::catalogue::snapshot::need::Needs;
use crate::catalogue::snapshot::order::Orders;
use crate::catalogue::snapshot::pieces::Pieces;
use crate::catalogue::snapshot::search::Index;
use crate::catalogue::store::db;
use crate::catalogue::store::source::Source;
use crate::fields::Label;
use crate::fields::Status;
use crate::guidance::Texts;
use crate::i18n::Lang;
use crate::licences::Renewal;
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
    pub organisations: Arc<Directory>,
    /// The texts that administrators edited.
    pub texts: Arc<Texts>,
    /// Images, each at a place that it keeps. A place may hold one that is gone: [`Snapshot::images`] has those that there
    /// are.
    pub(super) images: Pieces<Image>,
    /// Lines, each at a place that it keeps: [`Snapshot::lines`] has those that there are.
    pub(super) lines: Pieces<Line>,
    /// The texts of the lines' labels.
    pub labels: Arc<Dictionaries>,
    pub(super) index: Index,
    pub(super) facets: Facets,
    pub orders: Orders,
    /// The places of the images by number.
    pub(super) by_id: Arc<Vec<u32>>,
    pub(super) by_slug: Arc<Vec<u32>>,
    /// Images by family; images of one family stand side by side.
    pub(super) by_family: Arc<Vec<u32>>,
    /// Of former addresses, and of those of images that are one with others now: the image's number.
    pub(super) former: Arc<HashMap<Box<str>, i64>>,
    /// Images that were merged into others: their numbers, each with the other's.
    pub(super) merged: HashMap<i64, i64>,
    /// All names by which images are known, computed when first read.
    pub(super) names: Arc<OnceLock<Names>>,
    /// Of each image, by its place: the number of its family, in the order of their names. Computed when first read.
    pub(super) families: OnceLock<Vec<u32>>,
    /// The requests that count beside the lines, by image; none: of a past day they are not known.
    pub(super) requests: Option<Arc<Vec<db::CountedRequest>>>,
    /// The needs of all departments, computed when first read.
    pub(super) needs: OnceLock<Needs>,
}

impl Snapshot {
    /// Every image, by number.
    pub fn images(&self) -> impl ExactSizeIterator<Item = &Image> + Clone {
        self.by_id.iter().map(|place| &self.images[*place as usize])
    }

    /// How many images there are.
    pub fn count_images(&self) -> usize {
        self.by_id.len()
    }

    /// Every image with its place, by number.
    pub fn placed_images(&self) -> impl ExactSizeIterator<Item = (u32, &Image)> + Clone {
        self.by_id.iter().map(|place| (*place, &self.images[*place as usize]))
    }

    /// The image at a place.
    pub fn image_at(&self, place: u32) -> &Image {
        &self.images[place as usize]
    }

    /// One more than the highest place of an image.
    pub fn end_of_images(&self) -> usize {
        self.images.len()
    }

    /// Every line, by image, then by number.
    pub fn lines(&self) -> impl Iterator<Item = &Line> + Clone {
        self.images().flat_map(|image| self.lines_of(image))
    }

    /// The line at a place.
    pub fn line_at(&self, place: u32) -> &Line {
        &self.lines[place as usize]
    }

    /// Every line with its place, by image, then by number.
    pub fn placed_lines(&self) -> impl Iterator<Item = (u32, &Line)> {
        self.images().flat_map(|image| image.lines.iter().map(|place| (*place, &self.lines[*place as usize])))
    }

    /// How many lines there are.
    pub fn count_lines(&self) -> usize {
        self.facets.count_lines()
    }

    /// The image at an address, now or formerly (then it has moved to its slug).
    pub fn find(&self, slug: &str) -> Option<&Image> {
        self.at(slug).or_else(|| self.image(*self.former.get(slug)?))
    }

    /// The image at an address now.
    pub fn at(&self, slug: &str) -> Option<&Image> {
        let found = self.by_slug.binary_search_by(|place| (*self.images[*place as usize].slug).cmp(slug)).ok()?;
        Some(&self.images[self.by_slug[found] as usize])
    }

    /// What another snapshot's image is in this one.
    pub fn same(&self, other: &Image) -> Option<&Image> {
        self.image(other.id)
    }

    /// The image with this number, or the one that it is one with now, however often that was merged again.
    pub fn image(&self, id: i64) -> Option<&Image> {
        Some(self.image_at(self.present_place(id)?))
    }

    fn present_place(&self, id: i64) -> Option<u32> {
        let ids = std::iter::successors(Some(id), |id| self.merged.get(id).copied());
        ids.take(self.merged.len() + 1).find_map(|id| self.place(id))
    }

    /// The place of the image with this number.
    pub fn place(&self, id: i64) -> Option<u32> {
        let found = self.by_id.binary_search_by_key(&id, |place| self.images[*place as usize].id).ok()?;
        Some(self.by_id[found])
    }

    /// The lines of an image, by number.
    pub fn lines_of<'s, 'i>(
        &'s self,
        image: &'i Image,
    ) -> impl ExactSizeIterator<Item = &'s Line> + Clone + use<'s, 'i> {
        image.lines.iter().map(|place| &self.lines[*place as usize])
    }

    /// The renewal of the licence of an image that lasts longest: it speaks for the image. None where nothing is held.
    pub fn renewal_of(&self, image: &Image) -> Option<Renewal<'_>> {
        let held = self.lines_of(image).filter(|line| line.status == Status::Procured);
        held.max_by_key(|line| (line.renewal_date, line.renewal().last_date())).map(Line::renewal)
    }

    /// The renewal date of the licence of an image that lasts longest; where none is known, the last one that was
    /// known and is past.
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
        self.family(&family_of(image)).filter(|other| other.id != image.id)
    }

    /// Of each image, by its place: the number of its family. Families are numbered in the order of their names.
    pub fn families(&self) -> &[u32] {
        self.families.get_or_init(|| {
            let mut numbers = vec![0; self.images.len()];
            let (mut number, mut before) = (0, None);
            for place in self.by_family.iter() {
                let name = family_of(self.image_at(*place));
                number += u32::from(before.as_ref().is_some_and(|before| *before != name));
                numbers[*place as usize] = number;
                before = Some(name);
            }
            numbers
        })
    }

    /// A line's image name as its source wrote it.
    pub fn name<'a>(&'a self, line: &'a Line) -> &'a str {
        line.name.as_deref().unwrap_or(&self.image_of(line).name)
    }

    /// A line's department as pages, files and answers name it: by its acronym.
    pub fn department(&self, line: &Line, lang: Lang) -> &str {
        self.organisations.at(line.organisation as usize).acronym(lang)
    }

    /// A line's department as the page in Markdown writes it: in English as its source did, in French by the
    /// organisation's French acronym.
    pub fn department_as_written<'a>(&'a self, line: &'a Line, lang: Lang) -> &'a str {
        let organisation = self.organisations.at(line.organisation as usize);
        match lang {
            Lang::Fr if organisation.confirmed => &organisation.acronym_fr,
            _ => line.department.as_deref().unwrap_or(&organisation.acronym_en),
        }
    }

    /// The applied title of a line's department in a language.
    pub fn department_name(&self, line: &Line, lang: Lang) -> &str {
        self.organisations.at(line.organisation as usize).name(lang)
    }

    /// A line's text of a label.
    pub fn label(&self, line: &Line, label: Label) -> Option<&str> {
        Some(&self.labels[label as usize].texts()[place_of(line.labels[label as usize]?) as usize])
    }

    /// The labels beside the type of which a line has another text than the published page means: files have a column
    /// of each.
    pub fn more_labels(&self) -> Vec<Label> {
        let is_said = |label: &&Label| {
            let counts = self.facets.counts(Facet::Label(**label), &Chosen::default(), None);
            let texts = self.labels[**label as usize].texts();
            texts.iter().zip(counts).any(|(text, count)| count > 0 && label.is_said(Some(text)))
        };
        Label::ALL[1..].iter().filter(is_said).copied().collect()
    }

    /// A line's type.
    pub fn kind(&self, line: &Line) -> Option<&str> {
        self.label(line, Label::Kind)
    }
}
