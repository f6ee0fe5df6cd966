//! A text as administrators left it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::codes::codes;
use crate::i18n::Lang;

/// The name of the banner among the texts.
pub const BANNER: &str = "banner";

codes! {
    /// What a banner is.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum BannerKind("contents.kind", code, label) {
        Information("information", "field-banner-kind-information"),
        Warning("warning", "field-banner-kind-warning"),
    }
}

/// A text as administrators left it, and as the record of changes tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromRow)]
pub struct Text {
    #[serde(rename = "content")]
    pub name: String,
    /// None: as published with the program. Empty: there is none in this language.
    pub text_en: Option<String>,
    pub text_fr: Option<String>,
    /// Of the banner: whether it informs or warns, and the last day on which it is shown.
    #[serde(rename = "banner_kind")]
    pub kind: Option<BannerKind>,
    #[serde(rename = "banner_until")]
    pub until: Option<NaiveDate>,
}

impl Text {
    /// A text that nobody has edited.
    pub fn published(name: &str) -> Text {
        let none = (name == BANNER).then(String::new);
        Text { name: name.to_owned(), text_en: none.clone(), text_fr: none, ..Text::default() }
    }

    /// What was written in a language; none where that is as published.
    pub fn in_language(&self, lang: Lang) -> Option<&str> {
        lang.of(&self.text_en, &self.text_fr).as_deref()
    }
}
