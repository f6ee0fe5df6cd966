//! Making a snapshot: from the tables as they are, or from the record of changes as they were on a past day.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection};
use tokio::sync::OnceCell;

use super::Status;
use super::db::{self, ImageRow, LineRow, RegistryNameRow};
use super::facets::Facets;
use super::firmness::Firmness;
use super::order::Orders;
use super::past::Past;
use super::search::{Field, Indexer};
use super::sheet::Sheet;
use super::snapshot::{Image, Line, More, RegistryName, Snapshot, family_of};
use super::source::Source;
use crate::changes;
use crate::clock;
use crate::database::known::known;
use crate::guidance::Texts;
use crate::i18n::Lang;
use crate::licences::{self, LastKnown};
use crate::organisations::{self, Directory};

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
        // Room for all at once: what grows leaves behind room that nobody uses.
        let (images, lines) = db::sizes(&mut look).await?;
        let mut builder = Builder {
            organisations: organisations::load(&mut look).await?,
            names: db::registry_names(&mut look).await?.into_iter().rev().collect(),
            others: by_image(db::names::other(&mut look, None).await?),
            merged: db::names::merged(&mut look, None).await?,
            texts: Texts::load(&mut look).await?,
            last_known: licences::db::last_known(&mut look, None).await?,
            images: Vec::with_capacity(usize::try_from(images)?),
            lines: Vec::with_capacity(usize::try_from(lines)?),
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
        builder.source = db::source(&mut look, DateTime::<Utc>::MAX_UTC - Days::new(1)).await?;
        builder.requests = Some(db::counted_requests(&mut look).await?);
        look.commit().await?;
        Ok(builder.finish(version, now, today, former))
    }

    /// The catalogue as it was at the end of a day, built up from the record of changes. Examples of tags are today's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load_as_at(db: &mut PgConnection, now: DateTime<Utc>, day: NaiveDate) -> anyhow::Result<Snapshot> {
        let mut look = db.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *look).await?;
        sqlx::query("set local statement_timeout = 0").execute(&mut *look).await?;
        let version = db::version(&mut look).await?;
        let end = clock::start_of(day + Days::new(1));
        let names = db::registry_names(&mut look).await?;
        let mut builder = Builder::default();
        let mut changes = Box::pin(changes::fold_by_image(&mut look, end));
        let (mut past, mut image) = (Past::default(), None);
        while let Some(change) = changes.try_next().await? {
            if change.image_id != image {
                builder.past(std::mem::take(&mut past), image, &names)?;
                image = change.image_id;
            }
            past.take(change);
        }
        builder.past(past, image, &names)?;
        drop(changes);
        look.commit().await?;
        let changed_at = end - Duration::seconds(1);
        Ok(builder.finish(db::Version { changed_at, ..version }, now, day, Vec::new()))
    }
}

impl Snapshot {
    /// One image by itself, as a transaction has it, on this snapshot's day.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_sheet(&self, db: &mut PgConnection, sheet: &Sheet) -> anyhow::Result<Snapshot> {
        let mut builder = Builder { organisations: organisations::load(db).await?, ..Builder::default() };
        builder.names = sheet.registry_names(&db::registry_names_of(db, &[sheet.id]).await?);
        builder.others.insert(sheet.id, sheet.image.other_names.clone());
        builder.image(sheet.row());
        let numbers: Vec<i64> = sheet.lines.iter().map(|line| line.id).collect();
        builder.last_known = licences::db::last_known(db, Some(&numbers)).await?;
        let mut lines: Vec<_> = sheet.lines.iter().collect();
        lines.sort_unstable_by_key(|line| line.id);
        for line in lines {
            builder.line(line.row(sheet.id))?;
        }
        Ok(builder.finish(self.version, self.loaded_at, self.today, Vec::new()))
    }
}

impl Sheet {
    /// The image's registry names as rows, the last first: with the example of a tag that `known` has for them.
    fn registry_names(&self, known: &[RegistryNameRow]) -> Vec<RegistryNameRow> {
        let row = |name: &String| {
            let known = known.iter().find(|row| row.image_id == self.id && row.name == *name);
            let new =
                || RegistryNameRow { image_id: self.id, name: name.clone(), sample_tag: None, source: String::new() };
            known.cloned().unwrap_or_else(new)
        };
        self.image.registry_names.iter().rev().map(row).collect()
    }
}

/// Names by the image that they belong to.
fn by_image(names: Vec<db::names::OtherName>) -> HashMap<i64, Vec<String>> {
    let mut all: HashMap<i64, Vec<String>> = HashMap::new();
    for (image, name) in names {
        all.entry(image).or_default().push(name);
    }
    all
}

/// Gathers rows as they come from the database.
#[derive(Default)]
struct Builder {
    organisations: Directory,
    texts: Texts,
    /// In the order of their images, the last image's names first.
    names: Vec<RegistryNameRow>,
    /// By image.
    others: HashMap<i64, Vec<String>>,
    merged: Vec<db::names::Merged>,
    images: Vec<Image>,
    lines: Vec<Line>,
    requests: Option<Vec<db::CountedRequest>>,
    source: Option<Source>,
    kinds: HashMap<String, u32>,
    /// Of lines whose date is not known any more, by number.
    last_known: HashMap<i64, LastKnown>,
    indexer: Indexer,
}

