//! A revision of the page or a CSV, brought in by a program: the verdicts, and all rows as one act or nothing.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::imported::{Imported, MOST_ROWS};
use super::listed::only;
use super::refused::RefusedWrite;
use super::write::{Opened, Sent, sentences, untaken};
use crate::app::App;
use crate::catalogue::store::db;
use crate::clock;
use crate::files::Format;
use crate::i18n::Lang;
use crate::imports::{self, ImageChoice, Refusal, Take, Verdict};
use crate::web::error::Error;
use crate::web::page::Visit;
use crate::web::visitor::Scope;

/// Where files are brought in.
pub const IMPORTS: &str = "/api/v1/imports";
/// How a file is brought in, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only")]
pub struct Asked {
    #[param(pattern = r"\S", max_length = 2000)]
    reason: Option<String>,
    #[param(rename = "as-of")]
    as_of: Option<NaiveDate>,
    #[param(rename = "dry-run")]
    dry_run: Option<bool>,
    /// Whose values remain where a row was changed in the file and in the catalogue. Without it nothing is written then.
    #[param(inline)]
    take: Option<TakeCode>,
    /// Which image a name of the file means: `NAME=ADDRESS` or `NAME=new`.
    #[param(pattern = r"^.*\S.*=[a-z0-9-]+$", max_length = 400)]
    image: Option<Vec<String>>,
    /// The file's name: that of an export tells the version that it was made from.
    #[param(rename = "file-name", pattern = r"^[^/\\\x00-\x1f\x7f]{1,200}$", max_length = 200)]
    file_name: Option<String>,
    #[param(inline)]
    lang: Option<Lang>,
}

/// Whose values remain.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "read by the description only")]
pub enum TakeCode {
    File,
    Catalogue,
}

/// The headers of an import, for the description: what is only tried needs none.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the description only")]
pub struct ImportHeaders {
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{1,255}$")]
    key: Option<String>,
    #[param(rename = "If-Match")]
    held: Option<String>,
}

/// Brings a file in, or says what it would change.
#[utoipa::path(post, path = "/api/v1/imports", params(Asked, ImportHeaders),
    request_body(content((String = "text/csv", example = json!("Image name,Department,Status\nPython,SSC,Procured\n")), (String = "text/markdown"))), security(("token" = ["write:import"])),
    responses((status = OK, body = Imported, headers(("ETag" = String))), RefusedWrite))]
pub(super) async fn import_file(State(app): State<App>, visit: Visit, request: Request) -> Result<Response, Error> {
    let mut sent = Sent::take(visit, Scope::Import, request).await?;
    only(&sent.visit, &["reason", "as-of", "dry-run", "take", "image", "file-name", "lang"])?;
    sent.visit.lang = sent.visit.language()?.unwrap_or(sent.visit.lang);
    let (format, file_name) = match &*sent.kind {
        "text/csv" => (Format::Csv, "API.csv"),
        "text/markdown" => (Format::Markdown, "API.md"),
        _ => return Err(sent.kind_is_none_of("text/csv, text/markdown")),
    };
    let given_name = file_name_given(&sent.visit)?;
    let file_name = given_name.as_deref().unwrap_or(file_name);
    let is_dry_run = is_dry_run(&sent.visit)?;
    let given = sent.visit.given("reason").into_iter().next();
    let reason = match given {
        None if is_dry_run => String::new(),
        given => sent.reason(&given.unwrap_or_default()).map_err(|why| Error::BadAddress(sentences(&why)))?,
    };
    let images = images(&sent.visit)?;
    let actor = sent.program.actor();
    let request = imports::Request {
        bytes: &sent.body,
        file_name,
        format: Some(format),
        reason: &reason,
        actor: &actor,
        token: Some(&sent.program.token),
        as_of: day(&sent.visit)?,
        dry_run: is_dry_run,
        take: take(&sent.visit)?,
        images: &images,
        ..imports::Request::default()
    };
    sent.key()?;
    if request.dry_run {
        return look(&app, &sent, &request).await;
    }
    let seal = sent.seal()?;
    let file = imports::read(app.catalogue.clock(), &request).await.map_err(|why| refused(&sent, why))?;
    let mut work = match seal.open(&app).await? {
        Opened::Before(answer) => return Ok(answer),
        Opened::Now(work) => work,
    };
    let version = db::version(&mut work.transaction).await?.version;
    seal.check(&tag(&app, version)?)?;
    let report = imports::write(&mut work.transaction, &request, file).await.map_err(|why| refused(&sent, why))?;
    let version = db::version(&mut work.transaction).await?.version;
    seal.end(&app, work, &tag(&app, version)?, &Imported::new(report, sent.visit.lang)).await
}

