//! The next snapshot from the one before: what changed is read and put in its place, and all else is shared.

mod changes;

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use rustc_hash::FxHashSet;
use sqlx::{Connection, PgConnection};

use crate::catalogue::snapshot::assemble::{each_text, image_from, line_from};
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::delta::changes::Changes;
use crate::catalogue::snapshot::dictionary::Dictionaries;
use crate::catalogue::snapshot::facets::Replaced;
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::order::{Sorted, rearranged};
use crate::catalogue::snapshot::pieces::Pieces;
use crate::catalogue::snapshot::search::Entries;
use crate::catalogue::store::db::{self, LineRow};
use crate::fields::Label;
use crate::licences::LastKnown;

impl Snapshot {
    /// The catalogue as the database has it now, made from this snapshot of the same day; none where so much has changed
    /// that it is to be read whole.
    pub async fn advance(&self, db: &mut PgConnection, now: DateTime<Utc>) -> anyhow::Result<Option<Snapshot>> {
        let mut look = db.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *look).await?;
        sqlx::query("set local statement_timeout = 0").execute(&mut *look).await?;
        let version = db::version(&mut look).await?;
        let Some(changes) = Changes::read(&mut look, self, version.version).await? else {
            return Ok(None);
        };
        look.commit().await?;
        Ok(Some(self.changed(version, now, changes)?))
    }
}

/// The images and lines of the next snapshot, while they change.
struct Draft<'s> {
    before: &'s Snapshot,
    images: Pieces<Image>,
    lines: Pieces<Line>,
    labels: Dictionaries,
    /// The places of the images that were touched: whether there was one, and whether there is.
    images_replaced: Vec<Replaced>,
    lines_replaced: Vec<Replaced>,
    /// The places of lines that their images had before, by number.
    held: HashMap<i64, u32>,
}

#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 images and lines
impl Draft<'_> {
    fn new<'s>(before: &'s Snapshot, touched: &BTreeSet<i64>) -> Draft<'s> {
        let images = touched.iter().filter_map(|id| before.place(*id)).map(|place| before.image_at(place));
        let places = images.flat_map(|image| image.lines.iter().copied());
        Draft {
            before,
            images: before.images.clone(),
            lines: before.lines.clone(),
            labels: (*before.labels).clone(),
            images_replaced: Vec::new(),
            lines_replaced: Vec::new(),
            held: places.map(|place| (before.line_at(place).id, place)).collect(),
        }
    }

    /// Puts an image with its lines at its place.
    fn put(
        &mut self,
        mut image: Image,
        lines: Vec<LineRow>,
        last_known: &mut HashMap<i64, LastKnown>,
    ) -> anyhow::Result<()> {
        let was = self.before.place(image.id);
        let place = was.unwrap_or(self.images.len() as u32);
        let mut places = Vec::with_capacity(lines.len());
        for row in lines {
            let known = last_known.remove(&row.id);
            let line = line_from(row, (place, &image), &self.before.organisations, &mut self.labels, known)?;
            image.status = image.status.min(line.status);
            let held = self.held.remove(&line.id);
            let at = held.unwrap_or(self.lines.len() as u32);
            self.lines.set(at as usize, line);
            self.lines_replaced.push(Replaced { line: at, was: held.is_some(), is: true });
            places.push(at);
        }
        image.lines = places.into();
        self.images.set(place as usize, image);
        self.images_replaced.push(Replaced { line: place, was: was.is_some(), is: true });
        Ok(())
    }

    /// Notes which images and lines are gone.
    fn end(&mut self, touched: &BTreeSet<i64>) {
        let gone = touched.iter().filter_map(|id| self.before.place(*id));
        let gone: Vec<u32> =
            gone.filter(|place| !self.images_replaced.iter().any(|there| there.line == *place)).collect();
        let replaced = |line: u32| Replaced { line, was: true, is: false };
        self.images_replaced.extend(gone.into_iter().map(replaced));
        self.lines_replaced.extend(self.held.values().copied().map(replaced));
        for (is, was) in self.labels.iter_mut().zip(&*self.before.labels) {
            if is.texts().len() > was.texts().len() {
                is.rank_all();
            }
        }
    }

    /// The words by which the lines were found that were touched, and those by which they are.
    fn entries(&self) -> [Entries; 2] {
        let of = |is_there: fn(&Replaced) -> bool, lines: &Pieces<Line>, images: &Pieces<Image>| {
            let mut entries = Entries::default();
            for place in self.lines_replaced.iter().filter(|place| is_there(place)).map(|place| place.line) {
                let line = &lines[place as usize];
                let image = &images[line.image as usize];
                each_text(line, image, &self.before.organisations, |field, text| entries.add(place, field, text));
            }
            entries
        };
        let before = self.before;
        [of(|place| place.was, &before.lines, &before.images), of(|place| place.is, &self.lines, &self.images)]
    }

    /// An order of images where those that were touched stand where they belong now.
    fn rearranged<K: Ord>(&self, held: &Arc<Vec<u32>>, key: impl Fn(&Image) -> K) -> Arc<Vec<u32>> {
        let at = |images: &Pieces<Image>, place: u32| key(&images[place as usize]);
        let stays =
            |one: &&Replaced| one.was && one.is && at(&self.before.images, one.line) == at(&self.images, one.line);
        let moved: Vec<&Replaced> = self.images_replaced.iter().filter(|one| !stays(one)).collect();
        let gone: FxHashSet<u32> = moved.iter().filter(|one| one.was).map(|one| one.line).collect();
        let come = moved.iter().filter(|one| one.is).map(|one| one.line).collect();
        let compare = |a: u32, b: u32| -> Ordering { at(&self.images, a).cmp(&at(&self.images, b)) };
        rearranged(held, &gone, come, compare)
    }

    /// Whether each image that was touched is known by the same names as before.
    fn keeps_names(&self) -> bool {
        let line_names = |images: &Pieces<Image>, lines: &Pieces<Line>, place: u32| -> BTreeSet<Box<str>> {
            let places = images[place as usize].lines.iter();
            places.filter_map(|line| lines[*line as usize].name.clone()).collect()
        };
        self.images_replaced.iter().all(|one| {
            let at = one.line;
            let keeps = || {
                let (was, is) = (&self.before.images[at as usize], &self.images[at as usize]);
                (&was.name, &was.slug, &was.registry_names, &was.other_names)
                    == (&is.name, &is.slug, &is.registry_names, &is.other_names)
                    && line_names(&self.before.images, &self.before.lines, at)
                        == line_names(&self.images, &self.lines, at)
            };
            one.was && one.is && keeps()
        })
    }
}

