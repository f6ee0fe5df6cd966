//! The queue of staff: what waits, the oldest first, with its filters; and one request with all its steps.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sqlx::PgPool;

use super::db::lists::{self, Assignee, Counts, Filter, Waiting};
use super::db::write::{self, NewEvent};
use super::db::{self, Event, Item, Request};
use super::decision::Decision;
use super::letters::{self, Desk};
use super::state::{State as Standing, StepKind};
use super::{DECIDE, QUEUE, STAFF_ONE, decide, follow};
use crate::catalogue::{self, Catalogue, Snapshot};
use crate::changes;
use crate::config::Settings;
use crate::database::commit::{afterwards, commit};
use crate::files;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::requests::wish::as_said;
use crate::requests::wish::details;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::{Page, Visit, show};
use crate::web::path::{Path, Reference};

/// Images on one page of the queue.
const SHOWN: i64 = 50;
/// Steps of a request that its page shows at most.
const MOST_STEPS: i64 = 1_000;
/// How long a note or an answer may be, in characters.
const LONGEST: usize = 5_000;
/// Other requests for the same image that are shown.
const MOST_OTHERS: i64 = 20;

#[derive(Template)]
#[template(path = "requests/queue.html")]
struct QueuePage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    rows: Vec<Waiting>,
    counts: Counts,
    departments: Vec<(i64, String)>,
    staff: Vec<(i64, String)>,
    /// What the address asks for, as it was given.
    asked: Asked,
    next: Option<String>,
    /// Whether a decision was asked for, and nothing was chosen.
    is_none_chosen: bool,
}

/// The filters as the address gives them.
#[derive(Default)]
struct Asked {
    state: String,
    department: String,
    assignee: String,
    words: String,
}

/// What waits.
pub async fn list(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let (asked, filter) = filter(&visit, &snapshot)?;
    let mut rows = lists::queue(&pool, &filter, visit.number("after")?.unwrap_or(0), SHOWN + 1).await?;
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|last| asked.address(&visit, last.id));
    let directory = &snapshot.organisations;
    let named = lists::departments(&pool).await?;
    let mut departments: Vec<_> = named.iter().map(|id| (*id, directory.title(*id, visit.lang))).collect();
    departments.sort_by_cached_key(|(_, title)| crate::text::key(title));
    show(&QueuePage {
        page: visit.page(visit.lang.t("queue-title"), QUEUE),
        rows,
        counts: lists::counts(&pool).await?,
        departments,
        staff: lists::staff(&pool).await?,
        asked,
        next,
        is_none_chosen: visit.parameter("none").is_some(),
        snapshot: &snapshot,
    })
}

fn filter(visit: &Visit, snapshot: &Snapshot) -> Result<(Asked, Filter), Error> {
    let given = |name: &str| visit.parameter(name).unwrap_or_default();
    let asked = Asked {
        state: given("state"),
        department: given("department"),
        assignee: given("assignee"),
        words: given("q").chars().take(200).collect(),
    };
    let open = vec![Standing::Received, Standing::UnderReview];
    let (states, held) = match &*asked.state {
        "" | "open" => (open, false),
        "held" => (open, true),
        "all" => (Standing::ALL.to_vec(), false),
        code => {
            let state = Standing::from_code(code);
            let offered = "open, held, all, received, under_review, accepted, declined, available, merged, withdrawn";
            (vec![state.ok_or_else(|| visit.not_offered("state", code, offered))?], false)
        }
    };
    let organisation = visit.number("department")?;
    if organisation.is_some_and(|id| snapshot.organisations.place(id).is_none()) {
        return Err(visit.not_offered("department", &asked.department, "1, 2, 3…"));
    }
    let own = visit.person.as_ref().map(|person| person.account);
    let assignee = match (&*asked.assignee, own) {
        ("", _) => Assignee::Anyone,
        ("nobody", _) => Assignee::Nobody,
        ("me", Some(own)) => Assignee::Account(own),
        (number, _) => {
            let account = number.parse().map_err(|_| visit.not_offered("assignee", number, "me, nobody, 1, 2, 3…"))?;
            Assignee::Account(account)
        }
    };
    let words = Some(asked.words.clone()).filter(|words| !words.is_empty());
    Ok((asked, Filter { states, held, organisation, assignee, words }))
}

impl Asked {
    fn address(&self, visit: &Visit, after: i64) -> String {
        let mut address = format!("{}?after={after}", QUEUE.pattern(visit.lang));
        let parts = [
            ("state", &self.state),
            ("department", &self.department),
            ("assignee", &self.assignee),
            ("q", &self.words),
        ];
        for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            address.extend(["&", name, "=", &encode(value)]);
        }
        address
    }
}

