//! What a file that was brought in would change, row by row, and the rows that are accepted as one act. What is chosen is
//! kept with the upload, so that it holds whatever page of the rows is shown.

mod choose;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use sqlx::PgPool;

use crate::catalogue::Catalogue;
use crate::catalogue::meant::Meant;
use crate::catalogue::warnings::Warning;
use crate::clock;
use crate::forms::draft::{self, FormToken};
use crate::forms::transaction;
use crate::i18n::Word;
use crate::imports::db::{self, Upload};
use crate::imports::filter::{FILTERS, Filter, filters};
use crate::imports::shown::{self, NAME, ShownRow};
use crate::imports::{self, Chosen, ImageChoice, Missing, Refusal, Report, Request, Seen, Shown, Ticks, Verdict};
use crate::imports::{IMPORT, VERDICTS, upload};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show_as};
use crate::web::pager::{Pager, Step};
use crate::web::path::Path;
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// Rows shown on one page.
const SHOWN: usize = 500;
/// Names that are asked about at a time.
const MOST_NAMES: usize = 100;
#[derive(Template)]
#[template(path = "imports/verdicts.html")]
struct VerdictsPage {
    page: Page,
    form_token: FormToken,
    problems: Problems,
    reason: String,
    as_of: String,
    /// How many rows are new, changed, the same and missing.
    summary: String,
    notes: Vec<String>,
    /// What the chosen rows are warned of.
    warnings: Vec<Warning>,
    /// Names whose images somebody said, or has to say.
    names: Vec<Meant>,
    /// Which image a name means was said just now: its rows are to be looked at before they are written.
    told: bool,
    filters: Vec<Filter>,
    filter: Option<&'static str>,
    rows: Vec<ShownRow>,
    /// The mark of the rows that the page does not show.
    others: u64,
    /// Rows of the catalogue that the file does not have, where they are asked for.
    missing: Vec<Missing>,
    /// Rows that say something, of which so many are chosen.
    total: usize,
    chosen: usize,
    pager: Pager,
    is_older: bool,
    /// Rows that are in conflict because nobody knows what the file said before.
    without_base: usize,
    /// The catalogue changed since the verdicts were seen.
    moved: bool,
    today: NaiveDate,
}

/// What is asked of an upload.
struct Asked<'v> {
    visit: &'v Visit,
    pool: &'v PgPool,
    catalogue: &'v Catalogue,
    person: std::sync::Arc<Person>,
    id: i64,
    file: Upload,
    ticks: Ticks,
    images: Vec<ImageChoice>,
    /// What was said of names changed with the form that was sent.
    told: bool,
    filter: Option<&'static str>,
    at: usize,
}

/// The verdicts on an uploaded file.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    let asked = Asked::find(&catalogue, &pool, id, &visit).await?;
    let form_token = FormToken::new(&mut *pool.acquire().await?).await?;
    asked.answer(form_token, StatusCode::OK, Problems::default()).await
}

/// Keeps what was chosen on a page, and shows another one or writes all rows that are chosen.
pub async fn accept(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let mut asked = Asked::find(&catalogue, &pool, id, &visit).await?;
    let form_token = FormToken::of(&form)?;
    let (seen, stood_ticked) = choose::seen(&form)?;
    asked.choose(&form, &seen, &stood_ticked).await?;
    match form.act() {
        "save" if !asked.told => asked.save(form_token, seen).await,
        "save" | "edit" => asked.answer(form_token, StatusCode::OK, Problems::default()).await,
        _ if asked.has_wrong_day() => asked.refuse_day(form_token).await,
        act => {
            let address = asked.address(act);
            Ok(Redirect::to(&address).into_response())
        }
    }
}

