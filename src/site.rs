//! The rooms put together: one router, the layers that every answer passes, and what is done beside answering.

use std::sync::{Arc, LazyLock};

use axum::http::StatusCode;
use axum::{Router, middleware};
use futures_util::future::{BoxFuture, join_all};
use sqlx::PgPool;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::forms::guard::Guard;
use crate::guidance::Guides;
use crate::people::{self, People, SessionLayer};
use crate::tokens::{self, Tokens};
use crate::web::banner::Banners;
use crate::web::drawing::Long;
use crate::web::host::OwnHost;
use crate::web::layers::OuterLayers;
use crate::web::limits::{Files, Limits};
use crate::web::links::Links;
use crate::web::room::{Access, Door, Entry};
use crate::web::routes::Route;
use crate::web::shell::Shell;
use crate::web::signer::Signer;
use crate::web::visitor::Role;
use crate::web::{self, assets};
use crate::{
    api, changes, check, database, demand, departments, editing, feedback, forms, home, images, requests, rooms, saved,
    suggestions, watches,
};

/// Every page of the site that exists in both languages.
pub static PAGES: LazyLock<Vec<Route>> =
    LazyLock::new(|| doors().filter(|door| role_of(door).is_none()).flat_map(|door| door.pages).collect());

/// Every page that is for those who have signed in, and from which role on.
pub static STAFF_PAGES: LazyLock<Vec<(Route, Role)>> = LazyLock::new(|| {
    let pages = |door: Door<App>| role_of(&door).map(|role| door.pages.into_iter().map(move |page| (page, role)));
    doors().filter_map(pages).flatten().collect()
});

/// Every other address in both languages: what only takes what is sent, what leads elsewhere, and what a link of a
/// moment leads to.
pub static ACTS: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let pages: Vec<Route> = doors().flat_map(|door| door.pages).collect();
    let mut acts: Vec<Route> = doors().flat_map(|door| door.acts).filter(|act| !pages.contains(act)).collect();
    acts.dedup();
    acts
});

/// What grows with the catalogue besides files, and is therefore drawn apart from other answers.
pub static LONG: LazyLock<Long> = LazyLock::new(|| Long {
    pages: doors().flat_map(|door| door.long).collect(),
    programs: doors().flat_map(|door| door.programs.iter().copied()).collect(),
});

/// The addresses that take files, larger and longer than others.
static FILES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| doors().flat_map(|door| door.files.iter().copied()).collect());

fn doors() -> impl Iterator<Item = Door<App>> {
    rooms().into_iter().flat_map(|room| room.doors)
}

fn role_of(door: &Door<App>) -> Option<Role> {
    if let Access::From(role) = door.access { Some(role) } else { None }
}

/// The pages that the guides lead to, by the names that they use for them.
pub const GUIDES_LEAD_TO: &[(&str, Route)] = &[
    ("images", images::LIST),
    ("departments", departments::LIST),
    ("changes", changes::LIST),
    ("check", check::CHECK),
    ("api", api::REFERENCE),
    ("requests-new", requests::NEW),
    ("feedback-new", feedback::FEEDBACK),
];

/// Where pages lead that do not know the room which answers there.
const LINKS: Links = Links {
    home: home::HOME,
    feedback: feedback::FEEDBACK,
    sign_in: people::SIGN_IN,
    account: people::ACCOUNT,
    sign_out: people::SIGN_OUT,
    save_report: saved::NEW,
    ask: requests::NEW,
    suggest: suggestions::SUGGEST,
    follow: watches::FOLLOW,
    demand: demand::DEMAND,
    edit_image: editing::EDIT,
    renewals: editing::RENEWALS,
};

