//! The visit that asks for an answer: its language, who makes it, and what its address asks for.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri};
use chrono::NaiveDate;

use super::error::Error;
use super::language::preferred;
use super::parameters::Parameters;
use super::shell::Shell;
use super::visitor::{Current, Person, Program};
use crate::i18n::Lang;

/// One visit: who is served in which language, and what was asked for.
#[derive(Clone, Debug)]
pub struct Visit {
    pub lang: Lang,
    pub shell: Arc<Shell>,
    /// The visitor, when signed in.
    pub person: Option<Arc<Person>>,
    /// Which program asks, where it brought a token.
    pub program: Option<Arc<Program>>,
    /// In which session.
    pub(super) session: Option<Current>,
    pub(super) uri: Uri,
}

impl<S> FromRequestParts<S> for Visit
where
    S: Send + Sync,
    Arc<Shell>: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Visit, Infallible> {
        let visit = Visit::new(&parts.headers, &parts.uri, Arc::from_ref(state));
        Ok(visit.by(&parts.extensions))
    }
}

impl Visit {
    /// The visit by whoever was found to make it.
    pub fn by(self, extensions: &Extensions) -> Visit {
        let (person, program) = (extensions.get().cloned(), extensions.get().cloned());
        Visit { person, program, session: extensions.get().copied(), ..self }
    }

    /// The address with its parameters.
    pub fn address(&self) -> &str {
        self.uri.path_and_query().map_or("/", |address| address.as_str())
    }

    /// A visit to an address. Its language is the address's, or else the one that a program asks for, or that the visitor
    /// prefers.
    pub fn new(headers: &HeaderMap, uri: &Uri, shell: Arc<Shell>) -> Visit {
        let asked = Parameters::of(Lang::En, uri.query().unwrap_or_default()).parameter("lang");
        let asked = asked.filter(|_| uri.path().starts_with("/api/")).and_then(|code| Lang::from_tag(&code));
        let lang = Lang::from_path(uri.path()).or(asked).or_else(|| preferred(headers)).unwrap_or(Lang::En);
        Visit { lang, shell, person: None, program: None, session: None, uri: uri.clone() }
    }

    /// The address without its parameters.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// What the address asks for.
    pub fn asked(&self) -> Parameters {
        Parameters::of(self.lang, self.uri.query().unwrap_or_default())
    }

    /// The address's parameters, in order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        self.asked().all().to_vec()
    }

    /// The first value of a parameter, trimmed; none where it is not given or empty.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.asked().parameter(name)
    }

    /// Every value of a parameter, as it is given: also one that is empty.
    pub fn given(&self, name: &str) -> Vec<String> {
        self.parameters().into_iter().filter(|(given, _)| given == name).map(|(_, value)| value).collect()
    }

    /// The language that an address for programs asks for.
    ///
    /// # Errors
    /// A sentence where it is not one.
    pub fn language(&self) -> Result<Option<Lang>, Error> {
        let known = |code: &String| Lang::from_tag(code).ok_or_else(|| self.not_offered("lang", code, "en, fr"));
        self.given("lang").iter().map(known).try_fold(None, |_, lang| lang.map(Some))
    }

    /// That a parameter has a value that the page does not offer.
    pub fn not_offered(&self, parameter: &'static str, value: &str, offered: &str) -> Error {
        self.asked().not_offered(parameter, value, offered)
    }

    /// That something has a value that is not offered, in a sentence.
    pub fn said_not_offered(&self, parameter: &str, value: &str, offered: &str) -> String {
        self.asked().said_not_offered(parameter, value, offered)
    }

    /// Which of what is offered a parameter asks for, where it is given.
    ///
    /// # Errors
    /// A sentence where it is none of them.
    pub fn one_of(&self, parameter: &'static str, offered: &[&'static str]) -> Result<Option<&'static str>, Error> {
        self.asked().one_of(parameter, offered)
    }

    /// The number that a parameter gives, where it is given.
    ///
    /// # Errors
    /// A sentence where it is not a number.
    pub fn number(&self, parameter: &'static str) -> Result<Option<i64>, Error> {
        self.asked().number(parameter)
    }

    /// The day that a parameter gives, where it is given.
    ///
    /// # Errors
    /// A sentence where it is not a day.
    pub fn day(&self, parameter: &'static str) -> Result<Option<NaiveDate>, Error> {
        self.asked().day(parameter)
    }
}
