//! Making a snapshot: from the tables as they are, or from the record of changes as they were on a past day.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection};

use crate::catalogue::snapshot::assemble::{each_text, image_from, line_from};
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::dictionary::{Dictionaries, Dictionary};
use crate::catalogue::snapshot::facets::Facets;
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::order::Orders;
use crate::catalogue::snapshot::pieces::Pieces;
use crate::catalogue::snapshot::search::Indexer;
use crate::catalogue::store::db::{self, ImageRow, LineRow, RegistryNameRow};
use crate::catalogue::store::history::HistoricalCatalogue;
use crate::catalogue::store::record::ImageRecord;
use crate::catalogue::store::source::Source;
use crate::changes;
use crate::clock;
use crate::fields::Label;
use crate::guidance::Texts;
use crate::licences::{self, LastKnown};
use crate::organisations::{self, Directory};

impl Snapshot {
    /// Reads the whole catalogue in one consistent look at the database.
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
            merged: db::names::all_merged(&mut look).await?,
            texts: Texts::load(&mut look).await?,
            last_known: licences::db::last_known(&mut look, None).await?,
            images: Pieces::with_capacity(usize::try_from(images)?),
            lines: Pieces::with_capacity(usize::try_from(lines)?),
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
        builder.requests = Some(Arc::new(db::counted_requests(&mut look).await?));
        look.commit().await?;
        Ok(builder.finish(version, now, today, former))
    }

    /// The catalogue as it was at the end of a day, built up from the record of changes. Examples of tags are today's.
    pub async fn load_as_at(db: &mut PgConnection, now: DateTime<Utc>, day: NaiveDate) -> anyhow::Result<Snapshot> {
        let mut look = db.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *look).await?;
        sqlx::query("set local statement_timeout = 0").execute(&mut *look).await?;
        let version = db::version(&mut look).await?;
        let end = clock::start_of(day + Days::new(1));
        let names = db::registry_names(&mut look).await?;
        // The record of a line begins anew where it went over to another image: what was known before is in its terms.
        let known = licences::db::last_known_before(&mut look, end).await?;
        let mut builder = Builder { last_known: known, ..Builder::default() };
        let mut changes = Box::pin(changes::fold_by_image(&mut look, end));
        let (mut past, mut image) = (HistoricalCatalogue::default(), None);
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
    pub async fn of_sheet(&self, db: &mut PgConnection, image_record: &ImageRecord) -> anyhow::Result<Snapshot> {
        let mut builder = Builder { organisations: organisations::load(db).await?, ..Builder::default() };
        builder.names = image_record.registry_names(&db::registry_names_of(db, &[image_record.id]).await?);
        builder.others.insert(image_record.id, image_record.image.other_names.clone());
        builder.image(image_record.row());
        let numbers: Vec<i64> = image_record.lines.iter().map(|line| line.id).collect();
        builder.last_known = licences::db::last_known(db, Some(&numbers)).await?;
        let mut lines: Vec<_> = image_record.lines.iter().collect();
        lines.sort_unstable_by_key(|line| line.id);
        for line in lines {
            builder.line(line.row(image_record.id))?;
        }
        Ok(builder.finish(self.version, self.loaded_at, self.today, Vec::new()))
    }
}

