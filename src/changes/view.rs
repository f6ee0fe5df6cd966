//! A change in plain words: what it is about, and each field as it was and as it is.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::changes::db::{ChangeRow, RecordedChange};
use crate::changes::record::{self, Change};
use crate::i18n::Lang;

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
    pub fields: Vec<Field>,
}

/// What happened to what a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Added,
    Changed,
    /// Taken out again.
    Removed,
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

    /// Its word's key.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Sort::Added => "change-added",
            Sort::Changed => "change-changed",
            Sort::Removed => "change-removed",
        }
    }
}

/// A field as it was and as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
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

impl Field {
    /// As it was and as it is, without the lines with which both begin and end.
    #[must_use]
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

/// The fields of the record in the order in which they are told.
const FIELDS: &[&str] = &[
    "name",
    "slug",
    "registry_names",
    "other_names",
    "merged",
    "description_en",
    "description_fr",
    "status",
    "renewal_date",
    "term_months",
    "owed_by",
    "department",
    "type",
    "notes_en",
    "notes_fr",
    "needed_by",
    "firmness",
    "extra",
    "markup",
    "acronym_en",
    "acronym_fr",
    "name_en",
    "name_fr",
    "aliases",
    "parent_id",
    "confirmed",
    "quality_rule",
    "quality",
    "text_en",
    "text_fr",
    "banner_kind",
    "banner_until",
];

/// The names of these fields in each language: a long record names them a million times.
static LABELS: LazyLock<[Vec<Cow<'static, str>>; 2]> =
    LazyLock::new(|| Lang::BOTH.map(|lang| FIELDS.iter().map(|name| label(name, lang)).collect()));

/// What the record calls a text as published with the program, and the field in whose place it is told.
const PUBLISHED: [(&str, &str); 2] = [("published_en", "text_en"), ("published_fr", "text_fr")];

impl ChangeView {
    /// Tells a change in a language.
    #[must_use]
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
    #[must_use]
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
    #[must_use]
    pub fn subject(&self, lang: Lang) -> Cow<'_, str> {
        let image = self.image.as_ref().map(|image| &*image.name);
        let acronym = self.organisation.as_ref().map(|one| lang.of(&*one.acronym_en, &*one.acronym_fr));
        subject(image, acronym, self.after.as_ref().or(self.before.as_ref()), lang)
    }

    /// What happened to what it is about.
    #[must_use]
    pub fn kind(&self) -> Sort {
        Sort::of(self.before.as_ref(), self.after.as_ref())
    }

    /// Each field that it touched, in a language.
    #[must_use]
    pub fn fields(&self, lang: Lang) -> Vec<Field> {
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

fn fields(before: Option<&Value>, after: Option<&Value>, lang: Lang) -> Vec<Field> {
    touched(before, after)
        .map(|place| field(place, before, after, lang))
        .filter(|field| field.before != field.after)
        .collect()
}

/// Names the department of a line that came or went by its acronym, as everywhere; how its source spelled it is told
/// only where the spelling is what changed.
fn with_acronym(mut fields: Vec<Field>, acronym: Option<&str>) -> Vec<Field> {
    let came_or_went =
        |field: &&mut Field| field.name == "department" && field.before.is_some() != field.after.is_some();
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
    let mut has = [false; FIELDS.len()];
    for name in names {
        let told = PUBLISHED.iter().find(|(published, _)| published == name).map_or(&**name, |(_, text)| text);
        if let Some(place) = FIELDS.iter().position(|field| *field == told) {
            has[place] = true;
        }
    }
    (0..FIELDS.len()).filter(move |place| has[*place])
}

/// What a change says of a field: a text that the site publishes stands for one that nobody has edited.
fn value_of<'v>(fields: Option<&'v Value>, name: &str) -> Option<&'v Value> {
    let told = fields?.get(name);
    let published = || fields?.get(PUBLISHED.iter().find(|(_, text)| *text == name)?.0);
    told.filter(|told| !told.is_null()).or_else(published).or(told)
}

fn field(place: usize, before: Option<&Value>, after: Option<&Value>, lang: Lang) -> Field {
    let name = FIELDS[place];
    let in_words = |fields| value_of(fields, name).and_then(|value| in_words(name, value, lang));
    let content = match name {
        "notes_en" | "name_en" | "acronym_en" | "description_en" | "text_en" => Some(Lang::En),
        "notes_fr" | "name_fr" | "acronym_fr" | "description_fr" | "text_fr" => Some(Lang::Fr),
        _ => None,
    };
    Field {
        name,
        label: LABELS[lang as usize][place].clone(),
        before: in_words(before),
        after: in_words(after),
        content: content.filter(|content| *content != lang),
    }
}

/// The name of a field of the record.
#[must_use]
pub fn label(name: &str, lang: Lang) -> Cow<'static, str> {
    lang.t(&format!("field-{}", name.replace('_', "-")))
}

/// A value of the record in words; none where it is empty.
#[must_use]
pub fn in_words(name: &str, value: &Value, lang: Lang) -> Option<String> {
    let words = match value {
        Value::Null if name == "renewal_date" => lang.t("renewal-undetermined").into_owned(),
        Value::Null => return None,
        Value::Bool(yes) => lang.t(if *yes { "yes" } else { "no" }).into_owned(),
        Value::String(code) if name == "status" => lang.t(&format!("status-{}", code.replace('_', "-"))).into_owned(),
        Value::String(code) if name == "firmness" => lang.t(&format!("firmness-{code}")).into_owned(),
        Value::String(code) if name.starts_with("quality") || name == "banner_kind" => {
            lang.t(&format!("field-{}-{code}", name.replace('_', "-"))).into_owned()
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            let each = values.iter().filter_map(|value| in_words(name, value, lang));
            each.collect::<Vec<_>>().join(", ")
        }
        Value::Object(acronyms) if name == "parent_id" => acronyms.get(lang.code())?.as_str()?.to_owned(),
        Value::Object(cells) => {
            let each = cells.iter().filter_map(|(heading, cell)| {
                Some(lang.tell(
                    "field-cell",
                    &[
                        ("heading", crate::i18n::Word::Text(heading)),
                        ("cell", crate::i18n::Word::Text(&in_words("", cell, lang)?)),
                    ],
                ))
            });
            each.collect::<Vec<_>>().join("; ")
        }
    };
    Some(words).filter(|words| !words.is_empty())
}
