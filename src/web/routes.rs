//! Pages that exist twice, once in each language, and the table of all of them.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{get, post};

use super::address::encode;
use crate::i18n::Lang;

/// A page's address in both languages. `{name}` stands for a part that is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    pub en: &'static str,
    pub fr: &'static str,
}

impl Route {
    /// A page with these addresses.
    pub const fn new(en: &'static str, fr: &'static str) -> Route {
        Route { en, fr }
    }

    /// The address in a language, as it stands.
    pub const fn pattern(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Fr => self.fr,
        }
    }

    /// The address in a language with its one part filled in.
    pub fn with(self, lang: Lang, part: &str) -> String {
        let pattern = self.pattern(lang);
        match (pattern.find('{'), pattern.find('}')) {
            (Some(from), Some(to)) => format!("{}{}{}", &pattern[..from], encode(part), &pattern[to + 1..]),
            _ => pattern.to_owned(),
        }
    }
}

/// A router that takes pages in both languages at once.
pub trait Bilingual<S> {
    /// Answers a page's addresses in both languages.
    fn page<H, T>(self, route: Route, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static;

    /// Takes what is sent to a page's addresses in both languages. A page that can be read as well is given apart.
    fn act<H, T>(self, route: Route, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static;
}

impl<S: Clone + Send + Sync + 'static> Bilingual<S> for Router<S> {
    fn page<H, T>(self, route: Route, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.route(route.en, get(handler.clone())).route(route.fr, get(handler))
    }

    fn act<H, T>(self, route: Route, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.route(route.en, post(handler.clone())).route(route.fr, post(handler))
    }
}
