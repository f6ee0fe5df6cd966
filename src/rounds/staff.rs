//! Staff open a round, change it while it is open, close it, and see every act and answer.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::{PgConnection, PgPool};

use super::db::write::{self, NewEvent, Wanted};
use super::db::{self, Answer, Event, Happened, Round};
use super::tally::{RoundStatus, close, settle};
use super::{CONFIRM, ONE, OUTCOME, STAFF_LIST, STAFF_ONE, edit};
use crate::catalogue::meant::Meant;
use crate::catalogue::{Catalogue, Snapshot};
use crate::database::commit::commit;
use crate::forms::outcome::Outcome;
use crate::forms::transaction::FormToken;
use crate::i18n::Lang;
use crate::web::constraint::OnConstraint;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::path::{IdOrNew, Path};
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// What stands in the address for a round that is to be opened.
/// How long a reason may be, in characters.
const LONGEST_REASON: usize = 2_000;
/// Acts that the page shows at most.
const MOST_EVENTS: i64 = 500;

#[derive(Template)]
#[template(path = "rounds/edit.html")]
struct EditPage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    /// None: it is to be opened.
    status: Option<RoundStatus>,
    is_open: bool,
    answers: Vec<Answer>,
    events: Vec<Event>,
    form: Form,
    form_token: FormToken,
    problems: Problems,
    /// What saving would change: field, before, after.
    preview: Vec<(String, String, String)>,
    /// How the names that were typed are understood.
    meant: Vec<Meant>,
    /// Whether others changed it since the form was opened.
    is_stale: bool,
}

/// One round, or the form for a new one.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<IdOrNew>,
    visit: Visit,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let snapshot = catalogue.now();
    let mut connection = pool.acquire().await?;
    let mut page = EditPage::read(&mut connection, &catalogue, &snapshot, &visit, id).await?;
    if let Some(status) = &page.status {
        let images = db::images(&mut connection, status.round.id).await?;
        page.form = Form::new(edit::filled(&status.round, &images));
    }
    Outcome::Shown.draw(&page)
}

/// Opens, changes or closes a round.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(id): Path<IdOrNew>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    settle(&pool, &catalogue).await;
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let (snapshot, lang, form_token) = (catalogue.now(), visit.lang, FormToken::of(&form)?);
    let mut transaction = pool.begin().await?;
    let held = match id {
        IdOrNew::Id(id) => db::hold(&mut transaction, id).await?,
        IdOrNew::New => None,
    };
    if let Some(round) = db::sent_before(&mut transaction, &form_token.nonce).await? {
        return Ok(done(&visit, round));
    }
    let mut page = EditPage::read(&mut transaction, &catalogue, &snapshot, &visit, id).await?;
    let is_stale = page.status.is_some() && (page.form_token.base_revision > form_token.base_revision || !page.is_open);
    let today = catalogue.clock().today();
    let act = form.act().to_owned();
    let reason = form.given(if act == "close" { "close-reason" } else { "reason" }).unwrap_or_default();
    let mut context =
        RoundAct { person: &person, reason: &reason, key: &form_token.nonce, round: held, wanted: Wanted::default() };
    let mut held_images = Vec::new();
    if act == "close" {
        page.check_close(&mut transaction, &form, &reason, lang).await?;
    } else {
        if let Some(status) = &page.status {
            held_images = db::images(&mut transaction, status.round.id).await?;
        }
        (context.wanted, page.problems, page.meant) = edit::read(&form, &held_images, &snapshot, today, lang);
        page.problems.check("reason", &reason, LONGEST_REASON, true, lang);
        if form.given("close-reason").is_some() {
            page.problems.add("close-reason", lang.t("round-close-reason-unsent"));
        }
    }
    page.form = form;
    if act == "edit" {
        (page.problems, page.form_token) = (Problems::default(), form_token);
        return Outcome::Shown.draw(&page);
    }
    if is_stale {
        page.is_stale = true;
        return Outcome::Stale.draw(&page);
    }
    page.form_token = form_token.clone();
    if !page.problems.is_empty() {
        return Outcome::Invalid.draw(&page);
    }
    if act == "close" {
        let round = context.round.as_ref().ok_or(Error::NotFound)?;
        close(&mut transaction, &catalogue, round, Some(&person), &reason, Some(&form_token.nonce)).await?;
        commit(&pool, transaction).await?;
        return Ok(done(&visit, round.id));
    }
    let changed = [page.now(&mut transaction).await?, edit::told(&context.wanted, &held_images, &snapshot)];
    if changed[0] == changed[1] {
        page.problems.add("title-en", lang.t("edit-nothing"));
        return Outcome::Invalid.draw(&page);
    }
    if act == "preview" {
        page.preview = differing(&changed[0], &changed[1], lang);
        return Outcome::Shown.draw(&page);
    }
    let written = context.write(&mut transaction, &catalogue, changed).await;
    let round = match written.on_constraint(edit::CONSTRAINTS, lang)? {
        Ok(round) => round,
        Err(problems) => {
            page.problems = problems;
            return Outcome::Invalid.draw(&page);
        }
    };
    commit(&pool, transaction).await?;
    Ok(done(&visit, round))
}

fn done(visit: &Visit, round: i64) -> Response {
    Redirect::to(&STAFF_ONE.with(visit.lang, &round.to_string())).into_response()
}