#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 images and lines
impl Builder {
    /// Takes over what the record tells of an image and its lines; first of all of what belongs to no image. One after
    /// another: what the record tells of all of them takes several times the memory that the snapshot does.
    fn past(&mut self, past: Past, image: Option<i64>, names: &[RegistryNameRow]) -> anyhow::Result<()> {
        if image.is_none() {
            self.organisations = past.directory()?;
            return Ok(());
        }
        self.last_known = past.last_known();
        for sheet in past.sheets()? {
            self.names = sheet.registry_names(names);
            self.others.insert(sheet.id, sheet.image.other_names.clone());
            self.image(sheet.row());
            for line in &sheet.lines {
                self.line(line.row(sheet.id))?;
            }
        }
        Ok(())
    }

    fn image(&mut self, row: ImageRow) {
        let mut registry_names = Vec::new();
        while let Some(name) = self.names.pop_if(|name| name.image_id <= row.id) {
            registry_names.push(RegistryName {
                name: name.name.into(),
                sample_tag: name.sample_tag.map(Into::into),
                source: name.source.into(),
            });
        }
        self.images.push(Image {
            id: row.id,
            slug: row.slug.into(),
            name: row.name.into(),
            registry_names: registry_names.into(),
            other_names: self.others.remove(&row.id).unwrap_or_default().into_iter().map(Into::into).collect(),
            descriptions: (row.description_en.is_some() || row.description_fr.is_some())
                .then(|| Box::new([row.description_en.map(Into::into), row.description_fr.map(Into::into)])),
            status: Status::Retired,
            family: 0,
            first_line: 0,
            end_line: 0,
        });
    }

    /// The place of the image with this number: they come in the order of their numbers.
    fn place(&self, image: i64) -> Option<u32> {
        self.images.binary_search_by_key(&image, |image| image.id).ok().map(|place| place as u32)
    }

    fn line(&mut self, row: LineRow) -> anyhow::Result<()> {
        let status = known("lines", "status", &row.status, Status::from_code)?;
        let image_place = self.place(row.image_id).context("a line without its image")?;
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
        let last_known = self.last_known.remove(&row.id).filter(|_| row.renewal_date.is_none());
        let firmness = row.firmness.as_deref();
        let firmness = firmness.map(|code| known("lines", "firmness", code, Firmness::from_code)).transpose()?;
        let is_owed = row.owed_by.is_some() || last_known.is_some();
        let is_wanted = row.needed_by.is_some() || row.firmness.is_some();
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
            more: (!row.extra.is_empty() || !row.markup.is_empty() || is_owed || is_wanted).then(|| {
                Box::new(More {
                    extra: row.extra.0,
                    markup: row.markup.0,
                    owed_by: row.owed_by,
                    last_known,
                    needed_by: row.needed_by,
                    firmness,
                })
            }),
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
        image.other_names.iter().for_each(|name| add(Field::Name, name));
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
        let by_family = self.number_families();
        let images = &self.images;
        let mut by_slug: Vec<u32> = (0..images.len() as u32).collect();
        by_slug.sort_unstable_by(|a, b| images[*a as usize].slug.cmp(&images[*b as usize].slug));
        let merged = self.merged_places();
        let place_of = |id: i64| self.place(id).or_else(|| merged.get(&id).copied());
        let own = self.merged.iter().map(|(id, slug, _)| (slug.clone(), *id));
        let former =
            former.into_iter().chain(own).filter_map(|(slug, id)| Some((slug.into(), place_of(id)?))).collect();
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
            merged,
            names: OnceLock::new(),
            findings: OnceCell::new(),
            requests: self.requests,
            source: self.source,
            needs: OnceLock::new(),
            organisations: self.organisations,
            texts: Arc::new(self.texts),
            images: self.images,
            lines: self.lines,
            kinds,
        }
    }

    /// The place of the image that each merged one is one with now, however often that was merged again.
    fn merged_places(&self) -> HashMap<i64, u32> {
        let into: HashMap<i64, i64> = self.merged.iter().map(|(id, _, into)| (*id, *into)).collect();
        let end = |id: i64| {
            let steps = std::iter::successors(Some(id), |at| into.get(at).copied()).take(into.len() + 1);
            steps.skip(1).find_map(|at| self.place(at))
        };
        into.keys().filter(|id| self.place(**id).is_none()).filter_map(|id| Some((*id, end(*id)?))).collect()
    }

    /// Numbers the families; the images by family.
    fn number_families(&mut self) -> Vec<u32> {
        let names: Vec<String> = self.images.iter().map(family_of).collect();
        let mut by_family: Vec<u32> = (0..names.len() as u32).collect();
        by_family.sort_by_key(|place| &names[*place as usize]);
        let (mut family, mut before) = (0, None);
        for place in &by_family {
            let name = &names[*place as usize];
            family += u32::from(before.is_some_and(|before| before != name));
            before = Some(name);
            self.images[*place as usize].family = family;
        }
        by_family
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