impl ImageRecord {
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

#[cfg(test)]
impl Snapshot {
    /// The catalogue of these rows, by number.
    pub(super) fn from_rows(
        organisations: Directory,
        mut images: Vec<ImageRow>,
        names: Vec<RegistryNameRow>,
        others: Vec<db::names::OtherName>,
        mut lines: Vec<LineRow>,
        (merged, former): (Vec<db::names::Merged>, Vec<(String, i64)>),
        version: db::Version,
    ) -> anyhow::Result<Snapshot> {
        let names = names.into_iter().rev().collect();
        let mut builder = Builder { organisations, names, others: by_image(others), merged, ..Builder::default() };
        images.sort_by_key(|image| image.id);
        for image in images {
            builder.image(image);
        }
        lines.sort_by_key(|line| (line.image_id, line.id));
        for line in lines {
            builder.line(line)?;
        }
        let now = version.changed_at;
        Ok(builder.finish(version, now, now.date_naive(), former))
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

/// Gathers rows as they come from the database: images by number, then lines by image and number.
#[derive(Default)]
struct Builder {
    organisations: Directory,
    texts: Texts,
    /// In the order of their images, the last image's names first.
    names: Vec<RegistryNameRow>,
    /// By image.
    others: HashMap<i64, Vec<String>>,
    merged: Vec<db::names::Merged>,
    images: Pieces<Image>,
    lines: Pieces<Line>,
    /// The place of the image whose lines are coming, and the places of those that came.
    coming: (u32, Vec<u32>),
    requests: Option<Arc<Vec<db::CountedRequest>>>,
    source: Option<Source>,
    labels: Dictionaries,
    /// Of lines whose date is not known any more, by number.
    last_known: HashMap<i64, LastKnown>,
    indexer: Indexer,
}

#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 images and lines
impl Builder {
    /// Takes over what the record tells of an image and its lines; first of all of what belongs to no image. One after
    /// another: what the record tells of all of them takes several times the memory that the snapshot does.
    fn past(&mut self, past: HistoricalCatalogue, image: Option<i64>, names: &[RegistryNameRow]) -> anyhow::Result<()> {
        if image.is_none() {
            self.organisations = past.directory()?;
            return Ok(());
        }
        self.last_known.extend(past.last_known());
        for image_record in past.image_records()? {
            self.names = image_record.registry_names(names);
            self.others.insert(image_record.id, image_record.image.other_names.clone());
            self.image(image_record.row());
            for line in &image_record.lines {
                self.line(line.row(image_record.id))?;
            }
        }
        Ok(())
    }

    fn image(&mut self, row: ImageRow) {
        let mut registry_names = Vec::new();
        while let Some(name) = self.names.pop_if(|name| name.image_id <= row.id) {
            registry_names.push(name.into());
        }
        let others = self.others.remove(&row.id).unwrap_or_default();
        self.images.push(image_from(row, registry_names, others));
    }

    fn line(&mut self, row: LineRow) -> anyhow::Result<()> {
        let id = |builder: &Builder| builder.images.get(builder.coming.0 as usize).map(|image| image.id);
        while id(self).is_some_and(|id| id < row.image_id) {
            self.next_image();
        }
        anyhow::ensure!(id(self) == Some(row.image_id), "a line without its image");
        let at = (self.coming.0, &self.images[self.coming.0 as usize]);
        let last_known = self.last_known.remove(&row.id);
        let line = line_from(row, at, &self.organisations, &mut self.labels, last_known)?;
        let place = self.lines.len() as u32;
        each_text(&line, at.1, &self.organisations, |field, text| self.indexer.add(place, field, text));
        self.coming.1.push(place);
        self.lines.push(line);
        Ok(())
    }

    /// Gives an image its lines, and goes on to the next one.
    fn next_image(&mut self) {
        let lines = std::mem::take(&mut self.coming.1);
        if let Some(status) = lines.iter().map(|line| self.lines[*line as usize].status).min() {
            let image = self.images.get_mut(self.coming.0 as usize);
            image.status = status;
            image.lines = lines.into();
        }
        self.coming.0 += 1;
    }

    fn finish(
        mut self,
        version: db::Version,
        loaded_at: DateTime<Utc>,
        today: NaiveDate,
        former: Vec<(String, i64)>,
    ) -> Snapshot {
        if !self.coming.1.is_empty() {
            self.next_image();
        }
        self.labels.iter_mut().for_each(Dictionary::rank_all);
        let Builder { images, lines, labels, .. } = &self;
        let (count, slots) = (images.len() as u32, lines.len());
        let numbers = || 0..count;
        let mut by_slug: Vec<u32> = numbers().collect();
        by_slug.sort_unstable_by(|a, b| images[*a as usize].slug.cmp(&images[*b as usize].slug));
        let mut by_family: Vec<u32> = numbers().collect();
        by_family.sort_by_cached_key(|place| family_of(&images[*place as usize]));
        let own = self.merged.iter().map(|(id, slug, _)| (slug.clone(), *id));
        let former = former.into_iter().chain(own).map(|(slug, id)| (slug.into(), id)).collect();
        let values = Label::ALL.map(|label| labels[label as usize].texts().len());
        let facets = Facets::new(lines, values, self.organisations.all().len(), today);
        let orders = Orders::new(lines, images, &labels[Label::Kind as usize], &self.organisations);
        Snapshot {
            version,
            loaded_at,
            today,
            by_id: Arc::new(numbers().collect()),
            index: self.indexer.finish(slots),
            facets,
            orders,
            by_slug: Arc::new(by_slug),
            by_family: Arc::new(by_family),
            former: Arc::new(former),
            merged: self.merged.iter().map(|(id, _, into)| (*id, *into)).collect(),
            names: Arc::default(),
            families: OnceLock::new(),
            requests: self.requests,
            source: self.source,
            needs: OnceLock::new(),
            organisations: Arc::new(self.organisations),
            texts: Arc::new(self.texts),
            images: self.images,
            lines: self.lines,
            labels: Arc::new(self.labels),
        }
    }
}
