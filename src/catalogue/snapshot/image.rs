//! An image in memory.

use crate::catalogue::model::variant;
use crate::fields::Status;
use crate::i18n::Lang;

/// An image.
#[derive(Clone, Debug)]
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
    /// The places of its lines, by their numbers.
    pub(super) lines: Box<[u32]>,
}

/// What the registry calls an image, and a tag that was once seen to work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryName {
    pub name: Box<str>,
    pub sample_tag: Option<Box<str>>,
    pub source: Box<str>,
}

impl Image {
    /// What it is, in a language.
    pub fn description(&self, lang: Lang) -> Option<&str> {
        self.descriptions.as_ref()?[lang as usize].as_deref()
    }
}

/// The name of an image's family.
pub fn family_of(image: &Image) -> String {
    variant::family(&crate::text::key(&image.name)).0.to_owned()
}
