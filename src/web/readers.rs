//! Who reads what a person types into a field. The sentence beside the field or above the form is drawn from it, so that
//! it says what is true.

use std::borrow::Cow;

use super::page::Page;
use crate::i18n::Lang;

/// Who reads a field: each besides those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readers {
    /// Staff who have signed in.
    Staff,
    /// Staff, and whoever types it: on a private page, or in a mail to the person.
    Own,
    /// Whoever wrote what is answered: by mail, or on a private page.
    Sender,
    /// Everyone.
    Everyone,
}

impl Readers {
    /// As in pages.
    pub const fn code(self) -> &'static str {
        match self {
            Readers::Staff => "staff",
            Readers::Own => "own",
            Readers::Sender => "sender",
            Readers::Everyone => "everyone",
        }
    }

    /// That in words, beside a field.
    pub fn of_field(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Readers::Staff => "readers-staff",
            Readers::Own => "readers-own",
            Readers::Sender => "readers-sender",
            Readers::Everyone => "readers-everyone",
        })
    }

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
