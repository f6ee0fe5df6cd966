//! What a file that was brought in would change, row by row, and the rows that are accepted as one act.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use sqlx::PgPool;

use super::save::{self, Seal};
use super::{IMPORT, VERDICTS, upload};
use crate::catalogue::Catalogue;
use crate::catalogue::import::db::{self, Upload};
use crate::catalogue::import::{self, Chosen, Refusal, Report, Request, Row, Seen, Verdict};
use crate::changes::Told;
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show_as};
use crate::web::pager::{Pager, Step};
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// Rows shown on one page, and rows of the catalogue named that the file does not have.
const SHOWN: usize = 500;

#[derive(Template)]
#[template(path = "import/verdicts.html")]
struct VerdictsPage {
    page: Page,
    form: Form,
    seal: Seal,
    problems: Problems,
    /// How many rows are new, changed, the same and missing.
    summary: String,
    remarks: Vec<String>,
    rows: Vec<ShownRow>,
    /// The mark of the rows that the page does not show.
    others: u64,
    missing: Vec<(String, String)>,
    /// Rows of the catalogue that the file does not have and that are not named.
    missing_more: usize,
    total: usize,
    pager: Pager,
    /// The catalogue changed since the verdicts were seen.
    moved: bool,
    today: NaiveDate,
}

/// A row of the file that changes something.
struct ShownRow {
    line: usize,
    mark: u64,
    told: Told,
    chosen: bool,
}

/// What a page is made of, besides the file.
struct Asked<'v> {
    visit: &'v Visit,
    id: i64,
    form: Form,
    seal: Seal,
}

/// The verdicts on an uploaded file.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Error> {
    let (person, id, file) = find(&pool, &id, &visit).await?;
    drop(person);
    let seal = Seal::new(&mut *pool.acquire().await?).await?;
    let asked = Asked { visit: &visit, id, form: Form::default(), seal };
    asked.answer(&catalogue, &pool, &file, StatusCode::OK, Problems::default()).await
}

/// Writes the rows that were chosen.
pub async fn accept(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let (person, id, file) = find(&pool, &id, &visit).await?;
    let mut seal = Seal::of(&form)?;
    let mut problems = Problems::default();
    if form.act() == "edit" {
        let asked = Asked { visit: &visit, id, form, seal };
        return asked.answer(&catalogue, &pool, &file, StatusCode::OK, problems).await;
    }
    let as_of = read_day(&form, catalogue.clock().today(), visit.lang, &mut problems);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if problems.is_empty() {
        let reason = form.given("reason").unwrap_or_default();
        let chosen = chosen(&form, &person, &seal)?;
        let request = Request {
            bytes: &file.bytes,
            file_name: &file.file_name,
            reason: &reason,
            actor: &person.name,
            as_of,
            chosen: Some(&chosen),
            ..Request::default()
        };
        match import::import(&pool, catalogue.clock(), &request, |_, _| {}).await {
            Ok(Report { change_set: Some(written), .. }) => {
                catalogue.show().await;
                return Ok(save::done(written, visit.lang));
            }
            Ok(_) => problems.add("rows", visit.lang.t("verdicts-nothing")),
            Err(Refusal::Moved) => {
                (status, seal.key) = (StatusCode::CONFLICT, save::new_key());
            }
            Err(refusal) => return refused(refusal, &visit, &file),
        }
    }
    let asked = Asked { visit: &visit, id, form, seal };
    asked.answer(&catalogue, &pool, &file, status, problems).await
}

/// Who asks, and the file, which only its own account finds.
async fn find(pool: &PgPool, id: &str, visit: &Visit) -> Result<(std::sync::Arc<Person>, i64, Upload), Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let file = db::upload(pool, id, person.account).await?.ok_or(Error::NotFound)?;
    Ok((person, id, file))
}

fn refused(refusal: Refusal, visit: &Visit, file: &Upload) -> Result<Response, Error> {
    match refusal {
        Refusal::Problems(problems) => upload::refuse(visit, &file.file_name, &problems),
        Refusal::Undone(undone) => Err(undone.into()),
        Refusal::Database(problem) => Err(problem.into()),
        other => Err(Error::Internal(other.into())),
    }
}

fn read_day(form: &Form, today: NaiveDate, lang: Lang, problems: &mut Problems) -> Option<NaiveDate> {
    let given = form.given("as-of")?;
    let day = clock::day(&given).filter(|day| *day <= today);
    if day.is_none() {
        problems.add("as-of", lang.t("verdicts-as-of-wrong"));
    }
    day
}

/// The rows that a form shows: each line of the file with its mark.
fn shown(form: &Form) -> Option<HashMap<usize, u64>> {
    let row = |text: &str| {
        let (line, mark) = text.split_once(':')?;
        Some((line.parse().ok()?, u64::from_str_radix(mark, 16).ok()?))
    };
    form.all("seen").map(row).collect()
}

