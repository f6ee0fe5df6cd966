//! What a person is warned of before a change is saved: what the rules would find afterwards. A warning refuses nothing.

use crate::catalogue::address::IMAGE;
use crate::catalogue::model::variant;
use crate::catalogue::near;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::{Image, family_of};
use crate::catalogue::snapshot::names::Why;
use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::fields::LineFields;
use crate::fields::Status;
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

impl Warning {
    /// The warning with the image's name, where no link can be.
    pub fn sentence(&self) -> String {
        self.image.as_ref().map_or_else(|| self.words.clone(), |(name, _)| format!("{} {name}", self.words))
    }
}

/// What the rules look at in a line.
#[derive(Clone, Copy, Debug)]
pub struct LineFacts<'l> {
    /// Procured, without a renewal date, and nobody owes one.
    is_undated: bool,
    /// In English and in French.
    notes: [Option<&'l str>; 2],
}

impl<'l> From<&'l LineFields> for LineFacts<'l> {
    fn from(line: &'l LineFields) -> LineFacts<'l> {
        let has_date = line.renewal_date.is_some() || line.owed_by.is_some();
        let is_undated = !has_date && line.status == Status::Procured;
        LineFacts { is_undated, notes: [&line.notes_en, &line.notes_fr].map(|notes| notes.as_deref()) }
    }
}

/// What to warn of where a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfLine {
    /// It becomes procured without a renewal date, or loses it.
    NoDate,
    /// Its English notes change while the French ones stay as they are.
    StaleNotes,
}

impl OfLine {
    /// The warning, about a department or a row of a file.
    pub fn words(self, about: &str, lang: Lang) -> String {
        let words = match self {
            OfLine::NoDate => "warn-no-date",
            OfLine::StaleNotes => "warn-stale-notes",
        };
        lang.named(words, about)
    }
}

/// What to warn of before a line is written as it is to be.
pub fn of_line(before: Option<LineFacts<'_>>, after: LineFacts<'_>) -> impl Iterator<Item = OfLine> + use<> {
    let no_date = after.is_undated && !before.is_some_and(|before| before.is_undated);
    let stale_notes = before.is_some_and(|before| is_stale(before.notes, after.notes));
    let all = [no_date.then_some(OfLine::NoDate), stale_notes.then_some(OfLine::StaleNotes)];
    all.into_iter().flatten()
}

/// Whether English changes while the French beside it stays as it is.
fn is_stale(was: [Option<&str>; 2], is: [Option<&str>; 2]) -> bool {
    was[0].is_some() && was[0] != is[0] && is[0].is_some() && was[1].is_some() && was[1] == is[1]
}

/// A name that is nearly that of an image that is there.
pub const NEAR_NAME: &str = "warn-near-name";

/// A warning about a name and another image's, with the way to that one where it has an address.
pub fn of_names(code: String, words: String, other: &str, address: Option<&str>, lang: Lang) -> Warning {
    Warning { code, words, image: address.map(|address| (other.to_owned(), IMAGE.with(lang, address))) }
}

/// The fields that say which warnings were seen.
pub const SEEN: &str = "seen";

/// What to warn of before several sheets are written as they are to be, as one act.
pub fn warnings_of(snapshot: &Snapshot, before: &[ImageRecord], after: &[ImageRecord], lang: Lang) -> Vec<Warning> {
    let none = ImageRecord::default();
    let of = |image_record: &ImageRecord| {
        let was = before.iter().find(|was| was.id == image_record.id && image_record.id != 0).unwrap_or(&none);
        let name = key(&image_record.image.name);
        let told = warnings(snapshot, was, image_record, lang).into_iter();
        told.map(|warning| Warning { code: format!("{name}/{}", warning.code), ..warning }).collect::<Vec<_>>()
    };
    after.iter().flat_map(of).collect()
}

/// Whether a form was sent before all of these warnings were shown with it.
pub fn are_unseen(warnings: &[Warning], form: &Form) -> bool {
    warnings.iter().any(|warning| !form.all(SEEN).any(|code| code == warning.code))
}

/// What to warn of before a sheet is written as it is to be.
pub fn warnings(snapshot: &Snapshot, before: &ImageRecord, after: &ImageRecord, lang: Lang) -> Vec<Warning> {
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
    warnings.extend(lines(snapshot, before, after, lang));
    let [was, is] =
        [before, after].map(|image_record| [&image_record.image.description_en, &image_record.image.description_fr]);
    if is_stale(was.map(Option::as_deref), is.map(Option::as_deref)) {
        let words = lang.t("warn-stale-description").into_owned();
        warnings.push(Warning { code: "french:description".to_owned(), words, image: None });
    }
    warnings
}

/// What to warn of where an image gets a name: other images that are known by it, or that have nearly the same.
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
    let others = snapshot.images().filter(|image| image.id != own && !known.contains(&image.id));
    let others: Vec<(String, &Image)> = others.map(|image| (family_of(image), image)).collect();
    let names: Vec<&str> = std::iter::once(family).chain(others.iter().map(|(other, _)| &**other)).collect();
    let near = near::pairs_with(&names, 1).into_iter().map(|(_, other)| &others[other - 1]);
    let near = near.filter(|(other, _)| other != family).take(MOST_NAMED);
    warnings.extend(near.map(|(_, image)| about(format!("near:{}", image.id), NEAR_NAME, name, image, lang)));
    warnings
}

fn about(code: String, words: &str, name: &str, image: &Image, lang: Lang) -> Warning {
    let words = lang.tell(words, &[("one", Word::Text(name)), ("other", Word::Text(&image.name))]);
    of_names(code, words, &image.name, Some(&image.slug), lang)
}

/// What to warn of in an image's lines.
fn lines(snapshot: &Snapshot, before: &ImageRecord, after: &ImageRecord, lang: Lang) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for line in &after.lines {
        let was = held(before, line).map(|line| LineFacts::from(&line.fields));
        for warning in of_line(was, LineFacts::from(&line.fields)) {
            let code = match warning {
                OfLine::NoDate => format!("date:{}", line.organisation),
                OfLine::StaleNotes => format!("french:{}", line.organisation),
            };
            let words = warning.words(&snapshot.organisations.title(line.organisation, lang), lang);
            warnings.push(Warning { code, words, image: None });
        }
    }
    warnings
}

fn held<'s>(image_record: &'s ImageRecord, line: &LineRecord) -> Option<&'s LineRecord> {
    image_record.lines.iter().find(|held| held.organisation == line.organisation)
}