impl<'v> Asked<'v> {
    /// The file, which only its own account finds.
    async fn find(catalogue: &'v Catalogue, pool: &'v PgPool, id: i64, visit: &'v Visit) -> Result<Asked<'v>, Error> {
        let person = visit.person.clone().ok_or(Error::Forbidden)?;
        let file = db::upload(pool, id, person.account).await?.ok_or(Error::NotFound)?;
        let filter = visit.one_of("verdict", &FILTERS)?;
        let at = usize::try_from(visit.number("page")?.unwrap_or(1)).unwrap_or(1).max(1);
        let (ticks, images) = (file.ticks(), file.images());
        Ok(Asked { visit, pool, catalogue, person, id, ticks, images, told: false, file, filter, at })
    }

    /// The day that the file is of, where one was typed that is.
    fn as_of(&self) -> Option<NaiveDate> {
        let today = self.catalogue.clock().today();
        clock::day(&self.file.as_of).filter(|day| *day <= today)
    }

    fn request(&self) -> Request<'_> {
        let Upload { bytes, file_name, .. } = &self.file;
        Request { bytes, file_name, as_of: self.as_of(), images: &self.images, ..Request::default() }
    }

    /// The file's verdicts as they are now, with the rows of a page.
    async fn look(&self, shown: Option<&Shown>) -> Result<Report, Refusal> {
        let request = Request { dry_run: true, shown, ..self.request() };
        imports::import(self.pool, self.catalogue.clock(), &request, |_, _| {}).await
    }

    fn has_wrong_day(&self) -> bool {
        !self.file.as_of.is_empty() && self.as_of().is_none()
    }

    async fn refuse_day(self, form_token: FormToken) -> Result<Response, Error> {
        let mut problems = Problems::default();
        problems.add("as-of", self.visit.lang.t("verdicts-as-of-wrong"));
        self.answer(form_token, StatusCode::UNPROCESSABLE_ENTITY, problems).await
    }

    /// Writes the rows that are chosen.
    async fn save(self, mut form_token: FormToken, seen: Seen) -> Result<Response, Error> {
        if self.has_wrong_day() {
            return self.refuse_day(form_token).await;
        }
        let (lang, mut problems) = (self.visit.lang, Problems::default());
        let chosen = Chosen {
            account: self.person.account,
            upload: self.id,
            form_key: &form_token.nonce,
            ticks: &self.ticks,
            seen,
        };
        let (reason, actor) = (&self.file.reason, &self.person.name);
        let request = Request { reason, actor, chosen: Some(&chosen), ..self.request() };
        match imports::import(self.pool, self.catalogue.clock(), &request, |_, _| {}).await {
            Ok(Report { change_set: Some(written), .. }) => {
                self.catalogue.show().await;
                Ok(transaction::redirect_to_change(written, lang))
            }
            Err(Refusal::Undecided(report)) => {
                for (place, named) in report.named.iter().enumerate().filter(|(_, named)| named.is_open) {
                    problems.add(format!("{NAME}{place}-1"), lang.named("verdicts-name-open", &named.name));
                }
                self.answer(form_token, StatusCode::UNPROCESSABLE_ENTITY, problems).await
            }
            Ok(_) => {
                problems.add("rows", lang.t("verdicts-nothing"));
                self.answer(form_token, StatusCode::UNPROCESSABLE_ENTITY, problems).await
            }
            Err(Refusal::Moved) => {
                form_token.nonce = draft::new_key();
                self.answer(form_token, StatusCode::CONFLICT, problems).await
            }
            Err(refusal) => self.refused(refusal).await,
        }
    }

    async fn refused(&self, refusal: Refusal) -> Result<Response, Error> {
        match refusal {
            Refusal::Problems(problems) => upload::refuse(self.visit, self.pool, &self.file.file_name, &problems).await,
            Refusal::Undone(undone) => Err(undone.into()),
            Refusal::Database(problem) => Err(problem.into()),
            other => Err(Error::Internal(other.into())),
        }
    }

