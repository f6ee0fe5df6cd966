//! The form by which anyone gives feedback.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use sqlx::PgPool;
use uuid::Uuid;

use super::db::{self, About, New};
use super::{LONGEST_MESSAGE, LONGEST_NAME, follow, letters};
use crate::catalogue::{Catalogue, Snapshot};
use crate::config::Settings;
use crate::database::commit::commit;
use crate::feedback::FEEDBACK;
use crate::forms::draft::Draft;
use crate::forms::outcome::Outcome;
use crate::forms::{Guard, Kind, Refusal};
use crate::i18n::Lang;
use crate::people::next;
use crate::web::address::is_mailbox;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit};
use crate::web::problems::Problems;

#[derive(Template)]
#[template(path = "feedback/new.html")]
struct NewPage {
    page: Page,
    draft: Draft,
}

/// What a visitor says.
struct Said {
    about: About,
    subject: String,
    message: String,
    name: String,
    email: String,
    wants_answer: bool,
}

/// The form, with what it concerns filled in.
pub async fn show(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let draft = Draft { form: filled(&visit, &catalogue.now()), ..Draft::blank() };
    Outcome::Shown.draw(&page(&visit, draft))
}

/// Takes feedback.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    State(guard): State<Arc<Guard>>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let mut draft = Draft::sent(form)?;
    let (said, problems) = read(&draft.form, &settings.origin(), visit.lang);
    draft.problems = problems;
    if let Some(outcome) = draft.outcome_of(&["send"], false, false)? {
        return outcome.draw(&page(&visit, draft));
    }
    let sender = match guard.meet(Kind::Feedback, caller, &visit, &said.email).await? {
        Ok(sender) => sender,
        Err(refusal) => return refuse(refusal, &visit, draft),
    };
    let is_held = !draft.typed("website").is_empty(); // which people do not see
    let new = New {
        about: said.about,
        subject: &said.subject,
        message: &said.message,
        name: &said.name,
        email: &said.email,
        wants_answer: said.wants_answer,
        lang: visit.lang,
        form_key: &draft.token.nonce,
        link_key: &Uuid::new_v4().simple().to_string(),
        state: if is_held { db::State::Held } else { db::State::New },
    };
    let mut transaction = pool.begin().await?;
    let (kept, is_new) = db::insert(&mut transaction, catalogue.clock().today().year(), &new).await?;
    if is_new && let Err(refusal) = sender.count(&mut transaction).await? {
        return refuse(refusal, &visit, draft);
    }
    if is_new && !is_held {
        letters::received(&mut transaction, &kept, &settings.origin()).await?;
    }
    commit(&pool, transaction).await?;
    Ok(Redirect::to(&follow::address(&kept, visit.lang)).into_response())
}

/// The form again where too much was sent.
fn refuse(refusal: Refusal, visit: &Visit, mut draft: Draft) -> Result<Response, Error> {
    draft.problems.add("message", refusal.words(visit.lang));
    refusal.answer(&page(visit, draft))
}

/// A form that says what the page or the image concerns from which the visitor comes.
fn filled(visit: &Visit, snapshot: &Snapshot) -> Form {
    let path = visit.parameter("page").filter(|path| next::safe(path).is_some());
    let of_path = path.as_deref().and_then(|path| {
        let list = crate::images::LIST.pattern(Lang::from_path(path)?);
        path.strip_prefix(list)?.strip_prefix('/')?.split(['/', '?']).next()
    });
    let image = visit.parameter("image").map(|image| image.chars().take(LONGEST_NAME).collect::<String>());
    let found = image.as_deref().and_then(|image| snapshot.linked(image));
    let found = found.or_else(|| of_path.filter(|_| image.is_none()).and_then(|slug| snapshot.find(slug)));
    let found = found.map(|image| image.name.to_string());
    let (about, image, page) = match (found.or(image), path) {
        (Some(image), _) => ("image", image, String::new()),
        (None, Some(path)) => ("site", String::new(), path),
        (None, None) => ("", String::new(), String::new()),
    };
    let fields = [("about", about.to_owned()), ("image", image), ("page", page)];
    Form::new(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn read(form: &Form, origin: &str, lang: Lang) -> (Said, Problems) {
    let mut problems = Problems::default();
    let about = About::from_code(form.text("about"));
    if about.is_none() {
        problems.add("about", lang.t("feedback-about-missing"));
    }
    let about = about.unwrap_or(About::Site);
    let subject = match about {
        About::Image => form.given("image").unwrap_or_default(),
        About::Site => form.text("page").trim_start_matches(origin).to_owned(),
        About::Procurement => String::new(),
    };
    if about == About::Image {
        if subject.is_empty() {
            problems.add("image", lang.t("feedback-image-missing"));
        }
        problems.check("image", &subject, LONGEST_NAME, false, lang);
    }
    if about == About::Site && !subject.is_empty() && next::safe(&subject).is_none() {
        problems.add("page", lang.t("feedback-page-wrong"));
    }
    let message = form.given("message").unwrap_or_default();
    if message.is_empty() {
        problems.add("message", lang.t("feedback-message-missing"));
    }
    problems.check("message", &message, LONGEST_MESSAGE, true, lang);
    let name = form.given("name").unwrap_or_default();
    problems.check("name", &name, LONGEST_NAME, false, lang);
    let email = form.given("email").unwrap_or_default();
    if !email.is_empty() && !is_mailbox(&email) {
        problems.add("email", lang.t("feedback-email-wrong"));
    }
    let wants_answer = form.has("answer");
    if wants_answer && email.is_empty() {
        problems.add("email", lang.t("feedback-email-missing"));
    }
    (Said { about, subject, message, name, email, wants_answer }, problems)
}

fn page(visit: &Visit, draft: Draft) -> NewPage {
    NewPage { page: visit.page(visit.lang.t("feedback-title"), FEEDBACK), draft }
}
