//! A finding decided: accepted as it is, ignored, opened again, or an unknown acronym said to be an organisation.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::catalogue::store::reading;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::record::{Act, Change, Kind, Record, Subject};
use crate::database::fault::Fault;
use crate::forms::draft::FormToken;
use crate::forms::transaction::CatalogueTransaction;
use crate::i18n::Lang;
use crate::organisations::{self, Organisation};
use crate::quality::pages::{self, Answer, Asked};
use crate::quality::{About, Finding, Findings, Inbox, Mark, Rule, db};
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::Visit;
use crate::web::problems::Problems;
use crate::web::visitor::Person;
use axum::Extension;

/// How often a decision begins again when the catalogue has just changed.
const TRIES: usize = 3;
/// Letters that a reason may have.
const LONGEST_REASON: usize = 2_000;
/// Images named in a sentence.
const MOST_NAMED: usize = 10;

/// What became of what was sent.
enum Outcome {
    /// The act that was written.
    Written(i64),
    /// A field of the form, and what is wrong with it.
    Wrong(&'static str, String),
    /// The finding is no longer there, or somebody else has decided it.
    Moved,
}

/// Who decides, when and why.
struct Decider<'d> {
    person: &'d Person,
    form_token: &'d FormToken,
    reason: &'d str,
    catalogue: &'d Catalogue,
    snapshot: &'d Snapshot,
    lang: Lang,
}

/// What was decided about a finding.
pub async fn decide(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Extension(findings): Extension<Findings>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let inbox = Inbox { pool, findings };
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let asked = Asked::of(&visit)?;
    if form.act() == "edit" {
        let answer = Answer { form, ..Answer::default() };
        return pages::answer(&catalogue.now(), &inbox, &visit, asked, StatusCode::OK, answer).await;
    }
    let (whole, form) = (form.clone(), of_finding(&form).ok_or(Error::BadForm)?);
    let form_token = FormToken::of(&form)?;
    let mark = Mark::parse(form.text("finding")).ok_or(Error::BadForm)?;
    let (snapshot, mut work) = begin(&catalogue, &inbox, form.act() == "fixed").await?;
    if let Some(written) = work.sent_before(&form_token).await? {
        return Ok(back(asked, written, visit.lang));
    }
    let reason = form.given("reason").unwrap_or_default();
    let (form_token, lang) = (&form_token, visit.lang);
    let decider =
        Decider { person: &person, form_token, reason: &reason, catalogue: &catalogue, snapshot: &snapshot, lang };
    let found = inbox.findings.of(&snapshot, &inbox.pool).await?.iter().find(|finding| finding.mark == mark).copied();
    let (status, answer) = match decider.act(work, &form, found).await? {
        Outcome::Written(written) => match besides(&whole, form.text("finding")) {
            None => return Ok(back(asked, written, visit.lang)),
            Some(form) => (StatusCode::OK, Answer { form, done: Some(written), ..Answer::default() }),
        },
        Outcome::Wrong(field, words) => {
            let mut problems = Problems::default();
            problems.add(field, words);
            let about = form.text("finding").to_owned();
            (StatusCode::UNPROCESSABLE_ENTITY, Answer { form: whole, problems, about, ..Answer::default() })
        }
        Outcome::Moved => (StatusCode::CONFLICT, Answer { moved: true, form: whole, ..Answer::default() }),
    };
    let done = answer.done;
    catalogue.catch_up().await;
    let page = pages::answer(&catalogue.now(), &inbox, &visit, asked, status, answer).await;
    match (page, done) {
        (Err(_), Some(written)) => Ok(back(asked, written, visit.lang)), // it is written, whatever can be read of it
        (page, _) => page,
    }
}

/// What the page's form says of the one finding whose button was pressed: `ignored-3` is the third's.
fn of_finding(form: &Form) -> Option<Form> {
    let (act, number) = form.act().rsplit_once('-')?;
    let own = |name: &str| (name.to_owned(), form.text(&format!("{name}-{number}")).to_owned());
    let mut fields: Vec<_> = ["key", "finding", "reason", "organisation"].map(own).to_vec();
    fields.push(("base".to_owned(), form.text("base").to_owned()));
    fields.push(("do".to_owned(), act.to_owned()));
    Some(Form::new(fields))
}

