//! A file brought in: chosen in the browser, read at once, refused with all that is wrong with it, or kept for a day.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use crate::catalogue::Catalogue;
use crate::changes;
use crate::files::Problem;
use crate::forms::outcome::Outcome;
use crate::i18n::Word;
use crate::images::LIST;
use crate::imports::db::Listed;
use crate::imports::shown::words_of;
use crate::imports::{self, Refusal, Request};
use crate::imports::{IMPORT, VERDICTS};
use crate::web::error::Error;
use crate::web::page::{Page, Visit};
use crate::web::upload::Upload;

#[derive(Template)]
#[template(path = "imports/upload.html")]
struct UploadPage {
    page: Page,
    /// What keeps the file from being taken, in one sentence.
    problem: Option<String>,
    /// Everything that is wrong with the file of this name, a sentence each.
    refused: Option<(String, Vec<String>)>,
    /// What was uploaded within a day.
    uploads: Vec<Listed>,
    account: i64,
}

impl UploadPage {
    /// Where an upload's verdicts are: for whoever uploaded it, while its file is kept.
    fn verdicts(&self, upload: &Listed) -> Option<String> {
        let is_own = upload.account_id == self.account && upload.is_kept;
        is_own.then(|| VERDICTS.with(self.page.lang, &upload.id.to_string()))
    }

    fn act(&self, upload: &Listed) -> Option<String> {
        upload.change_set_id.map(|act| changes::ONE.with(self.page.lang, &act.to_string()))
    }

    /// How many rows had which verdict; those that nothing became of are left out.
    fn counts(&self, upload: &Listed) -> String {
        let counts = &upload.counts.0;
        let told = ["new", "changed", "conflict", "kept", "same", "missing"]
            .into_iter()
            .filter_map(|word| Some((word, counts.get(word).filter(|count| **count > 0)?)));
        let lang = self.page.lang;
        told.map(|(word, count)| {
            let words = [
                ("verdict", Word::Text(&lang.t(words_of(word)))),
                ("n", Word::Number(usize::try_from(*count).unwrap_or_default())),
            ];
            lang.tell("verdict-count", &words)
        })
        .collect::<Vec<_>>()
        .join(", ")
    }
}

/// The form that takes a file.
pub async fn show(State(pool): State<PgPool>, visit: Visit) -> Result<Response, Error> {
    Outcome::Shown.draw(&page(&visit, &pool).await?)
}

async fn page(visit: &Visit, pool: &PgPool) -> Result<UploadPage, Error> {
    let lang = visit.lang;
    let uploads = imports::db::of_the_day(pool).await?;
    let account = visit.person.as_ref().map_or(0, |person| person.account);
    let page = visit.page(lang.t("upload-title"), IMPORT).below(lang.t("list-title"), LIST.pattern(lang));
    Ok(UploadPage { page, problem: None, refused: None, uploads, account })
}

/// The page that says all that is wrong with a file.
pub async fn refuse(visit: &Visit, pool: &PgPool, file_name: &str, problems: &[Problem]) -> Result<Response, Error> {
    let sentences = problems.iter().map(|problem| problem.in_words(visit.lang)).collect();
    let page = UploadPage { refused: Some((file_name.to_owned(), sentences)), ..page(visit, pool).await? };
    Outcome::Invalid.draw(&page)
}

/// Takes a file.
pub async fn take(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    if upload.form.with_bare_key(&visit).is_err() {
        let problem = Some(visit.lang.t("upload-elsewhere").into_owned());
        return Outcome::Invalid.draw(&UploadPage { problem, ..page(&visit, &pool).await? });
    }
    let Some((file_name, bytes)) = upload.file else {
        let problem = Some(visit.lang.t("upload-missing").into_owned());
        return Outcome::Invalid.draw(&UploadPage { problem, ..page(&visit, &pool).await? });
    };
    let request = Request { bytes: &bytes, file_name: &file_name, dry_run: true, ..Request::default() };
    let report = match imports::import(&pool, catalogue.clock(), &request, |_, _| {}).await {
        Ok(report) => report,
        Err(Refusal::Problems(problems)) => return refuse(&visit, &pool, &file_name, &problems).await,
        Err(Refusal::Undone(undone)) => return Err(undone.into()),
        Err(Refusal::Database(problem)) => return Err(problem.into()),
        Err(other) => return Err(Error::Internal(other.into())),
    };
    let id = imports::db::insert(&pool, person.account, &file_name, &bytes, &report.counts()).await?;
    Ok(Redirect::to(&VERDICTS.with(visit.lang, &id.to_string())).into_response())
}
