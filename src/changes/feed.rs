//! The Atom feed of the record.

use std::sync::Arc;

use atom_syndication::{Entry, Feed, Link, Person, Text};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::db::{self, ChangeSetRow};
use super::{FEED, LIST};
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::page::{Shell, Visit};

/// Acts in the feed.
const SETS: i64 = 50;

/// The newest acts as an Atom feed.
pub async fn feed(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let sets = db::sets(&pool, None, None, SETS).await?;
    let feed = fill(&sets, visit.lang, &visit.shell);
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed.to_string()).into_response())
}

fn fill(sets: &[ChangeSetRow], lang: Lang, shell: &Arc<Shell>) -> Feed {
    let address = |path: &str| format!("{}{path}", shell.origin);
    let updated = sets.first().map_or(DateTime::<Utc>::UNIX_EPOCH, |set| set.recorded_at);
    Feed {
        title: lang.t("changes-feed-title").into_owned().into(),
        id: address(FEED.pattern(lang)),
        updated: updated.fixed_offset(),
        lang: Some(lang.code().to_owned()),
        links: vec![
            link("self", address(FEED.pattern(lang)), "application/atom+xml"),
            link("alternate", address(LIST.pattern(lang)), "text/html"),
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
