//! What stands at the top of every page for the time being.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::i18n::Lang;

/// A few words to every visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// Whether it warns; else it informs.
    pub is_warning: bool,
    /// In each language.
    pub words: [Box<str>; 2],
}

impl Banner {
    /// Its words in a language.
    pub fn words(&self, lang: Lang) -> &str {
        &self.words[lang as usize]
    }
}

/// What the database can do at the moment, as far as pages tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Since when it has only been read.
    pub read_only_since: Option<DateTime<Utc>>,
    /// Whether what was saved last does not show yet.
    pub is_behind: bool,
}

/// Gives the banner of the moment, from memory.
#[derive(Clone)]
pub struct Banners {
    banner: Arc<dyn Fn() -> Option<Arc<Banner>> + Send + Sync>,
    condition: Arc<dyn Fn() -> Condition + Send + Sync>,
}

impl Banners {
    /// Banners that are read anew for each page.
    pub fn new(
        banner: impl Fn() -> Option<Arc<Banner>> + Send + Sync + 'static,
        condition: impl Fn() -> Condition + Send + Sync + 'static,
    ) -> Banners {
        Banners { banner: Arc::new(banner), condition: Arc::new(condition) }
    }

    /// What the database can do at this moment.
    pub fn condition(&self) -> Condition {
        (self.condition)()
    }

    /// The banner of this moment, where there is one.
    pub fn now(&self) -> Option<Arc<Banner>> {
        (self.banner)()
    }
}

impl fmt::Debug for Banners {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Banners").field(&self.now()).finish()
    }
}