/// What was typed about other findings than the one that was decided; none where nothing was.
fn besides(form: &Form, decided: &str) -> Option<Form> {
    let mine = form.fields().iter().find(|(name, value)| name.starts_with("finding-") && value == decided)?;
    let number = mine.0.strip_prefix("finding-")?;
    let is_other = |(name, _): &&(String, String)| name.rsplit_once('-').is_some_and(|(_, of)| of != number);
    let others: Vec<_> = form.fields().iter().filter(is_other).cloned().collect();
    let is_typed = |(name, value): &(String, String)| {
        (name.starts_with("reason-") || name.starts_with("organisation-")) && !value.trim().is_empty()
    };
    others.iter().any(is_typed).then(|| Form::new(others))
}

/// Begins an act, with the catalogue in memory as the act finds it. Where that cannot be read, what is in memory will do for
/// an act that decides about the finding as it was seen, and changes nothing else.
async fn begin(
    catalogue: &Catalogue,
    inbox: &Inbox,
    needs_newest: bool,
) -> Result<(Arc<Snapshot>, CatalogueTransaction), Error> {
    for tries in 1..=TRIES {
        if needs_newest {
            catalogue.refresh().await?;
        } else {
            catalogue.catch_up().await;
        }
        let snapshot = catalogue.now();
        inbox.findings.of(&snapshot, &inbox.pool).await?;
        let mut work = CatalogueTransaction::begin(&inbox.pool).await?;
        let is_newest = crate::catalogue::store::db::version(&mut work.transaction).await? == snapshot.version;
        if is_newest || (tries == TRIES && !needs_newest) {
            return Ok((snapshot, work));
        }
    }
    Err(Error::Database(Fault::Busy, anyhow::anyhow!("the catalogue changed again and again meanwhile")))
}

/// Back to the inbox where the person was, with the way to the act.
fn back(asked: Asked, written: i64, lang: Lang) -> Response {
    let address = asked.address(lang);
    let joint = if address.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{address}{joint}done={written}")).into_response()
}

impl Decider<'_> {
    async fn act(&self, mut work: CatalogueTransaction, form: &Form, found: Option<Finding>) -> Result<Outcome, Error> {
        let decisions = db::decisions(&mut work.transaction).await?;
        let act = form.act();
        if !["accepted", "ignored", "fixed", "reopen"].contains(&act) {
            return Err(Error::BadForm);
        }
        let Some(finding) = found else { return Ok(Outcome::Moved) };
        let status = decisions.get(&finding.mark);
        if (act == "reopen") != status.is_some() {
            return Ok(Outcome::Moved);
        }
        if self.reason.chars().count() > LONGEST_REASON {
            return Ok(Outcome::Wrong("reason", self.lang.n("quality-reason-long", LONGEST_REASON)));
        }
        if act == "ignored" && self.reason.is_empty() {
            return Ok(Outcome::Wrong("reason", self.lang.t("quality-reason-missing").into_owned()));
        }
        if act == "fixed" {
            return self.fix(work, form, finding).await;
        }
        let was = status.map_or("open", |decision| decision.outcome.code());
        let is = if act == "reopen" { "open" } else { act };
        let change = change(self.snapshot, finding, was, is);
        let record = Record::begin(&mut work.transaction).await?;
        let change_set = record.write(&self.recorded(), &[change]).await?;
        if act == "reopen" {
            db::reopen(&mut work.transaction, finding.mark).await?;
        } else {
            let (actor, account) = (self.person.name.as_str(), self.person.account);
            let decision = db::Outcome::from_code(act).ok_or(Error::BadForm)?;
            let new = db::New { mark: finding.mark, decision, reason: self.reason, actor, account, change_set };
            db::insert(&mut work.transaction, &new).await?;
        }
        self.catalogue.commit(work.transaction).await?;
        Ok(Outcome::Written(change_set))
    }

    fn recorded(&self) -> Act<'_> {
        Act::by(self.person, Kind::Quality, self.reason, &self.form_token.nonce, self.catalogue.clock().now())
    }

    /// An unknown acronym is one of the organisations: its lines become that one's, and its spelling an alias.
    async fn fix(&self, mut work: CatalogueTransaction, form: &Form, finding: Finding) -> Result<Outcome, Error> {
        let About::Organisation(place) = finding.about else { return Err(Error::BadForm) };
        let directory = &self.snapshot.organisations;
        let unknown = directory.at(place as usize);
        let chosen = form.text("organisation").parse().ok().and_then(|id: i64| directory.place(id));
        let Some(known) = chosen.map(|place| directory.at(place)).filter(|known| known.confirmed) else {
            return Ok(Outcome::Wrong("organisation", self.lang.t("quality-organisation-missing").into_owned()));
        };
        let lines = self.snapshot.lines_of_organisation(place as usize);
        let images: Vec<i64> = lines.map(|line| self.snapshot.image_of(line).id).collect();
        let before = reading::load(&mut work.transaction, &images).await?;
        let has_both =
            |image_record: &&ImageRecord| image_record.lines.iter().any(|line| line.organisation == known.id);
        let both: Vec<&str> = before
            .iter()
            .filter(has_both)
            .take(MOST_NAMED)
            .map(|image_record| image_record.image.name.as_str())
            .collect();
        if !both.is_empty() {
            let words = self.lang.named("quality-both", both.join(", "));
            return Ok(Outcome::Wrong("organisation", words));
        }
        let after = before.iter().map(|image_record| moved(image_record, unknown.id, known.id)).collect();
        organisations::merge(&mut work.transaction, unknown, known.id).await?;
        let besides = merged(unknown, known)?;
        let written = work.write_with(self.catalogue, &self.recorded(), &before, after, &besides).await?;
        Ok(Outcome::Written(written.ok_or(Error::BadForm)?))
    }
}

