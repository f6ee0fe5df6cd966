//! Ten thousand acts at random: what they are put together to is what reading everything anew gives.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::catalogue::snapshot::delta::*;
use crate::catalogue::snapshot::facets::{Chosen, Facet};
use crate::catalogue::snapshot::order::Column;
use crate::catalogue::store::db::{ImageRow, RegistryNameRow};
use crate::fields::{Label, LineFields, Status};
use crate::i18n::Lang;
use crate::organisations::{Directory, Organisation};

const WORDS: [&str; 12] = [
    "nginx",
    "python",
    "operator",
    "postgres",
    "redis",
    "iamguarded",
    "exporter",
    "java",
    "node",
    "Cert Manager",
    "café",
    "ngnix",
];

/// Numbers that look random and are the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn text(&mut self) -> String {
        let words = (0..=self.below(2)).map(|_| *self.one_of(&WORDS)).collect::<Vec<_>>();
        words.join(*self.one_of(&["-", " "]))
    }
}

/// The tables, as far as a snapshot is made of them.
#[derive(Default)]
struct Tables {
    images: BTreeMap<i64, ImageRow>,
    names: BTreeMap<i64, Vec<String>>,
    others: BTreeMap<i64, Vec<String>>,
    lines: BTreeMap<i64, LineRow>,
    former: BTreeMap<String, i64>,
    merged: BTreeMap<i64, (String, i64)>,
    last: i64,
}

fn directory() -> Directory {
    let one = |(id, acronym): (i64, &str)| Organisation {
        id,
        acronym_en: acronym.to_owned(),
        acronym_fr: acronym.chars().rev().collect(),
        name_en: format!("{acronym} Canada"),
        name_fr: format!("Canada {acronym}"),
        parent_id: None,
        confirmed: true,
        aliases: vec![format!("{acronym} alias")],
    };
    Directory::new((1..).zip(["SSC", "CSE", "DND", "NRCan", "ESDC"]).map(one).collect())
}

impl Tables {
    fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    /// A name that no image has.
    fn free_name(&mut self, chance: &mut Chance) -> String {
        let name = chance.text();
        let is_taken = self.images.values().any(|image| image.key == crate::text::key(&name));
        if is_taken { format!("{name} {}", self.next()) } else { name }
    }

    fn add_image(&mut self, chance: &mut Chance) -> i64 {
        let (name, id) = (self.free_name(chance), self.next());
        let (key, slug) = (crate::text::key(&name), format!("{}-{id}", crate::text::slug(&name)));
        let image = ImageRow { id, slug, name, key, description_en: None, description_fr: None };
        self.images.insert(id, image);
        self.add_line(id, chance);
        id
    }

    fn add_line(&mut self, image: i64, chance: &mut Chance) {
        let id = self.next();
        let line = LineRow {
            id,
            image_id: image,
            organisation_id: 1 + i64::try_from(chance.below(5)).unwrap_or_default(),
            fields: LineFields {
                status: *chance.one_of(&Status::ALL),
                name: self.images[&image].name.clone(),
                department: "SSC".to_owned(),
                ..LineFields::default()
            },
        };
        self.lines.insert(id, line);
    }

    fn lines_of(&self, image: i64) -> Vec<i64> {
        self.lines.values().filter(|line| line.image_id == image).map(|line| line.id).collect()
    }

    /// Something that people do; the images that it touches.
    fn act(&mut self, chance: &mut Chance) -> Vec<i64> {
        let images: Vec<i64> = self.images.keys().copied().collect();
        if images.len() < 5 || (images.len() < 60 && chance.below(4) == 0) {
            return vec![self.add_image(chance)];
        }
        let id = *chance.one_of(&images);
        match chance.below(10) {
            9 => return self.come_back(chance),
            0 => {
                self.images.remove(&id);
                self.lines.retain(|_, line| line.image_id != id);
                self.names.remove(&id);
                self.others.remove(&id);
                self.former.retain(|_, led| *led != id);
            }
            1 => self.rename(id, chance),
            2 => {
                let names = (0..chance.below(3)).map(|_| crate::text::slug(&chance.text())).collect::<BTreeSet<_>>();
                self.names.insert(id, names.into_iter().collect());
                self.others.insert(id, vec![chance.text()]);
            }
            3 => self.add_line(id, chance),
            4 => {
                let other = *chance.one_of(&images);
                if other != id {
                    self.merge(id, other);
                    return vec![id, other];
                }
            }
            _ => self.edit_line(id, chance),
        }
        vec![id]
    }