impl Snapshot {
    /// This snapshot with what has changed since.
    ///
    /// # Errors
    /// When a row has what none can have.
    fn changed(
        &self,
        version: db::Version,
        loaded_at: DateTime<Utc>,
        mut changes: Changes,
    ) -> anyhow::Result<Snapshot> {
        let draft = self.draft(&mut changes)?;
        let [were, are] = draft.entries();
        let sorted = |lines, images, kinds| Sorted { lines, images, kinds, ranks: self.orders.ranks() };
        let before = sorted(&self.lines, &self.images, &self.labels[Label::Kind as usize]);
        let after = sorted(&draft.lines, &draft.images, &draft.labels[Label::Kind as usize]);
        let replaced = &draft.lines_replaced;
        let values = Label::ALL.map(|label| draft.labels[label as usize].texts().len());
        let former = self.former_with(&changes);
        let keeps_names = draft.keeps_names() && Arc::ptr_eq(&former, &self.former);
        Ok(Snapshot {
            version,
            loaded_at,
            today: self.today,
            source: changes.source,
            organisations: Arc::clone(&self.organisations),
            texts: changes.texts,
            index: self.index.changed(&were, &are, draft.lines.len()),
            facets: self.facets.changed(&self.lines, &draft.lines, replaced, values),
            orders: self.orders.changed(before, after, replaced),
            by_id: draft.rearranged(&self.by_id, |image| image.id),
            by_slug: draft.rearranged(&self.by_slug, |image| image.slug.clone()),
            by_family: draft.rearranged(&self.by_family, |image| (family_of(image), image.id)),
            former,
            merged: changes.merged.iter().map(|(id, _, into)| (*id, *into)).collect(),
            names: if keeps_names { Arc::clone(&self.names) } else { Arc::default() },
            families: OnceLock::new(),
            requests: changes.requests,
            needs: OnceLock::new(),
            labels: Arc::new(draft.labels),
            images: draft.images,
            lines: draft.lines,
        })
    }

    /// The images and lines with what changed in its place.
    fn draft(&self, changes: &mut Changes) -> anyhow::Result<Draft<'_>> {
        let mut draft = Draft::new(self, &changes.touched);
        let mut lines: HashMap<i64, Vec<LineRow>> = HashMap::new();
        for line in std::mem::take(&mut changes.lines) {
            lines.entry(line.image_id).or_default().push(line);
        }
        for row in std::mem::take(&mut changes.images) {
            let id = row.id;
            let names = changes.registry_names.iter().filter(|name| name.image_id == id).cloned();
            let others = changes.other_names.iter().filter(|(image, _)| *image == id);
            let image =
                image_from(row, names.map(Into::into).collect(), others.map(|(_, name)| name.clone()).collect());
            draft.put(image, lines.remove(&id).unwrap_or_default(), &mut changes.last_known)?;
        }
        draft.end(&changes.touched);
        Ok(draft)
    }

    /// The former addresses: those of images that were touched, and of merged ones, as they are now.
    fn former_with(&self, changes: &Changes) -> Arc<HashMap<Box<str>, i64>> {
        let of_merged = |(id, slug, _): &db::names::Merged| (slug.clone(), *id);
        let is: HashMap<Box<str>, i64> = (changes.former.iter().cloned())
            .chain(changes.merged.iter().map(of_merged))
            .map(|(slug, id)| (slug.into(), id))
            .collect();

        let present: BTreeSet<&str> = changes.images.iter().map(|image| &*image.slug).collect();
        let goes =
            |slug: &str, id: &i64| (changes.touched.contains(id) || present.contains(slug)) && !is.contains_key(slug);
        if is.iter().all(|(slug, id)| self.former.get(slug) == Some(id))
            && !self.former.iter().any(|(slug, id)| goes(slug, id))
        {
            return Arc::clone(&self.former);
        }
        let stay = self.former.iter().filter(|(slug, id)| !goes(slug, id));
        let all = stay.chain(&is).map(|(slug, id)| (slug.clone(), *id));
        Arc::new(all.collect())
    }
}

#[cfg(test)]
mod tests;