/// An image whose line of one organisation is another's.
fn moved(image_record: &ImageRecord, from: i64, to: i64) -> ImageRecord {
    let mut after = image_record.clone();
    for line in after.lines.iter_mut().filter(|line| line.organisation == from) {
        *line = LineRecord { id: 0, organisation: to, fields: line.fields.clone() };
    }
    after
}

/// The record's lines about an organisation that turned out to be another.
fn merged(unknown: &Organisation, known: &Organisation) -> Result<[Change; 2], Error> {
    let mut fields = serde_json::to_value(unknown).map_err(|problem| Error::Internal(problem.into()))?;
    if let Some(fields) = fields.as_object_mut() {
        fields.remove("id");
    }
    let mut aliases = known.aliases.clone();
    aliases.extend(unknown.aliases.iter().chain([&unknown.acronym_en]).cloned());
    let about = |id: i64, before: Value, after: Option<Value>| Change {
        subject: Subject::Organisation,
        subject_id: id,
        image_id: None,
        organisation_id: Some(id),
        before: Some(before),
        after,
    };
    let decided = json!({ "aliases": aliases, "quality_rule": Rule::UnknownAcronym.code(), "quality": "fixed" });
    let open = json!({ "aliases": known.aliases, "quality": "open" });
    Ok([about(unknown.id, fields, None), about(known.id, open, Some(decided))])
}

/// The record's line about a finding that was decided.
fn change(snapshot: &Snapshot, finding: Finding, was: &str, is: &str) -> Change {
    let (subject, subject_id, image_id, organisation_id) = match finding.about {
        About::Image(place) | About::Pair(place, _) | About::Upstream(place, _) => {
            let id = snapshot.image_at(place).id;
            (Subject::Image, id, Some(id), None)
        }
        About::Line(place) => {
            let line = &snapshot.line_at(place);
            let organisation = snapshot.organisations.at(line.organisation as usize).id;
            (Subject::Line, line.id, Some(snapshot.image_of(line).id), Some(organisation))
        }
        About::Organisation(place) => {
            let id = snapshot.organisations.at(place as usize).id;
            (Subject::Organisation, id, None, Some(id))
        }
    };
    Change {
        subject,
        subject_id,
        image_id,
        organisation_id,
        before: Some(json!({ "quality": was })),
        after: Some(json!({ "quality_rule": finding.rule.code(), "quality": is })),
    }
}
