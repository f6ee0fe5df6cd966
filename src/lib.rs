//! image-catalogue: which hardened container images SSC has procured, when each must be renewed, which ones
//! departments want, and what to type to use one.
//!
//! THE MAP. Each room is a folder with the same doors: `mod.rs` (what it is for, its addresses), `pages.rs`
//! (handlers, each under the page that it fills), `db.rs` (every SQL statement about its tables). Rooms use
//! `web` and `i18n`, which know no room. A request's way: here, `<room>/mod.rs`, its handler, a template.

/// The day in America/Toronto.
pub mod clock;
/// Every setting, its default, its environment variable.
pub mod config;
/// The connection, the migrations, and the private Postgres of a catalogue that has no other.
pub mod database;
/// The two languages: words, plurals, numbers.
pub mod i18n;
/// Warnings that are told once and counted.
pub mod log;
/// Texts compared as people would.
pub mod text;
/// What every page shares: frame, addresses, errors, files.
pub mod web;

/// The programming interface: the public part of the catalogue as JSON.
pub mod api;
/// Browse and search the images, one image's page, files in and out.
pub mod catalogue;
/// The record of every change: written with each act, read by everyone.
pub mod changes;
/// A project's images, from its own files: which SSC has procured, and what to type instead.
pub mod check;
/// The texts and the banner, as administrators edit them.
pub mod content;
/// What licences cost, for managers only.
pub mod costs;
/// How many departments need which images, how surely and by when.
pub mod demand;
/// What each department holds and wants.
pub mod departments;
/// What visitors say of the model, an image or the site, and what staff reply and publish.
pub mod feedback;
/// What all forms share that anybody may send: the guard of who sends them.
pub mod forms;
/// Guides and statements in both languages.
pub mod guidance;
/// The first page.
pub mod home;
/// Terms and what a renewal date means today.
pub mod licences;
/// The outbox of mail, and how it is handed over.
pub mod mail;
/// Departments, their names and every spelling of them.
pub mod organisations;
/// Signing in, sessions, roles, accounts, and the guard of staff's pages.
pub mod people;
/// Reminders of renewals by mail.
pub mod reminders;
/// Reports to read, print and take away.
pub mod reports;
/// Departments ask for images, follow what becomes of it, and staff decide.
pub mod requests;
/// Pool rounds: departments confirm what they need, and what it came to is frozen.
pub mod rounds;
/// Saved reports: run again by a link, and mailed every month.
pub mod saved;
/// Corrections that visitors suggest and staff accept or decline.
pub mod suggestions;
/// Tokens of programs, made and ended by administrators.
pub mod tokens;
/// Following an image or a department by mail.
pub mod watches;

mod app;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::{Router, middleware};
use sqlx::PgPool;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::forms::Guard;
use crate::guidance::Guides;
use crate::people::{People, SessionLayer};
use crate::tokens::Tokens;
use crate::web::around::Around;
use crate::web::drawing::Long;
use crate::web::host::OwnHost;
use crate::web::limits::{Files, Limits};
use crate::web::page::Shell;
use crate::web::routes::Route;
use crate::web::visitor::Role;

/// What handlers work with.
#[derive(Clone, FromRef)]
pub struct App {
    pub settings: Arc<Settings>,
    pub pool: PgPool,
    pub catalogue: Catalogue,
    guard: Arc<Guard>,
    guides: Arc<Guides>,
    people: Arc<People>,
    shell: Arc<Shell>,
}

/// The menu: words and page.
const MENU: &[(&str, Route)] = &[
    ("menu-images", catalogue::LIST),
    ("menu-departments", departments::LIST),
    ("menu-demand", catalogue::DEMAND),
    ("menu-rounds", rounds::LIST),
    ("menu-reports", reports::INDEX),
    ("menu-guidance", guidance::GUIDANCE),
    ("menu-check", check::CHECK),
    ("menu-ask", requests::NEW),
    ("menu-feedback", guidance::FEEDBACK),
    ("menu-changes", changes::LIST),
];

/// What those who have signed in find besides: words, page, and from which role on.
const STAFF_MENU: &[(&str, Route, Role)] = &[
    ("menu-renewals", catalogue::edit::RENEWALS, Role::Staff),
    ("menu-requests", requests::QUEUE, Role::Staff),
    ("menu-rounds", rounds::STAFF_LIST, Role::Staff),
    ("menu-suggestions", suggestions::LIST, Role::Staff),
    ("menu-feedback-queue", feedback::QUEUE, Role::Staff),
    ("menu-new-image", catalogue::edit::NEW, Role::Staff),
    ("menu-departments", departments::EDIT_LIST, Role::Administrator),
    ("menu-import", catalogue::edit::IMPORT, Role::Staff),
    ("menu-quality", catalogue::quality::QUALITY, Role::Staff),
    ("menu-content", content::LIST, Role::Administrator),
    ("menu-saved-reports", saved::LIST, Role::Manager),
    ("menu-costs", costs::COSTS, Role::Manager),
    ("menu-reminders", reminders::REMINDERS, Role::Staff),
    ("menu-mail", mail::MAIL, Role::Staff),
    ("menu-accounts", people::ACCOUNTS, Role::Administrator),
    ("menu-tokens", tokens::LIST, Role::Administrator),
];

