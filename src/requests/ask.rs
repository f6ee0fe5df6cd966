//! The request form: filled in, checked, and sent.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use sqlx::PgPool;

use super::NEW;
use super::answers::{self, Known};
use super::db::write;
use super::form::{self, Asked, MOST_IMAGES, OTHER};
use super::kind::Kind;
use super::letters::{self, Desk};
use crate::catalogue::address::IMAGE;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::{Catalogue, Firmness, Snapshot};
use crate::config::Settings;
use crate::database::commit::commit;
use crate::forms::draft::{Draft, FormToken};
use crate::forms::outcome::Outcome;
use crate::forms::{Guard, Kind as FormKind, Refusal, Sender};
use crate::organisations::UNNAMED;
use crate::people::secret;
use crate::requests::wish;
use crate::requests::wish::details;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::limits::Caller;
use crate::web::page::{Page, Visit};

/// Whoever fills a form faster than this and leads elsewhere with it is looked at first.
const FAST: Duration = Duration::from_secs(3);

#[derive(Template)]
#[template(path = "requests/ask.html")]
struct AskPage {
    page: Page,
    draft: Draft,
    departments: Vec<(i64, String)>,
    /// The one image that the short form is about: name and address.
    image: Option<(String, String)>,
    places: usize,
}

#[derive(Template)]
#[template(path = "requests/check.html")]
struct CheckPage {
    page: Page,
    draft: Draft,
    asked: Asked,
    department: String,
    known: Vec<Known>,
}

/// The empty form; short where the address names one image, which the catalogue has. An address may name several.
pub async fn show(State(catalogue): State<Catalogue>, visit: Visit) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let asked: Vec<String> = visit
        .parameters()
        .into_iter()
        .filter(|(name, value)| name == "image" && !value.trim().is_empty())
        .map(|(_, value)| value.trim().chars().take(form::LONGEST_NAME).collect())
        .take(MOST_IMAGES)
        .collect();
    let images: Vec<_> = asked.iter().map(|name| snapshot.linked(name)).collect();
    let names = asked.iter().zip(&images).map(|(asked, image)| image.map_or(asked.as_str(), |image| &*image.name));
    let form = form::blank(names, visit.person.as_deref());
    let only = if let [image] = images[..] { image } else { None };
    Outcome::Shown.draw(&page(&snapshot, &visit, Draft::new(form, FormToken::at(0)), only))
}

/// Takes the form: with one more image or one less, as typed, to be checked, or sent.
pub async fn send(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    State(settings): State<Arc<Settings>>,
    State(guard): State<Arc<Guard>>,
    caller: Caller,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let snapshot = catalogue.now();
    let mut draft = Draft::sent(form)?;
    let short = snapshot.find(draft.typed("short"));
    let act = draft.act().to_owned();
    let again = match act.split_once('-') {
        Some(("remove", place)) => Some(without(&draft.form, place)),
        Some(("use", chosen)) => {
            draft.form = renamed(&draft.form, chosen, &snapshot);
            None
        }
        _ if act == "add" => Some(with_one_more(&draft.form)),
        _ if act == "edit" => Some(draft.form.clone()),
        _ => None,
    };
    if let Some(form) = again {
        return Outcome::Shown.draw(&page(&snapshot, &visit, Draft { form, ..draft }, short));
    }
    let (asked, problems) = form::read(&draft.form, &snapshot, catalogue.clock().today(), visit.lang);
    draft.problems = problems;
    if !draft.problems.is_empty() {
        return Outcome::Invalid.draw(&page(&snapshot, &visit, draft, short));
    }
    if act != "send" {
        return check(&snapshot, &visit, draft, asked);
    }
    let sender = guard.meet(FormKind::Request, caller, &visit, &asked.contact_email).await?;
    let kept = match sender {
        Ok(sender) => {
            let held = looks_like_advertising(&draft);
            let sent = Sending { visit: &visit, asked: &asked, form_key: &draft.token.nonce, held, sender };
            keep(&pool, &catalogue, &settings.origin(), &sent).await?
        }
        Err(refusal) => Err(refusal),
    };
    match kept {
        Ok(kept) => {
            Ok(Redirect::to(&wish::address(&kept.reference, &kept.follow_key, visit.lang, "&sent=1")).into_response())
        }
        Err(refusal) => {
            draft.problems.add("contact-email", refusal.words(visit.lang));
            refusal.answer(&page(&snapshot, &visit, draft, short))
        }
    }
}

/// A request that is sent, and by whom.
struct Sending<'a> {
    visit: &'a Visit,
    asked: &'a Asked,
    form_key: &'a str,
    held: bool,
    sender: Sender,
}

