//! The whole catalogue as it was at one version, in memory: what every page reads.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection};

use super::db::{self, ImageRow, LineRow, RegistryNameRow};
use super::facets::Facets;
use super::order::Orders;
use super::search::{Field, Index, Indexer};
use super::{Status, variant};
use crate::i18n::Lang;
use crate::organisations::{self, Directory};

/// The catalogue at one version. Never changes: a new version is a new snapshot.
#[derive(Debug)]
pub struct Snapshot {
    /// The version in the database that this is, and when that was made.
    pub version: db::Version,
    /// When it was read.
    pub loaded_at: DateTime<Utc>,
    /// The day, in America/Toronto, for which renewal states were worked out.
    pub today: NaiveDate,
    pub organisations: Directory,
    /// By number.
    pub images: Vec<Image>,
    /// By image, then by number.
    pub lines: Vec<Line>,
    /// The types that lines have, in alphabetical order.
    pub kinds: Vec<Box<str>>,
    pub(super) index: Index,
    pub(super) facets: Facets,
    pub(super) orders: Orders,
    by_slug: Vec<u32>,
    former: HashMap<Box<str>, u32>,
    /// Images by family; images of one family stand side by side.
    by_family: Vec<u32>,
}

/// An image.
#[derive(Debug)]
pub struct Image {
    pub id: i64,
    pub slug: Box<str>,
    pub name: Box<str>,
    pub registry_names: Box<[RegistryName]>,
    /// The strongest status among its lines: procured by one department is procured.
    pub status: Status,
    first_line: u32,
    end_line: u32,
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
    name: Option<Box<str>>,
    /// The department as this line's source wrote it, where that is not the acronym.
    department: Option<Box<str>>,
    notes_en: Option<Box<str>>,
    notes_fr: Option<Box<str>>,
    more: Option<Box<More>>,
}

/// What few lines have.
#[derive(Debug)]
struct More {
    extra: BTreeMap<String, String>,
    markup: BTreeMap<String, String>,
}

impl Image {
    /// The places of its lines in [`Snapshot::lines`].
    pub(super) fn places(&self) -> std::ops::Range<u32> {
        self.first_line..self.end_line
    }

    fn lines(&self) -> std::ops::Range<usize> {
        self.first_line as usize..self.end_line as usize
    }
}

