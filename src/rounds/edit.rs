//! A round as fields of a form, and back.

use chrono::NaiveDate;

use super::db::write::Wanted;
use super::db::{Round, RoundImage};
use crate::catalogue::Snapshot;
use crate::catalogue::meant::{Meant, Reader};
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::text::key;
use crate::web::form::Form;
use crate::web::problems::Problems;

/// How long texts may be, in characters.
const LONGEST_TITLE: usize = 200;
const LONGEST_WORDS: usize = 5_000;
/// Images of one round, at most.
const MOST_IMAGES: usize = 200;
/// Departments that can be asked for, at most.
const MOST_DEPARTMENTS: i32 = 1_000;

/// The fields that named constraints are about.
pub const CONSTRAINTS: &[(&str, &str)] = &[
    ("rounds_in_both_languages", "title-en"),
    ("rounds_threshold_sensible", "threshold"),
    ("round_images_pk", "images"),
];

/// The fields of a form that shows a round as it is: also what the record of acts keeps.
pub fn filled(round: &Round, images: &[RoundImage]) -> Vec<(String, String)> {
    let names: Vec<&str> = images.iter().map(|image| &*image.name).collect();
    [
        ("title-en", round.title_en.clone()),
        ("title-fr", round.title_fr.clone()),
        ("words-en", round.words_en.clone()),
        ("words-fr", round.words_fr.clone()),
        ("closes-on", round.closes_on.to_string()),
        ("threshold", round.threshold.to_string()),
        ("images", names.join("\n")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// The fields of a round as staff want it. An image that it holds already has the name under which it is held, also
/// where it is one with another since.
pub fn told(wanted: &Wanted, held: &[RoundImage], snapshot: &Snapshot) -> Vec<(String, String)> {
    let image = |id: &i64| {
        let new = || RoundImage {
            id: *id,
            name: snapshot.image(*id).map(|image| image.name.to_string()).unwrap_or_default(),
        };
        held.iter().find(|image| image.id == *id).cloned().unwrap_or_else(new)
    };
    let round = Round {
        id: 0,
        title_en: wanted.title_en.clone(),
        title_fr: wanted.title_fr.clone(),
        words_en: wanted.words_en.clone(),
        words_fr: wanted.words_fr.clone(),
        closes_on: wanted.closes_on,
        threshold: wanted.threshold,
        closed_at: None,
    };
    filled(&round, &wanted.images.iter().map(image).collect::<Vec<_>>())
}

/// What a form makes of a round, with all that is wrong with it and how its names are understood.
///
/// `held` are the images that the round has: one that is one with another image since stays as it was confirmed.
pub fn read(
    form: &Form,
    held: &[RoundImage],
    snapshot: &Snapshot,
    today: NaiveDate,
    lang: Lang,
) -> (Wanted, Problems, Vec<Meant>) {
    let mut problems = Problems::default();
    let mut text = |field: &str, most: usize, has_lines: bool| {
        let given = form.given(field).unwrap_or_default();
        problems.check(field, &given, most, has_lines, lang);
        if given.is_empty() {
            problems.add(field, lang.t("round-text-missing"));
        }
        given
    };
    let mut wanted = Wanted {
        title_en: text("title-en", LONGEST_TITLE, false),
        title_fr: text("title-fr", LONGEST_TITLE, false),
        words_en: text("words-en", LONGEST_WORDS, true),
        words_fr: text("words-fr", LONGEST_WORDS, true),
        ..Wanted::default()
    };
    match clock::day(form.text("closes-on")) {
        Some(day) if day >= today => wanted.closes_on = day,
        Some(_) => problems.add("closes-on", lang.t("round-day-over")),
        None => problems.add("closes-on", lang.t("round-day-wrong")),
    }
    match form.text("threshold").parse() {
        Ok(threshold) if (1..=MOST_DEPARTMENTS).contains(&threshold) => wanted.threshold = threshold,
        _ => problems.add("threshold", lang.t("round-threshold-wrong")),
    }
    let (images, meant) = images(form, held, snapshot, &mut problems, lang);
    wanted.images = images;
    (wanted, problems, meant)
}

/// The images that a form names, one a line.
fn images(
    form: &Form,
    held: &[RoundImage],
    snapshot: &Snapshot,
    problems: &mut Problems,
    lang: Lang,
) -> (Vec<i64>, Vec<Meant>) {
    let reader = Reader { snapshot, form, lang, may_add: false };
    let (mut images, mut meant) = (Vec::new(), Vec::new());
    for name in form.text("images").lines().map(str::trim).filter(|name| !name.is_empty()) {
        let read = reader.read(&format!("images-{}", meant.len() + 1), name);
        let kept = held.iter().find(|image| key(&image.name) == key(name)).filter(|_| read.meant.is_some());
        if let Some(kept) = kept {
            images.push(kept.id);
            continue;
        }
        if !read.is_settled && problems.of("images").is_none() {
            let name: String = name.chars().take(LONGEST_TITLE).collect();
            problems.add("images", lang.named("meant-confirm", name));
        }
        meant.extend(read.meant);
        match read.image {
            Some(image) if !images.contains(&image.id) => images.push(image.id),
            Some(_) => {}
            None => {
                let name: String = name.chars().take(LONGEST_TITLE).collect();
                problems.add("images", lang.named("round-image-unknown", name));
            }
        }
    }
    if images.is_empty() && problems.of("images").is_none() {
        problems.add("images", lang.t("round-images-missing"));
    }
    if images.len() > MOST_IMAGES {
        let numbers = [("n", Word::Number(images.len())), ("most", Word::Number(MOST_IMAGES))];
        problems.add("images", lang.tell("round-images-many", &numbers));
    }
    (images, meant)
}
