//! Staff decide on one request or several: the page that shows what becomes of them, and the act.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::{PgConnection, PgPool};

use super::accept::demand;
use super::act;
use super::chosen::{Chosen, name, others, titles};
use super::db::{self, Event, Item, lists};
use super::decision::Decision;
use super::lines::{Fate, own, without};
use super::{DECIDE, QUEUE, follow};
use crate::catalogue::meant::{Meant, Reader};
use crate::catalogue::store::write;
use crate::catalogue::warnings;
use crate::catalogue::warnings::Warning;
use crate::catalogue::{Catalogue, Snapshot};
use crate::changes::ChangeView;
use crate::config::Settings;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::{self, CatalogueTransaction};
use crate::i18n::Lang;
use crate::requests::wish::as_said;
use crate::requests::wish::details;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit};
use crate::web::readers::Readers;

/// Images that are decided on at once, at most.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "requests/decide.html")]
struct DecidePage {
    page: Page,
    decision: Decision,
    draft: Draft,
    rows: Vec<Row>,
    departments: Vec<(i64, String)>,
    staff: Vec<(i64, String)>,
    /// What accepting would add to the catalogue.
    preview: Vec<ChangeView>,
    /// What to see before it is added.
    warnings: Vec<Warning>,
    /// What others did since the page was opened.
    meanwhile: Vec<Event>,
}

/// One image that is decided on.
struct Row {
    id: i64,
    name: String,
    /// How the name is understood, where that is not plain.
    meant: Vec<Meant>,
    reference: String,
    department: String,
    is_placed: bool,
    state: super::state::State,
    details: Vec<(String, String)>,
    /// How many requests were merged into it.
    merged: usize,
    /// The lines that count since it was accepted, and by which nobody else counts; in words.
    lines: String,
    /// The other requests that count by its lines.
    others: String,
}

/// What is to be decided, with what it would change.
pub async fn show(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let form = Form::new(visit.parameters());
    let Some(decision) = Decision::from_code(form.act()) else {
        return Err(visit.not_offered(
            "do",
            form.act(),
            "assign, accept, decline, available, merge, reopen, release, discard",
        ));
    };
    let ids = chosen(&form);
    if ids.is_empty() {
        return Ok(Redirect::to(&format!("{}?none=1", QUEUE.pattern(visit.lang))).into_response());
    }
    let mut transaction = pool.begin().await?;
    let chosen = Chosen::read(&mut transaction, &ids).await?;
    show_form(&mut transaction, &pool, &catalogue.now(), &visit, decision, &chosen, form).await
}

/// The page of a decision on one image, from the request's own page: what was typed there is not lost.
///
/// # Errors
/// When the database does not answer, or the request has no such image.
pub(super) async fn open(
    pool: &PgPool,
    catalogue: &Catalogue,
    visit: &Visit,
    decision: Decision,
    item: &str,
    form: &Form,
) -> Result<Response, Error> {
    let item: i64 = item.parse().map_err(|_| Error::BadForm)?;
    let (reply, note) = (form.given("reply"), form.given("note"));
    // An answer that was typed for whoever asked is read by nobody else: where the decision has no such words, by staff.
    let (words, note) = if decision.has_words() && decision.words_readers() == Readers::Sender {
        (reply, note)
    } else {
        (None, Some([note, reply].into_iter().flatten().collect::<Vec<_>>().join("\n\n")))
    };
    let typed = [("words", words), ("note", note)];
    let typed = typed.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
    let form = Form::new(typed.collect());
    let mut transaction = pool.begin().await?;
    let chosen = Chosen::read(&mut transaction, &[item]).await?;
    show_form(&mut transaction, pool, &catalogue.now(), visit, decision, &chosen, form).await
}

