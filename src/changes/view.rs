//! A change in plain words: what it is about, and each field as it was and as it is.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::changes::db::{ChangeRow, RecordedChange};
use crate::changes::record::{self, Change};
use crate::codes::codes;
use crate::fields::{Field, IMAGE, LINE, Shape, language_of};
use crate::i18n::{Lang, Word};

/// A change, told in a language.
#[derive(Clone, Debug)]
pub struct ChangeView {
    pub change_set: i64,
    pub effective_at: DateTime<Utc>,
    pub actor: String,
    pub reason: String,
    /// What it is about: `Python · SSC`.
    pub subject: String,
    /// The address part of its image, where it has one.
    pub slug: Option<String>,
    pub kind: Sort,
    pub fields: Vec<FieldView>,
}

codes! {
    /// What happened to what a change is about: the key of its word.
    pub enum Sort(words) {
        Added("change-added"),
        Changed("change-changed"),
        /// Taken out again.
        Removed("change-removed"),
    }
}

impl Sort {
    /// What a change that has this before and after did.
    fn of(before: Option<&Value>, after: Option<&Value>) -> Sort {
        match (before, after) {
            (None, _) => Sort::Added,
            (_, None) => Sort::Removed,
            _ => Sort::Changed,
        }
    }
}

/// A field as it was and as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// What the record calls it.
    pub name: &'static str,
    pub label: Cow<'static, str>,
    /// None where it was empty or did not exist.
    pub before: Option<String>,
    /// None where it is empty now.
    pub after: Option<String>,
    /// The language of its content, where that is not the page's.
    pub content: Option<Lang>,
}

impl FieldView {
    /// As it was and as it is, without the lines with which both begin and end.
    pub fn differing(&self) -> (Option<String>, Option<String>) {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            return (self.before.clone(), self.after.clone());
        };
        let (was, is): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
        let same = |(one, other): &(&&str, &&str)| one == other;
        let start = was.iter().zip(&is).take_while(same).count();
        let left = was.len().min(is.len()) - start;
        let end = was.iter().rev().zip(is.iter().rev()).take(left).take_while(same).count();
        let cut = |lines: &[&str]| {
            let kept = lines[start..lines.len() - end].join("\n");
            format!("{}{kept}{}", if start > 0 { "…\n" } else { "" }, if end > 0 { "\n…" } else { "" })
        };
        (Some(cut(&was)), Some(cut(&is)))
    }
}

/// The fields of organisations, of findings and of the site's texts.
static OTHERS: [Field; 13] = [
    Field::new("acronym_en", Shape::Text(200)),
    Field::new("acronym_fr", Shape::Text(200)),
    Field::new("name_en", Shape::Text(200)),
    Field::new("name_fr", Shape::Text(200)),
    Field::new("aliases", Shape::Texts),
    Field::new("parent_id", Shape::Organisation),
    Field::new("confirmed", Shape::YesNo),
    Field::new("quality_rule", Shape::Code("field-quality-rule")),
    Field::new("quality", Shape::Code("field-quality")),
    Field::new("text_en", Shape::Notes),
    Field::new("text_fr", Shape::Notes),
    Field::new("banner_kind", Shape::Code("field-banner-kind")),
    Field::new("banner_until", Shape::Day(None)),
];

/// The fields of the record in the order in which they are told; what images and lines share is told once.
static FIELDS: LazyLock<Vec<&'static Field>> = LazyLock::new(|| {
    let of_lines = LINE.iter().filter(|field| IMAGE.iter().all(|of_image| of_image.name != field.name));
    IMAGE.iter().chain(of_lines).chain(&OTHERS).collect()
});

/// The names of these fields in each language: a long record names them a million times.
static LABELS: LazyLock<[Vec<Cow<'static, str>>; 2]> =
    LazyLock::new(|| Lang::BOTH.map(|lang| FIELDS.iter().map(|field| lang.t(&field.words())).collect()));

/// What the record calls a text as published with the program, and the field in whose place it is told.
const PUBLISHED: [(&str, &str); 2] = [("published_en", "text_en"), ("published_fr", "text_fr")];

impl ChangeView {
    /// Tells a change in a language.
    pub fn new(row: ChangeRow, lang: Lang) -> ChangeView {
        let (before, after) = (row.before.as_ref(), row.after.as_ref());
        let acronym = lang.of(&row.acronym_en, &row.acronym_fr).as_deref();
        ChangeView {
            change_set: row.change_set_id,
            effective_at: row.effective_at,
            reason: record::told(&row.reason, lang).into_owned(),
            subject: subject(row.image_name.as_deref(), acronym, after.or(before), lang).into_owned(),
            actor: row.actor,
            slug: row.image_slug,
            kind: Sort::of(before, after),
            fields: with_acronym(fields(before, after, lang), acronym),
        }
    }

    /// Tells a change that is still to be made.
    pub fn preview(change: &Change, subject: String, lang: Lang) -> ChangeView {
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        ChangeView {
            change_set: 0,
            effective_at: DateTime::UNIX_EPOCH,
            actor: String::new(),
            reason: String::new(),
            subject,
            slug: None,
            kind: Sort::of(before, after),
            fields: fields(before, after, lang),
        }
    }
}

impl RecordedChange {
    /// What it is about, in a language.
    pub fn subject(&self, lang: Lang) -> Cow<'_, str> {
        let image = self.image.as_ref().map(|image| &*image.name);
        let acronym = self.organisation.as_ref().map(|one| lang.of(&*one.acronym_en, &*one.acronym_fr));
        subject(image, acronym, self.after.as_ref().or(self.before.as_ref()), lang)
    }

    /// What happened to what it is about.
    pub fn kind(&self) -> Sort {
        Sort::of(self.before.as_ref(), self.after.as_ref())
    }

    /// Each field that it touched, in a language.
    pub fn fields(&self, lang: Lang) -> Vec<FieldView> {
        let acronym = self.organisation.as_ref().map(|one| lang.of(&*one.acronym_en, &*one.acronym_fr));
        with_acronym(fields(self.before.as_ref(), self.after.as_ref(), lang), acronym)
    }
}

