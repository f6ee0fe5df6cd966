//! What each decision needs, and what it writes: where the requests stand, the steps, the demand, the letters.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::accept::{Demand, demand};
use super::chosen::{Chosen, meant, name, organisation};
use super::db::lines::{self, Stood};
use super::db::write::{self, NewEvent, NewStatus};
use super::db::{self, Item, Request};
use super::decision::Decision;
use super::letters::{self, Desk};
use super::lines::{Fate, own, without};
use super::state::{State, StepKind};
use crate::catalogue::meant::Reader;
use crate::catalogue::{Snapshot, Status};
use crate::changes::record::{Act, Kind};
use crate::files;
use crate::forms::transaction::CatalogueTransaction;
use crate::i18n::Lang;
use crate::text::key;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::problems::Problems;
use crate::web::visitor::Person;

/// How long a reason and a word to whoever asked may be, in characters.
const LONGEST: usize = 2_000;
const LONGEST_NAME: usize = 200;

/// A decision that is being taken.
pub struct DecisionContext<'a> {
    pub decision: Decision,
    pub person: &'a Person,
    pub form: &'a Form,
    pub form_key: &'a str,
    pub moment: DateTime<Utc>,
}

/// What a form says to all requests: the reason or the word to whoever asked.
fn words(decision: Decision, form: &Form) -> String {
    form.given("words").filter(|_| decision.has_words()).unwrap_or_default()
}

/// What a form says to colleagues only.
fn note(form: &Form) -> String {
    form.given("note").unwrap_or_default()
}

/// What keeps a decision from being taken.
pub async fn problems(
    db: &mut PgConnection,
    decision: Decision,
    chosen: &Chosen,
    form: &Form,
    snapshot: &Snapshot,
    lang: Lang,
) -> Result<Problems, Error> {
    let mut problems = Problems::default();
    let said = words(decision, form);
    for (field, label, text) in [("words", "decide-words", &said), ("note", "decide-note", &note(form))] {
        if let Err(wrong) = files::check_words(&lang.t(label), text, LONGEST, true, lang) {
            problems.add(field, wrong);
        }
    }
    if decision == Decision::Decline && said.is_empty() {
        problems.add("words", lang.t("decide-reason-missing"));
    }
    for item in &chosen.items {
        let field = |name: &str| format!("{name}-{}", item.id);
        if !decision.fits(item.state(), chosen.request(item).held) {
            problems.add(field("name"), lang.named("decide-not-now", &item.name));
        }
        let name = name(form, item);
        if name.is_empty() {
            problems.add(field("name"), lang.t("request-image-missing"));
        }
        if let Err(wrong) = files::check_words(&lang.t("field-name"), name, LONGEST_NAME, false, lang) {
            problems.add(field("name"), wrong);
        }
        if decision.asks_lines() && own(&chosen.made, item.id).next().is_some() && Fate::of(form, item.id).is_none() {
            problems.add(field("lines"), lang.named("decide-lines-missing", &item.name));
        }
        let known = organisation(form, item, chosen.request(item)).and_then(|id| snapshot.organisations.place(id));
        if decision == Decision::Accept && known.is_none() {
            problems.add(field("department"), lang.t("decide-department-missing"));
        }
        let reader = Reader { snapshot, form, lang, may_add: decision == Decision::Accept };
        let read = reader.read("", name);
        if decision.reads_name() && !read.is_settled {
            problems.add(field("name"), lang.named("meant-confirm", name));
        }
        let is_procured = read.image.is_some_and(|image| image.status == Status::Procured);
        if decision == Decision::Available && !is_procured {
            problems.add(field("name"), lang.named("decide-not-procured", name));
        }
    }
    if decision == Decision::Merge && target(db, chosen, form).await?.is_none() {
        problems.add("into", lang.t("decide-into-wrong"));
    }
    Ok(problems)
}

/// The item that others are to be merged into: `REQ-2026-0042`, or `REQ-2026-0042/2` for its second image.
async fn target(db: &mut PgConnection, chosen: &Chosen, form: &Form) -> Result<Option<Item>, Error> {
    let typed = form.text("into").to_uppercase();
    let (reference, place) = typed.split_once('/').unwrap_or((&typed, ""));
    let Some(request) = db::by_reference(db, reference.trim()).await? else { return Ok(None) };
    let mut items = db::items_of(db, request.id).await?;
    items.retain(|item| {
        let fits = !matches!(item.state(), State::Merged | State::Withdrawn | State::Discarded);
        fits && !chosen.items.iter().any(|own| own.id == item.id)
    });
    Ok(match place.trim().parse::<i32>() {
        Ok(place) => items.into_iter().find(|item| item.place == place),
        Err(_) if items.len() == 1 => items.pop(),
        Err(_) => None,
    })
}

