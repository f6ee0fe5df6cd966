//! The texts: Markdown files beside the templates, filled with the settings, and what administrators made of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use super::markdown::{self, Wrong};
use super::texts::Texts;
use super::{ACCESSIBILITY, POLICIES, PORTAL, PRIVACY, PROCUREMENT, QUESTIONS, STAFF, USING_IMAGES};
use crate::clock::day_of;
use crate::config::Settings;
use crate::guidance::published::Prose;
use crate::guidance::published::SOURCES;
use crate::guidance::published::modified;
use crate::i18n::Lang;
use crate::web::routes::Route;

/// The day on which the published page was read, for the figures that it gives.
const PAGE_DATE: &str = "2026-11-22";

/// The pages that are nothing but text, by name.
pub const PAGES: &[(&str, Route)] = &[
    ("using-images", USING_IMAGES),
    ("portal", PORTAL),
    ("procurement", PROCUREMENT),
    ("questions", QUESTIONS),
    ("policies", POLICIES),
    ("staff", STAFF),
    ("accessibility", ACCESSIBILITY),
    ("privacy", PRIVACY),
];

/// Every text in both languages, ready to show: as published, or as administrators edited it since.
pub struct Guides {
    published: HashMap<(&'static str, Lang), Arc<Prose>>,
    filler: Filler,
    /// Gives what was edited, from memory.
    edited: Box<dyn Fn() -> Arc<Texts> + Send + Sync>,
}

/// What fills the places of texts: each place with its words in either language.
struct Filler(Vec<(String, [String; 2])>);

impl fmt::Debug for Guides {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Guides").field("published", &self.published.len()).finish_non_exhaustive()
    }
}

impl Guides {
    /// Texts filled with the settings and with the addresses of pages elsewhere that they lead to.
    pub fn new(
        settings: &Settings,
        pages: &[(&str, Route)],
        edited: impl Fn() -> Arc<Texts> + Send + Sync + 'static,
    ) -> Guides {
        let filler = Filler::new(settings, pages);
        let published = SOURCES
            .iter()
            .map(|(name, lang, source)| ((*name, *lang), Arc::new(filler.draw(source, *lang, modified(), ""))));
        Guides { published: published.collect(), filler, edited: Box::new(edited) }
    }

    /// The text at a page's address in a language.
    pub fn at(&self, path: &str, lang: Lang) -> Option<(Arc<Prose>, Route)> {
        let (name, route) = PAGES.iter().find(|(_, route)| route.pattern(lang) == path)?;
        let texts = (self.edited)();
        let in_language = |lang| self.prose(&texts, name, lang);
        Some((in_language(lang).or_else(|| in_language(lang.other()))?, *route))
    }

    /// A text in a language; none where it is not there in that one.
    fn prose(&self, texts: &Texts, name: &'static str, lang: Lang) -> Option<Arc<Prose>> {
        let edited = texts.held(name).and_then(|held| Some((held, held.text.in_language(lang)?)));
        let Some((held, source)) = edited else { return self.published.get(&(name, lang)).map(Arc::clone) };
        let draw = || Arc::new(self.filler.draw(source, lang, Some(day_of(held.changed_at)), ""));
        (!source.is_empty()).then(|| Arc::clone(held.drawn[lang as usize].get_or_init(draw)))
    }

    /// A text as it would be shown, with ids of its own beside another one.
    ///
    /// # Errors
    /// What it may not hold.
    pub fn preview(&self, source: &str, lang: Lang, today: NaiveDate) -> Result<Prose, Wrong> {
        markdown::check(&self.filler.fill(source, lang, Some(today)))?;
        Ok(self.filler.draw(source, lang, Some(today), &format!("preview-{}-", lang.code())))
    }

    /// The places that a text may have, as they are written.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.filler.0.iter().map(|(place, _)| place.as_str())
    }
}