    fn rename(&mut self, id: i64, chance: &mut Chance) {
        let name = self.free_name(chance);
        let Some(image) = self.images.get_mut(&id) else { return };
        self.former.insert(image.slug.clone(), id);
        image.slug = format!("{}-{id}", crate::text::slug(&name));
        self.former.remove(&image.slug);
        image.key = crate::text::key(&name);
        image.name = name;
        image.description_fr = Some(chance.text());
    }

    fn merge(&mut self, goes: i64, stays: i64) {
        let Some(image) = self.images.remove(&goes) else { return };
        self.lines.values_mut().filter(|line| line.image_id == goes).for_each(|line| line.image_id = stays);
        self.names.remove(&goes);
        self.others.entry(stays).or_default().push(image.name);
        self.merged.insert(goes, (image.slug, stays));
    }

    /// An image that was merged is one of its own again.
    fn come_back(&mut self, chance: &mut Chance) -> Vec<i64> {
        let merged: Vec<i64> = self.merged.keys().copied().collect();
        if merged.is_empty() {
            return Vec::new();
        }
        let id = *chance.one_of(&merged);
        let Some((slug, into)) = self.merged.remove(&id) else { return Vec::new() };
        let name = self.free_name(chance);
        let key = crate::text::key(&name);
        self.images.insert(id, ImageRow { id, slug, name, key, description_en: None, description_fr: None });
        vec![id, into]
    }

    fn edit_line(&mut self, image: i64, chance: &mut Chance) {
        let lines = self.lines_of(image);
        if lines.is_empty() {
            return self.add_line(image, chance);
        }
        let id = *chance.one_of(&lines);
        if chance.below(8) == 0 {
            self.lines.remove(&id);
            return;
        }
        let text = (chance.below(3) > 0).then(|| chance.text());
        let Some(line) = self.lines.get_mut(&id).map(|line| &mut line.fields) else { return };
        match chance.below(6) {
            0 => line.status = *chance.one_of(&Status::ALL),
            1 => {
                line.renewal_date = NaiveDate::from_ymd_opt(2026, 11, 1 + u32::try_from(chance.below(28)).unwrap_or(0));
            }
            2 => line.kind = text,
            3 => line.notes_en = text,
            4 => line.notes_fr = text,
            _ => line.name = text.unwrap_or_default(),
        }
    }

    fn merged(&self) -> Vec<db::names::Merged> {
        self.merged.iter().map(|(id, (slug, into))| (*id, slug.clone(), *into)).collect()
    }

    fn registry_names(&self, of: impl Fn(i64) -> bool) -> Vec<RegistryNameRow> {
        let row = |image_id: i64, name: &String| RegistryNameRow {
            image_id,
            name: name.clone(),
            sample_tag: None,
            source: "test".to_owned(),
        };
        let names = self.names.iter().filter(|(id, _)| of(**id) && self.images.contains_key(*id));
        names.flat_map(|(id, names)| names.iter().map(move |name| row(*id, name))).collect()
    }

    fn other_names(&self, of: impl Fn(i64) -> bool) -> Vec<db::names::OtherName> {
        let names = self.others.iter().filter(|(id, _)| of(**id) && self.images.contains_key(*id));
        names.flat_map(|(id, names)| names.iter().map(|name| (*id, name.clone()))).collect()
    }

    fn whole(&self, version: db::Version) -> Snapshot {
        let former = self.former.iter().map(|(slug, id)| (slug.clone(), *id)).collect();
        Snapshot::from_rows(
            directory(),
            self.images.values().cloned().collect(),
            self.registry_names(|_| true),
            self.other_names(|_| true),
            self.lines.values().cloned().collect(),
            (self.merged(), former),
            version,
        )
        .expect("a snapshot")
    }

    fn changes(&self, touched: &[i64]) -> Changes {
        let is_touched = |id: i64| touched.contains(&id);
        Changes {
            touched: touched.iter().copied().collect(),
            images: self.images.values().filter(|image| is_touched(image.id)).cloned().collect(),
            registry_names: self.registry_names(is_touched),
            other_names: self.other_names(is_touched),
            lines: self.lines.values().filter(|line| is_touched(line.image_id)).cloned().collect(),
            former: (self.former.iter().filter(|(_, id)| is_touched(**id)))
                .map(|(slug, id)| (slug.clone(), *id))
                .collect(),
            merged: self.merged(),
            ..Changes::default()
        }
    }
}

