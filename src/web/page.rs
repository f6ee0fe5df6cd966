//! The frame of every page: language, title, where it is, and the way around.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};

use super::address::encode;
use super::banner::Banner;
use super::error::{Drawn, Error};
use super::links::Links;
use super::room::Entry;
use super::routes::Route;
use super::shell::Shell;
use super::visitor::{Current, Person, Role};
use crate::clock;
use crate::config::Branding;
use crate::i18n::Lang;

pub use super::visit::Visit;

/// Room for a page of usual length, in bytes, so that it need not be moved while it grows.
const USUAL_PAGE: usize = 48 * 1024;

impl Visit {
    /// The frame of a page that stands at the same place in both languages.
    pub fn page(&self, title: impl Into<String>, route: Route) -> Page {
        self.page_at(title, route.pattern(self.lang).to_owned(), route.pattern(self.lang.other()).to_owned())
    }

    /// The frame of a page whose address differs by a part that is written in each language.
    pub fn page_of(&self, title: impl Into<String>, route: Route, part: impl Fn(Lang) -> String) -> Page {
        let path = |lang: Lang| route.with(lang, &part(lang));
        self.page_at(title, path(self.lang), path(self.lang.other()))
    }

    fn page_at(&self, title: impl Into<String>, here: String, there: String) -> Page {
        let there = match self.uri.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{there}?{query}"),
            None => there,
        };
        Page {
            lang: self.lang,
            title: title.into(),
            here,
            there,
            crumbs: Vec::new(),
            shell: Arc::clone(&self.shell),
            person: self.person.clone(),
            session: self.session,
            modified: None,
            away_since: None,
            feed: None,
            calendar: None,
        }
    }
}

/// A page's frame.
#[derive(Clone, Debug)]
pub struct Page {
    pub lang: Lang,
    pub title: String,
    /// Its path, without parameters.
    pub here: String,
    /// The same page in the other language, with the same parameters.
    pub there: String,
    /// The pages above it, from the top: words and address.
    pub crumbs: Vec<(String, String)>,
    pub shell: Arc<Shell>,
    /// Who reads it, where the person has signed in.
    pub person: Option<Arc<Person>>,
    /// In which session.
    pub session: Option<Current>,
    /// The day on which its content last changed.
    pub modified: Option<NaiveDate>,
    /// Since when the database has been away, where it is.
    pub away_since: Option<DateTime<Utc>>,
    /// The address of an Atom feed of what the page shows.
    pub feed: Option<String>,
    /// The address of a calendar of what the page shows.
    pub calendar: Option<String>,
}

impl Page {
    /// The page's language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether letters leave this site.
    pub fn sends_mail(&self) -> bool {
        self.shell.sends_mail
    }

    /// Whether the person who reads it has at least a role.
    pub fn may(&self, role: Role) -> bool {
        self.person.as_ref().is_some_and(|person| person.role >= role)
    }

    /// Puts a page above this one.
    pub fn below(mut self, words: impl Into<String>, address: impl Into<String>) -> Page {
        self.crumbs.push((words.into(), address.into()));
        self
    }

    /// Says when the page's content last changed, and since when its source has been away.
    pub fn dated(mut self, changed_at: DateTime<Utc>, away_since: Option<DateTime<Utc>>) -> Page {
        self.modified = Some(clock::day_of(changed_at));
        self.away_since = away_since;
        self
    }

    /// Offers a feed of what the page shows.
    pub fn with_feed(mut self, address: impl Into<String>) -> Page {
        self.feed = Some(address.into());
        self
    }