#[derive(Template)]
#[template(path = "requests/one.html")]
struct OnePage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    request: Request,
    items: Vec<(Item, Vec<Waiting>)>,
    events: Vec<Event>,
    department: String,
    draft: Draft,
    /// What was done just now, where the page is shown again.
    done: Option<&'static str>,
}

/// One request.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(reference): Path<Reference>,
    visit: Visit,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    show(&page(&pool, &snapshot, &visit, &reference, Draft::blank()).await?)
}

/// Takes a note for colleagues, or an answer to whoever asked.
pub async fn write(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(reference): Path<Reference>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    let snapshot = catalogue.now();
    let mut draft = Draft::sent(form)?;
    if let Some((decision, item)) = draft.act().rsplit_once('-') {
        let decision = Decision::from_code(decision).ok_or(Error::BadForm)?;
        return decide::open(&pool, &catalogue, &visit, decision, item, &draft.form).await;
    }
    // What was typed into the other box is not sent by this button: it stays on the page.
    let (kind, other, done) = match draft.act() {
        "reply" if visit.shell.sends_mail => (StepKind::Reply, "note", "request-reply-sent"),
        "reply" => (StepKind::Reply, "note", "request-reply-waits"),
        _ => (StepKind::Note, "reply", "request-note-kept"),
    };
    let words = draft.form.given(kind.code()).unwrap_or_default();
    match files::check_words(&visit.lang.t("request-words"), &words, LONGEST, true, visit.lang) {
        Err(problem) => draft.problems.add(kind.code(), problem),
        Ok(()) if words.is_empty() => draft.problems.add(kind.code(), visit.lang.t("request-words-missing")),
        Ok(()) => {}
    }
    if let Some(outcome) = draft.outcome_of(&["note", "reply"], false, false)? {
        return outcome.draw(&page(&pool, &snapshot, &visit, &reference, draft).await?);
    }
    let typed = draft.form.given(other).map(|typed| Form::new(vec![(other.to_owned(), typed)]));
    let again = |form: Form| page(&pool, &snapshot, &visit, &reference, Draft::new(form, FormToken::at(0)));
    // Read before the act, so that the text is not lost where the page cannot be read afterwards.
    let before = match typed.clone() {
        Some(typed) => Some(again(typed).await?),
        None => None,
    };
    let mut transaction = pool.begin().await?;
    let request = db::by_reference(&mut transaction, &reference).await?.ok_or(Error::NotFound)?;
    // One after another, so that what is sent twice is seen.
    let items: Vec<i64> = db::items_of(&mut transaction, request.id).await?.iter().map(|item| item.id).collect();
    db::lock_for_update(&mut transaction, &items).await?;
    let form_key = &draft.token.nonce;
    if !db::was_sent(&mut transaction, form_key).await? {
        let by = Some((&*person.name, person.account));
        let event = NewEvent { request: request.id, item: None, by, kind, words: &words, changed: None, form_key };
        let event = write::add_event(&mut transaction, &event).await?;
        if kind == StepKind::Reply {
            let (origin, snapshot) = (settings.origin(), catalogue.now());
            let desk = Desk { origin: &origin, snapshot: &snapshot };
            letters::news(&mut transaction, desk, &request, &[], &words, event).await?;
        }
    }
    commit(&pool, transaction).await?;
    if let (Some(before), Some(typed)) = (before, typed) {
        let page = afterwards(again(typed)).await.unwrap_or(before);
        return Outcome::Shown.draw(&OnePage { done: Some(done), ..page });
    }
    Ok(Redirect::to(&STAFF_ONE.with(visit.lang, &request.reference)).into_response())
}

