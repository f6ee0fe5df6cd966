//! Renewals decided for one line or several in one act: renewed, dropped, or not yet known.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use sqlx::PgPool;

use crate::catalogue::badges::renewal_badge;
use crate::catalogue::query::Query;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::line::Line;
use crate::catalogue::store::db;
use crate::catalogue::store::record::ImageRecord;
use crate::catalogue::store::write;
use crate::catalogue::{Catalogue, Status};
use crate::changes::ChangeView;
use crate::changes::record::{Act, Kind};
use crate::editing::RENEWALS;
use crate::fields::LineFields;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction, Opened};
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::problems::Problems;

/// Lines that the page shows at most, and that one act may decide.
const MOST_LINES: usize = 500;
/// A longer term than this is refused, in months.
const LONGEST_TERM: i32 = 120;

/// The choices: each value and its words.
const DECISIONS: [(&str, &str); 3] =
    [("renew", "renewals-renew"), ("drop", "renewals-drop"), ("unknown", "renewals-unknown")];

/// What was decided about a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Renew { date: NaiveDate, months: Option<i32> },
    Drop,
    Unknown { owed_by: String },
}

impl Decision {
    /// Writes the decision into a line.
    fn put(&self, line: &mut LineFields) {
        match self {
            Decision::Renew { date, months } => {
                (line.renewal_date, line.term_months, line.owed_by) = (Some(*date), *months, None);
            }
            Decision::Drop => line.status = Status::Retired,
            Decision::Unknown { owed_by } => {
                (line.renewal_date, line.term_months, line.owed_by) = (None, None, Some(owed_by.clone()));
            }
        }
    }
}

#[derive(Template)]
#[template(path = "editing/renewals.html")]
struct RenewalsPage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    lines: Vec<&'s Line>,
    more: bool,
    search: String,
    draft: Draft,
    others: Vec<ChangeView>,
    preview: Option<Vec<ChangeView>>,
}

/// The procured lines, the most pressing first, and the form that decides.
pub(super) async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let form_token = FormToken::new(&mut *pool.acquire().await?).await?;
    Outcome::Shown.draw(&page(&snapshot, &visit, Draft::new(Form::default(), form_token)))
}

fn page<'s>(snapshot: &'s Snapshot, visit: &Visit, draft: Draft) -> RenewalsPage<'s> {
    let (lang, form) = (visit.lang, &draft.form);
    let search = form.given("q").or_else(|| visit.parameter("q")).unwrap_or_default();
    let image = visit.parameter("image").and_then(|slug| Some(snapshot.linked(&slug)?.id));
    let query = Query { search: search.clone(), status: vec![Status::Procured], ..Query::default() };
    let selection = snapshot.select(&query);
    let of_image = |line: &&Line| image.is_none_or(|id| snapshot.image_of(line).id == id);
    let found = selection.rows(&query, lang).filter(of_image).take(MOST_LINES);
    // What was chosen stays on the page, whatever is looked for next.
    let chosen: Vec<i64> = form.all("line").filter_map(|id| id.parse().ok()).collect();
    let is_held = |line: &&Line| line.status == Status::Procured && chosen.contains(&line.id);
    let mut lines: Vec<&Line> =
        if chosen.is_empty() { Vec::new() } else { snapshot.lines().filter(is_held).take(MOST_LINES).collect() };
    lines.extend(found.filter(|line| !chosen.contains(&line.id)));
    RenewalsPage {
        page: visit.page(lang.t("renewals-title"), RENEWALS).dated(snapshot.version.changed_at, None),
        more: image.is_none() && selection.total > MOST_LINES,
        snapshot,
        lines,
        search,
        draft,
        others: Vec::new(),
        preview: None,
    }
}

/// What was decided.
pub(super) async fn decide(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let (snapshot, lang) = (catalogue.now(), visit.lang);
    let Opened { person, mut draft, mut work } = CatalogueTransaction::open(&pool, &visit, form).await?;
    if draft.act() == "search" {
        return Outcome::Shown.draw(&page(&snapshot, &visit, draft));
    }
    let (lines, decision, problems) = read(&draft.form, snapshot.today, lang);
    draft.problems = problems;
    let Some(decision) = decision.filter(|_| draft.is_to_be_checked()) else {
        let outcome = draft.outcome(false, false)?.ok_or(Error::BadForm)?;
        return outcome.draw(&page(&snapshot, &visit, draft));
    };
    let images = db::images_of_lines(&mut work.transaction, &lines).await?;
    let (then, now) = work.base_and_current(&images, draft.token.base_revision).await?;
    let moved: Vec<i64> = images.into_iter().filter(|id| differ(&then, &now, *id, &lines)).collect();
    let is_stale = !moved.is_empty() || !all_procured(&now, &lines);
    let after = decided(&now, &lines, &decision);
    let changes = write::changes(&now, &after)?;
    if !is_stale {
        draft.refuse_unchanged(changes.is_empty(), "line", lang);
        if let Some(later) = later_date(&now, &lines, &decision).filter(|_| draft.reason().is_empty()) {
            draft.problems.add("reason", lang.named("renewals-backwards", later.to_string()));
        }
    }
    if let Some(outcome) = draft.outcome(is_stale, false)? {
        let mut page = page(&snapshot, &visit, draft);
        match outcome {
            Outcome::Stale => {
                let base = page.draft.token.base_revision;
                (page.others, page.draft.token) = work.meanwhile(&moved, base, lang).await?;
            }
            Outcome::Shown => page.preview = Some(transaction::preview_changes(&snapshot, &after, &changes, lang)),
            Outcome::Invalid | Outcome::Forbidden => {}
        }
        return outcome.draw(&page);
    }
    let reason = draft.reason();
    let act = Act::by(&person, Kind::Renewal, &reason, &draft.token.nonce, catalogue.clock().now());
    let written = work.write(&catalogue, &act, &now, after).await?;
    Ok(transaction::redirect_to_change(written.ok_or(Error::BadForm)?, lang))
}

