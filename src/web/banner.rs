//! What stands at the top of every page for the time being.

use std::fmt;
use std::sync::Arc;

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
    #[must_use]
    pub fn words(&self, lang: Lang) -> &str {
        &self.words[lang as usize]
    }
}

/// Gives the banner of the moment, from memory.
#[derive(Clone)]
pub struct Banners(Arc<dyn Fn() -> Option<Arc<Banner>> + Send + Sync>);

impl Banners {
    /// Banners that are read anew for each page.
    pub fn new(read: impl Fn() -> Option<Arc<Banner>> + Send + Sync + 'static) -> Banners {
        Banners(Arc::new(read))
    }

    /// The banner of this moment, where there is one.
    #[must_use]
    pub fn now(&self) -> Option<Arc<Banner>> {
        (self.0)()
    }
}

impl fmt::Debug for Banners {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Banners").field(&self.now()).finish()
    }
}