/// Takes a decision: everything that belongs to it, in the transaction of `work`.
pub async fn write(
    work: &mut CatalogueTransaction,
    snapshot: &Snapshot,
    chosen: &Chosen,
    context: &DecisionContext<'_>,
    origin: &str,
) -> Result<(), Error> {
    let desk = Desk { origin, snapshot };
    let change_set = match context.decision {
        Decision::Accept => accept(work, snapshot, chosen, context).await?,
        _ => take_back(work, chosen, context).await?,
    };
    let into = match context.decision {
        Decision::Merge => Some(target(&mut work.transaction, chosen, context.form).await?.ok_or(Error::BadForm)?),
        _ => None,
    };
    let mut news: BTreeMap<i64, (Vec<Item>, i64)> = BTreeMap::new();
    for item in &chosen.items {
        let (after, event) =
            one(&mut work.transaction, snapshot, item, chosen, context, (into.as_ref(), change_set)).await?;
        if item.state() != after.state() || context.decision == Decision::Release {
            let told = news.entry(item.request_id).or_insert_with(|| (Vec::new(), event));
            told.0.push(after.clone());
        }
        // Whoever was merged into it hears what became of it.
        let followers = chosen.merged.iter().filter(|merged| merged.merged_into == Some(item.id));
        for follower in followers.filter(|_| !after.state().is_open()) {
            let told = Item { state: after.state, reason: after.reason.clone(), ..follower.clone() };
            news.entry(follower.request_id).or_insert_with(|| (Vec::new(), event)).0.push(told);
        }
    }
    if context.decision == Decision::Assign {
        assign(work, chosen, context).await?;
    }
    for request in chosen.items.iter().map(|item| item.request_id).collect::<BTreeSet<_>>() {
        say(&mut work.transaction, request, StepKind::Note, &note(context.form), context).await?;
        let answer =
            if context.decision == Decision::Assign { words(context.decision, context.form) } else { String::new() };
        if let Some(event) = say(&mut work.transaction, request, StepKind::Reply, &answer, context).await? {
            news.entry(request).or_insert_with(|| (Vec::new(), event));
        }
    }
    tell(&mut work.transaction, chosen, context, news, desk).await
}

/// Makes the wishes demand of the catalogue; the act, where anything differs.
async fn accept(
    work: &mut CatalogueTransaction,
    snapshot: &Snapshot,
    chosen: &Chosen,
    context: &DecisionContext<'_>,
) -> Result<Option<i64>, Error> {
    for item in &chosen.items {
        let request = chosen.request(item);
        if let (None, Some(placed)) = (request.organisation_id, organisation(context.form, item, request)) {
            write::place(&mut work.transaction, request.id, placed).await?;
        }
    }
    let demand = demand(&mut work.transaction, snapshot, &chosen.wishes(context.form, snapshot)).await?;
    put(work, chosen, context, demand).await
}

/// Takes back the lines that accepting made, where the form says so; the act, where there are any.
async fn take_back(
    work: &mut CatalogueTransaction,
    chosen: &Chosen,
    context: &DecisionContext<'_>,
) -> Result<Option<i64>, Error> {
    let demand = without(&mut work.transaction, &chosen.taken(context.decision, context.form)).await?;
    put(work, chosen, context, demand).await
}

/// Writes what a decision makes of the catalogue as one act. Its reason is public, so it is what the form calls so.
async fn put(
    work: &mut CatalogueTransaction,
    chosen: &Chosen,
    context: &DecisionContext<'_>,
    demand: Demand,
) -> Result<Option<i64>, Error> {
    let references: Vec<&str> = chosen.requests.values().map(|request| &*request.reference).collect();
    let source = references.join(", ");
    let is_public = matches!(context.decision, Decision::Accept | Decision::Decline);
    let reason = if is_public { words(context.decision, context.form) } else { String::new() };
    let act =
        Act { source: &source, ..Act::by(context.person, Kind::Request, &reason, context.form_key, context.moment) };
    work.put(&act, &demand.before, demand.after).await
}

