//! A line in memory: one image and one organisation.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use chrono::NaiveDate;

use crate::fields::Firmness;
use crate::fields::Label;
use crate::fields::Status;
use crate::i18n::Lang;
use crate::licences::{LastKnown, Renewal};

/// A line: one image and one organisation.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: i64,
    /// Its image's place.
    pub image: u32,
    /// Its organisation's place in the directory.
    pub organisation: u32,
    pub status: Status,
    /// The numbers of its labels' texts.
    pub labels: [Option<NonZeroU32>; Label::COUNT],
    pub renewal_date: Option<NaiveDate>,
    /// The image's name as this line's source wrote it, where that is not the display name.
    pub(super) name: Option<Box<str>>,
    /// The department as this line's source wrote it, where that is not the acronym.
    pub(super) department: Option<Box<str>>,
    pub(super) notes_en: Option<Box<str>>,
    pub(super) notes_fr: Option<Box<str>>,
    pub(super) more: Option<Box<RareFields>>,
}

/// What few lines have.
#[derive(Clone, Debug)]
pub(super) struct RareFields {
    pub(super) extra: BTreeMap<String, String>,
    pub(super) markup: BTreeMap<String, String>,
    pub(super) owed_by: Option<String>,
    pub(super) last_known: Option<LastKnown>,
    pub(super) needed_by: Option<NaiveDate>,
    pub(super) firmness: Option<Firmness>,
}

impl Line {
    /// Its notes, in the language asked for or else in the other, and the language they are in.
    pub fn notes(&self, lang: Lang) -> Option<(&str, Lang)> {
        let in_language = |lang: Lang| Some((self.notes_in(lang)?, lang));
        in_language(lang).or_else(|| in_language(lang.other()))
    }

    /// Its notes in a language.
    pub fn notes_in(&self, lang: Lang) -> Option<&str> {
        lang.of(&self.notes_en, &self.notes_fr).as_deref()
    }

    /// When it is to be renewed, or what is known in place of that.
    pub fn renewal(&self) -> Renewal<'_> {
        let more = self.more.as_deref();
        match self.renewal_date {
            Some(date) => Renewal::On(date),
            None => Renewal::Unknown { last_known: more.and_then(|more| more.last_known), owed_by: self.owed_by() },
        }
    }

    /// The department or person that is to give the unknown renewal date, where one was named.
    pub fn owed_by(&self) -> Option<&str> {
        self.more.as_deref()?.owed_by.as_deref()
    }

    /// The day by which its department needs it, where it said so.
    pub fn needed_by(&self) -> Option<NaiveDate> {
        self.more.as_deref()?.needed_by
    }

    /// How sure its department is, where it said so.
    pub fn firmness(&self) -> Option<Firmness> {
        self.more.as_deref()?.firmness
    }

    /// Cells of columns that the catalogue does not know, by heading.
    pub fn extra(&self) -> Option<&BTreeMap<String, String>> {
        self.more.as_deref().map(|more| &more.extra)
    }

    /// Cells as marked up by their source, by column.
    pub fn markup(&self) -> Option<&BTreeMap<String, String>> {
        self.more.as_deref().map(|more| &more.markup)
    }
}
