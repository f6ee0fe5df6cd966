//! Pages of text, the way in to them, and how to ask for an image and give feedback.

use std::sync::Arc;

use askama::Template;
use axum::extract::{OriginalUri, State};
use axum::response::Response;

use super::GUIDANCE;
use crate::guidance::prose::{Guides, PAGES};
use crate::guidance::published::Prose;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};

#[derive(Template)]
#[template(path = "guidance/prose.html")]
struct ProsePage {
    page: Page,
    prose: Arc<Prose>,
    /// The guides, beside a guide: each, its address, whether it is this one. Statements stand alone.
    guides: Vec<(Arc<Prose>, &'static str, bool)>,
}

/// A guide or a statement.
pub async fn prose(
    State(guides): State<Arc<Guides>>,
    OriginalUri(uri): OriginalUri,
    visit: Visit,
) -> Result<Response, Error> {
    let lang = visit.lang;
    let (prose, route) = guides.at(uri.path(), lang).ok_or(Error::NotFound)?;
    let mut page = visit.page(&*prose.title, route);
    page.modified = prose.modified;
    let is_guide = uri.path().starts_with(GUIDANCE.pattern(lang));
    if is_guide {
        page = page.below(lang.t("guidance-title"), GUIDANCE.pattern(lang));
    }
    let guides = if is_guide { titles(&guides, &visit, uri.path()) } else { Vec::new() };
    show(&ProsePage { page, prose, guides })
}

#[derive(Template)]
#[template(path = "guidance/guidance.html")]
struct GuidancePage {
    page: Page,
    guides: Vec<(Arc<Prose>, &'static str, bool)>,
}

/// The guides.
pub async fn guidance(State(guides): State<Arc<Guides>>, visit: Visit) -> Result<Response, Error> {
    let mut page = visit.page(visit.lang.t("guidance-title"), GUIDANCE);
    let guides = titles(&guides, &visit, "");
    page.modified = guides.iter().filter_map(|(prose, ..)| prose.modified).max();
    show(&GuidancePage { page, guides })
}

fn titles(guides: &Guides, visit: &Visit, here: &str) -> Vec<(Arc<Prose>, &'static str, bool)> {
    let lang = visit.lang;
    let paths = PAGES.iter().map(|(_, route)| route.pattern(lang));
    let of_guides = paths.filter(|path| path.starts_with(GUIDANCE.pattern(lang)));
    of_guides.filter_map(|path| Some((guides.at(path, lang)?.0, path, path == here))).collect()
}
