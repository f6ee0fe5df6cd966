//! All organisations at once, and the one that a spelling means.

use std::collections::HashMap;

use serde_json::json;

use crate::changes::record::Change;
use crate::i18n::{Lang, Word};
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
    pub fn acronym(&self, lang: Lang) -> &str {
        lang.of(&self.acronym_en, &self.acronym_fr)
    }

    /// Whether it is the one that was chosen by its number.
    pub fn is_chosen(&self, chosen: &Option<i64>) -> bool {
        *chosen == Some(self.id)
    }

    /// The applied title in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.of(&self.name_en, &self.name_fr)
    }
}

/// A text names an organisation and something else besides.
struct SeveralNamed;

/// The parts of a text that may each name an organisation.
fn parts(spelling: &str) -> impl Iterator<Item = &str> {
    let by_words = [" - ", " and ", " et "]
        .iter()
        .fold(vec![spelling], |parts, word| parts.into_iter().flat_map(|part| part.split(word)).collect::<Vec<_>>());
    let by_marks =
        by_words.into_iter().flat_map(|part| part.split([',', ';', '/', '&', '+', '(', ')', '–', '—', '\n']));
    by_marks.map(str::trim).filter(|part| !part.is_empty())
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
    /// An organisation's acronym and title, as forms name a line; empty where there is no such organisation.
    pub fn title(&self, organisation: i64, lang: Lang) -> String {
        let Some(place) = self.place(organisation) else { return String::new() };
        let organisation = self.at(place);
        let words =
            [("acronym", Word::Text(organisation.acronym(lang))), ("name", Word::Text(organisation.name(lang)))];
        lang.tell("edit-department", &words)
    }

    /// A directory of these organisations.
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
    pub fn all(&self) -> &[Organisation] {
        &self.all
    }

    /// The one at a place of [`Directory::all`].
    pub fn at(&self, place: usize) -> &Organisation {
        &self.all[place]
    }

    /// Where in [`Directory::all`] the organisation with this number is.
    pub fn place(&self, id: i64) -> Option<usize> {
        self.numbers.get(&id).copied()
    }

    /// Where in [`Directory::all`] the organisation is that a text written in this language means: one of its spellings,
    /// or several of them together, as in `Name (ACRONYM)`.
    pub fn find(&self, spelling: &str, lang: Lang) -> Option<usize> {
        self.spelled(spelling, lang).or_else(|| self.joined(spelling, lang).ok().flatten())
    }

    /// Whether a text that means no single organisation names at least one among others: `SSC, CSE`.
    pub fn names_several(&self, spelling: &str, lang: Lang) -> bool {
        self.spelled(spelling, lang).is_none() && self.joined(spelling, lang).is_err()
    }

    fn spelled(&self, spelling: &str, lang: Lang) -> Option<usize> {
        let key = key(spelling);
        self.spelled[lang as usize]
            .get(&key)
            .or_else(|| self.aliases.get(&key))
            .or_else(|| self.spelled[lang.other() as usize].get(&key))
            .copied()
    }

    /// The one organisation that all parts of a text name, or the part of another where both are named; none where no
    /// part names any, and an error where the parts do not agree.
    fn joined(&self, spelling: &str, lang: Lang) -> Result<Option<usize>, SeveralNamed> {
        let named: Vec<Option<usize>> = parts(spelling).map(|part| self.spelled(part, lang)).collect();
        let mut found: Option<usize> = None;
        for place in named.iter().flatten().copied() {
            found = match found {
                None => Some(place),
                Some(other) if other == place || self.is_part(other, place) => Some(other),
                Some(other) if self.is_part(place, other) => Some(place),
                Some(_) => return Err(SeveralNamed),
            };
        }
        if found.is_some() && named.contains(&None) { Err(SeveralNamed) } else { Ok(found) }
    }

    fn is_part(&self, part: usize, whole: usize) -> bool {
        self.all[part].parent_id == Some(self.all[whole].id)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation(
        id: i64,
        [acronym_en, acronym_fr]: [&str; 2],
        name_en: &str,
        parent_id: Option<i64>,
    ) -> Organisation {
        Organisation {
            id,
            acronym_en: acronym_en.to_owned(),
            acronym_fr: acronym_fr.to_owned(),
            name_en: name_en.to_owned(),
            name_fr: format!("{name_en} (fr)"),
            parent_id,
            confirmed: true,
            aliases: Vec::new(),
        }
    }

    #[test]
    fn a_name_beside_its_acronym_is_known_and_two_departments_are_not_a_third() {
        let directory = Directory::new(vec![
            organisation(1, ["SSC", "SPC"], "Shared Services Canada", None),
            organisation(2, ["CSE", "CST"], "Communications Security Establishment", None),
            organisation(3, ["ESDC", "EDSC"], "Employment and Social Development Canada", None),
            organisation(4, ["Service Canada", "Service Canada"], "Service Canada", Some(3)),
        ]);
        for (spelling, place) in [
            ("Shared Services Canada (SSC)", 0),
            ("SSC – Shared Services Canada", 0),
            ("SSC/SPC", 0),
            ("Service Canada (ESDC)", 3),
            ("Employment and Social Development Canada", 2),
        ] {
            assert_eq!(directory.find(spelling, Lang::En), Some(place), "{spelling}");
            assert!(!directory.names_several(spelling, Lang::En), "{spelling}");
        }
        for spelling in ["SSC, CSE", "SSC et CST", "SSC and CSE", "SSC (CSE)", "SSC and others", "SSC\nCSE"] {
            assert_eq!(directory.find(spelling, Lang::En), None, "{spelling}");
            assert!(directory.names_several(spelling, Lang::En), "{spelling}");
        }
        for spelling in ["Fisheries and Oceans", "Parks Canada (PCA)", "", "(,)"] {
            assert_eq!(directory.find(spelling, Lang::En), None, "{spelling}");
            assert!(!directory.names_several(spelling, Lang::En), "{spelling}");
        }
    }
}
