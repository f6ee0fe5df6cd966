//! The Atom feed of the record.

use std::sync::Arc;

use atom_syndication::{Entry, Feed, Link, Person, Text};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::db::{self, ChangeSetRow};
use super::{FEED, LIST, OF_IMAGE, feed_of};
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::shell::Shell;

/// Acts in the feed.
const SETS: i64 = 50;

/// The newest acts as an Atom feed: all, or those about one image (`?image=`) or one department (`?department=`).
pub async fn feed(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let lang = visit.lang;
    let (about, sets) = match (visit.parameter("image"), visit.parameter("department")) {
        (None, None) => (None, db::sets(&pool, None, None, SETS).await?),
        (Some(slug), None) => {
            let image = db::image(&pool, &slug).await?;
            let (id, name, slug) =
                image.ok_or_else(|| visit.not_offered("image", &slug, &lang.t("feed-image-offered")))?;
            let about = About { name, feed: feed_of("image", &slug, lang), page: OF_IMAGE.with(lang, &slug) };
            (Some(about), db::sets_about(&pool, Some(id), None, SETS).await?)
        }
        (None, Some(acronym)) => {
            let found = db::organisation(&pool, &acronym).await?;
            let (id, english, french) =
                found.ok_or_else(|| visit.not_offered("department", &acronym, &lang.t("feed-department-offered")))?;
            let acronym = lang.of(english, french);
            let (feed, page) = (feed_of("department", &acronym, lang), LIST.pattern(lang).to_owned());
            (Some(About { name: acronym, feed, page }), db::sets_about(&pool, None, Some(id), SETS).await?)
        }
        (Some(_), Some(acronym)) => {
            return Err(visit.not_offered("department", &acronym, &lang.t("feed-one-offered")));
        }
    };
    let feed = fill(&sets, about, lang, &visit.shell);
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed.to_string()).into_response())
}

/// What a feed is about, where not about everything: its name, the feed's address and its page's.
struct About {
    name: String,
    feed: String,
    page: String,
}

fn fill(sets: &[ChangeSetRow], about: Option<About>, lang: Lang, shell: &Arc<Shell>) -> Feed {
    let address = |path: &str| format!("{}{path}", shell.origin);
    let title = lang.t("changes-feed-title").into_owned();
    let (title, own, page) = match about {
        Some(About { name, feed, page }) => (format!("{name} – {title}"), feed, page),
        None => (title, FEED.pattern(lang).to_owned(), LIST.pattern(lang).to_owned()),
    };
    let updated = sets.first().map_or(DateTime::<Utc>::UNIX_EPOCH, |set| set.recorded_at);
    Feed {
        title: title.into(),
        id: address(&own),
        updated: updated.fixed_offset(),
        lang: Some(lang.code().to_owned()),
        links: vec![
            link("self", address(&own), "application/atom+xml"),
            link("alternate", address(&page), "text/html"),
        ],
        entries: sets.iter().map(|set| entry(set, lang, &address)).collect(),
        ..Feed::default()
    }
}

fn entry(set: &ChangeSetRow, lang: Lang, address: &impl Fn(&str) -> String) -> Entry {
    let page = address(&set.address(lang));
    let title = format!("{}{} {}", set.kind(lang), lang.of(":", "\u{a0}:"), set.size(lang));
    Entry {
        title: title.into(),
        id: page.clone(),
        updated: set.recorded_at.fixed_offset(),
        published: Some(set.effective_at.fixed_offset()),
        authors: vec![Person { name: set.actor.clone(), ..Person::default() }],
        links: vec![link("alternate", page, "text/html")],
        summary: (!set.reason.is_empty()).then(|| Text::plain(set.why(lang).into_owned())),
        ..Entry::default()
    }
}

fn link(rel: &str, href: String, mime_type: &str) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: Some(mime_type.to_owned()), ..Link::default() }
}
