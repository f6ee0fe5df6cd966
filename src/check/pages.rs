//! The page where a project is checked.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::answer::{Known, Verdict};
use super::kind::Kind;
use super::parse::{LARGEST, Unreadable};
use super::report::{self, File, Report};
use super::{API, CHECK};
use crate::catalogue::Catalogue;
use crate::catalogue::address::IMAGE;
use crate::config::Settings;
use crate::i18n::Word;
use crate::requests::{MOST_IMAGES, NEW};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show_as};
use crate::web::problems::Problems;
use crate::web::upload::Upload;

#[derive(Template)]
#[template(path = "check/check.html")]
struct CheckPage {
    page: Page,
    form: Form,
    problems: Problems,
    report: Option<Report>,
    /// How a pipeline sends a file.
    command: String,
}

/// The empty form.
pub async fn show(State(settings): State<Arc<Settings>>, visit: Visit) -> Result<Response, Error> {
    show_as(StatusCode::OK, &page(&visit, &settings, Form::default()))
}

/// Takes a text or a file and answers. Neither is kept: the page has them, to be changed and sent again.
pub async fn check(
    State(catalogue): State<Catalogue>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Error> {
    let field = if upload.file.is_some() { "file" } else { "text" };
    let (file, form) = taken(upload);
    if form.act() == "edit" {
        return show_as(StatusCode::OK, &page(&visit, &settings, form));
    }
    let made = match report::make(catalogue.now(), Arc::clone(&settings), file).await {
        Err(Error::Busy) => return busy(&visit, page(&visit, &settings, form)),
        made => made?,
    };
    match made {
        Ok(report) => show_as(StatusCode::OK, &CheckPage { report: Some(report), ..page(&visit, &settings, form) }),
        Err(wrong) => {
            let mut refused = page(&visit, &settings, form);
            refused.problems.add(if wrong == Unreadable::Empty { "text" } else { field }, wrong.in_words(visit.lang));
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &refused)
        }
    }
}

/// The form as it was sent, to be sent again when there is a place.
fn busy(visit: &Visit, mut page: CheckPage) -> Result<Response, Error> {
    page.problems.add("text", visit.lang.t("error-full-advice"));
    let mut answer = show_as(StatusCode::SERVICE_UNAVAILABLE, &page)?;
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    Ok(answer)
}

/// The file that is to be checked, and the form that shows its text.
fn taken(upload: Upload) -> (File, Form) {
    let code = upload.form.text("kind").to_owned();
    let kind = Kind::from_code(&code);
    let act = upload.form.act().to_owned();
    let pasted = || {
        let typed = upload.form.fields().iter().find(|(field, _)| field == "text").map(|(_, text)| text.clone());
        (String::new(), typed.unwrap_or_default().into_bytes())
    };
    let (name, bytes) = upload.file.unwrap_or_else(pasted);
    // What is not text, or too much of it, is not shown again.
    let shown = std::str::from_utf8(&bytes).ok().filter(|text| text.len() <= LARGEST && !text.contains('\0'));
    let text = shown.unwrap_or_default().to_owned();
    let fields = [("kind", code), ("text", text), ("do", act)];
    let form = Form::new(fields.map(|(name, value)| (name.to_owned(), value)).to_vec());
    (File { bytes, name, kind }, form)
}

fn page(visit: &Visit, settings: &Settings, form: Form) -> CheckPage {
    CheckPage {
        page: visit.page(visit.lang.t("project-title"), CHECK),
        form,
        problems: Problems::default(),
        report: None,
        command: format!(
            "curl --fail-with-body --data-binary @Dockerfile '{}{API}?name=Dockerfile'",
            settings.origin()
        ),
    }
}

impl CheckPage {
    /// The text as it was typed, with every line where it stood.
    fn typed(&self) -> &str {
        self.form.fields().iter().find(|(field, _)| field == "text").map_or("", |(_, text)| text)
    }

    fn chosen(&self) -> &str {
        self.form.text("kind")
    }

    fn address(&self, image: &Known) -> String {
        IMAGE.with(self.page.lang, &image.slug)
    }

    fn ask_address(&self, name: &str) -> String {
        self.page.ask_for(name)
    }

    /// Where requests are made.
    fn requests(&self) -> &'static str {
        NEW.pattern(self.page.lang)
    }

    /// What to ask for, and what to join: the buttons' words and the names.
    fn buttons<'r>(&self, report: &'r Report) -> Vec<(String, Vec<&'r str>)> {
        let mut buttons = self.parts(&report.missing(), "project-missing", "project-missing-part");
        buttons.extend(self.parts(&report.to_join(), "project-join-all", "project-join-part"));
        buttons
    }

    /// Names to ask for, as many at once as one request takes.
    fn parts<'r>(&self, names: &[&'r str], whole: &str, of: &str) -> Vec<(String, Vec<&'r str>)> {
        let lang = self.page.lang;
        let is_one = names.len() <= MOST_IMAGES;
        let part = |(place, part): (usize, &[&'r str])| {
            let from = place * MOST_IMAGES + 1;
            let words = [("from", Word::Number(from)), ("to", Word::Number(from + part.len() - 1))];
            let words = if is_one { lang.n(whole, names.len()) } else { lang.tell(of, &words) };
            (words, part.to_vec())
        };
        names.chunks(MOST_IMAGES).enumerate().map(part).collect()
    }
}
