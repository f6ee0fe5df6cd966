//! The home page in each language, and the way to it from `/`.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::{IntoResponse, Redirect, Response};

use super::HOME;
use crate::catalogue::badges::renewal_badge;
use crate::catalogue::query::Query;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::verdict::Verdict;
use crate::catalogue::{self, Catalogue, Snapshot, Status};
use crate::licences::RenewalState;
use crate::web::error::Error;
use crate::web::language::preferred;
use crate::web::page::{Page, Visit, show};
use crate::{changes, departments, guidance};

/// Renewals shown on the page; the list has all.
const MOST_RENEWALS: usize = 20;

#[derive(Template)]
#[template(path = "home/splash.html")]
struct Splash {
    page: Page,
}

/// To the visitor's language, or the choice of one.
pub async fn root(headers: HeaderMap, visit: Visit) -> Result<Response, Error> {
    let response = match preferred(&headers) {
        Some(lang) => Redirect::to(HOME.pattern(lang)).into_response(),
        None => show(&Splash { page: visit.page(visit.lang.t("site-title"), HOME) })?,
    };
    Ok(([(VARY, "Cookie, Accept-Language")], response).into_response())
}

#[derive(Template)]
#[template(path = "home/home.html")]
struct HomePage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    procured: usize,
    under_consideration: usize,
    departments: usize,
    passed: usize,
    /// Procured, and the date is past or near: the soonest first.
    renewals: Vec<&'s Line>,
    more_renewals: bool,
    procured_list: String,
    considered_list: String,
    renewals_list: String,
}

/// What is here, what needs attention, ways in.
pub async fn home(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let lang = visit.lang;
    let list = |query: Query| query.address(crate::images::LIST.pattern(lang));
    let having = |status: Status| Query { status: vec![status], ..Query::default() };
    let pressing = Query { renewal: vec![RenewalState::Passed, RenewalState::Soon], ..having(Status::Procured) };
    let selection = snapshot.select(&pressing);
    let renewals: Vec<&Line> = selection.rows(&pressing, lang).take(MOST_RENEWALS).collect();
    let passed = Query { renewal: vec![RenewalState::Passed], ..having(Status::Procured) };
    let page = visit
        .page(lang.t("site-title"), HOME)
        .dated(snapshot.version.changed_at, catalogue.away_since())
        .with_calendar(crate::images::CALENDAR.pattern(lang));
    show(&HomePage {
        page,
        procured: snapshot.images_standing(Status::Procured),
        under_consideration: snapshot.images_standing(Status::UnderConsideration),
        departments: snapshot.departments_counted(),
        passed: snapshot.select(&passed).total,
        more_renewals: selection.total > renewals.len(),
        renewals,
        procured_list: list(having(Status::Procured)),
        considered_list: list(having(Status::UnderConsideration)),
        renewals_list: list(pressing),
        snapshot: &snapshot,
    })
}

impl HomePage<'_> {
    fn address(&self, line: &&Line) -> String {
        catalogue::address::IMAGE.with(self.page.lang, &self.snapshot.image_of(line).slug)
    }

    fn renewal(&self, line: &&Line) -> Option<(&'static str, String)> {
        renewal_badge(line, self.snapshot, self.page.lang)
    }

    fn answer(&self, line: &&Line) -> Verdict {
        Verdict::of(self.snapshot, self.snapshot.image_of(line))
    }

    fn overdue(&self, line: &&Line) -> Option<String> {
        line.renewal().overdue(self.snapshot.today, self.page.lang)
    }

    fn ways(&self) -> [(&'static str, &'static str, String); 7] {
        let at = |route: crate::web::routes::Route| route.pattern(self.page.lang).to_owned();
        [
            ("way-images", "way-images-lead", at(crate::images::LIST)),
            ("way-using", "way-using-lead", at(guidance::USING_IMAGES)),
            ("way-ask", "way-ask-lead", self.page.ask_for("")),
            ("way-departments", "way-departments-lead", at(departments::LIST)),
            ("way-demand", "way-demand-lead", at(crate::demand::DEMAND)),
            ("way-procurement", "way-procurement-lead", at(guidance::PROCUREMENT)),
            ("way-changes", "way-changes-lead", at(changes::LIST)),
        ]
    }
}
