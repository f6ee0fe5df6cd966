//! The public record: all acts, one act, and the history of one image.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::db::{self, ChangeSetRow};
use super::{CSV, ChangeView, FEED, JSON, LIST, MARKDOWN, OF_IMAGE, ONE, UNDO, XLSX, record};
use crate::clock::day_of;
use crate::i18n::{Lang, Word};
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{Path, Slug};
use crate::web::table::links;
use crate::web::visitor::Role;

/// Acts on one page.
const SETS: i64 = 30;
/// Changes on one page.
const CHANGES: i64 = 100;

#[derive(Template)]
#[template(path = "changes/list.html")]
struct ListPage {
    page: Page,
    sets: Vec<ChangeSetRow>,
    /// The person whose acts are shown; none for everyone's.
    who: Option<String>,
    older: Option<String>,
    newest: Option<&'static str>,
}

/// All acts, the newest first.
pub async fn list(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    let before = visit.number("before")?;
    let who = visit.parameter("who");
    let mut sets = db::sets(&pool, who.as_deref(), before, SETS + 1).await?;
    let more = cut(&mut sets, SETS);
    let path = LIST.pattern(visit.lang);
    let of_whom = who.as_ref().map(|who| format!("who={}&", encode(who))).unwrap_or_default();
    let older = more.then(|| sets.last().map(|set| format!("{path}?{of_whom}before={}", set.id))).flatten();
    let mut page = visit.page(visit.lang.t("changes-title"), LIST).with_feed(FEED.pattern(visit.lang));
    page.modified = sets.first().map(|set| day_of(set.recorded_at));
    let newest = before.or(who.as_ref().map(|_| 0)).map(|_| path);
    show(&ListPage { page, sets, who, older, newest })
}

impl ListPage {
    /// The record of whose acts are shown as files: what each is called, and its address.
    fn files(&self) -> Vec<(&'static str, String)> {
        let lang = self.page.lang;
        let of_whom = self.who.as_ref().map(|who| format!("?who={}", encode(who))).unwrap_or_default();
        links(lang, [CSV, XLSX, JSON, MARKDOWN].map(|route| format!("{}{of_whom}", route.pattern(lang))))
    }
}

#[derive(Template)]
#[template(path = "changes/one.html")]
struct OnePage {
    page: Page,
    set: ChangeSetRow,
    changes: Vec<ChangeView>,
    next: Option<String>,
    first: Option<String>,
}

/// One act with its changes.
pub async fn show_item(State(pool): State<PgPool>, Path(id): Path<i64>, visit: Visit) -> Result<Response, Error> {
    let lang = visit.lang;
    let after = visit.number("after")?;
    let set = db::set(&pool, id).await?.ok_or(Error::NotFound)?;
    let mut rows = db::of_set(&pool, id, after.unwrap_or(0), CHANGES + 1).await?;
    let more = cut(&mut rows, CHANGES);
    let path = ONE.with(lang, &id.to_string());
    let next = more.then(|| rows.last().map(|row| format!("{path}?after={}", row.id))).flatten();
    let title = lang.tell("change-title", &[("name", Word::Text(&id.to_string()))]);
    let mut page = visit.page_of(title, ONE, |_| id.to_string()).below(lang.t("changes-title"), LIST.pattern(lang));
    page.modified = Some(day_of(set.recorded_at));
    let changes = rows.into_iter().map(|row| ChangeView::new(row, lang)).collect();
    show(&OnePage { page, set, changes, next, first: after.map(|_| path) })
}

impl OnePage {
    fn act(&self, id: &i64) -> String {
        ONE.with(self.page.lang, &id.to_string())
    }

    fn undo(&self) -> String {
        UNDO.with(self.page.lang, &self.set.id.to_string())
    }
}

#[derive(Template)]
#[template(path = "changes/of_image.html")]
struct OfImagePage {
    page: Page,
    changes: Vec<ChangeView>,
    older: Option<String>,
}

/// The whole history of one image.
pub async fn of_image(State(pool): State<PgPool>, Path(slug): Path<Slug>, visit: Visit) -> Result<Response, Error> {
    let lang = visit.lang;
    let before = visit.number("before")?;
    let (id, name, current) = db::image(&pool, &slug).await?.ok_or(Error::NotFound)?;
    let path = OF_IMAGE.with(lang, &current);
    if *current != *slug {
        return Ok(Redirect::permanent(&path).into_response());
    }
    let mut rows = db::of_image(&pool, id, before, CHANGES + 1).await?;
    let more = cut(&mut rows, CHANGES);
    let older = more.then(|| rows.last().map(|row| format!("{path}?before={}", row.id))).flatten();
    let mut page = visit
        .page_of(lang.named("changes-of-image", &name), OF_IMAGE, |_| current.clone())
        .below(lang.t("list-title"), lang.of("/en/images", "/fr/images"))
        .below(name.clone(), format!("{}/{current}", lang.of("/en/images", "/fr/images")));
    page.modified = rows.first().map(|row| day_of(row.effective_at));
    let changes = rows.into_iter().map(|row| ChangeView::new(row, lang)).collect();
    show(&OfImagePage { page, changes, older })
}

/// Cuts a list that was asked for with one row too many; whether there was one.
fn cut<T>(rows: &mut Vec<T>, most: i64) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    more
}

impl ChangeSetRow {
    /// What sort of act it was, in words.
    pub fn kind(&self, lang: Lang) -> std::borrow::Cow<'static, str> {
        self.act.label(lang)
    }

    /// Why, in a page's language where it is the program's own reason.
    pub fn why(&self, lang: Lang) -> std::borrow::Cow<'_, str> {
        record::told(&self.reason, lang)
    }

    /// How many changes it has, in words.
    pub fn size(&self, lang: Lang) -> String {
        lang.n("changes-count", usize::try_from(self.changes).unwrap_or(0))
    }

    /// The address of this person's acts.
    pub fn by_the_same(&self, lang: Lang) -> String {
        format!("{}?who={}", LIST.pattern(lang), encode(&self.actor))
    }

    /// The address of its page.
    pub fn address(&self, lang: Lang) -> String {
        ONE.with(lang, &self.id.to_string())
    }

    /// Whether it counts from another day than the one on which it was recorded.
    pub fn dated_back(&self) -> bool {
        day_of(self.effective_at) != day_of(self.recorded_at)
    }
}
