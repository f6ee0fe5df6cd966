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
use crate::forms::draft::Draft;
use crate::forms::outcome::Outcome;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::form::Form;
use crate::web::page::Visit;

/// How long what is typed may be, in characters.
const LONGEST: usize = 500;
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
    let mut draft = Draft::sent(form)?;
    if draft.act() == "edit" {
        return look(&catalogue, &pool, &visit, draft).await;
    }
    let (typed, meant) = read(&mut draft, &catalogue.now(), visit.lang);
    let outcome = draft.outcome_of(&["enter", "none"], false, false)?;
    let Some(typed) = typed.filter(|_| outcome.is_none()) else {
        let page = pages::read(&catalogue, &pool, &visit, draft).await?.with_meant(meant);
        return Outcome::Invalid.draw(&page);
    };
    let price = NewPrice {
        image_id: typed.image_id,
        cents: typed.cents,
        months: typed.months,
        valid_from: typed.valid_from,
        source: &typed.source,
        account: person.account,
        entered_by: &person.name,
        form_key: &draft.token.nonce,
    };
    let entered = db::insert(&pool, &price).await;
    match draft.written(entered, CONSTRAINTS, visit.lang)? {
        Some(()) => Ok(Redirect::to(&format!("{}?done=entered", COSTS.pattern(visit.lang))).into_response()),
        None => Outcome::Invalid.draw(&pages::read(&catalogue, &pool, &visit, draft).await?),
    }
}

/// The page as at another day. Nothing typed is lost by that: without anything typed, it has an address of its own.
async fn look(catalogue: &Catalogue, pool: &PgPool, visit: &Visit, mut draft: Draft) -> Result<Response, Error> {
    let form = &draft.form;
    let day = draft.problems.day(form, "as-at", &visit.lang.t("costs-as-at-wrong"));
    let usual = [("months", "12".to_owned()), ("valid-from", catalogue.now().today.to_string())];
    let is_typed = ["image", "whole", "price", "source"].iter().any(|field| form.given(field).is_some())
        || usual.iter().any(|(field, usual)| form.has(field) && form.text(field) != usual);
    if !is_typed && draft.problems.is_empty() {
        let query = day.map_or(String::new(), |day| format!("?as-at={day}"));
        return Ok(Redirect::to(&format!("{}{query}", COSTS.pattern(visit.lang))).into_response());
    }
    let outcome = if draft.problems.is_empty() { Outcome::Shown } else { Outcome::Invalid };
    outcome.draw(&pages::read(catalogue, pool, visit, draft).await?)
}

/// What was typed, and how the image's name is understood where that is not plain.
fn read(draft: &mut Draft, snapshot: &Snapshot, lang: Lang) -> (Option<Typed>, Vec<Meant>) {
    let (form, problems) = (&draft.form, &mut draft.problems);
    problems.day(form, "as-at", &lang.t("costs-as-at-wrong"));
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