fn checked(form: &Form) -> HashSet<usize> {
    form.all("row").filter_map(|line| line.parse().ok()).collect()
}

fn chosen<'f>(form: &Form, person: &Person, seal: &'f Seal) -> Result<Chosen<'f>, Error> {
    let shown = shown(form).ok_or(Error::BadForm)?;
    let others = u64::from_str_radix(form.text("others"), 16).map_err(|_| Error::BadForm)?;
    let checked = checked(form);
    let left_out = shown.keys().copied().filter(|line| !checked.contains(line)).collect();
    Ok(Chosen { account: person.account, form_key: &seal.key, left_out, seen: Seen { shown, others } })
}

impl Asked<'_> {
    /// The page of verdicts, as they are now.
    async fn answer(
        self,
        catalogue: &Catalogue,
        pool: &PgPool,
        file: &Upload,
        status: StatusCode,
        problems: Problems,
    ) -> Result<Response, Error> {
        let asked = usize::try_from(self.visit.number("page")?.unwrap_or(1)).unwrap_or(1).max(1);
        let from = asked.saturating_sub(1).saturating_mul(SHOWN);
        let places = from..from.saturating_add(SHOWN);
        let request = Request {
            bytes: &file.bytes,
            file_name: &file.file_name,
            dry_run: true,
            told: Some(&places),
            ..Request::default()
        };
        let report = match import::import(pool, catalogue.clock(), &request, |_, _| {}).await {
            Ok(report) => report,
            Err(refusal) => return refused(refusal, self.visit, file),
        };
        let moved = status == StatusCode::CONFLICT;
        let today = catalogue.clock().today();
        show_as(status, &self.page(file, report, asked, Words { problems, moved, today }))
    }

    fn page(self, file: &Upload, mut report: Report, asked: usize, words: Words) -> VerdictsPage {
        let lang = self.visit.lang;
        let part = self.id.to_string();
        let address = VERDICTS.with(lang, &part);
        let total = report.rows.len() - report.count(|verdict| matches!(verdict, Verdict::Same));
        let pager = Pager::new(asked, SHOWN, total, |page| format!("{address}?page={page}"));
        let rows = self.rows(&mut report);
        let lines = rows.iter().map(|row| row.line).collect();
        let department = |name: &String| lang.named("import-new-department", name);
        let remarks = report.remarks.iter().map(|remark| remark.in_words(lang));
        let missing_more = report.missing.len().saturating_sub(SHOWN);
        let title = lang.named("verdicts-title", &file.file_name);
        VerdictsPage {
            page: self
                .visit
                .page_of(title, VERDICTS, |_| part.clone())
                .below(lang.t("upload-title"), IMPORT.pattern(lang)),
            form: self.form,
            seal: self.seal,
            problems: words.problems,
            summary: summary(&report, lang),
            remarks: remarks.chain(report.new_departments.iter().map(department)).take(SHOWN).collect(),
            others: Seen::of(&report.rows, &lines).others,
            rows,
            missing: report.missing.into_iter().take(SHOWN).collect(),
            missing_more,
            total,
            pager,
            moved: words.moved,
            today: words.today,
        }
    }

    /// The rows of the page. A row that the form did not show is chosen.
    fn rows(&self, report: &mut Report) -> Vec<ShownRow> {
        let by_line: HashMap<usize, &Row> = report.rows.iter().map(|row| (row.line, row)).collect();
        let (before, checked) = (shown(&self.form).unwrap_or_default(), checked(&self.form));
        let row = |(line, change): (usize, _)| {
            let row = by_line.get(&line)?;
            let words = [("image", Word::Text(&row.name)), ("department", Word::Text(&row.department))];
            let subject = self.visit.lang.tell("verdicts-row", &words);
            Some(ShownRow {
                line,
                mark: row.mark,
                told: Told::ahead(&change, subject, self.visit.lang),
                chosen: !before.contains_key(&line) || checked.contains(&line),
            })
        };
        std::mem::take(&mut report.told).into_iter().filter_map(row).collect()
    }
}

/// What a page says besides the verdicts.
struct Words {
    problems: Problems,
    moved: bool,
    today: NaiveDate,
}

/// How many rows have which verdict, in one sentence.
fn summary(report: &Report, lang: Lang) -> String {
    let count = |verdict: fn(&Verdict) -> bool| Word::Number(report.count(verdict));
    lang.tell(
        "verdicts-summary",
        &[
            ("new", count(|verdict| matches!(verdict, Verdict::New))),
            ("changed", count(|verdict| matches!(verdict, Verdict::Changed(_)))),
            ("same", count(|verdict| matches!(verdict, Verdict::Same))),
            ("missing", Word::Number(report.missing.len())),
        ],
    )
}

impl VerdictsPage {
    fn typed(&self, name: &str) -> &str {
        self.form.text(name)
    }

    /// The address that the form is sent to: this page of the rows.
    fn action(&self) -> String {
        format!("{}?page={}", self.page.here, self.pager.page)
    }
}
