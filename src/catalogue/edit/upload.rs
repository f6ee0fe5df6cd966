//! A file brought in: chosen in the browser, read at once, refused with all that is wrong with it, or kept for a day.

use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::{IMPORT, VERDICTS};
use crate::catalogue::files::Problem;
use crate::catalogue::import::{self, Refusal, Request};
use crate::catalogue::{Catalogue, LIST};
use crate::web::error::Error;
use crate::web::page::{Page, Visit, show_as};

/// Letters of a file's name that are kept.
const LONGEST_NAME: usize = 200;

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
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let file = match form {
        Ok(form) => file_of(form).await?,
        Err(_) => None,
    };
    let Some((file_name, bytes)) = file.filter(|(_, bytes)| !bytes.is_empty()) else {
        let problem = Some(visit.lang.t("upload-missing").into_owned());
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &UploadPage { problem, ..page(&visit) });
    };
    let request = Request { bytes: &bytes, file_name: &file_name, dry_run: true, ..Request::default() };
    match import::import(&pool, catalogue.clock(), &request, |_, _| {}).await {
        Ok(_) => {}
        Err(Refusal::Problems(problems)) => return refuse(&visit, &file_name, &problems),
        Err(Refusal::Database(problem)) => return Err(problem.into()),
        Err(other) => return Err(Error::Internal(other.into())),
    }
    let id = import::db::keep(&pool, person.account, &file_name, &bytes).await?;
    Ok(Redirect::to(&VERDICTS.with(visit.lang, &id.to_string())).into_response())
}

/// The file of a form: its name and bytes.
async fn file_of(mut form: Multipart) -> Result<Option<(String, Vec<u8>)>, Error> {
    let wrong = |problem: MultipartError| match problem.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadForm,
    };
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        if field.name() == Some("file") {
            let name = plain_name(field.file_name().unwrap_or_default());
            return Ok(Some((name, field.bytes().await.map_err(wrong)?.to_vec())));
        }
    }
    Ok(None)
}

/// A file's name without folders and without letters that nobody can see.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let plain: String = last.chars().filter(|letter| !is_hidden(*letter)).take(LONGEST_NAME).collect();
    Some(plain.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "file".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_is_one_that_people_can_read() {
        assert_eq!(plain_name("C:\\Temp\\page.md"), "page.md");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("vsc.\u{202e}dm\r\n\0.csv"), "vsc.dm.csv");
        assert_eq!(plain_name(" / "), "file");
        assert_eq!(plain_name(&"é".repeat(300)).chars().count(), LONGEST_NAME);
    }
}