/// What a change is about: an image, an organisation, what one has to do with the other, or a text of the site.
fn subject<'a>(image: Option<&'a str>, acronym: Option<&'a str>, fields: Option<&Value>, lang: Lang) -> Cow<'a, str> {
    match (image, acronym) {
        (Some(image), Some(acronym)) => Cow::Owned(format!("{image} · {acronym}")),
        (Some(one), None) | (None, Some(one)) => Cow::Borrowed(one),
        (None, None) => fields.and_then(|fields| content(fields, lang)).unwrap_or_default().into(),
    }
}

/// The text of the site that a change is about, in words.
fn content(fields: &Value, lang: Lang) -> Option<String> {
    Some(lang.t(&format!("content-name-{}", fields.get("content")?.as_str()?)).into_owned())
}

fn fields(before: Option<&Value>, after: Option<&Value>, lang: Lang) -> Vec<FieldView> {
    touched(before, after)
        .map(|place| field(place, before, after, lang))
        .filter(|field| field.before != field.after)
        .collect()
}

/// Names the department of a line that came or went by its acronym, as everywhere; how its source spelled it is told
/// only where the spelling is what changed.
fn with_acronym(mut fields: Vec<FieldView>, acronym: Option<&str>) -> Vec<FieldView> {
    let came_or_went =
        |field: &&mut FieldView| field.name == "department" && field.before.is_some() != field.after.is_some();
    if let (Some(acronym), Some(field)) = (acronym, fields.iter_mut().find(came_or_went)) {
        let named = |told: &mut Option<String>| told.iter_mut().for_each(|told| acronym.clone_into(told));
        named(&mut field.before);
        named(&mut field.after);
    }
    fields
}

/// The places of the fields that a change has, in the order in which they are told: few of many.
fn touched(before: Option<&Value>, after: Option<&Value>) -> impl Iterator<Item = usize> {
    let names = [before, after].into_iter().flatten().filter_map(Value::as_object).flat_map(serde_json::Map::keys);
    let place = |name: &String| {
        let told = PUBLISHED.iter().find(|(published, _)| published == name).map_or(&**name, |(_, text)| text);
        FIELDS.iter().position(|field| field.name == told)
    };
    let mut places: Vec<usize> = names.filter_map(place).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter()
}

/// What a change says of a field: a text that the site publishes stands for one that nobody has edited.
fn value_of<'v>(fields: Option<&'v Value>, name: &str) -> Option<&'v Value> {
    let told = fields?.get(name);
    let published = || fields?.get(PUBLISHED.iter().find(|(_, text)| *text == name)?.0);
    told.filter(|told| !told.is_null()).or_else(published).or(told)
}

fn field(place: usize, before: Option<&Value>, after: Option<&Value>, lang: Lang) -> FieldView {
    let field = FIELDS[place];
    let in_words = |fields| value_of(fields, field.name).and_then(|value| field_in_words(field, value, lang));
    FieldView {
        name: field.name,
        label: LABELS[lang as usize][place].clone(),
        before: in_words(before),
        after: in_words(after),
        content: language_of(field.name).filter(|content| *content != lang),
    }
}

/// The name of a field of the record.
pub fn label(name: &str, lang: Lang) -> Cow<'static, str> {
    match FIELDS.iter().position(|field| field.name == name) {
        Some(place) => LABELS[lang as usize][place].clone(),
        None => lang.t(name),
    }
}

/// A value of the record in words; none where it is empty.
pub fn in_words(name: &str, value: &Value, lang: Lang) -> Option<String> {
    let field = FIELDS.iter().find(|field| field.name == name)?;
    field_in_words(field, value, lang)
}

fn field_in_words(field: &Field, value: &Value, lang: Lang) -> Option<String> {
    let words = match (field.shape, value) {
        (Shape::Day(Some(unknown)), Value::Null) => lang.t(unknown).into_owned(),
        (Shape::Code(words), Value::String(code)) => {
            lang.t(&format!("{words}-{}", code.replace('_', "-"))).into_owned()
        }
        (Shape::Organisation, Value::Object(acronyms)) => acronyms.get(lang.code())?.as_str()?.to_owned(),
        (Shape::Cells, Value::Object(cells)) => {
            let each = cells.iter().filter_map(|(heading, cell)| {
                let cell = cell.as_str().filter(|cell| !cell.is_empty())?;
                Some(lang.tell("field-cell", &[("heading", Word::Text(heading)), ("cell", Word::Text(cell))]))
            });
            each.collect::<Vec<_>>().join("; ")
        }
        (_, Value::Null | Value::Object(_)) => return None,
        (_, Value::Bool(yes)) => lang.t(if *yes { "yes" } else { "no" }).into_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
    };
    Some(words).filter(|words| !words.is_empty())
}
