//! What the catalogue answers to each image that a file names.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::parse::variables::Filled;
use super::parse::{Collected, Named};
use super::reference::{Meaning, Reference, meaning};
use crate::catalogue::model::variant;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::verdict::Usable;
use crate::catalogue::{Snapshot, Status, reference, verdict};
use crate::codes::codes;
use crate::config::Settings;
use crate::i18n::Lang;
use crate::web::budget::Spent;
use crate::web::work::Stop;

/// Images that are offered in place of one that is not known, and of one family, at most.
const MOST_OFFERED: usize = 5;
/// How long a name that is asked for may be, in characters.
const LONGEST_NAME: usize = 200;

codes! {
    /// What is answered to one image, in the order in which answers are counted.
    #[derive(Serialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Verdict(label) {
        /// It is pulled from where it should be.
        AlreadyRight("project-right"),
        /// SSC has procured it: use its reference instead.
        Procured("project-use"),
        UnderConsideration("status-under-consideration"),
        /// The catalogue has none that is called so.
        Unknown("project-unknown"),
        Declined("status-declined"),
        Retired("status-retired"),
        /// Only who builds knows its name.
        Unresolved("project-unresolved"),
    }
}

/// An image of the catalogue, as an answer names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: i64,
    pub slug: String,
    pub name: String,
}

impl From<&Image> for Known {
    fn from(image: &Image) -> Known {
        Known { id: image.id, slug: image.slug.to_string(), name: image.name.to_string() }
    }
}

/// The answer to one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The image as the file writes it.
    pub written: String,
    pub lines: Vec<usize>,
    pub verdict: Verdict,
    pub image: Option<Known>,
    /// What the catalogue says to "can I use it today?", of an image that it has.
    pub can_use: Option<verdict::Verdict>,
    /// Whether it was found by the last part of its path alone.
    pub by_last_part: bool,
    /// What to type instead, without a tag: one for each name that the registry has for it.
    pub instead: Vec<String>,
    /// The tag and whether there is a digest, as the file writes them.
    pub tag: Option<String>,
    pub has_digest: bool,
    /// Whether SSC holds it as a Helm chart only.
    pub is_chart: bool,
    /// Its renewal date, where that is past.
    pub passed: Option<NaiveDate>,
    /// How many departments count for its demand, of what is under consideration.
    pub departments: Option<usize>,
    /// Images that may be meant, or others of its family.
    pub alike: Vec<Known>,
    /// What to ask for where SSC has not procured it.
    pub ask: Option<String>,
}

/// Answers to all images that a file names.
///
/// # Errors
/// When nobody waits for them any more.
pub fn all(snapshot: &Snapshot, settings: &Settings, found: &Collected, stop: &Stop) -> Result<Vec<Answer>, Spent> {
    let answer = |named| if stop.is_set() { Err(Spent::Stopped) } else { Ok(answer(snapshot, settings, named)) };
    found.images.iter().map(answer).collect()
}

fn answer(snapshot: &Snapshot, settings: &Settings, named: &Named) -> Answer {
    let empty = Answer::new(&named.image, &named.lines);
    match meaning(&named.image) {
        Meaning::Unresolved => empty,
        Meaning::Reference(reference) => {
            let (tag, has_digest) = (reference.tag.clone(), reference.digest.is_some());
            of_reference(snapshot, settings, &reference, Answer { tag, has_digest, ..empty })
        }
        Meaning::Words => {
            let words = named.image.shown.trim();
            match snapshot.called(words) {
                Some(image) => of_image(snapshot, settings, image, None, empty),
                None => unknown(snapshot, words, words, empty),
            }
        }
    }
}

impl Answer {
    /// The answer to what is not resolved.
    fn new(image: &Filled, lines: &[usize]) -> Answer {
        let seen = |letter: char| {
            if crate::text::unseen(letter.encode_utf8(&mut [0; 4]), false).is_some() { '\u{fffd}' } else { letter }
        };
        Answer {
            written: image.shown.trim().chars().map(seen).collect(),
            lines: lines.to_vec(),
            verdict: Verdict::Unresolved,
            image: None,
            can_use: None,
            by_last_part: false,
            instead: Vec::new(),
            tag: None,
            has_digest: false,
            is_chart: false,
            passed: None,
            departments: None,
            alike: Vec::new(),
            ask: None,
        }
    }
}

