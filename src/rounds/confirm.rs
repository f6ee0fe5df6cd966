//! A department confirms what it needs of a round; staff write it down for one that said so elsewhere.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use sqlx::{PgConnection, PgPool};

use super::db::write::{self, NewAnswer, NewEvent};
use super::db::{self, Answer, Happened, Round, RoundImage};
use super::tally::settle;
use super::{CONFIRM, LIST, ONE};
use crate::catalogue::{Catalogue, Firmness, Snapshot};
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
use crate::organisations::UNNAMED;
use crate::text::key;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::Path;
use crate::web::problems::Problems;
use crate::web::visitor::{Person, Role};

/// How long a note and the name of who said so may be, in characters.
const LONGEST_NOTE: usize = 500;
const LONGEST_BEHALF: usize = 200;
/// What can be answered for an image: the value and its words.
const ANSWERS: [(&str, &str); 3] = [("yes", "round-answer-yes"), ("no", "round-answer-no"), ("", "round-answer-none")];

#[derive(Template)]
#[template(path = "rounds/confirm.html")]
struct ConfirmPage {
    page: Page,
    round: Round,
    images: Vec<RoundImage>,
    draft: Draft,
    is_open: bool,
    /// The department of whoever has signed in.
    own: Option<String>,
    /// For staff: the departments that they can write it down for.
    departments: Vec<(i64, String)>,
    /// Who of the same department answered meanwhile, and when.
    meanwhile: Option<Answer>,
}

/// What is needed to show the form again.
struct Shown<'a> {
    visit: &'a Visit,
    snapshot: &'a Snapshot,
    today: NaiveDate,
    round: Round,
    images: Vec<RoundImage>,
}

/// The form, with what the department answered last.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let mut connection = pool.acquire().await?;
    let round = db::find(&mut connection, id).await?.ok_or(Error::NotFound)?;
    let answers = db::answers(&mut connection, round.id).await?;
    let form = filled(&answers, person.organisation);
    let base = db::newest(&mut connection, round.id, person.organisation).await?;
    let images = db::images(&mut connection, round.id).await?;
    let snapshot = catalogue.now();
    let shown = Shown { visit: &visit, snapshot: &snapshot, today: catalogue.clock().today(), round, images };
    Outcome::Shown.draw(&shown.page(Draft::new(form, FormToken::at(base))))
}

/// Takes a confirmation.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<i64>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let mut draft = Draft::sent(form)?;
    let mut transaction = pool.begin().await?;
    let round = db::hold(&mut transaction, id).await?.ok_or(Error::NotFound)?;
    let done = Redirect::to(&format!("{}?confirmed=1", ONE.with(visit.lang, &id.to_string())));
    if db::sent_before(&mut transaction, &draft.token.nonce).await?.is_some() {
        return Ok(done.into_response());
    }
    let images = db::images(&mut transaction, id).await?;
    let (snapshot, today) = (catalogue.now(), catalogue.clock().today());
    let Read { organisation, may_name, behalf, answers, problems } =
        read(&draft.form, &images, &snapshot, &person, visit.lang);
    let meanwhile = match organisation {
        Some(organisation) => meanwhile(&mut transaction, id, organisation, draft.token.base_revision).await?,
        None => None,
    };
    let shown = Shown { visit: &visit, snapshot: &snapshot, today, round, images };
    if !shown.round.is_open(today) {
        return Outcome::Stale.draw(&shown.page(draft));
    }
    draft.problems = problems;
    let organisation = match (draft.outcome(meanwhile.is_some(), false)?, organisation) {
        (None, Some(organisation)) => organisation,
        (outcome, _) => {
            let mut page = shown.page(draft);
            let outcome = match outcome.unwrap_or(Outcome::Invalid) {
                Outcome::Invalid if !page.may_answer() => Outcome::Forbidden,
                outcome => outcome,
            };
            if let Some((answer, newest)) = meanwhile.filter(|_| outcome == Outcome::Stale) {
                (page.meanwhile, page.draft.token) = (Some(answer), FormToken::at(newest));
            }
            return outcome.draw(&page);
        }
    };
    let event = NewEvent {
        round: id,
        at: catalogue.clock().now(),
        by: Some(&person),
        kind: Happened::Confirmed,
        words: &behalf,
        changed: None,
        confirms: Some((organisation, may_name)),
        form_key: Some(&draft.token.nonce),
    };
    let event = write::add_event(&mut transaction, &event).await?;
    write::answer(&mut transaction, event, &answers).await?;
    commit(&pool, transaction).await?;
    Ok(done.into_response())
}