/// The footer: words and page.
const FOOTER: &[(&str, Route)] = &[
    ("footer-contact", guidance::FEEDBACK),
    ("footer-accessibility", guidance::ACCESSIBILITY),
    ("footer-privacy", guidance::PRIVACY),
    ("footer-api", api::REFERENCE),
];

/// The pages that the guides lead to, by the names that they use for them.
const GUIDES_LEAD_TO: &[(&str, Route)] = &[
    ("images", catalogue::LIST),
    ("departments", departments::LIST),
    ("changes", changes::LIST),
    ("check", check::CHECK),
    ("api", api::REFERENCE),
];

/// Every page of the site that exists in both languages.
pub const PAGES: &[Route] = &[
    home::HOME,
    catalogue::LIST,
    catalogue::ONE,
    catalogue::CSV,
    catalogue::JSON,
    catalogue::MARKDOWN,
    catalogue::XLSX,
    catalogue::CALENDAR,
    catalogue::SUGGEST,
    catalogue::DEMAND,
    demand::CSV,
    demand::XLSX,
    demand::JSON,
    demand::MARKDOWN,
    rounds::LIST,
    reports::INDEX,
    reports::ONE,
    departments::LIST,
    departments::ONE,
    guidance::GUIDANCE,
    guidance::USING_IMAGES,
    guidance::PORTAL,
    guidance::PROCUREMENT,
    guidance::QUESTIONS,
    guidance::POLICIES,
    guidance::STAFF,
    guidance::ACCESSIBILITY,
    guidance::PRIVACY,
    check::CHECK,
    requests::NEW,
    requests::LIST,
    guidance::FEEDBACK,
    feedback::LIST,
    changes::LIST,
    changes::FEED,
    changes::CSV,
    changes::XLSX,
    changes::JSON,
    changes::MARKDOWN,
    changes::ONE,
    changes::OF_IMAGE,
    people::SIGN_IN,
    catalogue::FOLLOW,
    api::REFERENCE,
];

/// Every page that is for those who have signed in, and from which role on.
pub const STAFF_PAGES: &[(Route, Role)] = &[
    (catalogue::edit::NEW, Role::Staff),
    (catalogue::edit::EDIT, Role::Staff),
    (catalogue::edit::MERGE, Role::Staff),
    (catalogue::edit::RENEWALS, Role::Staff),
    (catalogue::edit::IMPORT, Role::Staff),
    (catalogue::edit::VERDICTS, Role::Staff),
    (catalogue::quality::QUALITY, Role::Staff),
    (changes::UNDO, Role::Staff),
    (requests::QUEUE, Role::Staff),
    (requests::STAFF_ONE, Role::Staff),
    (requests::DECIDE, Role::Staff),
    (rounds::CONFIRM, Role::Member),
    (rounds::STAFF_LIST, Role::Staff),
    (rounds::STAFF_ONE, Role::Staff),
    (rounds::OUTCOME, Role::Staff),
    (suggestions::LIST, Role::Staff),
    (suggestions::ONE, Role::Staff),
    (reminders::REMINDERS, Role::Staff),
    (feedback::QUEUE, Role::Staff),
    (feedback::CSV, Role::Staff),
    (feedback::XLSX, Role::Staff),
    (feedback::JSON, Role::Staff),
    (feedback::MARKDOWN, Role::Staff),
    (feedback::HANDLE, Role::Staff),
    (mail::MAIL, Role::Staff),
    (mail::ONE, Role::Staff),
    (costs::COSTS, Role::Manager),
    (costs::FILE, Role::Manager),
    (saved::LIST, Role::Manager),
    (saved::NEW, Role::Manager),
    (saved::ONE, Role::Manager),
    (saved::CHANGE, Role::Manager),
    (saved::FILE, Role::Manager),
    (departments::EDIT_LIST, Role::Administrator),
    (departments::EDIT, Role::Administrator),
    (content::LIST, Role::Administrator),
    (content::ONE, Role::Administrator),
    (people::ACCOUNT, Role::Member),
    (people::KEPT, Role::Member),
    (people::ACCOUNTS, Role::Administrator),
    (people::ONE_ACCOUNT, Role::Administrator),
    (tokens::LIST, Role::Administrator),
    (tokens::ONE, Role::Administrator),
];

/// Every other address in both languages: what only takes what is sent, what leads elsewhere, and what a link of a
/// moment leads to.
pub const ACTS: &[Route] = &[
    people::SIGN_OUT,
    people::PROVIDER,
    people::LINK,
    requests::ONE,
    requests::CHANGE,
    rounds::ONE,
    rounds::ANNEX,
    rounds::ANNEX_XLSX,
    rounds::ANNEX_JSON,
    rounds::ANNEX_MARKDOWN,
    feedback::ONE,
    watches::LINK,
];

/// The addresses that take files, larger and longer than others.
const FILES: Files = &[catalogue::edit::IMPORT.en, catalogue::edit::IMPORT.fr, api::IMPORTS];