impl Filler {
    fn new(settings: &Settings, pages: &[(&str, Route)]) -> Filler {
        let same = |place: &str, words: &str| (format!("{{{{{place}}}}}"), [words.to_owned(), words.to_owned()]);
        let mut places = vec![
            same("registry-host", &settings.registry_host),
            same("registry-repository", &settings.registry_repository),
            same("registry-org", &settings.registry_org),
            same("page-date", PAGE_DATE),
            same("origin", &settings.origin()),
        ];
        places.extend(PAGES.iter().chain(pages).map(|(name, route)| {
            (format!("{{{{link:{name}}}}}"), Lang::BOTH.map(|lang| route.pattern(lang).to_owned()))
        }));
        Filler(places)
    }

    fn fill(&self, source: &str, lang: Lang, modified: Option<NaiveDate>) -> String {
        let modified = modified.map(|day| day.to_string()).unwrap_or_default();
        let text = source.replace("{{modified}}", &modified);
        self.0.iter().fold(text, |text, (place, words)| text.replace(place, &words[lang as usize]))
    }

    fn draw(&self, source: &str, lang: Lang, modified: Option<NaiveDate>, prefix: &str) -> Prose {
        let filled = self.fill(source, lang, modified);
        let (title, body) = markdown::parts(&filled);
        Prose { title: title.to_owned(), body: markdown::html(body, prefix), lang, modified }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::published::published;
    use clap::Parser;

    #[derive(Parser)]
    struct Defaults {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn every_published_text_may_be_published_by_administrators_too() {
        let settings = Defaults::parse_from(["test"]).settings;
        let guides = Guides::new(&settings, crate::site::GUIDES_LEAD_TO, || Arc::new(Texts::default()));
        for (name, lang, source) in SOURCES {
            assert!(guides.preview(source, *lang, NaiveDate::MIN).is_ok(), "{name} {lang:?}");
        }
    }

    #[test]
    fn every_text_exists_in_both_languages_with_a_title_and_nothing_left_to_fill_in() {
        let settings = Defaults::parse_from(["test"]).settings;
        let guides = Guides::new(&settings, crate::site::GUIDES_LEAD_TO, || Arc::new(Texts::default()));
        for (_, route) in PAGES {
            for lang in Lang::BOTH {
                let (prose, _) = guides.at(route.pattern(lang), lang).expect("a text");
                assert!(!prose.title.is_empty());
                let body = prose.body.to_string();
                assert!(!body.contains("{{"), "{}: {body}", route.pattern(lang));
                assert!(body.len() > 500);
            }
        }
    }

    /// The blocks of code of a text in these languages of code.
    fn blocks(text: &str, of: &str) -> Vec<String> {
        let fence = format!("```{of}\n");
        text.split(&fence).skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
    }

    #[test]
    fn every_snippet_for_policies_can_be_read_whatever_the_settings() {
        for options in [
            &["test"][..],
            &[
                "test",
                "--registry-host",
                "r.example:5000",
                "--registry-org",
                "a.b",
                "--public-url",
                "https://c.example",
            ],
        ] {
            let settings = Defaults::parse_from(options).settings;
            let filler = Filler::new(&settings, crate::site::GUIDES_LEAD_TO);
            let prefix = [&*settings.registry_host, &*settings.registry_repository, &*settings.registry_org].join("/");
            for lang in Lang::BOTH {
                let text = filler.fill(published("policies", lang).expect("the guide"), lang, modified());
                let (yaml, json) = (blocks(&text, "yaml"), blocks(&text, "json"));
                assert_eq!((yaml.len(), json.len()), (3, 1));
                for block in &yaml {
                    let events: Result<Vec<_>, _> = saphyr_parser::Parser::new_from_str(block).collect();
                    assert!(events.is_ok(), "{events:?}");
                    assert!(!block.contains('\t') && block.contains("kind:"));
                }
                let renovate: serde_json::Value = serde_json::from_str(&json[0]).expect("JSON");
                assert_eq!(renovate["hostRules"][0]["matchHost"], *settings.registry_host);
                assert_eq!(renovate["packageRules"][0]["matchPackageNames"][0], format!("{prefix}/**"));
                assert_eq!(yaml[0].matches(&format!("\"{prefix}/*\"")).count(), 3);
                assert!(yaml[2].contains(&format!("\"{prefix}/python\"")));
                assert!(text.contains(&format!("{}/api/v1/allow-list.json", settings.origin())));
            }
        }
    }
}