/// Notes one item's step and where it stands after it.
async fn one(
    db: &mut PgConnection,
    snapshot: &Snapshot,
    item: &Item,
    chosen: &Chosen,
    context: &DecisionContext<'_>,
    (into, change_set): (Option<&Item>, Option<i64>),
) -> Result<(Item, i64), Error> {
    let name = name(context.form, item).to_owned();
    // Who looks after it is no step that whoever asked sees: a word with it is an answer of its own.
    let said = if context.decision == Decision::Assign { String::new() } else { words(context.decision, context.form) };
    let step = match context.decision {
        Decision::Assign if item.state() == State::Received => StepKind::UnderReview,
        decision => decision.step(),
    };
    let event = NewEvent {
        request: item.request_id,
        item: Some(item.id),
        by: Some((&context.person.name, context.person.account)),
        kind: step,
        words: &said,
        changed: None,
        form_key: context.form_key,
    };
    let event = write::add_event(db, &event).await?;
    let state = context.decision.state(item.state());
    let reason = if state == State::Declined { said } else { String::new() };
    let image = match context.decision {
        Decision::Accept | Decision::Available => crate::catalogue::store::db::image_with_key(db, &key(&name))
            .await?
            .or_else(|| meant(context.form, &name, snapshot)),
        Decision::Merge => into.and_then(|into| into.image_id),
        _ => item.image_id,
    };
    let status = NewStatus {
        item: item.id,
        state,
        reason: &reason,
        name: &name,
        image: image.or(item.image_id),
        merged_into: into.map(|into| into.id),
        change_set: (state == State::Accepted).then_some(change_set).flatten(),
        line_kept: line_kept(item, chosen, context),
        event,
    };
    set_status(db, item, &status, change_set).await?;
    if context.decision == Decision::Release {
        write::release(db, item.request_id).await?;
    }
    for (merged, into) in chosen.merged.iter().filter(|merged| merged.merged_into == Some(item.id)).zip(into) {
        // Those that were merged into it count with the one that it counts with now.
        let status = NewStatus {
            item: merged.id,
            state: State::Merged,
            reason: "",
            name: &merged.name,
            image: into.image_id,
            merged_into: Some(into.id),
            change_set: None,
            line_kept: line_kept(item, chosen, context),
            event,
        };
        set_status(db, merged, &status, change_set).await?;
    }
    Ok((Item { name, state, reason, ..item.clone() }, event))
}

/// Whether an item's lines stay though it is not accepted, as somebody says now or said before.
fn line_kept(item: &Item, chosen: &Chosen, context: &DecisionContext<'_>) -> bool {
    match context.decision {
        Decision::Accept => false,
        decision if !decision.asks_lines() => item.line_kept,
        _ => own(&chosen.made, item.id).next().is_some() && Fate::of(context.form, item.id) == Some(Fate::Keep),
    }
}

/// Notes where an item stands, and beside the act that belongs to it where it stood.
async fn set_status(db: &mut PgConnection, item: &Item, status: &NewStatus<'_>, act: Option<i64>) -> sqlx::Result<()> {
    write::set_status(db, status).await?;
    let Some(act) = act else { return Ok(()) };
    let after = Stood {
        state: status.state,
        reason: status.reason.to_owned(),
        name: status.name.to_owned(),
        image_id: status.image,
        merged_into: status.merged_into,
        change_set_id: status.change_set,
        line_kept: status.line_kept,
    };
    lines::add_standing(db, act, item.id, &item.stood(), &after).await
}

/// Adds words about a whole request as a step of their own, where there are any.
async fn say(
    db: &mut PgConnection,
    request: i64,
    kind: StepKind,
    words: &str,
    context: &DecisionContext<'_>,
) -> sqlx::Result<Option<i64>> {
    if words.is_empty() {
        return Ok(None);
    }
    let by = Some((&*context.person.name, context.person.account));
    let event = NewEvent { request, item: None, by, kind, words, changed: None, form_key: context.form_key };
    write::add_event(db, &event).await.map(Some)
}

async fn assign(work: &mut CatalogueTransaction, chosen: &Chosen, context: &DecisionContext<'_>) -> Result<(), Error> {
    let ids: Vec<i64> = chosen.items.iter().map(|item| item.id).collect();
    Ok(write::assign(&mut work.transaction, &ids, context.form.text("assignee").parse().ok()).await?)
}

/// Writes a letter to each who asked, unless it is advertising.
async fn tell(
    db: &mut PgConnection,
    chosen: &Chosen,
    context: &DecisionContext<'_>,
    news: BTreeMap<i64, (Vec<Item>, i64)>,
    desk: Desk<'_>,
) -> Result<(), Error> {
    if context.decision == Decision::Discard {
        return Ok(());
    }
    let said =
        if context.decision == Decision::Decline { String::new() } else { words(context.decision, context.form) };
    for (request, (items, event)) in news {
        let Some(request) = chosen.requests.get(&request) else { continue };
        if context.decision == Decision::Release {
            letters::received(db, desk, request.id).await?;
            continue;
        }
        let items: Vec<&Item> = items.iter().collect();
        letters::news(db, desk, &Request::clone(request), &items, &said, event).await?;
    }
    Ok(())
}
