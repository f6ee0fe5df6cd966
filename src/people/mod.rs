//! Who people are and what they may: signing in and out, sessions, roles, accounts, and the guard of staff's pages.

mod account;
mod accounts;
mod callback;
pub mod db;
mod exchange;
mod guard;
mod identify;
mod identity;
mod kept;
mod local;
pub mod next;
mod password;
mod provider;
mod refusal;
pub mod secret;
pub mod session;
mod sign_in;
mod throttle;

use std::sync::Arc;
use std::time::Duration;

use axum::middleware;
use axum::routing::get;
use sqlx::PgPool;

use crate::config::Settings;
use crate::log::Repeated;
use crate::web::headers;
use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;
use crate::web::shell::Shell;
use crate::web::visitor::Role;
use axum::extract::FromRef;
use db::events;
use provider::Provider;
use throttle::Throttle;

pub use db::events::Who;
pub use guard::guarded;
pub use identify::{SessionLayer, load_session_if_cookie};
pub use local::{Link, Refusal, add, disable, email, first_administrator, list};

pub const SIGN_IN: Route = Route::new("/en/sign-in", "/fr/ouvrir-session");
pub const PROVIDER: Route = Route::new("/en/sign-in/provider", "/fr/ouvrir-session/fournisseur");
/// Where the provider sends the browser back to.
pub const CALLBACK: &str = "/auth/callback";
pub const LINK: Route = Route::new("/en/sign-in/link/{token}", "/fr/ouvrir-session/lien/{token}");
pub const SIGN_OUT: Route = Route::new("/en/sign-out", "/fr/fermer-session");
pub const ACCOUNT: Route = Route::new("/en/account", "/fr/compte");
pub const KEPT: Route = Route::new("/en/kept/{token}", "/fr/conserve/{token}");
pub const ACCOUNTS: Route = Route::new("/en/staff/accounts", "/fr/personnel/comptes");
pub const ONE_ACCOUNT: Route = Route::new("/en/staff/accounts/{id}", "/fr/personnel/comptes/{id}");

/// What this room declares.
pub fn room<S>() -> Room<S>
where
    S: Clone + Send + Sync + 'static,
    PgPool: FromRef<S>,
    Arc<People>: FromRef<S>,
    Arc<Shell>: FromRef<S>,
{
    Room::default()
        .door(
            Door::new(Access::Doorstep)
                .page(SIGN_IN, sign_in::show_ways)
                .act(SIGN_IN, sign_in::act)
                .link(PROVIDER, callback::depart)
                .with(|router| router.route(CALLBACK, get(callback::arrive)))
                .link(LINK, sign_in::link)
                .act(LINK, sign_in::set_password)
                .act(SIGN_OUT, sign_in::sign_out)
                .with(|router| router.layer(middleware::from_fn(headers::keep_nothing))),
        )
        .door(
            Door::new(Access::From(Role::Member))
                .page(ACCOUNT, account::show_own)
                .act(ACCOUNT, account::act)
                .page(KEPT, kept::show_once)
                .with(|router| router.layer(middleware::from_fn(headers::keep_nothing))),
        )
        .door(
            Door::new(Access::From(Role::Administrator))
                .page(ACCOUNTS, accounts::list)
                .act(ACCOUNTS, accounts::add)
                .page(ONE_ACCOUNT, accounts::show_item)
                .act(ONE_ACCOUNT, accounts::act)
                .with(|router| router.layer(middleware::from_fn(headers::keep_nothing))),
        )
        .staff_menu(14, "menu-accounts", ACCOUNTS, Role::Administrator)
        .job(|state| Box::pin(sweep(PgPool::from_ref(&state))))
}

/// How often what is over is forgotten.
const SWEEP: Duration = Duration::from_hours(1);

/// In an outage every attempt to sign in is one that cannot be recorded.
static UNRECORDED: Repeated = Repeated::new("a security event could not be recorded");

/// What signing in works with.
#[derive(Debug)]
pub struct People {
    pool: PgPool,
    /// Whether local accounts can be used.
    has_local: bool,
    /// The address before every path in links.
    origin: String,
    throttle: Throttle,
    /// Where an identity provider is set.
    provider: Option<Provider>,
}

impl People {
    /// What signing in works with, by the settings.
    pub fn new(settings: &Settings, pool: PgPool) -> People {
        let (has_local, origin) = (settings.has_local_accounts(), settings.origin());
        let provider = settings.oidc().map(|oidc| Provider::new(oidc, &origin));
        People { pool, has_local, origin, throttle: Throttle::default(), provider }
    }

    /// Records a security event. An event that cannot be written is told in the log and stops nobody.
    async fn record(&self, event: &events::New<'_>) {
        if let Err(problem) = events::record(&self.pool, event).await {
            let kind = event.kind.code();
            UNRECORDED.tell(|what| tracing::error!(%problem, event = kind, "{what}"));
        }
    }
}

/// Forgets sessions, links and kept forms that are over, for as long as the program runs.
pub async fn sweep(pool: PgPool) {
    loop {
        tokio::time::sleep(SWEEP).await;
        if let Err(problem) = db::sessions::sweep(&pool).await {
            tracing::warn!(%problem, "sessions that are over could not be forgotten");
        }
    }
}

/// What handlers of this room take.
type Keeper = axum::extract::State<Arc<People>>;