/// What grows with the catalogue besides files, and is therefore drawn apart from other answers.
pub const LONG: Long = Long {
    pages: &[
        catalogue::DEMAND,
        catalogue::edit::RENEWALS,
        catalogue::quality::QUALITY,
        check::CHECK,
        costs::COSTS,
        reports::ONE,
        requests::DECIDE,
        rounds::ONE,
    ],
    programs: api::LISTS,
};

/// The whole site: every room inside the layers that every answer passes. Each `layer` is one more copy of all within
/// it at every request, so they are few.
pub fn app(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> Router {
    let (app, files) = App::new(settings, pool, catalogue);
    let around = Around {
        shell: Arc::clone(&app.shell),
        limits: Limits::new(app.settings.rate_limit, app.settings.trust_proxy),
        host: app.settings.public_url.as_deref().and_then(OwnHost::of),
        files: FILES,
        long: LONG,
    };
    let csrf = web::limits::own_posts(&app.shell.origin);
    let mark = app.catalogue.mark(&app.settings);
    let marked = |mark| {
        let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest);
        (middleware::from_fn_with_state(mark, web::fresh::mark), compressed.compress_when(web::fresh::unmarked()))
    };
    let pages = from_memory().layer(marked(mark.keeping())).merge(from_the_record().layer(marked(mark)));
    let (catalogue, look) = (app.catalogue.clone(), app.catalogue.clone());
    let refresh = move || {
        let catalogue = catalogue.clone();
        async move { catalogue.catch_up().await }
    };
    let sessions = SessionLayer::new(app.pool.clone(), &app.shell.origin, refresh, move || look.away_since().is_some());
    let with_keys = || middleware::from_fn_with_state(Arc::clone(&app.shell), web::token::with_keys);
    let doorstep = people::routes(&app).layer(with_keys());
    let with_forms = forms_for_everyone()
        .merge(people::guarded(&app, Role::Member, rounds::member_routes()))
        .merge(people::guarded(&app, Role::Staff, staff_pages(&app)))
        .merge(people::guarded(&app, Role::Manager, costs::routes().merge(saved::routes())))
        .merge(people::guarded(&app, Role::Administrator, departments::administrators_routes()))
        .merge(people::guarded(&app, Role::Administrator, content::routes().merge(tokens::routes())))
        .layer(with_keys());
    let tokens = Tokens::new(app.pool.clone(), app.settings.trust_proxy);
    Router::new()
        .merge(pages)
        .merge(with_forms)
        .merge(api::write_routes())
        .merge(database::routes())
        .merge(files)
        .fallback(|| async { StatusCode::NOT_FOUND })
        .merge(doorstep)
        .layer(middleware::from_fn_with_state(sessions, people::load_session_if_cookie))
        .with_state(app)
        .layer((
            middleware::from_fn_with_state(Arc::new(around), web::around::pass),
            csrf,
            middleware::from_fn_with_state(FILES, web::limits::measure),
            middleware::from_fn_with_state(tokens, tokens::identify),
        ))
}

/// The rooms without the layers: what the benchmark holds the site against.
pub fn rooms(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> Router {
    from_memory().merge(from_the_record()).with_state(App::new(settings, pool, catalogue).0)
}

/// The pages that show the catalogue, the day and the address alone: they are kept for everyone.
fn from_memory() -> Router<App> {
    home::routes().merge(catalogue::routes()).merge(departments::routes()).merge(guidance::routes())
}

/// What is read from the record of changes, and what programs read.
fn from_the_record() -> Router<App> {
    let in_time = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, web::limits::LONGEST_LOOK);
    changes::workbook_routes().merge(changes::routes().merge(api::routes()).layer(in_time))
}

/// Forms for everyone, what they lead to, and what is counted anew at each visit. Nobody keeps them: each form has a key
/// of its own, and what is sent with a key counts once.
fn forms_for_everyone() -> Router<App> {
    Router::new()
        .merge(suggestions::routes())
        .merge(demand::routes())
        .merge(rounds::routes())
        .merge(reports::routes())
        .merge(requests::routes())
        .merge(watches::routes())
        .merge(check::routes())
        .layer(middleware::from_fn(web::headers::keep_nothing))
        .merge(feedback::routes())
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// Every room's addresses for staff.
fn staff_pages(app: &App) -> Router<App> {
    Router::new()
        .merge(catalogue::edit::routes(requests::after_undo(app.settings.origin(), app.catalogue.clone())))
        .merge(suggestions::staff_routes())
        .merge(requests::staff_routes())
        .merge(reminders::staff_routes())
        .merge(feedback::staff_routes())
        .merge(rounds::staff_routes())
        .merge(mail::staff_routes())
        .merge(catalogue::quality::routes())
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// The page of figures for operations.
pub fn figures<S: Clone + Send + Sync + 'static>(pool: &PgPool, catalogue: &Catalogue) -> Router<S> {
    let (pool, catalogue) = (pool.clone(), catalogue.clone());
    web::metrics::routes(move || {
        database::count(&pool);
        catalogue.count();
    })
}
