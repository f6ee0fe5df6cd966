//! What is known of an image that is about to be asked for: the check before a request is sent.

use std::collections::BTreeSet;

use super::db::write::NewItem;
use crate::catalogue::address::IMAGE;
use crate::catalogue::snapshot::names::{Meaning, Why};
use crate::catalogue::verdict::Verdict;
use crate::catalogue::{Snapshot, Status};
use crate::i18n::{Lang, Word};

/// What is known of an image that is about to be asked for.
pub struct Known {
    /// The class of its notice.
    pub class: &'static str,
    pub title: String,
    pub advice: String,
    /// The image's page: its name and address.
    pub image: Option<(String, String)>,
    /// Why what was typed leads to it, where that is not its name.
    pub why: Option<String>,
    /// Images that are called almost so: name, and the name to ask for instead.
    pub alike: Vec<(String, String)>,
}

/// What is known of an image that a form asks for.
pub fn known(snapshot: &Snapshot, item: &NewItem, lang: Lang) -> Known {
    let meaning = snapshot.meaning(&item.name);
    let Some(image) = meaning.as_ref().and_then(Meaning::only).and_then(|id| snapshot.image(id)) else {
        return unknown(snapshot, &item.name, lang);
    };
    let why = meaning.filter(|meaning| meaning.why != Why::Name).map(|meaning| {
        let words = [("name", Word::Text(&item.name)), ("why", Word::Text(&meaning.why.label(lang)))];
        lang.tell("meant-one", &words)
    });
    let verdict = Verdict::of(snapshot, image);
    let advice = lang.t(match verdict.status {
        Status::Procured => "check-procured-advice",
        Status::UnderConsideration => "check-asked-advice",
        Status::Declined => "check-declined-advice",
        Status::Retired => "check-retired-advice",
    });
    Known {
        class: verdict.usable.notice(),
        title: verdict.headline(lang),
        advice: format!("{} {advice}", verdict.sentence(lang)),
        image: Some((image.name.to_string(), IMAGE.with(lang, &image.slug))),
        why,
        alike: Vec::new(),
    }
}

fn unknown(snapshot: &Snapshot, name: &str, lang: Lang) -> Known {
    let meant = snapshot.meaning(name).map(|meaning| meaning.images).unwrap_or_default();
    let meant = meant.into_iter().filter_map(|id| snapshot.image(id));
    let mut seen = BTreeSet::new();
    let alike = meant.chain(snapshot.alike(name)).filter(|image| seen.insert(image.id));
    let alike: Vec<_> = alike.map(|image| (image.name.to_string(), image.slug.to_string())).collect();
    let (title, advice) = if alike.is_empty() {
        ("check-unknown", "check-unknown-advice")
    } else {
        ("check-alike", "check-alike-advice")
    };
    let class = if alike.is_empty() { "notice-info" } else { "notice-warning" };
    Known {
        class,
        title: lang.t(title).into_owned(),
        advice: lang.t(advice).into_owned(),
        image: None,
        why: None,
        alike,
    }
}
