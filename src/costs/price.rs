//! Entering a price, or that there is none any more.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use sqlx::PgPool;

use super::COSTS;
use super::db::{self, NewPrice};
use super::money::cents;
use super::pages;
use crate::catalogue::meant::{Meant, Reader};
use crate::catalogue::{Catalogue, Snapshot};
use crate::clock;
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
use crate::web::constraint::OnConstraint;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::Visit;
use crate::web::problems::Problems;

/// How long what is typed may be, in characters.
const LONGEST: usize = 500;
/// A form's key is a UUID.
const KEY: usize = 36;

/// The fields that named constraints are about.
const CONSTRAINTS: &[(&str, &str)] =
    &[("prices_amount_known", "price"), ("prices_term_known", "months"), ("prices_with_source", "source")];

/// What was typed, read.
struct Typed {
    image_id: Option<i64>,
    cents: Option<i64>,
    months: i32,
    valid_from: NaiveDate,
    source: String,
}

/// Enters a price.
pub async fn enter(
    State(catalogue): State<Catalogue>,
    State(pool): State<PgPool>,
    visit: Visit,
    form: Form,
) -> Result<Response, Error> {
    let person = visit.person.clone().ok_or(Error::Forbidden)?;
    if form.act() == "edit" {
        return look(&catalogue, &pool, &visit, form).await;
    }
    let snapshot = catalogue.now();
    let mut problems = Problems::default();
    problems.day(&form, "as-at", &visit.lang.t("costs-as-at-wrong"));
    let (typed, meant) = read(&form, &snapshot, visit.lang, &mut problems);
    let Some(typed) = typed.filter(|_| problems.is_empty()) else {
        let page = pages::read(&catalogue, &pool, &visit, form, problems).await?.with_meant(meant);
        return Outcome::Invalid.draw(&page);
    };
    let form_key = form.given("key").filter(|key| key.len() == KEY).ok_or(Error::BadForm)?;
    let price = NewPrice {
        image_id: typed.image_id,
        cents: typed.cents,
        months: typed.months,
        valid_from: typed.valid_from,
        source: &typed.source,
        account: person.account,
        entered_by: &person.name,
        form_key: &form_key,
    };
    if let Err(problems) = db::insert(&pool, &price).await.on_constraint(CONSTRAINTS, visit.lang)? {
        return Outcome::Invalid.draw(&pages::read(&catalogue, &pool, &visit, form, problems).await?);
    }
    Ok(Redirect::to(&format!("{}?done=entered", COSTS.pattern(visit.lang))).into_response())
}

/// The page as at another day. Nothing typed is lost by that: without anything typed, it has an address of its own.
async fn look(catalogue: &Catalogue, pool: &PgPool, visit: &Visit, form: Form) -> Result<Response, Error> {
    let mut problems = Problems::default();
    let day = problems.day(&form, "as-at", &visit.lang.t("costs-as-at-wrong"));
    let usual = [("months", "12".to_owned()), ("valid-from", catalogue.now().today.to_string())];
    let is_typed = ["image", "whole", "price", "source"].iter().any(|field| form.given(field).is_some())
        || usual.iter().any(|(field, usual)| form.has(field) && form.text(field) != usual);
    if !is_typed && problems.is_empty() {
        let query = day.map_or(String::new(), |day| format!("?as-at={day}"));
        return Ok(Redirect::to(&format!("{}{query}", COSTS.pattern(visit.lang))).into_response());
    }
    let outcome = Outcome::of(&problems);
    outcome.draw(&pages::read(catalogue, pool, visit, form, problems).await?)
}

/// What was typed, and how the image's name is understood where that is not plain.
fn read(form: &Form, snapshot: &Snapshot, lang: Lang, problems: &mut Problems) -> (Option<Typed>, Vec<Meant>) {
    let mut meant = Vec::new();
    let image_id = match form.given("image") {
        Some(_) if form.has("whole") => {
            problems.add("image", lang.t("costs-image-or-whole"));
            None
        }
        None if form.has("whole") => None,
        None => {
            problems.add("image", lang.t("costs-image-missing"));
            None
        }
        Some(name) => {
            let found = Reader { snapshot, form, lang, may_add: false }.settle("image", &name, problems);
            if found.image.is_none() {
                problems.add("image", lang.named("costs-image-unknown", &name));
            }
            meant.extend(found.meant);
            found.image.map(|image| image.id)
        }
    };
    let is_none = form.act() == "none";
    let amount = cents(form.text("price"));
    match form.given("price") {
        Some(_) if is_none => problems.add("price", lang.t("costs-price-or-none")),
        _ if amount.is_none() && !is_none => problems.add("price", lang.t("costs-price-wrong")),
        _ => {}
    }
    let months = form.text("months").parse::<i32>().ok().filter(|months| (1..=120).contains(months));
    if months.is_none() {
        problems.add("months", lang.t("costs-months-wrong"));
    }
    let day = clock::day(form.text("valid-from"));
    if day.is_none() {
        problems.add("valid-from", lang.t("costs-day-wrong"));
    }
    let source = form.given("source").unwrap_or_default();
    problems.check("source", &source, LONGEST, false, lang);
    if source.is_empty() {
        problems.add("source", lang.t("costs-source-missing"));
    }
    let cents = amount.filter(|_| !is_none);
    let typed = months.zip(day).map(|(months, valid_from)| Typed { image_id, cents, months, valid_from, source });
    (typed, meant)
}
