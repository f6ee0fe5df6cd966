//! What a room of the site declares of itself: what it answers and for whom, what menus lead to, and what it does beside
//! answering.

use axum::Router;
use axum::handler::Handler;
use futures_util::future::BoxFuture;

use super::routes::{Bilingual, Route};
use super::visitor::Role;

/// Who may come to what a door opens, and what of it may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone. It shows the catalogue, the day and the address alone, and is kept.
    Kept,
    /// Everyone. It is read from the record, or by programs, and may be held by whoever read it until it changes.
    Marked,
    /// As [`Access::Marked`], and made whole before it is sent, so that it begins later than others.
    Slow,
    /// Everyone. It is counted anew at each visit or has a form, so nobody keeps it.
    Anew,
    /// As [`Access::Anew`], and tells by itself what may be kept.
    Form,
    /// Everyone: signing in and what it leads to.
    Doorstep,
    /// Who has signed in with at least a role.
    From(Role),
    /// Programs, with a token.
    Programs,
}

/// Addresses of a room that are for the same visitors.
pub struct Door<S> {
    pub access: Access,
    pub router: Router<S>,
    /// Pages.
    pub pages: Vec<Route>,
    /// What takes what is sent, leads elsewhere or is reached by a link of a moment.
    pub acts: Vec<Route>,
    /// Pages that grow with the catalogue: they are drawn apart from others.
    pub long: Vec<Route>,
    /// As those, for programs.
    pub programs: &'static [&'static str],
    /// Addresses that take files, larger and longer than others.
    pub files: &'static [&'static str],
}

impl<S: Clone + Send + Sync + 'static> Door<S> {
    pub fn new(access: Access) -> Door<S> {
        Door {
            access,
            router: Router::new(),
            pages: Vec::new(),
            acts: Vec::new(),
            long: Vec::new(),
            programs: &[],
            files: &[],
        }
    }

    /// Answers a page's addresses.
    pub fn page<H, T>(mut self, route: Route, handler: H) -> Door<S>
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.pages.push(route);
        Door { router: self.router.page(route, handler), ..self }
    }

    /// Answers the addresses of a page that grows with the catalogue.
    pub fn long_page<H, T>(mut self, route: Route, handler: H) -> Door<S>
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.long.push(route);
        self.page(route, handler)
    }

    /// That the answers at these addresses grow with the catalogue.
    pub fn drawn_apart(mut self, route: Route) -> Door<S> {
        self.long.push(route);
        self
    }

    /// That the answers to programs at these addresses grow with the catalogue.
    pub fn programs(self, programs: &'static [&'static str]) -> Door<S> {
        Door { programs, ..self }
    }

    /// That these addresses take files.
    pub fn takes_files(self, files: &'static [&'static str]) -> Door<S> {
        Door { files, ..self }
    }

    /// Answers addresses that only a link of a moment leads to.
    pub fn link<H, T>(mut self, route: Route, handler: H) -> Door<S>
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.acts.push(route);
        Door { router: self.router.page(route, handler), ..self }
    }

    /// Takes what is sent to addresses.
    pub fn act<H, T>(mut self, route: Route, handler: H) -> Door<S>
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.acts.push(route);
        Door { router: self.router.act(route, handler), ..self }
    }

    /// Addresses in one language or none, and layers.
    pub fn with(self, change: impl FnOnce(Router<S>) -> Router<S>) -> Door<S> {
        Door { router: change(self.router), ..self }
    }
}

/// An entry of a menu: the words' key, the page, and its place, from 0.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub words: &'static str,
    pub route: Route,
    pub place: u8,
}

/// What a room does beside answering, for as long as the program runs.
pub type Job<S> = fn(S) -> BoxFuture<'static, ()>;

/// A room of the site.
pub struct Room<S> {
    pub doors: Vec<Door<S>>,
    pub menu: Vec<Entry>,
    /// What those who have signed in find besides, and from which role on.
    pub staff_menu: Vec<(Entry, Role)>,
    pub footer: Vec<Entry>,
    pub jobs: Vec<Job<S>>,
}

impl<S> Default for Room<S> {
    fn default() -> Room<S> {
        Room { doors: Vec::new(), menu: Vec::new(), staff_menu: Vec::new(), footer: Vec::new(), jobs: Vec::new() }
    }
}

impl<S> Room<S> {
    pub fn door(mut self, door: Door<S>) -> Room<S> {
        self.doors.push(door);
        self
    }

    /// A place in the menu.
    pub fn menu(mut self, place: u8, words: &'static str, route: Route) -> Room<S> {
        self.menu.push(Entry { words, route, place });
        self
    }

    /// A place in the menu of those who have signed in, from a role on.
    pub fn staff_menu(mut self, place: u8, words: &'static str, route: Route, from: Role) -> Room<S> {
        self.staff_menu.push((Entry { words, route, place }, from));
        self
    }

    /// A place in the footer.
    pub fn footer(mut self, place: u8, words: &'static str, route: Route) -> Room<S> {
        self.footer.push(Entry { words, route, place });
        self
    }

    /// Something that is done beside answering.
    pub fn job(mut self, job: Job<S>) -> Room<S> {
        self.jobs.push(job);
        self
    }
}
