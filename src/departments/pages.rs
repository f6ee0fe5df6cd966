//! The list of departments, and one department: what it holds and what it wants.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{LIST, ONE};
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::{self, Catalogue, Snapshot, Status};
use crate::changes;
use crate::i18n::Lang;
use crate::organisations::Organisation;
use crate::text::key;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::path::Path;

/// At most so many lines are shown of one department; the list has the rest.
const MOST_LINES: usize = 200;

#[derive(Template)]
#[template(path = "departments/list.html")]
struct ListPage<'s> {
    page: Page,
    /// Those with lines in the catalogue, then the others.
    active: Vec<Entry<'s>>,
    others: Vec<Entry<'s>>,
    /// How many count elsewhere, where a part counts with its whole.
    counted: usize,
}

/// A department, what it has in the catalogue, and the organisations that are part of it.
struct Entry<'s> {
    organisation: &'s Organisation,
    address: String,
    held: usize,
    wanted: usize,
    parts: Vec<Entry<'s>>,
}

/// All departments: each under the one that it is part of.
pub async fn list(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let lang = visit.lang;
    let mut tops: Vec<Entry> = snapshot
        .organisations
        .all()
        .iter()
        .filter(|organisation| organisation.parent_id.is_none())
        .map(|organisation| entry(&snapshot, organisation, lang))
        .collect();
    sort(&mut tops, lang);
    let (active, others) = tops.into_iter().partition(Entry::is_active);
    let page = visit.page(lang.t("departments-title"), LIST).dated(snapshot.version.changed_at, catalogue.away_since());
    show(&ListPage { page, active, others, counted: snapshot.departments_counted() })
}

fn entry<'s>(snapshot: &'s Snapshot, organisation: &'s Organisation, lang: Lang) -> Entry<'s> {
    let mut parts: Vec<Entry> =
        snapshot.organisations.parts(organisation.id).map(|part| entry(snapshot, part, lang)).collect();
    sort(&mut parts, lang);
    let (held, wanted) = counts(snapshot, organisation);
    Entry { organisation, address: ONE.with(lang, organisation.acronym(lang)), held, wanted, parts }
}

fn sort(entries: &mut [Entry], lang: Lang) {
    entries.sort_by_cached_key(|entry| key(entry.organisation.name(lang)));
}

/// How many images an organisation holds and wants.
fn counts(snapshot: &Snapshot, organisation: &Organisation) -> (usize, usize) {
    let place = snapshot.organisations.place(organisation.id);
    let lines = place.into_iter().flat_map(|place| snapshot.lines_of_organisation(place));
    lines.fold((0, 0), |(held, wanted), line| match line.status {
        Status::Procured => (held + 1, wanted),
        Status::UnderConsideration => (held, wanted + 1),
        Status::Declined | Status::Retired => (held, wanted),
    })
}

impl Entry<'_> {
    fn is_active(&self) -> bool {
        self.held + self.wanted > 0 || self.parts.iter().any(Entry::is_active)
    }
}

#[derive(Template)]
#[template(path = "departments/one.html")]
struct OnePage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    organisation: &'s Organisation,
    parent: Option<(&'s Organisation, String)>,
    parts: Vec<Entry<'s>>,
    held: Vec<&'s Line>,
    wanted: Vec<&'s Line>,
    /// The same lines in the list, where they can be filtered, sorted and downloaded.
    all: String,
    more: bool,
}

/// One department, at its acronym in either language or any spelling that files use.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    Path(spelling): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let lang = visit.lang;
    let place = snapshot.organisations.find(&spelling, lang).ok_or(Error::NotFound)?;
    let organisation = snapshot.organisations.at(place);
    let mut lines: Vec<&Line> = snapshot.lines_of_organisation(place).collect();
    lines.sort_by_cached_key(|line| {
        let date = line.renewal().last_date();
        (date.is_none(), date, key(snapshot.name(line)))
    });
    let having = |status: Status| {
        lines.iter().copied().filter(|line| line.status == status).take(MOST_LINES).collect::<Vec<_>>()
    };
    let parent = organisation.parent_id.and_then(|id| snapshot.organisations.place(id)).map(|place| {
        let parent = snapshot.organisations.at(place);
        (parent, ONE.with(lang, parent.acronym(lang)))
    });
    let mut parts: Vec<Entry> =
        snapshot.organisations.parts(organisation.id).map(|part| entry(&snapshot, part, lang)).collect();
    sort(&mut parts, lang);
    let (held, wanted) = (having(Status::Procured), having(Status::UnderConsideration));
    let query = catalogue::query::Query {
        department: vec![organisation.acronym_en.clone()],
        ..catalogue::query::Query::default()
    };
    let page = visit
        .page_of(organisation.name(lang), ONE, |lang| organisation.acronym(lang).to_owned())
        .below(lang.t("departments-title"), LIST.pattern(lang))
        .dated(snapshot.version.changed_at, catalogue.away_since())
        .with_feed(changes::feed_of("department", organisation.acronym(lang), lang))
        .with_calendar(crate::images::calendar_of(organisation.acronym(lang), lang));
    show(&OnePage {
        page,
        organisation,
        parent,
        parts,
        more: held.len() + wanted.len() < lines.len(),
        held,
        wanted,
        all: query.address(crate::images::LIST.pattern(lang)),
        snapshot: &snapshot,
    })
}

impl OnePage<'_> {
    fn follow_address(&self) -> String {
        let acronym = self.organisation.acronym(self.page.lang);
        format!("{}?department={}", self.page.links().follow.pattern(self.page.lang), encode(acronym))
    }

    fn image_address(&self, line: &&Line) -> String {
        catalogue::address::IMAGE.with(self.page.lang, &self.snapshot.image_of(line).slug)
    }

    fn renewal(&self, line: &&Line) -> Option<(&'static str, String)> {
        catalogue::badges::renewal_badge(line, self.snapshot, self.page.lang)
    }
}