/// What a file would change, and the mark of the catalogue that it was held against.
async fn look(app: &App, sent: &Sent, request: &imports::Request<'_>) -> Result<Response, Error> {
    let version = db::version(&mut *app.pool.acquire().await?).await?.version;
    let looked = imports::import(&app.pool, app.catalogue.clock(), request, |_, _| {}).await;
    let report = looked.map_err(|why| refused(sent, why))?;
    Ok(([(ETAG, tag(app, version)?)], Json(Imported::new(report, sent.visit.lang))).into_response())
}

/// The mark of a version of the catalogue: that of lists as a token reads them.
fn tag(app: &App, version: i64) -> Result<HeaderValue, Error> {
    let mark = app.catalogue.mark_of(&app.settings, version);
    Ok(HeaderValue::from_str(&format!("\"{mark}\"")).map_err(anyhow::Error::from)?)
}

fn refused(sent: &Sent, refusal: Refusal) -> Error {
    let lang = sent.visit.lang;
    match refusal {
        Refusal::Problems(problems) => {
            let sentences = problems.iter().take(MOST_ROWS).map(|problem| problem.in_words(lang)).collect();
            Error::Problem(axum::http::StatusCode::UNPROCESSABLE_ENTITY, sentences, Box::default())
        }
        Refusal::Undecided(report) => {
            let conflicts = report.rows.iter().filter(|row| row.verdict == Verdict::Conflict).take(MOST_ROWS);
            let why = match report.count(Verdict::Conflict) {
                _ if !report.has_undecided_values() => None,
                0 => Some(lang.t("api-import-older").into_owned()),
                conflicts => Some(lang.n("api-import-undecided", conflicts)),
            };
            let rows =
                conflicts.filter(|_| why.is_some()).map(|row| format!("{} · {}", row.file.name, row.file.department));
            let rows: Vec<String> = rows.collect();
            let names = report.open_names();
            let name = |choices: &Vec<String>| lang.named("api-import-name-open", choices.join(", "));
            let names = names.iter().take(MOST_ROWS).map(name);
            let sentences = why.into_iter().chain(rows).chain(names).collect();
            Error::Problem(axum::http::StatusCode::CONFLICT, sentences, Box::default())
        }
        Refusal::Future(day) => untaken(lang.named("api-future", day.to_string())),
        Refusal::Undone(undone) => undone.into(),
        Refusal::Database(problem) => problem.into(),
        Refusal::Internal(problem) => problem.into(),
        moved @ Refusal::Moved => Error::Internal(moved.into()),
    }
}

/// From which day on the file counts.
fn day(visit: &Visit) -> Result<Option<NaiveDate>, Error> {
    let given = visit.given("as-of");
    let day =
        |text: &String| clock::day(text).ok_or_else(|| visit.not_offered("as-of", text, &visit.lang.t("day-format")));
    given.iter().map(day).try_fold(None, |_, day| day.map(Some))
}

fn is_dry_run(visit: &Visit) -> Result<bool, Error> {
    visit.given("dry-run").iter().try_fold(false, |_, text| match &**text {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(visit.not_offered("dry-run", other, "true, false")),
    })
}

fn take(visit: &Visit) -> Result<Option<Take>, Error> {
    let side = |text: &String| match &**text {
        "file" => Ok(Take::File),
        "catalogue" => Ok(Take::Catalogue),
        other => Err(visit.not_offered("take", other, "file, catalogue")),
    };
    visit.given("take").iter().map(side).try_fold(None, |_, side| side.map(Some))
}

/// Which images names of the file mean.
fn images(visit: &Visit) -> Result<Vec<ImageChoice>, Error> {
    let choice = |text: &String| {
        ImageChoice::parse(text).ok_or_else(|| visit.not_offered("image", text, "Python=python-3, Python=new"))
    };
    visit.given("image").iter().map(choice).collect()
}

/// The name of the file, where it is said: a name, not a path.
fn file_name_given(visit: &Visit) -> Result<Option<String>, Error> {
    let fits = |name: &str| {
        let length = name.chars().count();
        (1..=200).contains(&length) && !name.contains(['/', '\\']) && !name.contains(char::is_control)
    };
    match visit.given("file-name").into_iter().next() {
        Some(name) if !fits(&name) => Err(visit.not_offered("file-name", &name, "images-en-2026-11-22-v48.csv")),
        name => Ok(name),
    }
}
