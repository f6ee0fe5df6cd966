//! Guidance in both languages, the statements on accessibility and privacy, and how to ask and say.

mod db;
mod markdown;
mod pages;
mod prose;
mod published;
mod text;
mod texts;

use std::sync::Arc;

use axum::extract::FromRef;

use crate::web::shell::Shell;

use crate::web::room::{Access, Door, Room};
use crate::web::routes::Route;

pub use db::upsert;
pub use markdown::Wrong;
pub use prose::{Guides, PAGES as TEXTS};
pub use published::{Prose, published};
pub use text::{BANNER, BannerKind, Text};
pub use texts::{Texts, changed};

pub const USING_IMAGES: Route = Route::new("/en/guidance/using-images", "/fr/guides/utiliser-les-images");
pub const PORTAL: Route = Route::new("/en/guidance/portal", "/fr/guides/portail");
pub const PROCUREMENT: Route = Route::new("/en/guidance/procurement", "/fr/guides/approvisionnement");
pub const QUESTIONS: Route = Route::new("/en/guidance/questions", "/fr/guides/questions");
pub const POLICIES: Route = Route::new("/en/guidance/policies", "/fr/guides/politiques");
/// How staff, managers and administrators keep the catalogue true.
pub const STAFF: Route = Route::new("/en/guidance/staff", "/fr/guides/personnel");
pub const ACCESSIBILITY: Route = Route::new("/en/accessibility", "/fr/accessibilite");
pub const PRIVACY: Route = Route::new("/en/privacy", "/fr/confidentialite");
pub const GUIDANCE: Route = Route::new("/en/guidance", "/fr/guides");

/// What this room declares.
pub fn room<S>() -> Room<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Guides>: FromRef<S>,
    Arc<Shell>: FromRef<S>,
{
    Room::default()
        .door(
            prose::PAGES
                .iter()
                .fold(Door::new(Access::Kept), |door, (_, route)| door.page(*route, pages::prose))
                .page(GUIDANCE, pages::guidance),
        )
        .menu(5, "menu-guidance", GUIDANCE)
        .footer(1, "footer-accessibility", ACCESSIBILITY)
        .footer(2, "footer-privacy", PRIVACY)
}
