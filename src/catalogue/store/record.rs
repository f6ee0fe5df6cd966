//! An image with all its lines, as people edit it and as an act writes it.

use crate::catalogue::store::db::{ImageRow, LineRow};
use crate::fields::{ImageFields, LineFields};
use crate::text::key;

/// A line as kept: its number, its organisation, its fields. A new line's number is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRecord {
    pub id: i64,
    pub organisation: i64,
    pub fields: LineFields,
}

/// An image as kept, with its lines by number. A new image's number is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageRecord {
    pub id: i64,
    pub image: ImageFields,
    pub lines: Vec<LineRecord>,
}

impl From<LineRow> for LineRecord {
    fn from(row: LineRow) -> LineRecord {
        LineRecord { id: row.id, organisation: row.organisation_id, fields: row.fields }
    }
}

impl LineRecord {
    /// The line as a row of an image.
    pub fn row(&self, image: i64) -> LineRow {
        LineRow { id: self.id, image_id: image, organisation_id: self.organisation, fields: self.fields.clone() }
    }
}

impl ImageRecord {
    /// The image's own row.
    pub fn row(&self) -> ImageRow {
        let ImageFields { name, slug, description_en, description_fr, registry_names: _, other_names: _, merged: _ } =
            self.image.clone();
        ImageRow { id: self.id, key: key(&name), slug, name, description_en, description_fr }
    }
}
