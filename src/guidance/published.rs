//! The texts as published with the program.

use chrono::NaiveDate;

use super::markdown::Body;
use crate::i18n::Lang;

/// The day on which these texts last changed.
const MODIFIED: &str = "2026-11-23";

pub(super) const SOURCES: &[(&str, Lang, &str)] = &[
    ("using-images", Lang::En, include_str!("../../templates/guidance/using-images.en.md")),
    ("using-images", Lang::Fr, include_str!("../../templates/guidance/using-images.fr.md")),
    ("portal", Lang::En, include_str!("../../templates/guidance/portal.en.md")),
    ("portal", Lang::Fr, include_str!("../../templates/guidance/portal.fr.md")),
    ("procurement", Lang::En, include_str!("../../templates/guidance/procurement.en.md")),
    ("procurement", Lang::Fr, include_str!("../../templates/guidance/procurement.fr.md")),
    ("questions", Lang::En, include_str!("../../templates/guidance/questions.en.md")),
    ("questions", Lang::Fr, include_str!("../../templates/guidance/questions.fr.md")),
    ("policies", Lang::En, include_str!("../../templates/guidance/policies.en.md")),
    ("policies", Lang::Fr, include_str!("../../templates/guidance/policies.fr.md")),
    ("staff", Lang::En, include_str!("../../templates/guidance/staff.en.md")),
    ("staff", Lang::Fr, include_str!("../../templates/guidance/staff.fr.md")),
    ("accessibility", Lang::En, include_str!("../../templates/guidance/accessibility.en.md")),
    ("accessibility", Lang::Fr, include_str!("../../templates/guidance/accessibility.fr.md")),
    ("privacy", Lang::En, include_str!("../../templates/guidance/privacy.en.md")),
    ("privacy", Lang::Fr, include_str!("../../templates/guidance/privacy.fr.md")),
];

/// A text: its title and its body.
#[derive(Clone, Debug)]
pub struct Prose {
    pub title: String,
    pub body: Body,
    /// The language in which it is: the other one where it is not there in the one asked for.
    pub lang: Lang,
    /// The day on which it last changed.
    pub modified: Option<NaiveDate>,
}

/// A page's text as published with the program.
pub fn published(name: &str, lang: Lang) -> Option<&'static str> {
    SOURCES.iter().find(|(of, in_language, _)| *of == name && *in_language == lang).map(|(.., text)| text.trim())
}

/// The day on which these texts last changed.
pub fn modified() -> Option<NaiveDate> {
    MODIFIED.parse().ok()
}
