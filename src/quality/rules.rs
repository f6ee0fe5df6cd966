//! The rules: each reads the catalogue in memory and says what it finds.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::catalogue::Status;
use crate::catalogue::near;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::line::Line;
use crate::changes::record::Subject;
use crate::clock::day_of;
use crate::i18n::Lang;
use crate::licences::RenewalState;
use crate::quality::{About, Finding, Mark, Rule};
use crate::text::{key, words};

/// Well-known names of software that is offered as images, for names that are misspelt.
const UPSTREAM_NAMES: &str = include_str!("upstream-names.txt");

/// Everything that the rules find, by rule in the order of the inbox. `since` says since when lines are as they are.
#[allow(clippy::cast_possible_truncation)] // a catalogue has fewer than 2^32 images and lines
///
/// `stale` names the texts whose English was changed after their French.
pub fn find(snapshot: &Snapshot, since: &HashMap<i64, DateTime<Utc>>, stale: &HashSet<(Subject, i64)>) -> Vec<Finding> {
    let mut found = near_names(snapshot);
    let organisations = snapshot.organisations.all().iter().enumerate().filter(|(_, one)| !one.confirmed);
    found.extend(organisations.map(|(place, one)| {
        let mark = Mark::new(Rule::UnknownAcronym, &[one.id], &[&one.acronym_en]);
        finding(Rule::UnknownAcronym, About::Organisation(place as u32), mark)
    }));
    for (place, image) in snapshot.placed_images() {
        found.extend(missing_french(snapshot, place));
        found.extend(stale_french(snapshot, place, stale));
        if image.status == Status::Procured && image.registry_names.is_empty() {
            let mark = Mark::new(Rule::NoRegistryName, &[image.id], &[&image.name]);
            found.push(finding(Rule::NoRegistryName, About::Image(place), mark));
        }
    }
    for (place, line) in snapshot.placed_lines().filter(|(_, line)| line.status == Status::Procured) {
        found.extend(renewal(snapshot, place, line, since));
    }
    found.extend(repeated_notes(snapshot));
    found.extend(shared_registry_names(snapshot));
    found.sort_by_key(|finding| Rule::ALL.iter().position(|rule| *rule == finding.rule));
    found
}

fn finding(rule: Rule, about: About, mark: Mark) -> Finding {
    Finding { rule, about, since: None, mark }
}

/// Families whose names are nearly the same, each told by its first image, and those that resemble a well-known name
/// that no image has.
fn near_names(snapshot: &Snapshot) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let families = snapshot.placed_images().map(|(place, image)| (place, family_of(image)));
    let (places, families): (Vec<u32>, Vec<String>) =
        families.filter(|(_, family)| seen.insert(family.clone())).unzip();
    let mut names: Vec<&str> = families.iter().map(String::as_str).collect();
    let held: HashSet<String> = names.iter().map(|name| words(name).concat()).collect();
    let (right, known): (Vec<&'static str>, Vec<_>) =
        UPSTREAM_NAMES.lines().partition(|name| held.contains(&words(name).concat()));
    let right: HashSet<String> = right.into_iter().map(|name| words(name).concat()).collect();
    names.extend(&known);
    let told = |(one, other): (usize, usize)| {
        let place = *places.get(one)?;
        let image = snapshot.image_at(place);
        let (about, id, name) = match places.get(other) {
            Some(alike) => {
                let image = snapshot.image_at(*alike);
                (About::Pair(place, *alike), Some(image.id), &*image.name)
            }
            None if right.contains(&words(&families[one]).concat()) => return None,
            None => (About::Upstream(place, known[other - places.len()]), None, known[other - places.len()]),
        };
        let ids: Vec<i64> = [image.id].into_iter().chain(id).collect();
        Some(finding(Rule::NearName, about, Mark::new(Rule::NearName, &ids, &[&image.name, name])))
    };
    near::pairs(&names).into_iter().filter_map(told).collect()
}

/// An image that says in English what it does not say in French.
fn missing_french(snapshot: &Snapshot, place: u32) -> Option<Finding> {
    let image = snapshot.image_at(place);
    let description = image.description(Lang::En).filter(|_| image.description(Lang::Fr).is_none());
    let notes = snapshot.lines_of(image).filter_map(|line| {
        let english = line.notes_in(Lang::En)?;
        line.notes_in(Lang::Fr).is_none().then_some(english)
    });
    let texts: Vec<&str> = description.into_iter().chain(notes).collect();
    let mark = || Mark::new(Rule::MissingFrench, &[image.id], &texts);
    (!texts.is_empty()).then(|| finding(Rule::MissingFrench, About::Image(place), mark()))
}