    /// The address of what a button asks for: `show:new:2`, of which verdict and page; otherwise of this page.
    fn address(&self, act: &str) -> String {
        let mut parts = act.strip_prefix("show:").unwrap_or_default().split(':');
        let (filter, at) = match (act.starts_with("show:"), parts.next()) {
            (true, Some(filter)) => {
                (FILTERS.into_iter().find(|known| *known == filter), parts.next().and_then(|at| at.parse().ok()))
            }
            _ => (self.filter, Some(self.at)),
        };
        let here = VERDICTS.with(self.visit.lang, &self.id.to_string());
        let filter = filter.map(|filter| format!("verdict={filter}"));
        let at = at.filter(|at| *at > 1).map(|at| format!("page={at}"));
        let query: Vec<String> = filter.into_iter().chain(at).collect();
        if query.is_empty() { here } else { format!("{here}?{}", query.join("&")) }
    }

    /// The page of verdicts, as they are now.
    async fn answer(self, form_token: FormToken, status: StatusCode, problems: Problems) -> Result<Response, Error> {
        let verdict = self.filter.and_then(Verdict::from_code);
        let from = self.at.saturating_sub(1).saturating_mul(SHOWN);
        let most = if self.filter == Some("missing") { 0 } else { SHOWN };
        let report = match self.look(Some(&Shown { verdict, from, most })).await {
            Ok(report) => report,
            Err(refusal) => return self.refused(refusal).await,
        };
        let moved = status == StatusCode::CONFLICT;
        show_as(status, &self.page(report, form_token, problems, moved))
    }

    fn page(self, mut report: Report, form_token: FormToken, problems: Problems, moved: bool) -> VerdictsPage {
        let lang = self.visit.lang;
        let part = self.id.to_string();
        let counts = report.counts();
        let total = report.rows.len() - counts["same"];
        let listed = self.filter.map_or(total, |filter| counts[filter]);
        let pager = Pager::new(self.at, SHOWN, listed, |page| format!("show:{}:{page}", self.filter.unwrap_or("all")));
        let rows = shown::rows(&mut report, &self.ticks, lang);
        let lines = rows.iter().map(|row| row.line).collect();
        let without_base = report.rows.iter().filter(|row| row.is_without_base()).count();
        let title = lang.named("verdicts-title", &self.file.file_name);
        let missing = match self.filter {
            Some("missing") => std::mem::take(&mut report.missing),
            _ => Vec::new(),
        };
        VerdictsPage {
            page: self
                .visit
                .page_of(title, VERDICTS, |_| part.clone())
                .below(lang.t("upload-title"), IMPORT.pattern(lang)),
            form_token,
            problems,
            summary: shown::summary(&counts, lang),
            names: report
                .named
                .iter()
                .enumerate()
                .take(MOST_NAMES)
                .map(|(place, named)| shown::meant(place, named, lang))
                .collect(),
            told: self.told,
            warnings: report.warnings(lang, |row| self.ticks.has(row, report.is_older)),
            notes: report.remarks_in_words(lang).into_iter().take(SHOWN).collect(),
            filters: filters(&counts, total, self.filter, lang),
            filter: self.filter,
            others: Seen::of(&report.rows, &lines).others,
            rows,
            missing: missing.into_iter().skip((pager.page - 1) * SHOWN).take(SHOWN).collect(),
            total,
            chosen: self.ticks.count(&report.rows, report.is_older),
            pager,
            is_older: report.is_older,
            without_base,
            moved,
            today: self.catalogue.clock().today(),
            reason: self.file.reason,
            as_of: self.file.as_of,
        }
    }
}

impl VerdictsPage {
    /// The address that the form is sent to: this page of the rows.
    fn action(&self) -> String {
        let filter = self.filter.map(|filter| format!("verdict={filter}&")).unwrap_or_default();
        format!("{}?{filter}page={}", self.page.here, self.pager.page)
    }

    /// How many rows are chosen of how many.
    fn chosen(&self) -> String {
        let words = [("n", Word::Number(self.chosen)), ("total", Word::Number(self.total))];
        self.page.lang.tell("verdicts-chosen", &words)
    }
}
