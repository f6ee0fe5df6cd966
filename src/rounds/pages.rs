//! The rounds for everyone: their list, and one with how far it is or what it came to.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use sqlx::PgPool;

use super::db::{self, Round};
use super::{ANNEX, ANNEX_JSON, ANNEX_MARKDOWN, ANNEX_XLSX, CONFIRM, LIST, ONE, OUTCOME, STAFF_LIST, STAFF_ONE};
use crate::catalogue::{self, Catalogue, Snapshot};
use crate::i18n::{Lang, Word};
use crate::rounds::db::{Decided, Tallied};
use crate::rounds::tally::{RoundStatus, settle};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;
use crate::web::routes::Route;
use crate::web::table::links;
use crate::web::visitor::Role;

/// Rounds on one page.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "rounds/list.html")]
struct ListPage {
    page: Page,
    rounds: Vec<Round>,
    today: NaiveDate,
    is_staff: bool,
    next: Option<String>,
}

/// The rounds, the newest first.
pub async fn list(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    show_list(&catalogue, &pool, &visit, LIST).await
}

/// The same for staff, who open and change them.
pub async fn staff_list(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    show_list(&catalogue, &pool, &visit, STAFF_LIST).await
}

async fn show_list(catalogue: &Catalogue, pool: &PgPool, visit: &Visit, route: Route) -> Result<Response, Error> {
    settle(pool, catalogue).await;
    let before = visit.number("before")?.unwrap_or(i64::MAX);
    let mut rounds = db::list(pool, before, i64::try_from(SHOWN + 1).unwrap_or(i64::MAX)).await?;
    let more = rounds.len() > SHOWN;
    rounds.truncate(SHOWN);
    let next = rounds.last().filter(|_| more);
    let next = next.map(|last| format!("{}?before={}", route.pattern(visit.lang), last.id));
    let page = visit.page(visit.lang.t("rounds-title"), route);
    show(&ListPage { page, rounds, today: catalogue.clock().today(), is_staff: route == STAFF_LIST, next })
}

impl ListPage {
    fn address(&self, round: &Round) -> String {
        (if self.is_staff { STAFF_ONE } else { ONE }).with(self.page.lang, &round.id.to_string())
    }

    fn new_round(&self) -> String {
        STAFF_ONE.with(self.page.lang, "new")
    }

    fn staff(&self) -> &'static str {
        STAFF_LIST.pattern(self.page.lang)
    }

    fn state(&self, round: &Round) -> (&'static str, &'static str) {
        state(round, self.today)
    }
}

/// The class of the badge that says whether a round is open, and the key of its word.
pub fn state(round: &Round, today: NaiveDate) -> (&'static str, &'static str) {
    if round.is_open(today) { ("badge-ok", "round-open") } else { ("badge-off", "round-closed") }
}

#[derive(Template)]
#[template(path = "rounds/one.html")]
struct OnePage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    status: RoundStatus,
    today: NaiveDate,
    /// Whether the visitor has just confirmed.
    is_confirmed: bool,
}

/// One round.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let status = RoundStatus::read(&mut *pool.acquire().await?, &snapshot.organisations, id).await?;
    let page = visit
        .page_of(status.round.title(lang), ONE, |_| id.to_string())
        .below(lang.t("rounds-title"), LIST.pattern(lang));
    let is_confirmed = visit.parameter("confirmed").is_some();
    show(&OnePage { page, status, today: catalogue.clock().today(), is_confirmed, snapshot: &snapshot })
}

impl OnePage<'_> {
    fn at(&self, route: Route) -> String {
        route.with(self.page.lang, &self.status.round.id.to_string())
    }

    fn confirm(&self) -> String {
        self.at(CONFIRM)
    }

    fn manage(&self) -> String {
        self.at(STAFF_ONE)
    }

    fn outcome_form(&self) -> String {
        self.at(OUTCOME)
    }

    /// The annex as files: what each is called, and its address.
    fn annex(&self) -> Vec<(&'static str, String)> {
        links(self.page.lang, [ANNEX, ANNEX_XLSX, ANNEX_JSON, ANNEX_MARKDOWN].map(|route| self.at(route)))
    }

    fn state(&self) -> (&'static str, &'static str) {
        state(&self.status.round, self.today)
    }

    fn is_open(&self) -> bool {
        self.status.round.is_open(self.today)
    }

    fn lead(&self) -> String {
        let round = &self.status.round;
        let (day, threshold) = (round.closes_on.to_string(), usize::try_from(round.threshold).unwrap_or_default());
        let words = [("day", Word::Text(&day)), ("n", Word::Number(threshold))];
        self.page.lang.tell(if self.is_open() { "round-lead-open" } else { "round-lead-closed" }, &words)
    }

    /// The image's page, as long as there is one.
    fn image(&self, image: &Tallied) -> Option<String> {
        let known = self.snapshot.image(image.id)?;
        Some(catalogue::address::IMAGE.with(self.page.lang, &known.slug))
    }

    fn who(&self, image: &Tallied) -> String {
        who(image, self.page.lang)
    }

    fn decision(&self, image: &Tallied) -> Option<Decided> {
        self.status.decision(image)
    }

    fn outcome_words(&self) -> Option<&str> {
        let outcome = self.status.outcome.as_ref()?;
        Some(self.page.lang.of(&outcome.words_en, &outcome.words_fr))
    }
}

/// Acronyms of those that may be named, and how many others there are.
pub fn who(image: &Tallied, lang: Lang) -> String {
    let named: Vec<String> = image.named.iter().map(|one| one.acronym(lang)).collect();
    let named = named.join(", ");
    match (named.is_empty(), image.unnamed) {
        (_, 0) => named,
        (true, unnamed) => lang.n("round-only-unnamed", unnamed),
        (false, unnamed) => {
            lang.tell("round-and-unnamed", &[("name", Word::Text(&named)), ("n", Word::Number(unnamed))])
        }
    }
}