/// What handlers work with, and the routes of the static files that pages lead to.
fn open(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> (App, Router<App>) {
    let (assets, files) = assets::assets();
    let (held, looked_at, secrets) = (catalogue.clone(), catalogue.clone(), pool.clone());
    let (mut menu, mut staff_menu, mut footer) = (Vec::new(), Vec::new(), Vec::new());
    for room in rooms() {
        menu.extend(room.menu);
        staff_menu.extend(room.staff_menu);
        footer.extend(room.footer);
    }
    let in_order = |mut entries: Vec<Entry>| {
        entries.sort_by_key(|entry| entry.place);
        entries
    };
    staff_menu.sort_by_key(|(entry, _)| entry.place);
    let shell = Arc::new(Shell {
        branding: settings.branding,
        origin: settings.origin(),
        signer: Signer::new(move || {
            let pool = secrets.clone();
            async move { forms::db::secret(&pool).await }
        }),
        assets,
        banners: Banners::new(move || held.banner(), move || looked_at.condition()),
        menu: in_order(menu),
        staff_menu,
        footer: in_order(footer),
        links: LINKS,
        sends_mail: settings.smtp().is_some(),
    });
    let held = catalogue.clone();
    let guides = Arc::new(Guides::new(&settings, GUIDES_LEAD_TO, move || Arc::clone(&held.now().texts)));
    let people = Arc::new(People::new(&settings, pool.clone()));
    let guard = Arc::new(Guard::new(pool.clone(), settings.trust_proxy));
    let after_undo = requests::after_undo(settings.origin(), catalogue.clone());
    (App { settings, pool, catalogue, guard, guides, people, shell, after_undo }, files)
}

/// The whole site: every room inside the layers that every answer passes. Each `layer` is one more copy of all within
/// it at every request, so they are few.
pub fn app(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> Router {
    let (app, static_files) = open(settings, pool, catalogue);
    let files: Files = &FILES;
    let layers = OuterLayers {
        shell: Arc::clone(&app.shell),
        limits: Limits::new(app.settings.rate_limit, app.settings.trust_proxy),
        host: app.settings.public_url.as_deref().and_then(OwnHost::of),
        files,
        long: &LONG,
    };
    let csrf = web::limits::own_posts(&app.shell.origin);
    let (catalogue, look) = (app.catalogue.clone(), app.catalogue.clone());
    let refresh = move || {
        let catalogue = catalogue.clone();
        async move { catalogue.catch_up().await }
    };
    let sessions = SessionLayer::new(app.pool.clone(), &app.shell.origin, refresh, move || look.away_since().is_some());
    let tokens = Tokens::new(app.pool.clone(), app.settings.trust_proxy);
    Router::new()
        .merge(marked(&app))
        .merge(with_keys(&app))
        .merge(behind(|access| access == Access::Programs))
        .merge(database::routes())
        .merge(static_files)
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn_with_state(sessions, people::load_session_if_cookie))
        .with_state(app)
        .layer((
            middleware::from_fn_with_state(Arc::new(layers), web::layers::handle),
            csrf,
            middleware::from_fn_with_state(files, web::limits::measure),
            middleware::from_fn_with_state(tokens, tokens::identify),
        ))
}

/// The rooms without the layers: what the benchmark holds the site against.
pub fn rooms_alone(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> Router {
    let (app, _) = open(settings, pool, catalogue);
    behind(|access| matches!(access, Access::Kept | Access::Marked | Access::Slow)).with_state(app)
}

/// What the rooms answer behind the doors with such an access.
fn behind(is_wanted: impl Fn(Access) -> bool) -> Router<App> {
    doors().filter(|door| is_wanted(door.access)).fold(Router::new(), |router, door| router.merge(door.router))
}

/// What everyone may read and that is known by a mark until it changes.
fn marked(app: &App) -> Router<App> {
    let mark = app.catalogue.mark(&app.settings);
    let layers = |mark| {
        let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest);
        (middleware::from_fn_with_state(mark, web::fresh::mark), compressed.compress_when(web::fresh::unmarked()))
    };
    let in_time = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, web::limits::LONGEST_LOOK);
    let kept = behind(|access| access == Access::Kept).layer(layers(mark.keeping()));
    let read = behind(|access| access == Access::Marked).layer(in_time);
    kept.merge(behind(|access| access == Access::Slow).merge(read).layer(layers(mark)))
}

/// What has forms: each gets a key of its own as it is shown.
fn with_keys(app: &App) -> Router<App> {
    let compressed = || CompressionLayer::new().quality(CompressionLevel::Fastest);
    let anew = behind(|access| access == Access::Anew).layer(middleware::from_fn(web::headers::keep_nothing));
    let guarded = |role: Role| people::guarded(&app.people, role, behind(|access| access == Access::From(role)));
    anew.merge(behind(|access| access == Access::Form))
        .merge(guarded(Role::Staff))
        .layer(compressed())
        .merge(behind(|access| access == Access::Doorstep))
        .merge(guarded(Role::Member))
        .merge(guarded(Role::Manager))
        .merge(guarded(Role::Administrator))
        .layer(middleware::from_fn_with_state(Arc::clone(&app.shell), web::token::with_keys))
}

/// What is done beside answering, for as long as the program runs.
pub fn jobs(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> BoxFuture<'static, Vec<()>> {
    let own: [BoxFuture<'static, ()>; 2] =
        [Box::pin(catalogue.clone().keep_fresh()), Box::pin(forms::sweep(pool.clone()))];
    let (app, _) = open(settings, pool, catalogue);
    let of_rooms = rooms().into_iter().flat_map(|room| room.jobs).map(|job| job(app.clone()));
    Box::pin(join_all(own.into_iter().chain(of_rooms)))
}

/// The page of figures for operations.
pub fn figures<S: Clone + Send + Sync + 'static>(pool: &PgPool, catalogue: &Catalogue) -> Router<S> {
    let (pool, catalogue) = (pool.clone(), catalogue.clone());
    web::metrics::routes(move || {
        database::count(&pool);
        catalogue.count();
    })
}