/// The chosen lines, the decision, and what is wrong with either.
pub fn read(form: &Form, today: NaiveDate, lang: Lang) -> (Vec<i64>, Option<Decision>, Problems) {
    let mut problems = Problems::default();
    let mut lines: Vec<i64> = form.all("line").filter_map(|id| id.parse().ok()).collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.is_empty() || lines.len() > MOST_LINES {
        problems.add("line", lang.n("renewals-lines-missing", MOST_LINES));
    }
    let date = problems.day(form, "date", &lang.t("renewals-date-wrong"));
    let decision = match form.text("decision") {
        "renew" => renewed(form, date, today, lang, &mut problems),
        "drop" => {
            if form.given("reason").is_none() {
                problems.add("reason", lang.t("edit-reason-missing"));
            }
            Some(Decision::Drop)
        }
        "unknown" => {
            let owed_by = form.given("owed-by").filter(|text| text.chars().count() <= 200);
            if owed_by.is_none() {
                problems.add("owed-by", lang.t("renewals-owed-by-missing"));
            }
            owed_by.map(|owed_by| Decision::Unknown { owed_by })
        }
        _ => {
            problems.add("decision", lang.t("renewals-decision-missing"));
            None
        }
    };
    (lines, decision, problems)
}

fn renewed(
    form: &Form,
    given: Option<NaiveDate>,
    today: NaiveDate,
    lang: Lang,
    problems: &mut Problems,
) -> Option<Decision> {
    let date = given.filter(|date| *date >= today && *date < today + chrono::Days::new(366 * 20));
    if date.is_none() && problems.of("date").is_none() {
        problems.add("date", lang.t("renewals-date-wrong"));
    }
    let months =
        form.given("months").map(|months| months.parse().ok().filter(|months| (1..=LONGEST_TERM).contains(months)));
    if months == Some(None) {
        problems.add("months", lang.t("renewals-months-wrong"));
    }
    Some(Decision::Renew { date: date?, months: months.flatten() })
}

/// The latest date of the chosen lines that a renewal would bring forward: it may be a slip, or correct one.
pub fn later_date(now: &[ImageRecord], lines: &[i64], decision: &Decision) -> Option<NaiveDate> {
    let Decision::Renew { date: renewed, .. } = decision else { return None };
    let chosen = now.iter().flat_map(|image_record| &image_record.lines).filter(|line| lines.contains(&line.id));
    chosen.filter_map(|line| line.fields.renewal_date).filter(|date| date > renewed).max()
}

/// Whether one of the chosen lines of an image is not what it was.
fn differ(then: &[ImageRecord], now: &[ImageRecord], image: i64, lines: &[i64]) -> bool {
    let chosen = |image_records: &[ImageRecord]| {
        let image_record = image_records.iter().find(|image_record| image_record.id == image);
        let of_sheet =
            image_record.map(|image_record| image_record.lines.iter().filter(|line| lines.contains(&line.id)).cloned());
        of_sheet.map(Iterator::collect::<Vec<_>>)
    };
    chosen(then) != chosen(now)
}

/// Whether every chosen line is there and procured.
pub fn all_procured(now: &[ImageRecord], lines: &[i64]) -> bool {
    let held =
        now.iter().flat_map(|image_record| &image_record.lines).filter(|line| line.fields.status == Status::Procured);
    let held: std::collections::HashSet<i64> = held.map(|line| line.id).collect();
    lines.iter().all(|line| held.contains(line))
}

/// The images as they are to be.
pub fn decided(now: &[ImageRecord], lines: &[i64], decision: &Decision) -> Vec<ImageRecord> {
    let mut after = now.to_vec();
    for line in
        after.iter_mut().flat_map(|image_record| &mut image_record.lines).filter(|line| lines.contains(&line.id))
    {
        decision.put(&mut line.fields);
    }
    after
}

impl RenewalsPage<'_> {
    fn is_chosen(&self, line: &&Line) -> bool {
        self.draft.is_typed("line", &line.id.to_string())
    }

    fn renewal(&self, line: &&Line) -> Option<(&'static str, String)> {
        renewal_badge(line, self.snapshot, self.page.lang)
    }
}