    /// Offers a calendar of what the page shows.
    pub fn with_calendar(mut self, address: impl Into<String>) -> Page {
        self.calendar = Some(address.into());
        self
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> &str {
        self.shell.assets.address(name)
    }

    /// Whether the page wears Canada.ca's signature and wordmark.
    pub fn is_canada_ca(&self) -> bool {
        self.shell.branding == Branding::CanadaCa
    }

    /// What stands at its top for the time being.
    pub fn banner(&self) -> Option<Arc<Banner>> {
        self.shell.banners.now()
    }

    /// Since when the catalogue can only be read, where it is so.
    pub fn read_only_since(&self) -> Option<DateTime<Utc>> {
        self.shell.banners.condition().read_only_since
    }

    /// Whether what the person who reads it may just have saved does not show yet.
    pub fn is_behind(&self) -> bool {
        self.person.is_some() && self.shell.banners.condition().is_behind
    }

    /// The menu: words, address, and whether this page is there or below.
    pub fn menu(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        self.shell.menu.iter().map(|entry| self.entry(entry))
    }

    fn entry(&self, Entry { words, route, .. }: &Entry) -> (&'static str, &'static str, bool) {
        let address = route.pattern(self.lang);
        let below = self.here.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (*words, address, below)
    }

    /// What the person who reads it may open besides: words, address, and whether this page is there or below.
    pub fn staff_menu(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let role = self.person.as_ref().map(|person| person.role);
        let may = move |(_, least): &&(Entry, Role)| role >= Some(*least);
        self.shell.staff_menu.iter().filter(may).map(|(entry, _)| self.entry(entry))
    }

    /// Whether the person who reads it may open anything besides.
    pub fn has_staff_menu(&self) -> bool {
        self.staff_menu().next().is_some()
    }

    /// The footer's links: words and address.
    pub fn footer(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.shell.footer.iter().map(|Entry { words, route, .. }| {
            let address = route.pattern(self.lang);
            let is_about_here = *route == self.shell.links.feedback && self.here != address;
            let here = is_about_here.then(|| format!("?page={}", encode(&self.here)));
            (*words, format!("{address}{}", here.unwrap_or_default()))
        })
    }

    /// The home page's address.
    pub fn home(&self) -> &'static str {
        self.links().home.pattern(self.lang)
    }

    /// Where a visitor signs in and comes back from; none on that page itself.
    pub fn sign_in(&self) -> Option<String> {
        let address = self.links().sign_in.pattern(self.lang);
        let is_there = self.here.starts_with(address);
        let back = (self.here != self.home()).then(|| format!("?next={}", encode(&self.here)));
        (!is_there).then(|| format!("{address}{}", back.unwrap_or_default()))
    }

    /// The address of the person's own account.
    pub fn account(&self) -> &'static str {
        self.links().account.pattern(self.lang)
    }

    /// Where one signs out.
    pub fn sign_out(&self) -> &'static str {
        self.links().sign_out.pattern(self.lang)
    }

    /// Where a person who may saves a table with what narrows it; none for everybody else.
    pub fn saving(&self, report: &str, table: &str, parameters: &str) -> Option<String> {
        let and = if parameters.is_empty() { "" } else { "&" };
        let address = self.links().save_report.pattern(self.lang);
        self.may(Role::Manager).then(|| format!("{address}?report={report}&table={table}{and}{parameters}"))
    }

    /// A moment as date and time in America/Toronto.
    pub fn moment(&self, moment: &DateTime<Utc>) -> String {
        clock::local(*moment).format("%Y-%m-%d %H:%M").to_string()
    }
}

/// A filled template as an answer.
///
/// # Errors
/// When the template cannot be filled.
pub fn show<T: Template>(page: &T) -> Result<Response, Error> {
    let mut html = String::with_capacity(USUAL_PAGE);
    page.render_into(&mut html).map_err(|problem| Error::Internal(problem.into()))?;
    Ok(Html(html).into_response())
}

/// A filled template as an answer of another status, such as a form that was not taken.
///
/// # Errors
/// When the template cannot be filled.
pub fn show_as<T: Template>(status: StatusCode, page: &T) -> Result<Response, Error> {
    let mut answer = show(page)?;
    *answer.status_mut() = status;
    answer.extensions_mut().insert(Drawn);
    Ok(answer)
}

impl Page {
    /// Where this page leads besides its own room.
    pub fn links(&self) -> &Links {
        &self.shell.links
    }

    /// The address where an image is asked for, with its name filled in.
    pub fn ask_for(&self, image: &str) -> String {
        self.links().ask_for(image, self.lang)
    }

    /// The address where feedback on an image is given, with its name filled in.
    pub fn feedback_about(&self, image: &str) -> String {
        Links::about(self.links().feedback, image, self.lang)
    }
}