/// What is about to be written.
struct RoundAct<'a> {
    person: &'a Person,
    reason: &'a str,
    key: &'a str,
    /// None: it is to be opened.
    round: Option<Round>,
    wanted: Wanted,
}

impl RoundAct<'_> {
    async fn write(
        &self,
        db: &mut PgConnection,
        catalogue: &Catalogue,
        changed: [Vec<(String, String)>; 2],
    ) -> sqlx::Result<i64> {
        let (id, kind) = match &self.round {
            Some(round) => {
                write::change(db, round.id, &self.wanted).await?;
                (round.id, Happened::Changed)
            }
            None => (write::open(db, &self.wanted).await?, Happened::Opened),
        };
        write::put_images(db, id, &self.wanted.images).await?;
        let event = NewEvent {
            round: id,
            at: catalogue.clock().now(),
            by: Some(self.person),
            kind,
            words: self.reason,
            changed: Some(changed),
            confirms: None,
            form_key: Some(self.key),
        };
        write::add_event(db, &event).await?;
        Ok(id)
    }
}

/// The fields that differ: label, before, after.
fn differing(before: &[(String, String)], after: &[(String, String)], lang: Lang) -> Vec<(String, String, String)> {
    let held = |name: &str| before.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    let fields = after.iter().map(|(name, after)| (name, held(name).unwrap_or_default(), after));
    let changed = fields.filter(|(_, before, after)| before != *after);
    let label = |name: &str| lang.t(&format!("field-round-{name}")).into_owned();
    changed.map(|(name, before, after)| (label(name), before, after.clone())).collect()
}

impl<'s> EditPage<'s> {
    /// Closing says why, and saves nothing that was changed beside it.
    async fn check_close(&mut self, db: &mut PgConnection, form: &Form, reason: &str, lang: Lang) -> Result<(), Error> {
        self.problems.check("close-reason", reason, LONGEST_REASON, true, lang);
        let is_changed =
            |(name, value): &(String, String)| form.has(name) && form.given(name).unwrap_or_default() != *value;
        if self.now(db).await?.iter().any(is_changed) || form.given("reason").is_some() {
            self.problems.add("title-en", lang.t("round-close-unsaved"));
        }
        Ok(())
    }

    async fn read(
        db: &mut PgConnection,
        catalogue: &Catalogue,
        snapshot: &'s Snapshot,
        visit: &Visit,
        id: IdOrNew,
    ) -> Result<EditPage<'s>, Error> {
        let lang = visit.lang;
        let (mut status, mut answers, mut events, mut base) = (None, Vec::new(), Vec::new(), 0);
        if let IdOrNew::Id(id) = id {
            let read = RoundStatus::read(db, &snapshot.organisations, id).await?;
            answers = db::answers(db, read.round.id).await?;
            events = db::events(db, read.round.id, MOST_EVENTS).await?;
            base = db::newest(db, read.round.id, None).await?;
            status = Some(read);
        }
        let title = status.as_ref().map(|status| status.round.title(lang).to_owned());
        let page = visit
            .page_of(title.unwrap_or_else(|| lang.t("round-new").into_owned()), STAFF_ONE, |_| id.to_string())
            .below(lang.t("rounds-title"), STAFF_LIST.pattern(lang));
        let is_open = status.as_ref().is_none_or(|status| status.round.is_open(catalogue.clock().today()));
        Ok(EditPage {
            page,
            snapshot,
            status,
            is_open,
            answers,
            events,
            form: Form::default(),
            form_token: FormToken::at(base),
            problems: Problems::default(),
            preview: Vec::new(),
            meant: Vec::new(),
            is_stale: false,
        })
    }

    /// The round's fields as they are; none where it is to be opened.
    async fn now(&self, db: &mut PgConnection) -> sqlx::Result<Vec<(String, String)>> {
        let Some(status) = &self.status else { return Ok(Vec::new()) };
        Ok(edit::filled(&status.round, &db::images(db, status.round.id).await?))
    }

    fn at(&self, route: crate::web::routes::Route) -> String {
        let id = self.status.as_ref().map(|status| status.round.id.to_string()).unwrap_or_default();
        route.with(self.page.lang, &id)
    }

    fn public(&self) -> String {
        self.at(ONE)
    }

    fn confirm(&self) -> String {
        self.at(CONFIRM)
    }

    fn outcome(&self) -> String {
        self.at(OUTCOME)
    }

    fn label(&self, field: &str) -> String {
        self.page.lang.t(&format!("field-round-{field}")).into_owned()
    }

    fn typed(&self, name: &str) -> &str {
        self.form.text(name)
    }

    fn department(&self, id: &i64) -> String {
        self.snapshot.organisations.title(*id, self.page.lang)
    }

    fn image(&self, id: &i64) -> &str {
        self.snapshot.image(*id).map_or("", |image| &*image.name)
    }

    fn firmness(&self, answer: &Answer) -> String {
        answer.firmness.map(|firmness| firmness.label(self.page.lang).into_owned()).unwrap_or_default()
    }

    fn event(&self, event: &Event) -> String {
        event.kind.label(self.page.lang).into_owned()
    }

    /// What an act changed: field, before, after.
    fn changed(&self, event: &Event) -> Vec<(String, String, String)> {
        let (Some(before), Some(after)) = (&event.before, &event.after) else { return Vec::new() };
        differing(&before.0, &after.0, self.page.lang)
    }
}