/// The form of a decision that nobody has sent yet.
async fn show_form(
    db: &mut PgConnection,
    pool: &PgPool,
    snapshot: &Snapshot,
    visit: &Visit,
    decision: Decision,
    chosen: &Chosen,
    form: Form,
) -> Result<Response, Error> {
    let draft = Draft::new(form, FormToken::at(db::newest_event(db).await?));
    let mut page = page(pool, snapshot, visit, decision, chosen, draft).await?;
    page.look_ahead(db, snapshot, chosen).await?;
    Outcome::Shown.draw(&page)
}

/// Decides.
pub async fn decide(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let decision = Decision::from_code(form.text("decision")).ok_or(Error::BadForm)?;
    let (mut draft, snapshot) = (Draft::sent(form)?, catalogue.now());
    let mut work = CatalogueTransaction::begin(&pool).await?;
    let chosen = Chosen::read(&mut work.transaction, &chosen(&draft.form)).await?;
    if db::was_sent(&mut work.transaction, &draft.token.nonce).await? {
        return Ok(done(&chosen, visit.lang));
    }
    let requests: Vec<i64> = chosen.requests.keys().copied().collect();
    let meanwhile = db::events_since(&mut work.transaction, &requests, draft.token.base_revision).await?;
    let is_stale = !meanwhile.is_empty();
    if is_stale {
        draft.token.base_revision = db::newest_event(&mut work.transaction).await?;
    }
    if draft.act() == "save" && !is_stale {
        draft.problems =
            act::problems(&mut work.transaction, decision, &chosen, &draft.form, &snapshot, visit.lang).await?;
    }
    let mut page = page(&pool, &snapshot, &visit, decision, &chosen, draft).await?;
    page.meanwhile = meanwhile;
    page.look_ahead(&mut work.transaction, &snapshot, &chosen).await?;
    let is_unseen = warnings::are_unseen(&page.warnings, &page.draft.form);
    if let Some(outcome) = page.draft.outcome(is_stale, is_unseen)? {
        return outcome.draw(&page);
    }
    let (moment, form_key) = (catalogue.clock().now(), &*page.draft.token.nonce);
    let context = act::DecisionContext { decision, person: &person, form: &page.draft.form, form_key, moment };
    act::write(&mut work, &snapshot, &chosen, &context, &settings.origin()).await?;
    work.commit(&catalogue).await?;
    Ok(done(&chosen, visit.lang))
}

/// Back to the one request that was decided on, or to the queue.
fn done(chosen: &Chosen, lang: Lang) -> Response {
    let place = match chosen.requests.values().next() {
        Some(request) if chosen.requests.len() == 1 => super::STAFF_ONE.with(lang, &request.reference),
        _ => QUEUE.pattern(lang).to_owned(),
    };
    Redirect::to(&place).into_response()
}

