//! A request as whoever asked sees it by the private link: where it stands, and ways to change and withdraw it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use super::db::write::{self, NewEvent};
use super::db::{self, Event, Item, Request};
use super::kind::Kind;
use super::letters::Desk;
use super::state::StepKind;
use super::{CHANGE, LIST, ONE, form, withdraw};
use crate::catalogue::verdict::Verdict;
use crate::catalogue::{self, Catalogue, Firmness, Snapshot};
use crate::config::Settings;
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::transaction::CatalogueTransaction;
use crate::forms::{Guard, Kind as FormKind};
use crate::i18n::Lang;
use crate::people::secret;
use crate::requests::wish::address;
use crate::requests::wish::as_said;
use crate::requests::wish::details;
use crate::web::address::encode;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit};
use crate::web::path::{Path, Reference};

/// So long the page says that the request was sent.
const JUST_SENT: TimeDelta = TimeDelta::minutes(10);
/// Steps that the page shows at most.
const MOST_STEPS: i64 = 500;
/// Steps that whoever asked sees.
const OWN_STEPS: &[StepKind] = &[
    StepKind::Received,
    StepKind::Changed,
    StepKind::Withdrawn,
    StepKind::UnderReview,
    StepKind::Accepted,
    StepKind::Declined,
    StepKind::Available,
    StepKind::Merged,
    StepKind::Reply,
    StepKind::Reopened,
];

#[derive(Template)]
#[template(path = "requests/follow.html")]
struct FollowPage<'s> {
    page: Page,
    snapshot: &'s Snapshot,
    request: Request,
    items: Vec<Item>,
    events: Vec<Event>,
    department: String,
    /// Whether whoever reads may change it: by the private link.
    is_own: bool,
    is_sent: bool,
    token: FormToken,
    change: String,
}

#[derive(Template)]
#[template(path = "requests/change.html")]
struct ChangePage {
    page: Page,
    draft: Draft,
    items: Vec<Item>,
    back: String,
}

/// Where a request stands.
pub async fn show_item(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    Path(reference): Path<Reference>,
    visit: Visit,
) -> Result<Response, Error> {
    let mut connection = pool.acquire().await?;
    let (request, is_own) = open(&mut connection, &reference, &visit).await?;
    draw(&catalogue, &mut connection, &visit, request, is_own).await
}

/// Withdraws an image, or all of them.
pub async fn act(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    Path(reference): Path<Reference>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let form_key = FormToken::of(&form)?.nonce;
    let mut work = CatalogueTransaction::begin(&pool).await?;
    let (request, is_own) = open(&mut work.transaction, &reference, &visit).await?;
    if !is_own {
        return Err(Error::Forbidden);
    }
    let chosen: Vec<i64> = match form.act().strip_prefix("withdraw-") {
        Some("all") => db::items_of(&mut work.transaction, request.id).await?.iter().map(|item| item.id).collect(),
        Some(item) => item.parse().into_iter().collect(),
        None => return Err(Error::BadForm),
    };
    if !db::was_sent(&mut work.transaction, &form_key).await? {
        let moment = catalogue.clock().now();
        let (origin, snapshot) = (settings.origin(), catalogue.now());
        let desk = Desk { origin: &origin, snapshot: &snapshot };
        withdraw::withdraw(&mut work, &request, &chosen, &form_key, moment, desk).await?;
    }
    work.commit(&catalogue).await?;
    Ok(Redirect::to(&address(&request.reference, &request.follow_key, visit.lang, "")).into_response())
}

/// The form by which what was said can be changed while nobody has decided.
pub async fn show_change(
    State(pool): State<PgPool>,
    Path(reference): Path<Reference>,
    visit: Visit,
) -> Result<Response, Error> {
    let mut connection = pool.acquire().await?;
    let (request, items) = changeable(&mut connection, &reference, &visit).await?;
    let draft = Draft::new(form::filled(&request, &items), FormToken::at(0));
    Outcome::Shown.draw(&change_page(&visit, &request, items, draft))
}

