//! What became of requests, for everyone; and a department's own, for whoever has signed in for it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use sqlx::PgPool;

use super::db::lists::{self, Decided, Waiting};
use super::{LIST, NEW, ONE};
use crate::catalogue::{self, Catalogue, Snapshot};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};

/// Rows of either list on one page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "requests/list.html")]
struct ListPage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    decided: Vec<Decided>,
    next: Option<String>,
    /// The department of whoever has signed in, and its requests.
    own: Option<(String, Vec<Waiting>)>,
    next_own: Option<String>,
}

/// What was decided, the newest first.
pub async fn list(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let most = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let before = |name| Ok::<_, Error>(visit.number(name)?.unwrap_or(i64::MAX));
    let mut decided = lists::decided(&pool, before("before")?, most).await?;
    let next = cut(&mut decided).map(|last| format!("{}?before={}", LIST.pattern(lang), last.decided_by));
    let organisation = visit.person.as_ref().and_then(|person| person.organisation);
    let (mut own, mut next_own) = (None, None);
    if let Some(organisation) = organisation {
        let mut rows = lists::of_department(&pool, organisation, before("own-before")?, most).await?;
        next_own = cut(&mut rows).map(|last| format!("{}?own-before={}", LIST.pattern(lang), last.id));
        own = Some((snapshot.organisations.title(organisation, lang), rows));
    }
    let page = visit.page(lang.t("requests-title"), LIST);
    show(&ListPage { page, snapshot: &snapshot, decided, next, own, next_own })
}

/// Cuts a list to one page; its last row where there are more.
fn cut<T: Clone>(rows: &mut Vec<T>) -> Option<T> {
    let more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    rows.last().filter(|_| more).cloned()
}

impl ListPage<'_> {
    fn image(&self, one: &Decided) -> Option<String> {
        let image = self.snapshot.image(one.image_id?)?;
        Some(catalogue::address::IMAGE.with(self.page.lang, &image.slug))
    }

    fn address(&self, row: &Waiting) -> String {
        ONE.with(self.page.lang, &row.reference)
    }

    fn ask(&self) -> &'static str {
        NEW.pattern(self.page.lang)
    }
}
