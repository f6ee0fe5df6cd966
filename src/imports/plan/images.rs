//! The images that a file's names mean, and those that they bring.

use crate::catalogue::store::write::first_free_slug;
use crate::imports::decision::Purpose;
use crate::imports::named::Taken;
use crate::imports::plan::{Planner, TakenRow};
use crate::imports::planned::NewImage;
use crate::text::{self, key};

impl Planner<'_> {
    /// The image that a name is taken for: the one that is called so, the one that the name leads to otherwise, or a new one.
    pub(super) fn image(&mut self, name: &str) -> TakenRow {
        let key = key(name);
        if let Some(image) = self.images.get(&key).filter(|image| image.id > 0) {
            self.namer.note_present(&key, &image.slug);
            return TakenRow { id: image.id, is_other: false, name: Taken::default() };
        }
        let taken = self.namer.take(name, &key, &self.base);
        let id = taken.image.unwrap_or_else(|| self.new_image(name, &key));
        TakenRow { id, is_other: taken.image.is_some(), name: taken }
    }

    fn new_image(&mut self, name: &str, key: &str) -> i64 {
        if let Some(image) = self.images.get(key) {
            return image.id;
        }
        let rows = &self.plan.rows;
        let key_at = |new: usize| rows.get(self.new_images[new]).map(|row| text::key(&row.file.name));
        let place = self.new.find(key.to_owned(), key_at);
        let new = place.unwrap_or(self.new_images.len());
        let id = -1 - i64::try_from(new).unwrap_or(i64::MAX - 1);
        if place.is_some() {
            return id;
        }
        self.new.insert(new, key.to_owned(), key_at);
        self.new_images.push(rows.len());
        if matches!(self.purpose, Purpose::Tell(_)) {
            return id;
        }
        let slug = match self.plan.removed.images.get(key) {
            Some((_, slug)) => slug.clone(),
            None => self.free_slug(name),
        };
        self.plan.images.push(NewImage { id, row: self.plan.rows.len(), slug: slug.into() });
        id
    }

    fn free_slug(&mut self, name: &str) -> String {
        let images = &self.plan.images;
        let is_new = |slug: &str| self.new_slugs.find(slug, |place| slug_at(images, place)).is_some();
        let free = first_free_slug(name, &mut self.numbers, |slug| self.slugs.contains(slug) || is_new(slug));
        self.new_slugs.insert(images.len(), &*free, |place| slug_at(images, place));
        free
    }
}

fn slug_at(images: &[NewImage], place: usize) -> Option<&str> {
    images.get(place).map(|image| &*image.slug)
}
