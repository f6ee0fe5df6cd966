//! What is followed, by name and address.

use super::LINK;
use super::db::Thing;
use crate::catalogue::{self, Snapshot};
use crate::departments;
use crate::i18n::Lang;

/// What is followed, with its name and its page in both languages.
#[derive(Clone, Debug)]
pub struct Named {
    names: [String; 2],
    addresses: [String; 2],
}

impl Named {
    /// What a number stands for; none where it is no longer there.
    pub fn of(snapshot: &Snapshot, thing: Thing) -> Option<Named> {
        match thing {
            Thing::Image(id) => {
                let image = snapshot.image(id)?;
                let addresses = Lang::BOTH.map(|lang| catalogue::address::IMAGE.with(lang, &image.slug));
                Some(Named { names: Lang::BOTH.map(|_| image.name.to_string()), addresses })
            }
            Thing::Organisation(id) => {
                let one = snapshot.organisations.at(snapshot.organisations.place(id)?);
                let address = |lang: Lang| departments::ONE.with(lang, one.acronym(lang));
                Some(Named {
                    names: Lang::BOTH.map(|lang| one.name(lang).to_owned()),
                    addresses: Lang::BOTH.map(address),
                })
            }
        }
    }

    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        &self.names[lang as usize]
    }

    /// Its page.
    pub fn address(&self, lang: Lang) -> &str {
        &self.addresses[lang as usize]
    }
}

/// The whole address of a watch's link.
pub fn address_of_link(origin: &str, lang: Lang, token: &str) -> String {
    format!("{origin}{}", LINK.with(lang, token))
}