/// What the department answered after the form was opened, and the newest act now.
async fn meanwhile(
    db: &mut PgConnection,
    round: i64,
    organisation: i64,
    base: i64,
) -> Result<Option<(Answer, i64)>, Error> {
    let newest = db::newest(db, round, Some(organisation)).await?;
    if newest <= base {
        return Ok(None);
    }
    let answers = db::answers(db, round).await?;
    Ok(answers.into_iter().find(|answer| answer.organisation_id == organisation).map(|answer| (answer, newest)))
}

/// The form that shows what a department answered last.
fn filled(answers: &[Answer], organisation: Option<i64>) -> Form {
    let own = answers.iter().filter(|answer| Some(answer.organisation_id) == organisation);
    let mut fields = Vec::new();
    for answer in own {
        let mut field =
            |name: &str, value: &str| fields.push((format!("{name}-{}", answer.image_id), value.to_owned()));
        field("wants", if answer.wants { "yes" } else { "no" });
        field("firmness", answer.firmness.map_or("", Firmness::code));
        field("note", &answer.note);
        if !answer.may_name {
            fields.push(("unnamed".to_owned(), "1".to_owned()));
        }
    }
    Form::new(fields)
}

/// What a form says.
struct Read {
    organisation: Option<i64>,
    may_name: bool,
    behalf: String,
    answers: Vec<NewAnswer>,
    problems: Problems,
}

fn read(form: &Form, images: &[RoundImage], snapshot: &Snapshot, person: &Person, lang: Lang) -> Read {
    let mut problems = Problems::default();
    let chosen = form.text("department").parse().ok().filter(|_| person.role >= Role::Staff);
    let organisation = chosen.or(person.organisation).filter(|id| may_confirm(snapshot, *id));
    if organisation.is_none() {
        problems.add("department", lang.t("round-department-missing"));
    }
    let behalf = form.given("behalf").filter(|_| person.role >= Role::Staff).unwrap_or_default();
    problems.check("behalf", &behalf, LONGEST_BEHALF, false, lang);
    if behalf.is_empty() && organisation.is_some() && organisation != person.organisation {
        problems.add("behalf", lang.t("round-behalf-missing"));
    }
    let mut answers = Vec::new();
    for image in images {
        let field = |name: &str| format!("{name}-{}", image.id);
        let note = form.given(&field("note")).unwrap_or_default();
        problems.check(&field("note"), &note, LONGEST_NOTE, false, lang);
        let firmness = form.text(&field("firmness"));
        let known = Firmness::from_code(firmness);
        if !firmness.is_empty() && known.is_none() {
            problems.add(field("firmness"), lang.t("round-firmness-wrong"));
        }
        match form.text(&field("wants")) {
            "" => {}
            wants @ ("yes" | "no") => {
                answers.push(NewAnswer { image: image.id, wants: wants == "yes", firmness: known, note });
            }
            _ => problems.add(field("wants"), lang.t("round-answer-wrong")),
        }
    }
    if let (true, Some(first)) = (answers.is_empty() && problems.is_empty(), images.first()) {
        problems.add(format!("wants-{}", first.id), lang.t("round-answer-missing"));
    }
    Read { organisation, may_name: form.text("unnamed").is_empty(), behalf, answers, problems }
}

fn may_confirm(snapshot: &Snapshot, organisation: i64) -> bool {
    let place = snapshot.organisations.place(organisation);
    place.is_some_and(|place| snapshot.organisations.at(place).acronym_en != UNNAMED)
}

impl Shown<'_> {
    fn page(self, draft: Draft) -> ConfirmPage {
        let (lang, snapshot) = (self.visit.lang, self.snapshot);
        let id = self.round.id.to_string();
        let own = self.visit.person.as_ref().and_then(|person| person.organisation);
        let is_staff = self.visit.person.as_ref().is_some_and(|person| person.role >= Role::Staff);
        let offered = snapshot.organisations.all().iter().filter(|one| is_staff && one.acronym_en != UNNAMED);
        let mut departments: Vec<(i64, String)> =
            offered.map(|one| (one.id, snapshot.organisations.title(one.id, lang))).collect();
        departments.sort_by_cached_key(|(_, title)| key(title));
        let page = self
            .visit
            .page_of(lang.named("round-confirm-title", self.round.title(lang)), CONFIRM, |_| id.clone())
            .below(lang.t("rounds-title"), LIST.pattern(lang))
            .below(self.round.title(lang), ONE.with(lang, &id));
        ConfirmPage {
            page,
            is_open: self.round.is_open(self.today),
            own: own.map(|own| snapshot.organisations.title(own, lang)),
            round: self.round,
            images: self.images,
            draft,
            departments,
            meanwhile: None,
        }
    }
}

impl ConfirmPage {
    /// Whether whoever has signed in can answer for a department.
    fn may_answer(&self) -> bool {
        self.own.is_some() || !self.departments.is_empty()
    }
}
