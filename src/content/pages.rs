//! The texts that can be edited, and the form of one with its history.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use sqlx::{PgConnection, PgPool};

use super::{LIST, ONE};
use crate::catalogue::Catalogue;
use crate::changes::{self, ChangeView};
use crate::clock::day_of;
use crate::forms::draft::{Draft, FormToken};
use crate::guidance::{BANNER, BannerKind, Guides, Prose, TEXTS, Text, Texts, published};
use crate::i18n::Lang;
use crate::web::banner::Banner;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;

/// Acts of a text's history that its page shows.
const MOST_ACTS: i64 = 20;

/// A text in the list.
struct Entry {
    name: &'static str,
    address: String,
    /// Where visitors read it; none for the banner.
    public: Option<&'static str>,
    /// The day on which administrators last changed it; none while it is as published.
    edited: Option<NaiveDate>,
    missing: Vec<Lang>,
}

#[derive(Template)]
#[template(path = "content/list.html")]
struct ListPage {
    page: Page,
    entries: Vec<Entry>,
    banner: Option<Arc<Banner>>,
}

/// The banner and every text.
pub async fn list(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let (now, lang) = (catalogue.now(), visit.lang);
    let entry = |name: &'static str, public: Option<&'static str>| {
        let text = now.texts.text(name);
        let is_published = text == Text::published(name);
        let held = now.texts.held(name).filter(|_| !is_published);
        Entry {
            name,
            address: ONE.with(lang, name),
            public,
            edited: held.map(|held| day_of(held.changed_at)),
            missing: Lang::BOTH
                .into_iter()
                .filter(|lang| name != BANNER && text.in_language(*lang) == Some(""))
                .collect(),
        }
    };
    let mut entries = vec![entry(BANNER, None)];
    entries.extend(TEXTS.iter().map(|(name, route)| entry(name, Some(route.pattern(lang)))));
    let banner = now.texts.banner(now.today);
    show(&ListPage { page: visit.page(lang.t("content-title"), LIST), entries, banner })
}

/// What a text would look like, and how it would differ.
pub struct Preview {
    pub changes: Vec<ChangeView>,
    pub drawn: Vec<Prose>,
    pub banner: Option<Banner>,
}

#[derive(Template)]
#[template(path = "content/one.html")]
pub struct OnePage {
    page: Page,
    pub draft: Draft,
    is_banner: bool,
    /// What others wrote since the form was opened, and the text as it is now.
    pub others: Vec<ChangeView>,
    now: Vec<(Lang, String)>,
    pub preview: Option<Preview>,
    history: Vec<ChangeView>,
    is_published: bool,
    /// The places that a text may have.
    places: Vec<String>,
}

/// The form of a text.
pub async fn open(
    State(catalogue): State<Catalogue>,
    State(guides): State<Arc<Guides>>,
    State(pool): State<PgPool>,
    Path(TextName(name)): Path<TextName>,
    visit: Visit,
) -> Result<Response, Error> {
    let mut connection = pool.acquire().await?;
    let form_token = FormToken::new(&mut connection).await?;
    let now = catalogue.now();
    let draft = Draft::new(Form::new(filled(&now.texts.text(name))), form_token);
    show(&page(&mut connection, &guides, &visit, &now.texts, name, draft).await?)
}

/// The name of a text that can be edited.
pub struct TextName(pub &'static str);

impl<'de> Deserialize<'de> for TextName {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<TextName, D::Error> {
        let name = String::deserialize(given)?;
        let mut names = TEXTS.iter().map(|(name, _)| *name).chain([BANNER]);
        names.find(|known| *known == name).map(TextName).ok_or_else(|| D::Error::custom("no such text"))
    }
}

/// A text in a language as the form shows it: as it was edited, or as published.
fn words(text: &Text, lang: Lang) -> String {
    text.in_language(lang).or_else(|| published(&text.name, lang)).unwrap_or_default().to_owned()
}

fn filled(text: &Text) -> Vec<(String, String)> {
    let fields = [
        ("text-en", words(text, Lang::En)),
        ("text-fr", words(text, Lang::Fr)),
        ("kind", text.kind.unwrap_or(BannerKind::Information).code().to_owned()),
        ("until", text.until.map(|day| day.to_string()).unwrap_or_default()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The page of a text with a form as it was filled.
pub async fn page(
    db: &mut PgConnection,
    guides: &Guides,
    visit: &Visit,
    texts: &Texts,
    name: &'static str,
    draft: Draft,
) -> Result<OnePage, Error> {
    let (lang, text) = (visit.lang, texts.text(name));
    let history = match texts.held(name) {
        Some(held) => changes::of_content_since(db, held.id, 0, MOST_ACTS).await?,
        None => Vec::new(),
    };
    let title = lang.t(&format!("content-name-{name}"));
    Ok(OnePage {
        page: visit.page_of(title, ONE, |_| name.to_owned()).below(lang.t("content-title"), LIST.pattern(lang)),
        draft,
        is_banner: name == BANNER,
        others: Vec::new(),
        now: Lang::BOTH.map(|lang| (lang, words(&text, lang))).into(),
        preview: None,
        history: history.into_iter().map(|row| ChangeView::new(row, lang)).collect(),
        is_published: text == Text::published(name),
        places: guides.places().map(str::to_owned).collect(),
    })
}

impl ListPage {
    fn title(&self, entry: &Entry) -> std::borrow::Cow<'static, str> {
        self.page.lang.t(&format!("content-name-{}", entry.name))
    }

    fn state(&self, entry: &Entry) -> String {
        let lang = self.page.lang;
        match (entry.edited, entry.name == BANNER, &self.banner) {
            (None, true, _) => lang.t("content-no-banner").into_owned(),
            (Some(_), true, None) => lang.t("content-banner-over").into_owned(),
            (None, false, _) => lang.t("content-published").into_owned(),
            (Some(day), ..) => lang.named("content-edited", day.to_string()),
        }
    }
}

impl OnePage {
    fn act(&self, told: &ChangeView) -> String {
        changes::ONE.with(self.page.lang, &told.change_set.to_string())
    }
}