/// Takes what was changed.
pub async fn change(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(guard): State<Arc<Guard>>,
    caller: Caller,
    Path(reference): Path<Reference>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let mut draft = Draft::sent(form)?;
    let mut transaction = pool.begin().await?;
    let (request, items) = changeable(&mut transaction, &reference, &visit).await?;
    let (asked, problems) = form::read_changed(&draft.form, &items, catalogue.clock().today(), visit.lang);
    draft.problems = problems;
    if let Some(outcome) = draft.outcome(false, false)? {
        return outcome.draw(&change_page(&visit, &request, items, draft));
    }
    if !db::was_sent(&mut transaction, &draft.token.nonce).await? {
        let counted = match guard.meet(FormKind::Change, caller, &visit, &request.contact_email).await? {
            Ok(sender) => sender.count(&mut transaction).await?,
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = counted {
            draft.problems.add("contact-email", refusal.words(visit.lang));
            return refusal.answer(&change_page(&visit, &request, items, draft));
        }
        let before = form::filled(&request, &items).fields().to_vec();
        write::change(&mut transaction, request.id, asked.may_name, &asked.contact_name, &asked.contact_email).await?;
        for (item, new) in items.iter().zip(&asked.items) {
            write::change_item(&mut transaction, item.id, new).await?;
        }
        let (changed, items) = changeable(&mut transaction, &reference, &visit).await?;
        let after = form::filled(&changed, &items).fields().to_vec();
        let event = NewEvent {
            request: request.id,
            item: None,
            by: None,
            kind: StepKind::Changed,
            words: "",
            changed: Some([before, after]),
            form_key: &draft.token.nonce,
        };
        write::add_event(&mut transaction, &event).await?;
    }
    commit(&pool, transaction).await?;
    Ok(Redirect::to(&address(&request.reference, &request.follow_key, visit.lang, "")).into_response())
}

/// The request that a visit may see, and whether by its private link. Whether a request is there is told to nobody else.
async fn open(db: &mut PgConnection, reference: &str, visit: &Visit) -> Result<(Request, bool), Error> {
    let request = db::by_reference(db, reference).await?;
    // Hashes are compared, so that the time says nothing of the key; as much where there is no such request.
    let expected = request.as_ref().map_or_else(|| secret::hash(""), |request| secret::hash(&request.follow_key));
    let given = secret::hash(&visit.parameter("key").unwrap_or_default());
    let is_own = expected == given;
    let request = request.ok_or(Error::NotFound)?;
    let is_of_department = visit.person.as_ref().is_some_and(|person| {
        person.organisation.is_some() && person.organisation == request.organisation_id && !request.held
    });
    if is_own || is_of_department { Ok((request, is_own)) } else { Err(Error::NotFound) }
}

/// A request that may still be changed by its private link, with the images that nobody has decided.
async fn changeable(db: &mut PgConnection, reference: &str, visit: &Visit) -> Result<(Request, Vec<Item>), Error> {
    let (request, is_own) = open(db, reference, visit).await?;
    if !is_own {
        return Err(Error::Forbidden);
    }
    let all: Vec<i64> = db::items_of(db, request.id).await?.iter().map(|item| item.id).collect();
    let mut items = db::lock_for_update(db, &all).await?;
    items.retain(|item| item.request_id == request.id && item.state().is_open());
    Ok((request, items))
}

async fn draw(
    catalogue: &Catalogue,
    db: &mut PgConnection,
    visit: &Visit,
    request: Request,
    is_own: bool,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let items = db::items_of(db, request.id).await?;
    let mut events = db::events_of(db, request.id, MOST_STEPS).await?;
    events.retain(|event| OWN_STEPS.contains(&event.kind));
    let department = match request.organisation_id {
        Some(organisation) => snapshot.organisations.title(organisation, visit.lang),
        None => request.department.clone(),
    };
    let page = visit
        .page_of(visit.lang.named("request-title", &request.reference), ONE, |_| request.reference.clone())
        .below(visit.lang.t("requests-title"), LIST.pattern(visit.lang));
    let change = format!("{}?key={}", CHANGE.with(visit.lang, &request.reference), encode(&request.follow_key));
    // The address goes on saying so; the page does not.
    let is_sent = visit.parameter("sent").is_some() && Utc::now() - request.made_at < JUST_SENT;
    let shown = FollowPage {
        page,
        snapshot: &snapshot,
        request,
        items,
        events,
        department,
        is_own,
        is_sent,
        token: FormToken::at(0),
        change,
    };
    Outcome::Shown.draw(&shown)
}

fn change_page(visit: &Visit, request: &Request, items: Vec<Item>, draft: Draft) -> ChangePage {
    let back = address(&request.reference, &request.follow_key, visit.lang, "");
    let page = visit
        .page_of(visit.lang.named("request-change-title", &request.reference), CHANGE, |_| request.reference.clone())
        .below(visit.lang.named("request-title", &request.reference), back.clone());
    ChangePage { page, draft, items, back }
}

impl FollowPage<'_> {
    /// The private address of the page.
    fn own_link(&self) -> String {
        address(&self.request.reference, &self.request.follow_key, self.page.lang, "")
    }

    fn details(&self, item: &Item) -> Vec<(String, String)> {
        details(&as_said(item), self.page.lang)
    }

    /// The image's page, where the catalogue has it.
    fn image(&self, item: &Item) -> Option<String> {
        let image = self.snapshot.image(item.image_id?)?;
        Some(catalogue::address::IMAGE.with(self.page.lang, &image.slug))
    }

    /// Whether the image can be used today, where the catalogue has it.
    fn answer(&self, item: &Item) -> Option<String> {
        let image = self.snapshot.image(item.image_id?).filter(|_| item.state().shows_answer())?;
        Some(Verdict::of(self.snapshot, image).told(self.page.lang))
    }

    fn is_changeable(&self) -> bool {
        self.is_own && self.items.iter().any(|item| item.state().is_open())
    }

    /// Where what is sent from the page goes.
    fn here(&self) -> String {
        address(&self.request.reference, &self.request.follow_key, self.page.lang, "")
    }

    fn step(&self, event: &Event) -> String {
        step(event, self.page.lang)
    }
}

