//! All saved reports: what each shows, who gets it, when it was mailed last and when it is next.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::definition::{Saved, language};
use super::{LIST, NEW, ONE, db, filters};
use crate::catalogue::Catalogue;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};

/// Saved reports on one page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "saved/list.html")]
struct ListPage {
    page: Page,
    reports: Vec<Saved>,
    more: Option<String>,
    /// Those that were ended, the newest.
    ended: Vec<Saved>,
    now: DateTime<Utc>,
}

/// All saved reports, the newest first.
pub async fn show_all(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let lang = visit.lang;
    let most = i64::try_from(SHOWN).unwrap_or(i64::MAX);
    let mut reports = db::list(&pool, false, visit.number("before")?, most.saturating_add(1)).await?;
    let has_more = reports.len() > SHOWN;
    reports.truncate(SHOWN);
    let more = reports.last().filter(|_| has_more).map(|last| format!("{}?before={}", LIST.pattern(lang), last.id));
    show(&ListPage {
        page: visit.page(lang.t("saved-title"), LIST),
        reports,
        more,
        ended: db::list(&pool, true, None, most).await?,
        now: catalogue.clock().now(),
    })
}

impl ListPage {
    fn new_report(&self) -> &'static str {
        NEW.pattern(self.page.lang)
    }

    fn address(&self, saved: &Saved) -> String {
        ONE.with(self.page.lang, &saved.id.to_string())
    }

    fn what(&self, saved: &Saved) -> String {
        saved.definition.source.title(self.page.lang).into_owned()
    }

    fn period(&self, saved: &Saved) -> String {
        saved.definition.period.in_words(saved.definition.source, self.page.lang)
    }

    fn filters(&self, saved: &Saved) -> String {
        filters::in_words(saved.definition.source, &saved.definition.filters, self.page.lang)
    }

    fn columns(&self, saved: &Saved) -> String {
        let lang = self.page.lang;
        match saved.definition.columns.len() {
            0 => lang.t("saved-all-columns").into_owned(),
            count => lang.n("saved-columns-count", count),
        }
    }

    fn language(&self, saved: &Saved) -> String {
        language(saved.definition.lang, self.page.lang)
    }

    fn next(&self, saved: &Saved) -> Option<String> {
        saved.next(self.now).map(|month| month.to_string())
    }
}
