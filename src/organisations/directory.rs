//! All organisations at once, and the one that a spelling means.

use std::collections::HashMap;

use serde_json::json;

use crate::changes::record::Change;
use crate::i18n::Lang;
use crate::text::key;

/// A department or agency.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Organisation {
    pub id: i64,
    pub acronym_en: String,
    pub acronym_fr: String,
    pub name_en: String,
    pub name_fr: String,
    pub parent_id: Option<i64>,
    /// False: a file named it, and nobody has said yet which organisation it is.
    pub confirmed: bool,
    pub aliases: Vec<String>,
}

impl Organisation {
    /// The acronym in a language.
    #[must_use]
    pub fn acronym(&self, lang: Lang) -> &str {
        lang.of(&self.acronym_en, &self.acronym_fr)
    }

    /// Whether it is the one that was chosen by its number.
    #[must_use]
    pub fn is_chosen(&self, chosen: &Option<i64>) -> bool {
        *chosen == Some(self.id)
    }

    /// The applied title in a language.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.of(&self.name_en, &self.name_fr)
    }
}

/// Every organisation, found by number or by spelling.
#[derive(Debug, Default)]
pub struct Directory {
    all: Vec<Organisation>,
    /// Acronyms and names of one language each.
    spelled: [HashMap<String, usize>; 2],
    aliases: HashMap<String, usize>,
    numbers: HashMap<i64, usize>,
}

impl Directory {
    /// A directory of these organisations.
    #[must_use]
    pub fn new(all: Vec<Organisation>) -> Directory {
        let mut directory = Directory::default();
        for organisation in all {
            directory.insert(organisation);
        }
        directory
    }

    /// Adds one. A spelling that is taken stays with whom it meant before.
    pub fn insert(&mut self, organisation: Organisation) {
        let place = self.all.len();
        self.numbers.insert(organisation.id, place);
        for lang in Lang::BOTH {
            let spelled = &mut self.spelled[lang as usize];
            spelled.entry(key(organisation.acronym(lang))).or_insert(place);
            spelled.entry(key(organisation.name(lang))).or_insert(place);
        }
        for alias in &organisation.aliases {
            self.aliases.entry(key(alias)).or_insert(place);
        }
        self.all.push(organisation);
    }

    /// Lets the number of one that turned out to be another lead to that one.
    pub fn lead(&mut self, id: i64, into: i64) {
        if let Some(place) = self.place(into) {
            self.numbers.insert(id, place);
        }
    }

    /// All of them, in the order of their numbers.
    #[must_use]
    pub fn all(&self) -> &[Organisation] {
        &self.all
    }

    /// The one at a place of [`Directory::all`].
    #[must_use]
    pub fn at(&self, place: usize) -> &Organisation {
        &self.all[place]
    }

    /// Where in [`Directory::all`] the organisation with this number is.
    #[must_use]
    pub fn place(&self, id: i64) -> Option<usize> {
        self.numbers.get(&id).copied()
    }

    /// Where in [`Directory::all`] the organisation is that a text written in this language means.
    #[must_use]
    pub fn find(&self, spelling: &str, lang: Lang) -> Option<usize> {
        let key = key(spelling);
        self.spelled[lang as usize]
            .get(&key)
            .or_else(|| self.aliases.get(&key))
            .or_else(|| self.spelled[lang.other() as usize].get(&key))
            .copied()
    }

    /// Lets a change tell parents by their acronyms instead of their numbers, as the record's pages do.
    pub fn name_parents(&self, change: &mut Change) {
        for fields in [&mut change.before, &mut change.after].into_iter().flatten() {
            let parent = fields.get_mut("parent_id");
            if let Some(value) = parent
                && let Some(place) = value.as_i64().and_then(|id| self.place(id))
            {
                let parent = self.at(place);
                *value = json!({ "en": parent.acronym_en, "fr": parent.acronym_fr });
            }
        }
    }

    /// Those that are part of this one.
    pub fn parts(&self, id: i64) -> impl Iterator<Item = &Organisation> {
        self.all.iter().filter(move |organisation| organisation.parent_id == Some(id))
    }
}