impl Snapshot {
    /// Reads the whole catalogue in one consistent look at the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(db: &mut PgConnection, now: DateTime<Utc>, today: NaiveDate) -> anyhow::Result<Snapshot> {
        let mut look = db.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *look).await?;
        sqlx::query("set local statement_timeout = 0").execute(&mut *look).await?;
        let version = db::version(&mut look).await?;
        let mut builder = Builder {
            organisations: organisations::load(&mut look).await?,
            names: db::registry_names(&mut look).await?.into_iter().rev().collect(),
            ..Builder::default()
        };
        let mut images = db::images(&mut look);
        while let Some(image) = images.try_next().await? {
            builder.image(image);
        }
        drop(images);
        let former = db::former_slugs(&mut look).await?;
        let mut lines = db::lines(&mut look);
        while let Some(line) = lines.try_next().await? {
            builder.line(line)?;
        }
        drop(lines);
        look.commit().await?;
        Ok(builder.finish(version, now, today, former))
    }

    /// The place of the image at an address, now or formerly (then it has moved to its slug).
    #[must_use]
    pub fn find(&self, slug: &str) -> Option<&Image> {
        self.by_slug
            .binary_search_by(|place| (*self.images[*place as usize].slug).cmp(slug))
            .ok()
            .map(|found| self.by_slug[found])
            .or_else(|| self.former.get(slug).copied())
            .map(|place| &self.images[place as usize])
    }

    /// The lines of an image.
    #[must_use]
    pub fn lines_of(&self, image: &Image) -> &[Line] {
        &self.lines[image.lines()]
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

    /// The other images of an image's family.
    pub fn relatives<'a>(&'a self, image: &'a Image) -> impl Iterator<Item = &'a Image> {
        let family = family_of(image);
        let from = self.by_family.partition_point(|place| family_of(&self.images[*place as usize]) < family);
        self.by_family[from..]
            .iter()
            .map(|place| &self.images[*place as usize])
            .take_while(move |other| family_of(other) == family)
            .filter(|other| other.id != image.id)
    }

    /// A line's image name as its source wrote it.
    #[must_use]
    pub fn name<'a>(&'a self, line: &'a Line) -> &'a str {
        line.name.as_deref().unwrap_or(&self.image_of(line).name)
    }

    /// A line's department as files in this language write it: in English as its source did, in French by the
    /// organisation's French acronym.
    #[must_use]
    pub fn department<'a>(&'a self, line: &'a Line, lang: Lang) -> &'a str {
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

fn family_of(image: &Image) -> String {
    variant::family(&crate::text::key(&image.name)).0.to_owned()
}

/// Gathers rows as they come from the database.
#[derive(Default)]
struct Builder {
    organisations: Directory,
    /// In the order of their images, the last image's names first.
    names: Vec<RegistryNameRow>,
    images: Vec<Image>,
    places: HashMap<i64, u32>,
    lines: Vec<Line>,
    kinds: HashMap<String, u32>,
    indexer: Indexer,
}

#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 images and lines
impl Builder {
    fn image(&mut self, row: ImageRow) {
        let mut registry_names = Vec::new();
        while let Some(name) = self.names.pop_if(|name| name.image_id <= row.id) {
            registry_names.push(RegistryName {
                name: name.name.into(),
                sample_tag: name.sample_tag.map(Into::into),
                source: name.source.into(),
            });
        }
        self.places.insert(row.id, self.images.len() as u32);
        self.images.push(Image {
            id: row.id,
            slug: row.slug.into(),
            name: row.name.into(),
            registry_names: registry_names.into(),
            status: Status::Retired,
            first_line: 0,
            end_line: 0,
        });
    }

    fn line(&mut self, row: LineRow) -> anyhow::Result<()> {
        let status = Status::from_code(&row.status).context("a line of unknown status")?;
        let image_place = *self.places.get(&row.image_id).context("a line without its image")?;
        let organisation = self.organisations.place(row.organisation_id).context("a line without its organisation")?;
        let place = self.lines.len() as u32;
        let image = &mut self.images[image_place as usize];
        if image.first_line == image.end_line {
            image.first_line = place;
            image.status = status;
        }
        image.end_line = place + 1;
        image.status = image.status.min(status);
        let next_kind = self.kinds.len() as u32;
        let kind = row.kind.map(|kind| *self.kinds.entry(kind).or_insert(next_kind));
        let acronym = &self.organisations.at(organisation).acronym_en;
        let line = Line {
            id: row.id,
            image: image_place,
            organisation: organisation as u32,
            status,
            kind,
            renewal_date: row.renewal_date,
            name: (*row.name != *image.name).then(|| row.name.into()),
            department: (row.department != *acronym).then(|| row.department.into()),
            notes_en: row.notes_en.map(Into::into),
            notes_fr: row.notes_fr.map(Into::into),
            more: (!row.extra.is_empty() || !row.markup.is_empty())
                .then(|| Box::new(More { extra: row.extra.0, markup: row.markup.0 })),
        };
        self.words(place, &line);
        self.lines.push(line);
        Ok(())
    }

    fn words(&mut self, place: u32, line: &Line) {
        let image = &self.images[line.image as usize];
        let organisation = self.organisations.at(line.organisation as usize);
        let mut add = |field, text: &str| self.indexer.add(place, field, text);
        add(Field::Name, &image.name);
        image.registry_names.iter().for_each(|registry| add(Field::Name, &registry.name));
        line.name.iter().for_each(|name| add(Field::Name, name));
        line.department.iter().for_each(|department| add(Field::Text, department));
        for lang in Lang::BOTH {
            line.notes_in(lang).into_iter().for_each(|notes| add(Field::Text, notes));
            add(Field::Text, organisation.acronym(lang));
            add(Field::Text, organisation.name(lang));
        }
        organisation.aliases.iter().for_each(|alias| add(Field::Text, alias));
    }

    fn finish(
        mut self,
        version: db::Version,
        loaded_at: DateTime<Utc>,
        today: NaiveDate,
        former: Vec<(String, i64)>,
    ) -> Snapshot {
        let kinds = self.sort_kinds();
        self.images.shrink_to_fit();
        self.lines.shrink_to_fit();
        let images = &self.images;
        let mut by_slug: Vec<u32> = (0..images.len() as u32).collect();
        by_slug.sort_unstable_by(|a, b| images[*a as usize].slug.cmp(&images[*b as usize].slug));
        let mut by_family: Vec<u32> = (0..images.len() as u32).collect();
        by_family.sort_by_cached_key(|place| family_of(&images[*place as usize]));
        let former = former.into_iter().filter_map(|(slug, id)| Some((slug.into(), *self.places.get(&id)?))).collect();
        let facets = Facets::new(&self.lines, kinds.len(), self.organisations.all().len(), today);
        let orders = Orders::new(&self.lines, &self.images, &self.organisations);
        Snapshot {
            version,
            loaded_at,
            today,
            index: self.indexer.finish(self.lines.len()),
            facets,
            orders,
            by_slug,
            former,
            by_family,
            organisations: self.organisations,
            images: self.images,
            lines: self.lines,
            kinds,
        }
    }

    /// Puts the types in alphabetical order and tells the lines their new places.
    fn sort_kinds(&mut self) -> Vec<Box<str>> {
        let mut kinds: Vec<(String, u32)> = std::mem::take(&mut self.kinds).into_iter().collect();
        kinds.sort_unstable_by_key(|(kind, _)| (crate::text::key(kind), kind.clone()));
        let mut moved = vec![0; kinds.len()];
        for (place, (_, before)) in kinds.iter().enumerate() {
            moved[*before as usize] = place as u32;
        }
        for line in &mut self.lines {
            line.kind = line.kind.map(|before| moved[before as usize]);
        }
        kinds.into_iter().map(|(kind, _)| kind.into()).collect()
    }
}