fn of_reference(snapshot: &Snapshot, settings: &Settings, reference: &Reference, answer: Answer) -> Answer {
    if let Some(name) = ours(settings, reference) {
        return match snapshot.in_registry(name).or_else(|| called(snapshot, name)) {
            Some(image) => {
                let answer = of_image(snapshot, settings, image, Some(name), answer);
                let is_right = answer.instead.iter().any(|instead| ends_so(instead, name));
                let verdict = if is_right { Verdict::AlreadyRight } else { answer.verdict };
                Answer { verdict, ..answer }
            }
            None => unknown(snapshot, name, name, answer),
        };
    }
    let last = reference.last();
    if let Some(image) = called(snapshot, &reference.path) {
        // Another registry's folder may hold another software of the same name.
        let by_last_part = reference.registry.is_some() && !reference.has_folders();
        return of_image(snapshot, settings, image, Some(last), Answer { by_last_part, ..answer });
    }
    match called(snapshot, last).filter(|_| reference.has_folders()) {
        Some(image) => of_image(snapshot, settings, image, Some(last), Answer { by_last_part: true, ..answer }),
        None => unknown(snapshot, last, &reference.path, answer),
    }
}

/// The image that a name leads to: `cert-manager` is `Cert Manager`.
fn called<'s>(snapshot: &'s Snapshot, name: &str) -> Option<&'s Image> {
    snapshot.called(name)
}

/// The name in SSC's registry that a reference leads to, where it leads there.
fn ours<'r>(settings: &Settings, reference: &'r Reference) -> Option<&'r str> {
    let is_host = reference.registry.as_deref().is_some_and(|host| host.eq_ignore_ascii_case(&settings.registry_host));
    let path = reference.path.strip_prefix(&settings.registry_repository)?.strip_prefix('/')?;
    path.strip_prefix(&settings.registry_org)?.strip_prefix('/').filter(|_| is_host)
}

/// Whether a reference without a tag ends with a name in the registry.
fn ends_so(repository: &str, name: &str) -> bool {
    repository.strip_suffix(name).is_some_and(|folder| folder.ends_with('/'))
}

fn of_image(snapshot: &Snapshot, settings: &Settings, image: &Image, name: Option<&str>, answer: Answer) -> Answer {
    let relatives = || snapshot.relatives(image).take(MOST_OFFERED).map(Known::from).collect();
    let can_use = verdict::Verdict::of(snapshot, image);
    let known = Answer { image: Some(Known::from(image)), can_use: Some(can_use), alike: relatives(), ..answer };
    match image.status {
        Status::Procured => procured(snapshot, settings, image, name, known),
        Status::UnderConsideration => {
            let ask = Some(image.slug.to_string());
            Answer { verdict: Verdict::UnderConsideration, ask, departments: Some(can_use.departments), ..known }
        }
        Status::Declined => Answer { verdict: Verdict::Declined, ..known },
        Status::Retired => Answer { verdict: Verdict::Retired, ..known },
    }
}

fn procured(snapshot: &Snapshot, settings: &Settings, image: &Image, name: Option<&str>, known: Answer) -> Answer {
    let all = reference::all(snapshot, image, settings, None);
    let named: Vec<_> = all.iter().filter(|one| Some(&*one.registry_name) == name).collect();
    let chosen = if named.is_empty() { all.iter().collect() } else { named };
    Answer {
        verdict: Verdict::Procured,
        instead: chosen.into_iter().map(|one| one.repository.clone()).collect(),
        is_chart: !reference::is_pulled(snapshot, image),
        passed: known.can_use.filter(|verdict| verdict.usable == Usable::CheckFirst).and_then(|verdict| verdict.date),
        ..known
    }
}

/// The answer to a name that the catalogue has not, with those that may be meant, and the name to ask for.
fn unknown(snapshot: &Snapshot, name: &str, ask: &str, answer: Answer) -> Answer {
    let key = crate::text::key(name);
    let mut alike: Vec<Known> = Vec::new();
    for image in snapshot.family(variant::family(&key).0).chain(snapshot.alike(name)) {
        if alike.len() < MOST_OFFERED && alike.iter().all(|other| other.id != image.id) {
            alike.push(Known::from(image));
        }
    }
    let is_name = ask.chars().count() <= LONGEST_NAME && crate::text::unseen(ask, false).is_none();
    Answer { verdict: Verdict::Unknown, alike, ask: is_name.then(|| ask.to_owned()), ..answer }
}
