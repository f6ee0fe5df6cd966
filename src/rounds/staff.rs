//! Staff open a round, change it while it is open, close it, and see every act and answer.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use sqlx::{PgConnection, PgPool};

use super::db::write::{self, NewEvent, Wanted};
use super::db::{self, Answer, Event, Happened, Round};
use super::tally::{RoundStatus, close, settle};
use super::{CONFIRM, ONE, OUTCOME, STAFF_LIST, STAFF_ONE, edit};
use crate::catalogue::meant::Meant;
use crate::catalogue::{Catalogue, Snapshot};
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
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
    draft: Draft,
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
        page.draft.form = Form::new(edit::filled(&status.round, &images));
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
    let (snapshot, lang, draft) = (catalogue.now(), visit.lang, Draft::sent(form)?);
    let mut transaction = pool.begin().await?;
    let held = match id {
        IdOrNew::Id(id) => db::hold(&mut transaction, id).await?,
        IdOrNew::New => None,
    };
    if let Some(round) = db::sent_before(&mut transaction, &draft.token.nonce).await? {
        return Ok(done(&visit, round));
    }
    let mut page = EditPage::read(&mut transaction, &catalogue, &snapshot, &visit, id).await?;
    let fresh = std::mem::replace(&mut page.draft, draft).token;
    let newest = fresh.base_revision;
    page.is_stale = page.status.is_some() && (newest > page.draft.token.base_revision || !page.is_open);
    let asked = match page.draft.act() {
        "close" => page.read_close(&mut transaction).await?,
        _ => page.read_round(&mut transaction, catalogue.clock().today()).await?,
    };
    if page.is_stale {
        (page.draft.problems, page.draft.token) = (Problems::default(), fresh);
    }
    if let Some(outcome) = page.draft.outcome_of(&["save", "close"], page.is_stale, false)? {
        match &asked.wanted {
            Some((_, [before, after])) if page.draft.act() == "preview" && outcome == Outcome::Shown => {
                page.preview = differing(before, after, lang);
            }
            _ => {}
        }
        return outcome.draw(&page);
    }
    let act = RoundAct { person: &person, key: &page.draft.token.nonce, round: held, asked };
    let written = act.write(&mut transaction, &catalogue).await;
    let Some(round) = page.draft.written(written, edit::CONSTRAINTS, lang)? else {
        return Outcome::Invalid.draw(&page);
    };
    commit(&pool, transaction).await?;
    Ok(done(&visit, round))
}

fn done(visit: &Visit, round: i64) -> Response {
    Redirect::to(&STAFF_ONE.with(visit.lang, &round.to_string())).into_response()
}

/// A round's fields, by name.
type RoundFields = Vec<(String, String)>;

/// What a form asks for.
struct Asked {
    reason: String,
    /// The round as it is to be, and its fields before and after; none where it is to be closed.
    wanted: Option<(Wanted, [RoundFields; 2])>,
}

/// What is about to be written.
struct RoundAct<'a> {
    person: &'a Person,
    key: &'a str,
    /// None: it is to be opened.
    round: Option<Round>,
    asked: Asked,
}

impl RoundAct<'_> {
    async fn write(self, db: &mut PgConnection, catalogue: &Catalogue) -> Result<i64, Error> {
        let reason = &self.asked.reason;
        let (wanted, changed) = match (self.asked.wanted, &self.round) {
            (Some(asked), _) => asked,
            (None, Some(round)) => {
                close(db, catalogue, round, Some(self.person), reason, Some(self.key)).await?;
                return Ok(round.id);
            }
            (None, None) => return Err(Error::NotFound),
        };
        let (id, kind) = match &self.round {
            Some(round) => {
                write::change(db, round.id, &wanted).await?;
                (round.id, Happened::Changed)
            }
            None => (write::open(db, &wanted).await?, Happened::Opened),
        };
        write::put_images(db, id, &wanted.images).await?;
        let event = NewEvent {
            round: id,
            at: catalogue.clock().now(),
            by: Some(self.person),
            kind,
            words: reason,
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
    async fn read_close(&mut self, db: &mut PgConnection) -> Result<Asked, Error> {
        let (lang, draft) = (self.page.lang, &self.draft);
        let reason = draft.form.given("close-reason").unwrap_or_default();
        let is_changed = |(name, value): &(String, String)| {
            draft.form.has(name) && draft.form.given(name).unwrap_or_default() != *value
        };
        let is_unsaved = self.now(db).await?.iter().any(is_changed) || !draft.reason().is_empty();
        let problems = &mut self.draft.problems;
        problems.check("close-reason", &reason, LONGEST_REASON, true, lang);
        if is_unsaved {
            problems.add("title-en", lang.t("round-close-unsaved"));
        }
        Ok(Asked { reason, wanted: None })
    }

    /// The round as it is to be.
    async fn read_round(&mut self, db: &mut PgConnection, today: NaiveDate) -> Result<Asked, Error> {
        let (lang, reason) = (self.page.lang, self.draft.reason());
        let held = match &self.status {
            Some(status) => db::images(db, status.round.id).await?,
            None => Vec::new(),
        };
        let (wanted, problems, meant) = edit::read(&self.draft.form, &held, self.snapshot, today, lang);
        (self.draft.problems, self.meant) = (problems, meant);
        self.draft.problems.check("reason", &reason, LONGEST_REASON, true, lang);
        if self.draft.form.given("close-reason").is_some() {
            self.draft.problems.add("close-reason", lang.t("round-close-reason-unsent"));
        }
        let changed = [self.now(db).await?, edit::told(&wanted, &held, self.snapshot)];
        self.draft.refuse_unchanged(changed[0] == changed[1], "title-en", lang);
        Ok(Asked { reason, wanted: Some((wanted, changed)) })
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
            draft: Draft::new(Form::default(), FormToken::at(base)),
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
