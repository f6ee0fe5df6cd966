//! What a typed or written name means in the catalogue as it stands.

use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::names::{Meaning, Names, Why};
use crate::text::key;

impl Snapshot {
    /// What a typed name leads to.
    pub fn meaning(&self, typed: &str) -> Option<Meaning> {
        self.all_names().meaning(typed)
    }

    /// The one image that a typed name leads to.
    pub fn called(&self, typed: &str) -> Option<&Image> {
        self.image(self.meaning(typed)?.only()?)
    }

    /// The image that an address names: a page's link has the address of one that is there, a person may type a name.
    pub fn linked(&self, typed: &str) -> Option<&Image> {
        self.at(typed).or_else(|| self.called(typed)).or_else(|| self.find(typed))
    }

    /// The image that the registry calls so; where several are, the one that is called so itself.
    pub fn in_registry(&self, name: &str) -> Option<&Image> {
        let names = self.all_names();
        let with = |wanted: Why| names.called(name).iter().filter(move |(_, why, _)| *why == wanted);
        let registered: Vec<i64> = with(Why::Registry).map(|(_, _, image)| *image).collect();
        let own = with(Why::Name).map(|(_, _, image)| *image).find(|image| registered.contains(image));
        let only = if let [image] = registered[..] { Some(image) } else { None };
        self.image(own.or(only)?)
    }

    /// Other images that the registry is said to call by one of these names.
    pub fn sharing<'s>(&'s self, names: &'s [String], own: i64) -> impl Iterator<Item = (&'s str, &'s Image)> {
        let all = self.all_names();
        names.iter().flat_map(move |name| {
            let others = all.called(name).iter().filter(move |(_, why, id)| *why == Why::Registry && *id != own);
            others.filter_map(move |(_, _, id)| Some((name.as_str(), self.image(*id)?)))
        })
    }

    /// All names by which images are known: worked out once.
    fn all_names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Vec::new();
            for image in self.images() {
                names.push((key(&image.name).into(), Why::Name, image.id));
                names.push((image.slug.clone(), Why::Address, image.id));
                names.extend(image.registry_names.iter().map(|one| (one.name.clone(), Why::Registry, image.id)));
                names.extend(image.other_names.iter().map(|name| (key(name).into(), Why::Other, image.id)));
            }
            for line in self.lines() {
                let other = line.name.as_deref().map(|name| (key(name).into(), Why::Other, self.image_of(line).id));
                names.extend(other);
            }
            for (slug, id) in self.former.iter() {
                let led = self.image(*id).filter(|image| image.slug != *slug);
                names.extend(led.map(|image| (slug.clone(), Why::Former, image.id)));
            }
            Names::from_all(names)
        })
    }
}
