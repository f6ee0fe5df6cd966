//! What is known of an image that is about to be asked for: the check before a request is sent.

use super::db::write::NewItem;
use crate::catalogue::verdict::Verdict;
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

/// What is known of an image that a form asks for.
#[must_use]
pub fn known(snapshot: &Snapshot, item: &NewItem, lang: Lang) -> Known {
    let Some(image) = snapshot.called(&item.name) else { return unknown(snapshot, &item.name, lang) };
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
