//! What is known of an image that is about to be asked for: the check before a request is sent.

use std::collections::{BTreeSet, HashMap};

use super::db::write::NewItem;
use crate::catalogue::demand::counts_with;
use crate::catalogue::snapshot::Image;
use crate::catalogue::{ONE, Snapshot, Status};
use crate::i18n::Lang;

/// What is known of an image that is about to be asked for.
pub struct Known {
    /// The class of its notice.
    pub class: &'static str,
    pub title: String,
    pub advice: String,
    /// The image's page: its name and address.
    pub image: Option<(String, String)>,
    /// Images that are called almost so: name, and the name to ask for instead.
    pub alike: Vec<(String, String)>,
}

/// Organisations that want images and are not to be named, by image.
pub type Unnamed = HashMap<i64, Vec<i64>>;

/// How many departments want an image, named and not.
#[must_use]
pub fn wanting(snapshot: &Snapshot, image: &Image, unnamed: &Unnamed) -> usize {
    let mut organisations = snapshot.wanted_by(image);
    let others = unnamed.get(&image.id).into_iter().flatten();
    organisations.extend(others.map(|organisation| counts_with(&snapshot.organisations, *organisation)));
    organisations.len()
}

/// The images that are asked for under names that the catalogue has.
#[must_use]
pub fn images(items: &[NewItem]) -> Vec<i64> {
    items.iter().filter_map(|item| item.image).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What is known of an image that a form asks for.
#[must_use]
pub fn known(snapshot: &Snapshot, item: &NewItem, unnamed: &Unnamed, lang: Lang) -> Known {
    let Some(image) = snapshot.called(&item.name) else { return unknown(snapshot, &item.name, lang) };
    let is_procured = image.status == Status::Procured;
    let departments = wanting(snapshot, image, unnamed);
    let (class, title, advice) = match image.status {
        _ if is_procured => ("notice-success", lang.t("check-procured").into_owned(), "check-procured-advice"),
        Status::UnderConsideration => ("notice-info", lang.n("check-asked", departments), "check-asked-advice"),
        Status::Declined => ("notice-warning", lang.t("check-declined").into_owned(), "check-declined-advice"),
        _ => ("notice-warning", lang.t("check-retired").into_owned(), "check-retired-advice"),
    };
    Known {
        class,
        title,
        advice: lang.t(advice).into_owned(),
        image: Some((image.name.to_string(), ONE.with(lang, &image.slug))),
        alike: Vec::new(),
    }
}

fn unknown(snapshot: &Snapshot, name: &str, lang: Lang) -> Known {
    let alike: Vec<_> =
        snapshot.alike(name).into_iter().map(|image| (image.name.to_string(), image.slug.to_string())).collect();
    let (title, advice) = if alike.is_empty() {
        ("check-unknown", "check-unknown-advice")
    } else {
        ("check-alike", "check-alike-advice")
    };
    let class = if alike.is_empty() { "notice-info" } else { "notice-warning" };
    Known { class, title: lang.t(title).into_owned(), advice: lang.t(advice).into_owned(), image: None, alike }
}
