//! The list: search, filters with counts, order, pages, and downloads of exactly this view.

use askama::Template;
use askama::filters::Safe;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::catalogue::badges::{Badge, badge};
use crate::catalogue::query::asked;
use crate::catalogue::query::{PER_PAGE, Query};
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::snapshot::order::Column;
use crate::catalogue::snapshot::view::respelled;
use crate::catalogue::verdict::Usable;
use crate::catalogue::{Catalogue, Status};
use crate::i18n::{Lang, Word, escaped};
use crate::images::narrowing::{Chip, Group, chips, groups};
use crate::images::{CALENDAR, CSV, JSON, LIST, MARKDOWN, XLSX};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show};
use crate::web::pager::Pager;

#[derive(Template)]
#[template(path = "images/list.html")]
struct ListPage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    query: Query,
    /// The past day that is shown.
    past: Option<NaiveDate>,
    /// The last day that can be asked for.
    today: NaiveDate,
    groups: Vec<Group<'s>>,
    /// The names of the statuses.
    statuses: [Safe<String>; 4],
    /// Whether an image can be used today, in words.
    answers: [Safe<String>; 4],
    /// What the rows' renewal dates are and mean, each once.
    renewals: FxHashMap<(NaiveDate, bool), Renewal>,
    chips: Vec<Chip>,
    respelled: Vec<String>,
    headings: Vec<Heading>,
    rows: Vec<&'s Line>,
    first: usize,
    last: usize,
    total: usize,
    of: usize,
    pager: Pager,
    downloads: [(&'static str, String); 4],
    ask: String,
}

/// A renewal date as it is written, and what it means today for a procured line.
struct Renewal {
    day: String,
    badge: Option<Badge>,
}

/// A column's heading: words, the address of the view sorted by it, and how it is sorted now.
struct Heading {
    words: &'static str,
    address: String,
    sorted: Option<bool>,
}

/// The list as its address asks for it.
pub async fn list(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let query = asked(&visit)?;
    let snapshot = catalogue.as_at(query.as_at).await?;
    let selection = snapshot.select(&query);
    let lang = visit.lang;
    let path = LIST.pattern(lang);
    let pager = Pager::new(query.page, query.per_page, selection.total, |page| query.on_page(page).address(path));
    let first = (pager.page - 1) * query.per_page;
    let rows: Vec<&Line> = selection.rows(&query, lang).skip(first).take(query.per_page).collect();
    let page = visit
        .page(lang.t("list-title"), LIST)
        .dated(snapshot.version.changed_at, catalogue.away_since())
        .with_calendar(calendar_of_view(&snapshot, &query, lang));
    show(&ListPage {
        page,
        snapshot: &snapshot,
        past: query.as_at.filter(|day| *day == snapshot.today && *day != catalogue.now().today),
        today: catalogue.now().today,
        groups: groups(&snapshot, &selection, lang),
        statuses: Status::ALL.map(|status| escaped(&status.label(lang))),
        answers: Usable::all_today(lang),
        renewals: renewals(&rows, snapshot.today, lang),
        chips: chips(&snapshot, &query, lang),
        respelled: respelled(&selection, lang),
        headings: headings(&query, lang),
        first: first + 1,
        last: first + rows.len(),
        rows,
        total: selection.total,
        of: snapshot.count_lines(),
        pager,
        downloads: downloads(&query, lang),
        ask: visit.shell.links.ask_for(&query.search, lang),
        query,
    })
}

/// The calendar of the departments that a view chooses, or of all.
fn calendar_of_view(snapshot: &Snapshot, query: &Query, lang: Lang) -> String {
    let is_known = |spelling: &&String| snapshot.organisations.find(spelling, lang).is_some();
    let department: Vec<String> = query.department.iter().filter(is_known).cloned().collect();
    Query { department, ..Query::default() }.address(CALENDAR.pattern(lang))
}

fn headings(query: &Query, lang: Lang) -> Vec<Heading> {
    Column::ALL
        .into_iter()
        .map(|column| {
            let sorted = (query.sort == Some(column)).then_some(query.descending);
            let address = query.sorted(Some(column), sorted == Some(false)).address(LIST.pattern(lang));
            Heading { words: column.words(), address, sorted }
        })
        .collect()
}

/// The addresses of the same rows as files. A French spreadsheet takes semicolons.
fn downloads(query: &Query, lang: Lang) -> [(&'static str, String); 4] {
    let all = Query { page: 1, per_page: PER_PAGE, ..query.clone() };
    let mut csv = all.address(CSV.pattern(lang));
    csv.push(if csv.contains('?') { '&' } else { '?' });
    csv.push_str(lang.of("bom=1", "bom=1&separator=semicolon"));
    [
        ("CSV", csv),
        ("XLSX", all.address(XLSX.pattern(lang))),
        ("JSON", all.address(JSON.pattern(lang))),
        ("Markdown", all.address(MARKDOWN.pattern(lang))),
    ]
}

impl ListPage<'_> {
    fn today(&self) -> NaiveDate {
        self.today
    }

    /// Where managers save this view.
    fn saving(&self) -> Option<String> {
        let whole = Query { page: 1, per_page: PER_PAGE, ..self.query.clone() };
        self.page.saving("images", "images", &whole.parameters())
    }

    /// The same view of today's catalogue.
    fn now(&self) -> String {
        Query { as_at: None, ..self.query.clone() }.address(&self.page.here)
    }

    /// A line's renewal date, and the badge that says what it means today where it is procured.
    fn renewal(&self, line: &&Line) -> Option<(&str, Option<&Badge>)> {
        let renewal = self.renewals.get(&(line.renewal().last_date()?, line.renewal_date.is_some()))?;
        Some((&renewal.day, renewal.badge.as_ref().filter(|_| line.status == Status::Procured)))
    }

    /// The name of a line's status.
    fn status(&self, line: &&Line) -> &Safe<String> {
        &self.statuses[line.status as usize]
    }

    /// The class of the badge of a line's status.
    fn badge(&self, line: &&Line) -> &'static str {
        self.snapshot.badge_of(self.snapshot.image_of(line), line.status)
    }

    /// Whether a line's image can be used today.
    fn answer(&self, line: &&Line) -> &Safe<String> {
        &self.answers[Usable::of(self.snapshot, self.snapshot.image_of(line)) as usize]
    }

    /// Whether a line only wants what another line has procured already.
    fn procured_elsewhere(&self, line: &&Line) -> bool {
        line.status != Status::Procured && self.snapshot.image_of(line).status == Status::Procured
    }
}

