//! What a person is warned of before a change is saved: what the rules would find afterwards. A warning refuses nothing.

use crate::catalogue::address::IMAGE;
use crate::catalogue::model::status::Status;
use crate::catalogue::model::variant;
use crate::catalogue::near;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::names::Why;
use crate::catalogue::store::record::{Sheet, SheetLine};
use crate::i18n::{Lang, Word};
use crate::text::key;
use crate::web::form::Form;

/// Images that one warning names, at most.
const MOST_NAMED: usize = 5;

/// A warning: what stands for it in a form that says that it was seen, a sentence, and the image that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub code: String,
    pub words: String,
    pub image: Option<(String, String)>,
}

/// The fields that say which warnings were seen.
pub const SEEN: &str = "seen";

/// What to warn of before several sheets are written as they are to be, as one act.
#[must_use]
pub fn warnings_of(snapshot: &Snapshot, before: &[Sheet], after: &[Sheet], lang: Lang) -> Vec<Warning> {
    let none = Sheet::default();
    let of = |sheet: &Sheet| {
        let was = before.iter().find(|was| was.id == sheet.id && sheet.id != 0).unwrap_or(&none);
        let name = key(&sheet.image.name);
        let told = warnings(snapshot, was, sheet, lang).into_iter();
        told.map(|warning| Warning { code: format!("{name}/{}", warning.code), ..warning }).collect::<Vec<_>>()
    };
    after.iter().flat_map(of).collect()
}

/// Whether a form was sent before all of these warnings were shown with it.
#[must_use]
pub fn are_unseen(warnings: &[Warning], form: &Form) -> bool {
    warnings.iter().any(|warning| !form.all(SEEN).any(|code| code == warning.code))
}

/// What to warn of before a sheet is written as it is to be.
#[must_use]
pub fn warnings(snapshot: &Snapshot, before: &Sheet, after: &Sheet, lang: Lang) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if key(&before.image.name) != key(&after.image.name) {
        warnings.extend(of_name(snapshot, &after.image.name, after.id, lang));
    }
    let is_new = |name: &&String| !before.image.registry_names.contains(name);
    let added: Vec<String> = after.image.registry_names.iter().filter(is_new).cloned().collect();
    warnings.extend(
        snapshot.sharing(&added, after.id).map(|(name, image)| {
            about(format!("registry:{name}:{}", image.id), "warn-registry-name", name, image, lang)
        }),
    );
    warnings.extend(dates(snapshot, before, after, lang));
    warnings.extend(french(snapshot, before, after, lang));
    warnings
}

/// What to warn of where an image gets a name: other images that are known by it, or that have nearly the same.
#[must_use]
pub fn of_name(snapshot: &Snapshot, name: &str, own: i64, lang: Lang) -> Vec<Warning> {
    let meaning = snapshot.meaning(name).filter(|meaning| meaning.why != Why::Name);
    let known = meaning.map(|meaning| meaning.images).unwrap_or_default();
    let known: Vec<i64> = known.into_iter().filter(|id| *id != own).collect();
    let mut warnings: Vec<Warning> = known
        .iter()
        .filter_map(|id| snapshot.image(*id))
        .map(|image| about(format!("known:{}", image.id), "warn-known-name", name, image, lang))
        .collect();
    let key = key(name);
    let family = variant::family(&key).0;
    let is_near = |image: &&Image| {
        let other = family_of(image);
        image.id != own && !known.contains(&image.id) && other != family && near::is_like(family, &other)
    };
    let near = snapshot.images().filter(is_near).take(MOST_NAMED);
    warnings.extend(near.map(|image| about(format!("near:{}", image.id), "warn-near-name", name, image, lang)));
    warnings
}

fn about(code: String, words: &str, name: &str, image: &Image, lang: Lang) -> Warning {
    let arguments = [("one", Word::Text(name)), ("other", Word::Text(&image.name))];
    let link = (image.name.to_string(), IMAGE.with(lang, &image.slug));
    Warning { code, words: lang.tell(words, &arguments), image: Some(link) }
}

/// Lines that become procured without a renewal date, or lose it.
fn dates(snapshot: &Snapshot, before: &Sheet, after: &Sheet, lang: Lang) -> Vec<Warning> {
    let is_undated = |line: &SheetLine| {
        line.fields.status() == Some(Status::Procured)
            && line.fields.renewal_date.is_none()
            && line.fields.owed_by.is_none()
    };
    let was = |line: &SheetLine| held(before, line).is_some_and(is_undated);
    let warning = |line: &SheetLine| {
        let department = snapshot.organisations.title(line.organisation, lang);
        let code = format!("date:{}", line.organisation);
        Warning { code, words: lang.named("warn-no-date", department), image: None }
    };
    after.lines.iter().filter(|line| is_undated(line) && !was(line)).map(warning).collect()
}

/// English that changes while the French beside it stays as it is.
fn french(snapshot: &Snapshot, before: &Sheet, after: &Sheet, lang: Lang) -> Vec<Warning> {
    let is_stale = |was: [&Option<String>; 2], is: [&Option<String>; 2]| {
        was[0].is_some() && was[0] != is[0] && is[0].is_some() && was[1].is_some() && was[1] == is[1]
    };
    let mut warnings = Vec::new();
    let (was, is) = (&before.image, &after.image);
    if is_stale([&was.description_en, &was.description_fr], [&is.description_en, &is.description_fr]) {
        let words = lang.t("warn-stale-description").into_owned();
        warnings.push(Warning { code: "french:description".to_owned(), words, image: None });
    }
    for line in &after.lines {
        let Some(was) = held(before, line).map(|line| &line.fields) else { continue };
        if is_stale([&was.notes_en, &was.notes_fr], [&line.fields.notes_en, &line.fields.notes_fr]) {
            let department = snapshot.organisations.title(line.organisation, lang);
            let code = format!("french:{}", line.organisation);
            warnings.push(Warning { code, words: lang.named("warn-stale-notes", department), image: None });
        }
    }
    warnings
}

fn held<'s>(sheet: &'s Sheet, line: &SheetLine) -> Option<&'s SheetLine> {
    sheet.lines.iter().find(|held| held.organisation == line.organisation)
}