/// The images of which a text stands in both languages.
pub fn in_both_languages(snapshot: &Snapshot) -> Vec<i64> {
    let has_both = |image: &&Image| {
        let described = Lang::BOTH.iter().all(|lang| image.description(*lang).is_some());
        let noted = |line: &Line| Lang::BOTH.iter().all(|lang| line.notes_in(*lang).is_some());
        described || snapshot.lines_of(image).any(noted)
    };
    snapshot.images().filter(has_both).map(|image| image.id).collect()
}

/// English that was changed while the French beside it stayed as it was.
fn stale_french(snapshot: &Snapshot, place: u32, stale: &HashSet<(Subject, i64)>) -> Option<Finding> {
    let image = snapshot.image_at(place);
    let is_stale = |subject, id| stale.contains(&(subject, id));
    let both = |one: Option<&str>, other: Option<&str>| Some([one?.to_owned(), other?.to_owned()].concat());
    let described =
        both(image.description(Lang::En), image.description(Lang::Fr)).filter(|_| is_stale(Subject::Image, image.id));
    let noted = snapshot.lines_of(image).filter(|line| is_stale(Subject::Line, line.id));
    let noted = noted.filter_map(|line| both(line.notes_in(Lang::En), line.notes_in(Lang::Fr)));
    let texts: Vec<String> = described.into_iter().chain(noted).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mark = || Mark::new(Rule::StaleFrench, &[image.id], &texts);
    (!texts.is_empty()).then(|| finding(Rule::StaleFrench, About::Image(place), mark()))
}

/// Images that the registry is said to call as it calls another.
fn shared_registry_names(snapshot: &Snapshot) -> Vec<Finding> {
    let mut first: HashMap<&str, u32> = HashMap::new();
    let mut told = HashSet::new();
    let mut found = Vec::new();
    for (place, image) in snapshot.placed_images() {
        for registry in &image.registry_names {
            let original = *first.entry(&registry.name).or_insert(place);
            if original != place && told.insert((place, original)) {
                let ids = [snapshot.image_at(original).id, image.id];
                let mark = Mark::new(Rule::SharedRegistryName, &ids, &[&registry.name]);
                found.push(finding(Rule::SharedRegistryName, About::Pair(original, place), mark));
            }
        }
    }
    found
}

/// A procured line whose date is past, or is not known.
fn renewal(snapshot: &Snapshot, place: u32, line: &Line, since: &HashMap<i64, DateTime<Utc>>) -> Option<Finding> {
    let about = About::Line(place);
    match (line.renewal().state(snapshot.today), line.renewal().last_date()) {
        (RenewalState::Passed, Some(date)) => {
            let mark = Mark::new(Rule::DatePassed, &[line.id], &[&date.to_string()]);
            Some(finding(Rule::DatePassed, about, mark))
        }
        (RenewalState::Undetermined, _) => {
            let since = day_of(*since.get(&line.id)?);
            let mark = Mark::new(Rule::DateUnknown, &[line.id], &[&since.to_string()]);
            Some(Finding { since: Some(since), ..finding(Rule::DateUnknown, about, mark) })
        }
        _ => None,
    }
}

/// Images with a note that an image of another family had first.
fn repeated_notes(snapshot: &Snapshot) -> Vec<Finding> {
    let mut first: HashMap<String, u32> = HashMap::new();
    let families = snapshot.families();
    let mut told = HashSet::new();
    let mut found = Vec::new();
    for line in snapshot.lines() {
        let Some((note, _)) = line.notes(Lang::En) else { continue };
        let original = *first.entry(key(note)).or_insert(line.image);
        let is_repeated = families[original as usize] != families[line.image as usize];
        if is_repeated && told.insert((line.image, original)) {
            let ids = [snapshot.image_of(line).id, snapshot.image_at(original).id];
            let mark = Mark::new(Rule::NoteRepeated, &ids, &[note]);
            found.push(finding(Rule::NoteRepeated, About::Pair(line.image, original), mark));
        }
    }
    found
}