/// Everything that pages read of a snapshot, by numbers and names instead of places.
fn told(snapshot: &Snapshot, known: &Tables) -> Vec<String> {
    let id = |place: u32| snapshot.line_at(place).id;
    let mut told = Vec::new();
    for image in snapshot.images() {
        let Image { id, slug, name, registry_names, other_names, descriptions, status, .. } = image;
        told.push(format!("{id} {slug} {name} {registry_names:?} {other_names:?} {descriptions:?} {status:?}"));
        let relatives: Vec<i64> = snapshot.relatives(image).map(|image| image.id).collect();
        told.push(format!("relatives {relatives:?}"));
        for line in snapshot.lines_of(image) {
            let of = snapshot.image_of(line).id;
            let mut line = line.clone();
            let labels = Label::ALL.map(|label| snapshot.label(&line, label).map(str::to_owned));
            line.labels = Default::default();
            line.image = 0;
            told.push(format!("{of} {labels:?} {line:?}"));
        }
    }
    for lang in Lang::BOTH {
        for column in Column::ALL {
            let order: Vec<i64> = snapshot.orders.by(Some(column), lang).iter().map(|place| id(*place)).collect();
            told.push(format!("{column:?} {order:?}"));
        }
    }
    let narrowed = |facet: usize, values: Vec<u32>| {
        let mut chosen = Chosen::default();
        chosen[facet] = Some(values);
        chosen
    };
    for chosen in [Chosen::default(), narrowed(0, vec![0]), narrowed(1, vec![1, 2])] {
        for facet in Facet::ALL {
            let counts = snapshot.facets.counts(facet, &chosen, None);
            let mut counts: Vec<_> = (0..counts.len()).filter(|value| counts[*value] > 0).collect::<Vec<_>>();
            let name = |value: usize| match facet {
                Facet::Label(label) => snapshot.labels[label as usize].texts()[value].to_string(),
                _ => value.to_string(),
            };
            if let Facet::Label(label) = facet {
                counts.sort_by_key(|value| snapshot.labels[label as usize].ranks()[*value]);
            }
            let all = snapshot.facets.counts(facet, &chosen, None);
            told.push(format!("{:?}", counts.iter().map(|value| (name(*value), all[*value])).collect::<Vec<_>>()));
        }
        let matching: BTreeSet<i64> = snapshot.facets.matching(&chosen, None).lines().map(id).collect();
        told.push(format!("matching {matching:?}"));
    }
    for question in
        WORDS.into_iter().chain(["certmanager", "pyton", "ed", "SSC", "CSS", "posgres iamguarded", "alias", "zz"])
    {
        let found = snapshot.index.find(question);
        let ids = |lines: &crate::catalogue::snapshot::bits::Bits| lines.lines().map(id).collect::<BTreeSet<_>>();
        told.push(format!("{question} {:?} {:?} {:?}", ids(&found.lines), ids(&found.by_name), found.respelled));
        let meaning = snapshot.meaning(question);
        told.push(format!("{question} means {meaning:?}"));
    }
    for number in 1..=known.last {
        told.push(format!("{number} is {:?}", snapshot.image(number).map(|image| image.id)));
    }
    for slug in known.former.keys().chain(known.merged.values().map(|(slug, _)| slug)) {
        told.push(format!("{slug} leads to {:?}", snapshot.find(slug).map(|image| image.id)));
    }
    told
}

#[test]
fn what_ten_thousand_acts_leave_is_what_reading_all_anew_gives() {
    let version = db::Version { version: 1, changed_at: DateTime::<Utc>::UNIX_EPOCH };
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let mut tables = Tables::default();
    let mut snapshot = tables.whole(version);
    let (mut most_images, mut most_merged) = (0, 0);
    for act in 0..10_000 {
        let touched = tables.act(&mut chance);
        let changes = tables.changes(&touched);
        snapshot = snapshot.changed(version, version.changed_at, changes).expect("the next snapshot");
        (most_images, most_merged) = (most_images.max(tables.images.len()), most_merged.max(tables.merged.len()));
        if act % 100 == 0 || act > 9_990 {
            let (delta, whole) = (told(&snapshot, &tables), told(&tables.whole(version), &tables));
            for (delta, whole) in delta.iter().zip(&whole) {
                assert_eq!(delta, whole, "after act {act}");
            }
            assert_eq!(delta.len(), whole.len());
        }
    }
    assert!(most_images > 40 && most_merged > 3, "no more than {most_images} images and {most_merged} merged ones");
}
