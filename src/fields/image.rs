//! The fields of an image.

use serde::{Deserialize, Serialize};

use super::{Field, Shape};

/// An image's own fields in the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageFields {
    pub name: String,
    pub slug: String,
    pub registry_names: Vec<String>,
    /// Names by which files and people know it besides.
    pub other_names: Vec<String>,
    /// The addresses of images that are one with it now.
    pub merged: Vec<String>,
    pub description_en: Option<String>,
    pub description_fr: Option<String>,
}

/// The same, in the order in which they are told.
pub const IMAGE: [Field; 7] = [
    Field::new("name", Shape::Text(200)),
    Field::new("slug", Shape::Text(200)),
    Field::new("registry_names", Shape::Texts),
    Field::new("other_names", Shape::Texts),
    Field::new("merged", Shape::Texts),
    Field::new("description_en", Shape::Notes),
    Field::new("description_fr", Shape::Notes),
];

impl ImageFields {
    /// The same, with the names in alphabetical order, as they are compared.
    pub fn sorted(mut self) -> ImageFields {
        for all in [&mut self.registry_names, &mut self.other_names, &mut self.merged] {
            all.sort_unstable();
        }
        self
    }
}
