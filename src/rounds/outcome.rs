//! Staff publish what came of a round: a decision for each image, and why, in both languages.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::db::write::{self, NewEvent};
use super::pages::who;
use super::{ONE, OUTCOME, STAFF_LIST, STAFF_ONE, db};
use crate::catalogue::Catalogue;
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
use crate::rounds::db::{Decided, Happened, Tallied};
use crate::rounds::tally::{RoundStatus, settle};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::Path;
use crate::web::problems::Problems;

/// How long the words may be, in characters.
const LONGEST_WORDS: usize = 5_000;

#[derive(Template)]
#[template(path = "rounds/outcome.html")]
struct OutcomePage {
    page: Page,
    status: RoundStatus,
    draft: Draft,
    is_preview: bool,
    /// Whether others published since the form was opened.
    is_stale: bool,
}

/// The form, with what was published last; where nothing was, with what the threshold says.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let mut connection = pool.acquire().await?;
    let status = RoundStatus::read(&mut connection, &catalogue.now().organisations, id).await?;
    let form_token = FormToken::at(db::newest(&mut connection, status.round.id, None).await?);
    let draft = Draft::new(filled(&status), form_token);
    Outcome::Shown.draw(&page(&visit, status, draft))
}

/// Publishes.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let (lang, draft) = (visit.lang, Draft::sent(form)?);
    let mut transaction = pool.begin().await?;
    db::hold(&mut transaction, id).await?.ok_or(Error::NotFound)?;
    let done = Redirect::to(&ONE.with(lang, &id.to_string()));
    if db::sent_before(&mut transaction, &draft.token.nonce).await?.is_some() {
        return Ok(done.into_response());
    }
    let status = RoundStatus::read(&mut transaction, &catalogue.now().organisations, id).await?;
    let newest = db::newest(&mut transaction, id, None).await?;
    let (words, decisions, problems) = read(&draft.form, &status.images, lang);
    let mut page = page(&visit, status, draft);
    if page.status.round.closed_at.is_none() {
        return Outcome::Stale.draw(&page);
    }
    page.is_stale = newest > page.draft.token.base_revision;
    page.is_preview = page.draft.act() == "preview" && problems.is_empty() && !page.is_stale;
    if page.is_stale {
        page.draft.token = FormToken::at(newest);
    } else {
        page.draft.problems = problems;
    }
    if let Some(outcome) = page.draft.outcome(page.is_stale, false)? {
        return outcome.draw(&page);
    }
    let event = NewEvent {
        round: id,
        at: catalogue.clock().now(),
        by: Some(&person),
        kind: Happened::Published,
        words: "",
        changed: None,
        confirms: None,
        form_key: Some(&page.draft.token.nonce),
    };
    let event = write::add_event(&mut transaction, &event).await?;
    write::publish(&mut transaction, event, [&words[0], &words[1]], &decisions).await?;
    commit(&pool, transaction).await?;
    Ok(done.into_response())
}

fn filled(status: &RoundStatus) -> Form {
    let mut fields = Vec::new();
    if let Some(outcome) = &status.outcome {
        fields.push(("words-en".to_owned(), outcome.words_en.clone()));
        fields.push(("words-fr".to_owned(), outcome.words_fr.clone()));
    }
    for image in &status.images {
        let usual = if status.is_reached(image) { Decided::Ahead } else { Decided::Not };
        let decision = status.decision(image).unwrap_or(usual).code().to_owned();
        fields.push((format!("decision-{}", image.id), decision));
    }
    Form::new(fields)
}

/// What a form says: the words in both languages, what is decided of each image, and what is wrong.
fn read(form: &Form, images: &[Tallied], lang: Lang) -> ([String; 2], Vec<(i64, Decided)>, Problems) {
    let mut problems = Problems::default();
    let words = ["words-en", "words-fr"].map(|field| {
        let given = form.given(field).unwrap_or_default();
        problems.check(field, &given, LONGEST_WORDS, true, lang);
        if given.is_empty() {
            problems.add(field, lang.t("round-text-missing"));
        }
        given
    });
    let mut decisions = Vec::new();
    for image in images {
        let field = format!("decision-{}", image.id);
        match Decided::from_code(form.text(&field)) {
            Some(decided) => decisions.push((image.id, decided)),
            None => problems.add(field, lang.named("round-decision-missing", &image.name)),
        }
    }
    (words, decisions, problems)
}

fn page(visit: &Visit, status: RoundStatus, draft: Draft) -> OutcomePage {
    let (lang, id) = (visit.lang, status.round.id.to_string());
    let page = visit
        .page_of(lang.named("round-outcome-title", status.round.title(lang)), OUTCOME, |_| id.clone())
        .below(lang.t("rounds-title"), STAFF_LIST.pattern(lang))
        .below(status.round.title(lang), STAFF_ONE.with(lang, &id));
    OutcomePage { page, status, draft, is_preview: false, is_stale: false }
}

impl OutcomePage {
    fn decided(&self, image: &Tallied) -> Option<Decided> {
        Decided::from_code(self.draft.typed_of("decision", image.id))
    }

    /// How many confirmed it, whether that is enough, and who they are.
    fn hint(&self, image: &Tallied) -> String {
        let lang = self.page.lang;
        let mut parts = vec![lang.n("round-confirmed", image.departments)];
        if self.status.is_reached(image) {
            parts.push(lang.t("round-reached").into_owned());
        }
        parts.push(who(image, lang));
        parts.retain(|part| !part.is_empty());
        parts.join(" – ")
    }
}