fn chosen(form: &Form) -> Vec<i64> {
    let mut ids: Vec<i64> = form.all("item").filter_map(|id| id.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(MOST);
    ids
}

async fn page(
    pool: &PgPool,
    snapshot: &Snapshot,
    visit: &Visit,
    decision: Decision,
    chosen: &Chosen,
    draft: Draft,
) -> Result<DecidePage, Error> {
    let lang = visit.lang;
    let read = |item: &Item| {
        let reader = Reader { snapshot, form: &draft.form, lang, may_add: decision == Decision::Accept };
        if decision.reads_name() { reader.read(&item.id.to_string(), name(&draft.form, item)).meant } else { None }
    };
    let row = |item: &Item| {
        let request = chosen.request(item);
        let placed = request.organisation_id.map(|id| snapshot.organisations.title(id, lang));
        Row {
            id: item.id,
            name: item.name.clone(),
            meant: read(item).into_iter().collect(),
            reference: request.reference.clone(),
            is_placed: placed.is_some(),
            department: placed.unwrap_or_else(|| request.department.clone()),
            state: item.state(),
            details: details(&as_said(item), lang),
            lines: titles(own(&chosen.made, item.id), snapshot, lang),
            others: others(chosen, item),
            merged: chosen.merged.iter().filter(|merged| merged.merged_into == Some(item.id)).count(),
        }
    };
    let directory = &snapshot.organisations;
    let mut departments: Vec<_> = directory.all().iter().map(|one| (one.id, directory.title(one.id, lang))).collect();
    departments.sort_by_cached_key(|(_, title)| crate::text::key(title));
    let staff = if decision == Decision::Assign { lists::staff(pool).await? } else { Vec::new() };
    let rows = chosen.items.iter().map(row).collect();
    let page = visit.page(lang.t(decision.title()), DECIDE).below(lang.t("queue-title"), QUEUE.pattern(lang));
    Ok(DecidePage {
        page,
        decision,
        draft,
        rows,
        departments,
        staff,
        preview: Vec::new(),
        warnings: Vec::new(),
        meanwhile: Vec::new(),
    })
}

impl DecidePage {
    /// Says what the decision would add to the catalogue or take back from it, and what to see before.
    async fn look_ahead(&mut self, db: &mut PgConnection, snapshot: &Snapshot, chosen: &Chosen) -> Result<(), Error> {
        let lang = self.page.lang;
        let demand = match self.decision {
            Decision::Accept => demand(db, snapshot, &chosen.wishes(&self.draft.form, snapshot)).await?,
            decision => without(db, &chosen.taken(decision, &self.draft.form)).await?,
        };
        let named: Vec<_> = demand.after.iter().chain(&demand.before).cloned().collect();
        self.preview =
            transaction::preview_changes(snapshot, &named, &write::changes(&demand.before, &demand.after)?, lang);
        if self.decision == Decision::Accept {
            self.warnings = warnings::warnings_of(snapshot, &demand.before, &demand.after, lang);
        }
        Ok(())
    }

    /// Whether staff say what becomes of a row's lines.
    fn asks_fate(&self, row: &Row) -> bool {
        self.decision.asks_lines() && !row.lines.is_empty()
    }

    /// Whether the decision changes the catalogue, so that what it changes can be seen first.
    fn has_preview(&self) -> bool {
        self.decision == Decision::Accept || self.rows.iter().any(|row| self.asks_fate(row))
    }

    /// Whether staff put the image's name right with this decision.
    fn asks_name(&self) -> bool {
        matches!(self.decision, Decision::Accept | Decision::Decline | Decision::Available)
    }

    fn asks_department(&self, row: &Row) -> bool {
        self.decision == Decision::Accept && !row.is_placed
    }

    fn asks_assignee(&self) -> bool {
        self.decision == Decision::Assign
    }

    fn asks_target(&self) -> bool {
        self.decision == Decision::Merge
    }

    /// What the words are for: the key of their label.
    fn words_label(&self) -> &'static str {
        match self.decision {
            Decision::Decline => "decide-reason",
            Decision::Accept => "decide-record-reason",
            _ => "decide-words",
        }
    }

    /// What else is to be said of the words, besides who reads them.
    fn words_hint(&self) -> Cow<'static, str> {
        match self.decision {
            Decision::Decline => self.page.lang.t("decide-reason-hint"),
            Decision::Accept => self.page.lang.t("decide-record-reason-hint"),
            _ => Cow::Borrowed(""),
        }
    }

    fn request(&self, row: &Row) -> String {
        super::STAFF_ONE.with(self.page.lang, &row.reference)
    }

    fn at<'p>(&'p self, name: &str, row: &'p Row) -> &'p str {
        let field = format!("{name}-{}", row.id);
        if name == "name" && !self.draft.form.has(&field) { &row.name } else { self.draft.form.text(&field) }
    }

    fn step(&self, event: &Event) -> String {
        follow::step(event, self.page.lang)
    }

    /// The member of staff who is chosen to look after the requests: the reader, where nobody was chosen yet.
    fn is_assigned(&self, account: &i64) -> bool {
        match self.draft.form.given("assignee") {
            Some(chosen) => chosen == account.to_string(),
            None => {
                !self.draft.form.has("assignee") && self.page.person.as_ref().is_some_and(|own| own.account == *account)
            }
        }
    }
}
