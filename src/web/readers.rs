//! Who reads what a person types into a field. The hint beside the field is drawn from it, so that it says what is true.

use std::borrow::Cow;

use crate::i18n::Lang;

/// Who reads a field, besides those before: each reads what is for fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readers {
    /// Nobody: it is looked up, or is a secret.
    Nobody,
    /// Staff who have signed in.
    Staff,
    /// Whoever sent what is answered, by mail and on its private page.
    Sender,
    /// Everyone.
    Everyone,
}

impl Readers {
    /// As in pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Readers::Nobody => "nobody",
            Readers::Staff => "staff",
            Readers::Sender => "sender",
            Readers::Everyone => "everyone",
        }
    }

    /// That in words; nothing where nobody reads it.
    #[must_use]
    pub fn hint(self, lang: Lang) -> Cow<'static, str> {
        match self {
            Readers::Nobody => Cow::Borrowed(""),
            Readers::Staff => lang.t("readers-staff"),
            Readers::Sender => lang.t("readers-sender"),
            Readers::Everyone => lang.t("readers-everyone"),
        }
    }
}
