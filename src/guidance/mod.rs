//! Guidance in both languages, the statements on accessibility and privacy, and how to ask and say.

mod db;
mod markdown;
mod pages;
mod prose;
mod texts;

use axum::Router;

use crate::App;
use crate::i18n::Lang;
use crate::web::address::encode;
use crate::web::routes::{Bilingual, Route};

pub use db::put;
pub use markdown::Wrong;
pub use prose::{Guides, PAGES as TEXTS, Prose, published};
pub use texts::{BANNER, Text, Texts, changed};

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
pub const ASK: Route = Route::new("/en/requests/new", "/fr/demandes/nouvelle");
pub const FEEDBACK: Route = Route::new("/en/feedback/new", "/fr/commentaires/nouveau");

/// The addresses of this room.
pub fn routes() -> Router<App> {
    prose::PAGES
        .iter()
        .fold(Router::new(), |router, (_, route)| router.page(*route, pages::prose))
        .page(GUIDANCE, pages::guidance)
}

/// The address where an image is asked for, with its name filled in.
#[must_use]
pub fn ask_for(image: &str, lang: Lang) -> String {
    about(ASK, image, lang)
}

/// The address where feedback on an image is given, with its name filled in.
#[must_use]
pub fn feedback_about(image: &str, lang: Lang) -> String {
    about(FEEDBACK, image, lang)
}

fn about(route: Route, image: &str, lang: Lang) -> String {
    let path = route.pattern(lang);
    if image.is_empty() { path.to_owned() } else { format!("{path}?image={}", encode(image)) }
}
