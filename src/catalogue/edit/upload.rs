//! A file brought in: chosen in the browser, read at once, refused with all that is wrong with it, or kept for a day.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::{IMPORT, VERDICTS};
use crate::catalogue::files::Problem;
use crate::catalogue::import::{self, Refusal, Request};
use crate::catalogue::{Catalogue, LIST};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show_as};
use crate::web::upload::Upload;

#[derive(Template)]
#[template(path = "import/upload.html")]
struct UploadPage {
    page: Page,
    /// What keeps the file from being taken, in one sentence.
    problem: Option<String>,
    /// Everything that is wrong with the file of this name, a sentence each.
    refused: Option<(String, Vec<String>)>,
}

/// The form that takes a file.
pub async fn show(visit: Visit) -> Result<Response, Error> {
    show_as(StatusCode::OK, &page(&visit))
}

fn page(visit: &Visit) -> UploadPage {
    let lang = visit.lang;
    let page = visit.page(lang.t("upload-title"), IMPORT).below(lang.t("list-title"), LIST.pattern(lang));
    UploadPage { page, problem: None, refused: None }
}

/// The page that says all that is wrong with a file.
pub fn refuse(visit: &Visit, file_name: &str, problems: &[Problem]) -> Result<Response, Error> {
    let sentences = problems.iter().map(|problem| problem.in_words(visit.lang)).collect();
    let page = UploadPage { refused: Some((file_name.to_owned(), sentences)), ..page(visit) };
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Takes a file.
pub async fn take(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let Some((file_name, bytes)) = upload.file else {
        let problem = Some(visit.lang.t("upload-missing").into_owned());
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &UploadPage { problem, ..page(&visit) });
    };
    let request = Request { bytes: &bytes, file_name: &file_name, dry_run: true, ..Request::default() };
    match import::import(&pool, catalogue.clock(), &request, |_, _| {}).await {
        Ok(_) => {}
        Err(Refusal::Problems(problems)) => return refuse(&visit, &file_name, &problems),
        Err(Refusal::Undone(undone)) => return Err(undone.into()),
        Err(Refusal::Database(problem)) => return Err(problem.into()),
        Err(other) => return Err(Error::Internal(other.into())),
    }
    let id = import::db::keep(&pool, person.account, &file_name, &bytes).await?;
    Ok(Redirect::to(&VERDICTS.with(visit.lang, &id.to_string())).into_response())
}
