//! Two images that are one: which stays, what goes over to it, and where the two collide.

use std::collections::HashSet;

use crate::catalogue::store::record::{ImageRecord, LineRecord};
use crate::codes::codes;
use crate::text::key;

codes! {
    /// Which line stays where both images have one of the same department.
    pub enum Side(code) {
        /// That of the image that stays.
        Stays("stays"),
        /// That of the image that goes.
        Goes("goes"),
    }
}

/// The organisations of which both have a line that is not the same.
pub fn collisions<'s>(stays: &'s ImageRecord, goes: &'s ImageRecord) -> Vec<(&'s LineRecord, &'s LineRecord)> {
    let of = |line: &&LineRecord| goes.lines.iter().find(|other| other.organisation == line.organisation);
    let pairs = stays.lines.iter().filter_map(|line| Some((line, of(&line)?)));
    pairs.filter(|(one, other)| !is_same(one, other)).collect()
}

/// Whether two lines say the same, but for the name under which their images are written.
fn is_same(one: &LineRecord, other: &LineRecord) -> bool {
    let mut fields = other.fields.clone();
    fields.name.clone_from(&one.fields.name);
    fields == one.fields
}

/// The two as they are to be: one with everything of both, the other without lines.
pub fn unite(stays: &ImageRecord, goes: &ImageRecord, choose: impl Fn(i64) -> Side) -> [ImageRecord; 2] {
    let mut whole = stays.clone();
    let image = &mut whole.image;
    add(&mut image.registry_names, &goes.image.registry_names);
    add(&mut image.merged, std::slice::from_ref(&goes.image.slug));
    let mut seen: HashSet<String> = image.other_names.iter().map(|name| key(name)).chain([key(&image.name)]).collect();
    let names = std::iter::once(&goes.image.name).chain(&goes.image.other_names);
    image.other_names.extend(names.filter(|name| seen.insert(key(name))).cloned());
    image.other_names.sort_unstable();
    image.description_en = image.description_en.take().or_else(|| goes.image.description_en.clone());
    image.description_fr = image.description_fr.take().or_else(|| goes.image.description_fr.clone());
    for line in &goes.lines {
        let mut line = LineRecord { id: 0, ..line.clone() };
        if key(&line.fields.name) == key(&goes.image.name) {
            line.fields.name.clone_from(&whole.image.name);
        }
        match whole.lines.iter_mut().find(|held| held.organisation == line.organisation) {
            None => whole.lines.push(line),
            Some(held) if choose(line.organisation) == Side::Goes => held.fields = line.fields,
            Some(_) => {}
        }
    }
    [whole, ImageRecord { lines: Vec::new(), ..goes.clone() }]
}

fn add(all: &mut Vec<String>, more: &[String]) {
    all.extend(more.iter().cloned());
    all.sort_unstable();
    all.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::{ImageFields, LineFields};

    fn image_record(id: i64, name: &str, lines: &[(i64, &str)]) -> ImageRecord {
        let line = |(number, (organisation, notes)): (usize, &(i64, &str))| LineRecord {
            id: id * 10 + i64::try_from(number).unwrap_or_default(),
            organisation: *organisation,
            fields: LineFields { name: name.to_owned(), notes_en: Some((*notes).to_owned()), ..LineFields::default() },
        };
        let image = ImageFields {
            name: name.to_owned(),
            slug: name.to_lowercase(),
            registry_names: vec![name.to_lowercase()],
            ..ImageFields::default()
        };
        ImageRecord { id, image, lines: lines.iter().enumerate().map(line).collect() }
    }

    #[test]
    fn the_one_that_stays_has_the_names_and_lines_of_both() {
        let (nginx, ngnix) =
            (image_record(1, "NGINX", &[(7, "ours")]), image_record(2, "ngnix", &[(7, "theirs"), (8, "more")]));
        assert_eq!(collisions(&nginx, &ngnix).len(), 1);
        let [whole, gone] = unite(&nginx, &ngnix, |_| Side::Stays);
        assert_eq!(whole.image.registry_names, ["nginx", "ngnix"]);
        assert_eq!((whole.image.other_names, whole.image.merged), (vec!["ngnix".to_owned()], vec!["ngnix".to_owned()]));
        let notes: Vec<_> = whole.lines.iter().map(|line| line.fields.notes_en.clone().unwrap_or_default()).collect();
        assert_eq!(notes, ["ours", "more"]);
        assert!(gone.lines.is_empty() && gone.image == ngnix.image);
        let [chosen, _] = unite(&nginx, &ngnix, |_| Side::Goes);
        assert_eq!(chosen.lines[0].fields.notes_en.as_deref(), Some("theirs"));
        assert_eq!(chosen.lines[0].id, nginx.lines[0].id, "the line keeps its number and so its history");
    }

    #[test]
    fn lines_that_say_the_same_do_not_collide() {
        assert!(
            collisions(&image_record(1, "NGINX", &[(7, "same")]), &image_record(2, "ngnix", &[(7, "same")])).is_empty()
        );
    }
}