async fn page<'s>(
    pool: &PgPool,
    snapshot: &'s Snapshot,
    visit: &Visit,
    reference: &str,
    draft: Draft,
) -> Result<OnePage<'s>, Error> {
    let mut connection = pool.acquire().await?;
    let request = db::by_reference(&mut connection, reference).await?.ok_or(Error::NotFound)?;
    let items = db::items_of(&mut connection, request.id).await?;
    let events = db::events_of(&mut connection, request.id, MOST_STEPS).await?;
    drop(connection);
    let images: Vec<i64> = items.iter().filter_map(|item| item.image_id).collect();
    let others = lists::others(pool, &images, request.id, MOST_OTHERS).await?;
    let of = |item: &Item| others.iter().filter(|other| other.image_id == item.image_id).cloned().collect::<Vec<_>>();
    let items =
        items.into_iter().map(|item| (item.clone(), if item.image_id.is_some() { of(&item) } else { Vec::new() }));
    let department = match request.organisation_id {
        Some(organisation) => snapshot.organisations.title(organisation, visit.lang),
        None => request.department.clone(),
    };
    let page = visit
        .page_of(visit.lang.named("request-title", &request.reference), STAFF_ONE, |_| request.reference.clone())
        .below(visit.lang.t("queue-title"), QUEUE.pattern(visit.lang));
    let items = items.collect();
    Ok(OnePage { page, snapshot, request, items, events, department, draft, done: None })
}

impl QueuePage<'_> {
    fn address(&self, row: &Waiting) -> String {
        STAFF_ONE.with(self.page.lang, &row.reference)
    }

    fn department(&self, row: &Waiting) -> String {
        match row.organisation_id.and_then(|id| self.snapshot.organisations.place(id)) {
            Some(place) => self.snapshot.organisations.at(place).acronym(self.page.lang).to_owned(),
            None => row.department.clone(),
        }
    }

    /// The choices of the state filter: code, words, how many.
    fn states(&self) -> Vec<(&'static str, String, usize)> {
        let lang = self.page.lang;
        let count = |state: &Standing| self.counts.states.get(state).copied().unwrap_or(0);
        let whole = |number: i64| usize::try_from(number).unwrap_or_default();
        let open: i64 = Standing::ALL.iter().filter(|state| state.is_open()).map(count).sum();
        let all: i64 = Standing::ALL.iter().map(count).sum();
        let mut states = vec![("open", lang.t("queue-open").into_owned(), whole(open))];
        states.extend(
            Standing::ALL.iter().map(|state| (state.code(), state.label(lang).into_owned(), whole(count(state)))),
        );
        states.push(("held", lang.t("queue-held").into_owned(), whole(self.counts.held)));
        states.push(("all", lang.t("queue-all").into_owned(), whole(all)));
        states
    }

    fn is_state(&self, code: &str) -> bool {
        self.asked.state == code || (self.asked.state.is_empty() && code == "open")
    }

    /// What the buttons do with what is chosen: decision and words.
    fn decisions(&self) -> Vec<(&'static str, &'static str)> {
        let held = self.asked.state == "held";
        let usual = [Decision::Assign, Decision::Accept, Decision::Available, Decision::Merge, Decision::Decline];
        let some: &[Decision] = if held { &[Decision::Release, Decision::Discard] } else { &usual };
        some.iter().map(|decision| (decision.code(), decision.button())).collect()
    }

    fn decide(&self) -> &'static str {
        DECIDE.pattern(self.page.lang)
    }

    fn firmness(&self, row: &Waiting) -> Option<String> {
        Some(row.firmness?.label(self.page.lang).into_owned())
    }
}

impl OnePage<'_> {
    fn details(&self, item: &Item) -> Vec<(String, String)> {
        details(&as_said(item), self.page.lang)
    }

    fn image(&self, item: &Item) -> Option<String> {
        let image = self.snapshot.image(item.image_id?)?;
        Some(catalogue::address::IMAGE.with(self.page.lang, &image.slug))
    }

    fn act(&self, change_set: &i64) -> String {
        changes::ONE.with(self.page.lang, &change_set.to_string())
    }

    fn address(&self, reference: &str) -> String {
        STAFF_ONE.with(self.page.lang, reference)
    }

    /// The decisions that can be taken on an item: code and words.
    fn decisions(&self, item: &Item) -> Vec<(&'static str, &'static str)> {
        let fits = |decision: &Decision| decision.fits(item.state(), self.request.held);
        let held =
            |decision: &Decision| !self.request.held || matches!(decision, Decision::Release | Decision::Discard);
        let all = Decision::ALL.into_iter().filter(fits).filter(held);
        all.filter(|decision| *decision != Decision::Discard || self.request.held)
            .map(|decision| (decision.code(), decision.button()))
            .collect()
    }

    fn step(&self, event: &Event) -> String {
        follow::step(event, self.page.lang)
    }

    /// What a step changed: label, before, after.
    fn changed(&self, event: &Event) -> Vec<(String, String, String)> {
        follow::changed(event, self.page.lang)
    }

    fn asked_in(&self) -> std::borrow::Cow<'static, str> {
        self.page.lang.t(self.request.lang().of("language-english", "language-french"))
    }
}
