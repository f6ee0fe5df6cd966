//! What handlers work with, put together from the settings, the database and the catalogue.

use std::sync::Arc;

use axum::Router;
use sqlx::PgPool;

use crate::catalogue::Catalogue;
use crate::config::Settings;
use crate::forms::{self, Guard};
use crate::guidance::{self, Guides};
use crate::people::{self, People};
use crate::web::assets;
use crate::web::banner::Banners;
use crate::web::page::Shell;
use crate::web::token::Signer;
use crate::{App, FOOTER, GUIDES_LEAD_TO, MENU, STAFF_MENU, home, saved};

impl App {
    /// What handlers work with, and the routes of the static files that pages lead to.
    pub(super) fn new(settings: Arc<Settings>, pool: PgPool, catalogue: Catalogue) -> (App, Router<App>) {
        let (assets, files) = assets::assets();
        let (held, looked_at, secrets) = (catalogue.clone(), catalogue.clone(), pool.clone());
        let shell = Arc::new(Shell {
            branding: settings.branding,
            origin: settings.origin(),
            signer: Signer::new(move || {
                let pool = secrets.clone();
                async move { forms::db::secret(&pool).await }
            }),
            assets,
            banners: Banners::new(move || held.banner(), move || looked_at.condition()),
            menu: MENU,
            staff_menu: STAFF_MENU,
            footer: FOOTER,
            home: home::HOME,
            feedback: guidance::FEEDBACK,
            sign_in: people::SIGN_IN,
            account: people::ACCOUNT,
            sign_out: people::SIGN_OUT,
            save_report: saved::NEW,
        });
        let held = catalogue.clone();
        let guides = Arc::new(Guides::new(&settings, GUIDES_LEAD_TO, move || Arc::clone(&held.now().texts)));
        let people = Arc::new(People::new(&settings, pool.clone()));
        let guard = Arc::new(Guard::new(pool.clone(), settings.trust_proxy));
        (App { settings, pool, catalogue, guard, guides, people, shell }, files)
    }
}
