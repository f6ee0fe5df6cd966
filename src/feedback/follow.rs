//! What a visitor sent, behind its private link, and what staff have published for everyone.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use sqlx::PgPool;

use super::db::{self, About, Feedback, State as Standing};
use super::{LIST, ONE};
use crate::catalogue::{self, Catalogue};
use crate::feedback::FEEDBACK;
use crate::i18n::{Lang, Word};
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{Path, Reference};

/// Published feedback on one page.
const SHOWN: usize = 20;

/// The private address of what was sent.
pub fn address(feedback: &Feedback, lang: Lang) -> String {
    format!("{}?key={}", ONE.with(lang, &feedback.reference), encode(&feedback.link_key))
}

#[derive(Template)]
#[template(path = "feedback/one.html")]
struct OnePage {
    page: Page,
    feedback: Feedback,
    replies: Vec<(DateTime<Utc>, String)>,
}

impl OnePage {
    /// The private address of the page.
    fn own_link(&self) -> String {
        address(&self.feedback, self.page.lang)
    }
}

/// What a visitor sent and what was replied, for whoever has the link.
pub async fn show_item(
    State(pool): State<PgPool>,
    Path(reference): Path<Reference>,
    visit: Visit,
) -> Result<Response, Error> {
    let given = visit.parameter("key").unwrap_or_default();
    let kept = db::of_reference(&pool, &reference).await?;
    let held = kept.as_ref().map(|kept| kept.link_key.as_str()).unwrap_or_default();
    let fits = is_same(held, &given);
    let feedback = kept.filter(|_| fits).ok_or(Error::NotFound)?;
    let replies = db::replies(&pool, feedback.id).await?;
    let title = visit.lang.named("feedback-one-title", &feedback.reference);
    let page = visit.page_of(title, ONE, |_| feedback.reference.clone());
    show(&OnePage { page, feedback, replies })
}

/// Whether two keys are one. Only their hashes are compared, so that the time it takes tells nothing of either.
fn is_same(held: &str, given: &str) -> bool {
    digest(&SHA256, held.as_bytes()).as_ref() == digest(&SHA256, given.as_bytes()).as_ref() && !held.is_empty()
}

#[derive(Template)]
#[template(path = "feedback/list.html")]
struct ListPage {
    page: Page,
    published: Vec<Published>,
    older: Option<String>,
    give: &'static str,
}

/// Feedback as everyone reads it.
struct Published {
    about: String,
    /// The page of the image that it is about.
    link: Option<String>,
    lang: Option<Lang>,
    message: String,
    reply: String,
    at: DateTime<Utc>,
    reference: String,
}

/// What staff have published, the newest first.
pub async fn list(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let lang = visit.lang;
    let most = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut rows = db::published(&pool, visit.number("before")?, most).await?;
    let has_more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    let older = rows.last().filter(|_| has_more).map(|last| format!("{}?before={}", LIST.pattern(lang), last.id));
    let snapshot = catalogue.now();
    let published = rows.into_iter().filter_map(|row| {
        let is_image = row.about == About::Image;
        let image = snapshot.called(&row.subject).filter(|_| is_image);
        let link = image.map(|image| catalogue::address::IMAGE.with(lang, &image.slug));
        // What a visitor typed for an image that nobody knows is not published with the rest.
        let subject =
            if is_image { image.map(|image| image.name.to_string()).unwrap_or_default() } else { row.subject };
        Some(Published {
            about: about_in_words(row.about, &subject, lang),
            link,
            lang: Some(row.lang).filter(|other| *other != lang),
            message: row.public_message?,
            reply: row.public_reply?,
            at: row.published_at?,
            reference: row.reference,
        })
    });
    let published = published.collect();
    let page = visit.page(lang.t("feedback-list-title"), LIST);
    show(&ListPage { page, published, older, give: FEEDBACK.pattern(lang) })
}

fn about_in_words(about: About, subject: &str, lang: Lang) -> String {
    let about = about.label(lang);
    if subject.is_empty() {
        return about.into_owned();
    }
    lang.tell("feedback-about-what", &[("about", Word::Text(&about)), ("subject", Word::Text(subject))])
}

impl Feedback {
    /// What it is about: `An image: nginx`.
    pub fn about_in_words(&self, lang: Lang) -> String {
        about_in_words(self.about, &self.subject, lang)
    }
}

impl OnePage {
    /// How it stands, as its sender may know.
    fn state(&self) -> std::borrow::Cow<'static, str> {
        let state = if self.feedback.state == Standing::Held { Standing::New } else { self.feedback.state };
        state.label(self.page.lang)
    }
}