/// A step in words: what happened, and to which image where it is about one.
pub fn step(event: &Event, lang: Lang) -> String {
    let what = event.kind.label(lang);
    match &event.item_name {
        Some(name) => format!("{name} – {what}"),
        None => what.into_owned(),
    }
}

/// What a step changed: which field, as it was and as it is.
pub fn changed(event: &Event, lang: Lang) -> Vec<(String, String, String)> {
    let (Some(before), Some(after)) = (&event.before, &event.after) else { return Vec::new() };
    let value = |fields: &[(String, String)], name: &str| {
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut names: Vec<&String> = before.iter().chain(after.iter()).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let told = |name: &String| {
        let (was, is) = (value(before, name), value(after, name));
        (was != is).then(|| (label(name, after, lang), was, is))
    };
    names.into_iter().filter_map(told).collect()
}

/// The name of a field of the form; with the image that it is about where it is about one.
fn label(name: &str, fields: &[(String, String)], lang: Lang) -> String {
    let (field, image) = match name.rsplit_once('-') {
        Some((field, place)) if place.parse::<usize>().is_ok() => {
            let called = format!("image-{place}");
            (field, fields.iter().find(|(name, _)| *name == called).map(|(_, image)| image.as_str()))
        }
        _ => (name, None),
    };
    let label = lang.t(match field {
        "contact-name" => "request-contact-name",
        "contact-email" => "request-contact-email",
        "unnamed" => "request-unnamed",
        "type" => "request-type",
        "fips" => "request-fips",
        "needed-by" => "field-needed-by",
        "firmness" => "field-firmness",
        "environment" => "request-environment",
        _ => "request-why",
    });
    image.map_or_else(|| label.to_string(), |image| format!("{image} – {label}"))
}

impl ChangePage {
    fn rows(&self) -> impl Iterator<Item = (usize, &Item)> {
        self.items.iter().enumerate().map(|(place, item)| (place + 1, item))
    }

    /// Where the form goes.
    fn here(&self) -> String {
        self.back.replacen('?', &format!("/{}?", self.page.lang.of("change", "modifier")), 1)
    }
}