/// The renewal dates of rows, known or last known: many rows share few.
fn renewals(rows: &[&Line], today: NaiveDate, lang: Lang) -> FxHashMap<(NaiveDate, bool), Renewal> {
    let mut renewals = FxHashMap::default();
    for line in rows {
        let Some(date) = line.renewal().last_date() else { continue };
        renewals
            .entry((date, line.renewal_date.is_some()))
            .or_insert_with(|| Renewal { day: date.to_string(), badge: badge(line.renewal(), today, lang) });
    }
    renewals
}

impl ListPage<'_> {
    /// The page sizes that the form offers: the usual ones and the one in use.
    fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![25, PER_PAGE, 100, 250, self.query.per_page];
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// `4 of 47 rows`, or how many there are where nothing narrows the list.
    fn count(&self) -> String {
        let numbers = [("n", Word::Number(self.total)), ("of", Word::Number(self.of))];
        self.page.lang.tell(if self.query.is_filtered() { "list-count-of" } else { "list-count" }, &numbers)
    }

    /// How the rows are ordered, in words.
    fn order(&self) -> String {
        let lang = self.page.lang;
        match self.headings.iter().find_map(|heading| Some((heading.words, heading.sorted?))) {
            Some((words, descending)) => {
                lang.named(if descending { "order-descending" } else { "order-ascending" }, lang.t(words))
            }
            None if self.query.search.is_empty() => lang.t("order-usual").into_owned(),
            None => lang.t("order-search").into_owned(),
        }
    }

    fn caption(&self) -> String {
        let numbers =
            [("first", Word::Number(self.first)), ("last", Word::Number(self.last)), ("n", Word::Number(self.total))];
        self.page.lang.tell("list-caption", &numbers)
    }
}
