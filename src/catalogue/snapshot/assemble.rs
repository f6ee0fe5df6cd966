//! Images and lines as a snapshot holds them, from rows of the tables.

use anyhow::Context;

use crate::catalogue::snapshot::dictionary::Dictionaries;
use crate::catalogue::snapshot::image::{Image, RegistryName};
use crate::catalogue::snapshot::line::{Line, RareFields};
use crate::catalogue::snapshot::search::Field;
use crate::catalogue::store::db::{ImageRow, LineRow, RegistryNameRow};
use crate::fields::{Label, LineFields, Status};
use crate::i18n::Lang;
use crate::licences::LastKnown;
use crate::organisations::Directory;

/// An image that has no line yet.
pub fn image_from(row: ImageRow, registry_names: Vec<RegistryName>, other_names: Vec<String>) -> Image {
    let is_described = row.description_en.is_some() || row.description_fr.is_some();
    Image {
        id: row.id,
        slug: row.slug.into(),
        name: row.name.into(),
        registry_names: registry_names.into(),
        other_names: other_names.into_iter().map(Into::into).collect(),
        descriptions: is_described
            .then(|| Box::new([row.description_en.map(Into::into), row.description_fr.map(Into::into)])),
        status: Status::Retired,
        lines: Box::default(),
    }
}

impl From<RegistryNameRow> for RegistryName {
    fn from(row: RegistryNameRow) -> RegistryName {
        RegistryName { name: row.name.into(), sample_tag: row.sample_tag.map(Into::into), source: row.source.into() }
    }
}

/// A line of the image at a place.
///
/// # Errors
/// When the row has no organisation.
#[allow(clippy::cast_possible_truncation)] // fewer than 2^32 organisations
pub fn line_from(
    row: LineRow,
    (place, image): (u32, &Image),
    organisations: &Directory,
    labels: &mut Dictionaries,
    last_known: Option<LastKnown>,
) -> anyhow::Result<Line> {
    let organisation = organisations.place(row.organisation_id).context("a line without its organisation")?;
    let acronym = &organisations.at(organisation).acronym_en;
    let numbers = Label::ALL.map(|label| Some(labels[label as usize].add((label.of)(&row.fields)?)));
    let LineFields {
        name,
        status,
        renewal_date,
        term_months: _,
        owed_by,
        department,
        kind: _,
        vendor: _,
        notes_en,
        notes_fr,
        needed_by,
        firmness,
        extra,
        markup,
    } = row.fields;
    let last_known = last_known.filter(|_| renewal_date.is_none());
    let is_owed = owed_by.is_some() || last_known.is_some();
    let is_wanted = needed_by.is_some() || firmness.is_some();
    let is_rare = !extra.is_empty() || !markup.is_empty() || is_owed || is_wanted;
    Ok(Line {
        id: row.id,
        image: place,
        organisation: organisation as u32,
        status,
        labels: numbers,
        renewal_date,
        name: (*name != *image.name).then(|| name.into()),
        department: (department != *acronym).then(|| department.into()),
        notes_en: notes_en.map(Into::into),
        notes_fr: notes_fr.map(Into::into),
        more: is_rare.then(|| Box::new(RareFields { extra, markup, owed_by, last_known, needed_by, firmness })),
    })
}

/// Every text by which a line is found.
pub fn each_text(line: &Line, image: &Image, organisations: &Directory, mut tell: impl FnMut(Field, &str)) {
    let organisation = organisations.at(line.organisation as usize);
    tell(Field::Name, &image.name);
    image.registry_names.iter().for_each(|registry| tell(Field::Name, &registry.name));
    image.other_names.iter().for_each(|name| tell(Field::Name, name));
    line.name.iter().for_each(|name| tell(Field::Name, name));
    line.department.iter().for_each(|department| tell(Field::Text, department));
    for lang in Lang::BOTH {
        line.notes_in(lang).into_iter().for_each(|notes| tell(Field::Text, notes));
        tell(Field::Text, organisation.acronym(lang));
        tell(Field::Text, organisation.name(lang));
    }
    organisation.aliases.iter().for_each(|alias| tell(Field::Text, alias));
}
