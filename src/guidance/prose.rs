//! The texts: Markdown files beside the templates, filled with the settings and turned into HTML at the start.

use std::collections::HashMap;
use std::fmt;

use askama::filters::HtmlSafe;
use chrono::NaiveDate;
use comrak::{Options, markdown_to_html};

use super::{ACCESSIBILITY, ASK, FEEDBACK, PORTAL, PRIVACY, PROCUREMENT, QUESTIONS, USING_IMAGES};
use crate::config::Settings;
use crate::i18n::Lang;
use crate::web::routes::Route;

/// The day on which these texts last changed.
const MODIFIED: &str = "2026-11-22";
/// The day on which the published page was read, for the figures that it gives.
const PAGE_DATE: &str = "2026-11-22";

/// The pages that are nothing but text, by name.
pub const PAGES: &[(&str, Route)] = &[
    ("using-images", USING_IMAGES),
    ("portal", PORTAL),
    ("procurement", PROCUREMENT),
    ("questions", QUESTIONS),
    ("accessibility", ACCESSIBILITY),
    ("privacy", PRIVACY),
];

const SOURCES: &[(&str, Lang, &str)] = &[
    ("using-images", Lang::En, include_str!("../../templates/guidance/using-images.en.md")),
    ("using-images", Lang::Fr, include_str!("../../templates/guidance/using-images.fr.md")),
    ("portal", Lang::En, include_str!("../../templates/guidance/portal.en.md")),
    ("portal", Lang::Fr, include_str!("../../templates/guidance/portal.fr.md")),
    ("procurement", Lang::En, include_str!("../../templates/guidance/procurement.en.md")),
    ("procurement", Lang::Fr, include_str!("../../templates/guidance/procurement.fr.md")),
    ("questions", Lang::En, include_str!("../../templates/guidance/questions.en.md")),
    ("questions", Lang::Fr, include_str!("../../templates/guidance/questions.fr.md")),
    ("accessibility", Lang::En, include_str!("../../templates/guidance/accessibility.en.md")),
    ("accessibility", Lang::Fr, include_str!("../../templates/guidance/accessibility.fr.md")),
    ("privacy", Lang::En, include_str!("../../templates/guidance/privacy.en.md")),
    ("privacy", Lang::Fr, include_str!("../../templates/guidance/privacy.fr.md")),
];

/// The day on which these texts last changed.
#[must_use]
pub fn modified() -> Option<NaiveDate> {
    MODIFIED.parse().ok()
}

/// Every text in both languages, ready to show.
#[derive(Debug)]
pub struct Guides {
    texts: HashMap<(&'static str, Lang), Prose>,
}

/// A text: its title and its body.
#[derive(Clone, Debug)]
pub struct Prose {
    pub title: String,
    pub body: Body,
}

/// HTML that the Markdown parser made of the project's own text.
#[derive(Clone, Debug)]
pub struct Body(String);

impl HtmlSafe for Body {}

impl fmt::Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Guides {
    /// Fills the texts with the settings and with the addresses of pages elsewhere that they lead to.
    #[must_use]
    pub fn new(settings: &Settings, pages: &[(&str, Route)]) -> Guides {
        let texts = SOURCES.iter().map(|(name, lang, source)| ((*name, *lang), prose(source, *lang, settings, pages)));
        Guides { texts: texts.collect() }
    }

    /// The text at a page's address in a language.
    #[must_use]
    pub fn at(&self, path: &str, lang: Lang) -> Option<(&Prose, Route)> {
        let (name, route) = PAGES.iter().find(|(_, route)| route.pattern(lang) == path)?;
        Some((self.texts.get(&(*name, lang))?, *route))
    }
}

fn prose(source: &str, lang: Lang, settings: &Settings, pages: &[(&str, Route)]) -> Prose {
    let filled = fill(source, lang, settings, pages);
    let (title, body) = filled.split_once('\n').unwrap_or((&filled, ""));
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.header_id_prefix = Some(String::new());
    Prose { title: title.trim_start_matches('#').trim().to_owned(), body: Body(markdown_to_html(body, &options)) }
}

fn fill(source: &str, lang: Lang, settings: &Settings, pages: &[(&str, Route)]) -> String {
    let own = [("requests-new", ASK), ("feedback-new", FEEDBACK)];
    let mut text = source
        .replace("{{registry-host}}", &settings.registry_host)
        .replace("{{registry-repository}}", &settings.registry_repository)
        .replace("{{registry-org}}", &settings.registry_org)
        .replace("{{modified}}", MODIFIED)
        .replace("{{page-date}}", PAGE_DATE);
    for (name, route) in own.iter().chain(PAGES).chain(pages) {
        text = text.replace(&format!("{{{{link:{name}}}}}"), route.pattern(lang));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn every_text_exists_in_both_languages_with_a_title_and_nothing_left_to_fill_in() {
        let guides = Guides::new(&Defaults::parse_from(["test"]).settings, crate::GUIDES_LEAD_TO);
        for (_, route) in PAGES {
            for lang in Lang::BOTH {
                let (prose, _) = guides.at(route.pattern(lang), lang).expect("a text");
                assert!(!prose.title.is_empty());
                assert!(!prose.body.0.contains("{{"), "{}: {}", route.pattern(lang), prose.body.0);
                assert!(prose.body.0.len() > 500);
            }
        }
    }
}
