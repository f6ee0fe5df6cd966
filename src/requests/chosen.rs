//! The requests that a decision is about, with what was merged into them and the lines that they made.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::accept::Wish;
use super::db::lines::{self, Made};
use super::db::{self, Item, Request};
use super::decision::Decision;
use super::lines::{Fate, own};
use crate::catalogue::Snapshot;
use crate::catalogue::meant::Reader;
use crate::i18n::Lang;
use crate::web::error::Error;
use crate::web::form::Form;

/// What is decided on.
pub struct Chosen {
    /// The items that were chosen.
    pub items: Vec<Item>,
    /// Items that were merged into them before.
    pub merged: Vec<Item>,
    pub requests: BTreeMap<i64, Request>,
    /// The lines that count since they were accepted.
    pub made: Vec<Made>,
}

impl Chosen {
    /// Reads items, and holds them against others.
    ///
    /// # Errors
    /// When the database does not answer, or there is none of them.
    pub async fn read(db: &mut PgConnection, ids: &[i64]) -> Result<Chosen, Error> {
        let held = db::lock_for_update(db, ids).await?;
        let requests: Vec<i64> = held.iter().map(|item| item.request_id).collect();
        let requests = db::requests(db, &requests).await?.into_iter().map(|request| (request.id, request)).collect();
        let made = lines::made(db, ids).await?;
        let (items, merged): (Vec<_>, Vec<_>) = held.into_iter().partition(|item| ids.contains(&item.id));
        if items.is_empty() { Err(Error::NotFound) } else { Ok(Chosen { items, merged, requests, made }) }
    }

    /// The request of an item.
    pub fn request(&self, item: &Item) -> &Request {
        &self.requests[&item.request_id]
    }

    /// The lines that a decision takes back, as the form says.
    pub fn taken(&self, decision: Decision, form: &Form) -> Vec<&Made> {
        let is_taken = |item: &&Item| decision.asks_lines() && Fate::of(form, item.id) == Some(Fate::TakeBack);
        self.items.iter().filter(is_taken).flat_map(|item| own(&self.made, item.id)).collect()
    }

    /// The wishes that accepting grants: those of the items, and of what was merged into them.
    pub fn wishes<'c>(&'c self, form: &'c Form, snapshot: &Snapshot) -> Vec<Wish<'c>> {
        let leader = |item: &'c Item| match item.merged_into {
            Some(into) => self.items.iter().find(|leader| leader.id == into).unwrap_or(item),
            None => item,
        };
        let wish = |item: &'c Item| {
            let request = self.request(item);
            let name = name(form, leader(item));
            Wish {
                request,
                item,
                name,
                image: meant(form, name, snapshot),
                organisation: organisation(form, item, request),
            }
        };
        self.items.iter().chain(&self.merged).map(wish).collect()
    }
}

/// The name of an image as staff put it right.
pub fn name<'f>(form: &'f Form, item: &'f Item) -> &'f str {
    let field = format!("name-{}", item.id);
    if form.has(&field) { form.text(&field) } else { &item.name }
}

/// The image that a name means, as the form confirms it.
pub fn meant(form: &Form, name: &str, snapshot: &Snapshot) -> Option<i64> {
    Reader { snapshot, form, lang: Lang::En, may_add: true }.read("", name).image.map(|image| image.id)
}

/// The department of a request, as it is known or as staff say.
pub fn organisation(form: &Form, item: &Item, request: &Request) -> Option<i64> {
    request.organisation_id.or_else(|| form.text(&format!("department-{}", item.id)).parse().ok())
}

/// Lines in words: image and department.
pub fn titles<'m>(made: impl Iterator<Item = &'m Made>, snapshot: &Snapshot, lang: Lang) -> String {
    let title = |one: &Made| {
        let image = snapshot.image(one.image_id).map(|image| image.name.to_string()).unwrap_or_default();
        let place = snapshot.organisations.place(one.organisation_id);
        let acronym = place.map(|place| snapshot.organisations.at(place).acronym(lang)).unwrap_or_default();
        format!("{image} · {acronym}")
    };
    let mut titles: Vec<String> = made.map(title).collect();
    titles.sort_unstable();
    titles.dedup();
    titles.join(", ")
}

/// The other requests that count by the lines of an item.
pub fn others(chosen: &Chosen, item: &Item) -> String {
    let of_item = chosen.made.iter().filter(|one| one.item_id == item.id || one.leader_id == item.id);
    let mut others: Vec<&str> = of_item.flat_map(|one| &one.others).map(String::as_str).collect();
    others.sort_unstable();
    others.dedup();
    others.join(", ")
}
