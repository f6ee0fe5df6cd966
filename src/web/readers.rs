//! Who reads what a person types into a field. The sentence beside the field or above the form is drawn from it, so that
//! it says what is true.

use std::borrow::Cow;

use super::page::Page;
use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// Who can read a field, from fewest to most, and the key of the sentence that says so.
    pub enum Readers(code, label) {
        /// Staff who have signed in.
        Staff("staff", "readers-staff"),
        /// Staff, and whoever types it: on a private page, or in a mail to the person.
        Own("own", "readers-own"),
        /// The person who gets the answer, by mail or on a private page.
        Sender("sender", "readers-sender"),
        Everyone("everyone", "readers-everyone"),
    }
}

impl Readers {
    /// That in words, above a form, for all fields that say nothing else.
    pub fn of_form(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Readers::Staff => "readers-form-staff",
            Readers::Own | Readers::Sender => "readers-form-own",
            Readers::Everyone => "readers-form-everyone",
        })
    }
}

/// As templates name them.
impl Page {
    pub const fn staff(&self) -> Readers {
        Readers::Staff
    }

    pub const fn own(&self) -> Readers {
        Readers::Own
    }

    pub const fn sender(&self) -> Readers {
        Readers::Sender
    }

    pub const fn everyone(&self) -> Readers {
        Readers::Everyone
    }
}