/// Keeps the request and writes the letter that tells of it, in one transaction; nothing of it where the sender has sent
/// too much.
async fn keep(
    pool: &PgPool,
    catalogue: &Catalogue,
    origin: &str,
    sending: &Sending<'_>,
) -> Result<Result<write::Kept, Refusal>, Error> {
    let Sending { visit, asked, form_key, held, ref sender } = *sending;
    let follow_key = secret::new()?;
    let new = write::New {
        follow_key: &follow_key,
        organisation: asked.organisation,
        department: &asked.department,
        may_name: asked.may_name,
        contact_name: &asked.contact_name,
        contact_email: &asked.contact_email,
        lang: visit.lang,
        account: visit.person.as_ref().map(|person| person.account),
        form_key,
        held,
        items: &asked.items,
    };
    let mut transaction = pool.begin().await?;
    let kept = write::insert(&mut transaction, &new, catalogue.clock().today().year()).await?;
    if kept.is_new
        && let Err(refusal) = sender.count(&mut transaction).await?
    {
        return Ok(Err(refusal));
    }
    if kept.is_new && !held {
        let snapshot = catalogue.now();
        letters::received(&mut transaction, Desk { origin, snapshot: &snapshot }, kept.id).await?;
    }
    commit(pool, transaction).await?;
    Ok(Ok(kept))
}

fn check(snapshot: &Snapshot, visit: &Visit, draft: Draft, asked: Asked) -> Result<Response, Error> {
    let known = asked.items.iter().map(|item| answers::known(snapshot, item, visit.lang)).collect();
    let department = match asked.organisation {
        Some(organisation) => snapshot.organisations.title(organisation, visit.lang),
        None => asked.department.clone(),
    };
    let page = frame(visit, "check-title").below(visit.lang.t("ask-title"), NEW.pattern(visit.lang));
    Outcome::Shown.draw(&CheckPage { page, draft, asked, department, known })
}

fn page(snapshot: &Snapshot, visit: &Visit, draft: Draft, image: Option<&Image>) -> AskPage {
    let directory = &snapshot.organisations;
    let named = directory.all().iter().filter(|one| one.confirmed && one.acronym_en != UNNAMED);
    let mut departments: Vec<_> = named.map(|one| (one.id, directory.title(one.id, visit.lang))).collect();
    departments.sort_by_cached_key(|(_, title)| crate::text::key(title));
    AskPage {
        page: frame(visit, "ask-title"),
        places: form::places(&draft.form),
        draft,
        departments,
        image: image.map(|image| (image.name.to_string(), IMAGE.with(visit.lang, &image.slug))),
    }
}

fn frame(visit: &Visit, title: &str) -> Page {
    visit.page(visit.lang.t(title), NEW)
}

fn with_one_more(form: &Form) -> Form {
    let mut fields = form.fields().to_vec();
    let places = form::places(form);
    if places < MOST_IMAGES {
        fields.push((format!("image-{}", places + 1), String::new()));
    }
    Form::new(fields)
}

/// The form without the image at a place; those after it move up.
fn without(form: &Form, place: &str) -> Form {
    let removed = place.parse().unwrap_or(usize::MAX);
    let moved = |(name, value): &(String, String)| {
        let Some((field, number)) = name.rsplit_once('-') else { return Some((name.clone(), value.clone())) };
        let Ok(number) = number.parse::<usize>() else { return Some((name.clone(), value.clone())) };
        (number != removed).then(|| (format!("{field}-{}", number - usize::from(number > removed)), value.clone()))
    };
    Form::new(form.fields().iter().filter_map(moved).collect())
}

/// The form with another image at a place: `1-nginx` is the image at `nginx` at the first place.
fn renamed(form: &Form, chosen: &str, snapshot: &Snapshot) -> Form {
    let Some((place, slug)) = chosen.split_once('-') else { return form.clone() };
    let Some(image) = snapshot.at(slug) else { return form.clone() };
    let name = format!("image-{place}");
    let field = |(field, value): &(String, String)| {
        (field.clone(), if *field == name { image.name.to_string() } else { value.clone() })
    };
    Form::new(form.fields().iter().map(field).collect())
}

/// Whether staff look at a request before anything is sent: what people do not see was filled, or links were sent
/// faster than people type.
fn looks_like_advertising(draft: &Draft) -> bool {
    let leads_elsewhere = || draft.form.typed().any(|(_, value)| value.contains("://") || value.contains("www."));
    let is_fast = || draft.token.age().is_some_and(|age| age < FAST);
    !draft.typed("website").is_empty() || (is_fast() && leads_elsewhere())
}

impl AskPage {
    /// The images' numbers.
    fn numbers(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.places
    }

    fn may_remove(&self) -> bool {
        self.places > 1
    }

    fn may_add(&self) -> bool {
        self.image.is_none() && self.places < MOST_IMAGES
    }

    /// The address part of the image that the short form is about.
    fn short(&self) -> &str {
        self.image.as_ref().and_then(|(_, address)| address.rsplit('/').next()).unwrap_or_default()
    }
}

impl CheckPage {
    fn rows(&self) -> impl Iterator<Item = (usize, &write::NewItem, &Known)> {
        self.asked.items.iter().zip(&self.known).enumerate().map(|(place, (item, known))| (place + 1, item, known))
    }

    /// What was said of an image, in one line.
    fn details(&self, item: &write::NewItem) -> Vec<(String, String)> {
        details(item, self.page.lang)
    }
}
