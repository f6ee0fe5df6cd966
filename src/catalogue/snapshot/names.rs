//! What a typed or written name means: the one place where a name becomes an image.

use sqlx::PgConnection;

use crate::catalogue::store::db;
use crate::codes::codes;
use crate::i18n::Lang;
use crate::text::{key, slug};

codes! {
    /// Why a name leads to an image, the strongest reason first.
    pub enum Why(label) {
        /// It is the image's display name.
        Name("meant-by-name"),
        /// It stands in the image's address.
        Address("meant-by-address"),
        /// The registry calls it so.
        Registry("meant-by-registry"),
        /// Files or people call it so.
        Other("meant-by-other"),
        /// It was called so before, or another image was that is one with it now.
        Former("meant-by-former"),
    }
}

/// What a name leads to: images by number for the strongest reason that there is. Several: the name is ambiguous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    pub why: Why,
    pub images: Vec<i64>,
}

impl Meaning {
    /// The image, where there is only one.
    pub fn only(&self) -> Option<i64> {
        if let [image] = self.images[..] { Some(image) } else { None }
    }
}

/// All names by which images are known.
#[derive(Debug, Default)]
pub struct Names(Vec<(Box<str>, Why, i64)>);

impl Names {
    /// All names as the database has them, for an act that nobody else can come between.
    pub async fn load(db: &mut PgConnection) -> sqlx::Result<Names> {
        let mut names = Names::default();
        for (name, source, image) in db::names::all(db).await? {
            let why = match source.as_str() {
                "name" => Why::Name,
                "address" => Why::Address,
                "registry" => Why::Registry,
                "other" => Why::Other,
                _ => Why::Former,
            };
            let name = if why == Why::Other { key(&name) } else { name };
            names.0.push((name.into(), why, image));
        }
        Ok(names.sorted())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names that are known from elsewhere.
    pub(super) fn from_all(names: Vec<(Box<str>, Why, i64)>) -> Names {
        Names(names).sorted()
    }

    fn sorted(mut self) -> Names {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.shrink_to_fit();
        self
    }

    /// What a name leads to. The image that is called so now comes before one that is known by the name otherwise, and that
    /// before one that was called so.
    pub fn meaning(&self, typed: &str) -> Option<Meaning> {
        let (key, slug) = (key(typed), slug(typed));
        let present = self.called(&key).iter().filter(|(_, why, _)| *why != Why::Former);
        let former = self.called(&slug).iter().filter(|(_, why, _)| *why == Why::Former);
        let found: Vec<(Why, i64)> = present.chain(former).map(|(_, why, image)| (*why, *image)).collect();
        let why = found.iter().map(|(why, _)| *why).min()?;
        let mut images: Vec<i64> =
            found.into_iter().filter(|(other, _)| *other == why).map(|(_, image)| image).collect();
        images.sort_unstable();
        images.dedup();
        Some(Meaning { why, images })
    }

    /// The one image that people or files were told to mean by a name, whatever the registry calls so besides.
    fn told(&self, typed: &str) -> Option<i64> {
        let mut told =
            self.called(&key(typed)).iter().filter(|(_, why, _)| *why == Why::Other).map(|(.., image)| *image);
        told.next().filter(|_| told.next().is_none())
    }

    /// The images that the registry calls so.
    pub fn in_registry(&self, name: &str) -> impl Iterator<Item = i64> {
        self.called(name).iter().filter(|(_, why, _)| *why == Why::Registry).map(|(.., image)| *image)
    }

    pub(super) fn called(&self, name: &str) -> &[(Box<str>, Why, i64)] {
        let from = self.0.partition_point(|(other, ..)| **other < *name);
        let count = self.0[from..].partition_point(|(other, ..)| **other == *name);
        &self.0[from..from + count]
    }
}

/// What a file's name of an image means for an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InFile {
    /// The image that is called so, or that has been told to be meant by it.
    Known(i64),
    /// The images that are perhaps meant: a person confirms which, or that it is a new one.
    Proposed(Meaning),
    /// No image is known by it.
    New,
}

/// What a name in a file means. Nothing but an image's own name and the names that it was told to have goes without asking:
/// what the registry calls an image or what it was called before is proposed.
pub fn resolve_for_import(names: &Names, written: &str) -> InFile {
    match names.meaning(written) {
        None => InFile::New,
        Some(meaning) => match (meaning.why, meaning.only()) {
            (Why::Name, Some(image)) => InFile::Known(image),
            _ => names.told(written).map_or(InFile::Proposed(meaning), InFile::Known),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[(&str, Why, i64)]) -> Names {
        Names(all.iter().map(|(name, why, image)| ((*name).into(), *why, *image)).collect()).sorted()
    }

    #[test]
    fn an_exact_name_comes_before_a_registry_name_another_name_and_a_former_one() {
        let all = [
            ("python", Why::Former, 1),
            ("python", Why::Other, 2),
            ("python", Why::Registry, 3),
            ("python", Why::Name, 4),
        ];
        for strongest in (0..all.len()).rev() {
            let (_, why, image) = all[strongest];
            let found = names(&all[..=strongest]).meaning(" PYTHON ").expect("a meaning");
            assert_eq!(found, Meaning { why, images: vec![image] });
        }
        assert_eq!(names(&all).meaning("ruby"), None);
    }

    #[test]
    fn a_name_that_two_images_have_is_ambiguous() {
        let found = names(&[("python", Why::Registry, 1), ("python", Why::Registry, 2)]).meaning("python");
        assert_eq!(found.as_ref().map(|found| found.images.clone()), Some(vec![1, 2]));
        assert_eq!(found.and_then(|found| found.only()), None);
    }

    #[test]
    fn a_former_name_is_found_by_the_words_that_its_address_was_made_of() {
        let all = names(&[("nginx-ingress-controller", Why::Former, 7)]);
        assert_eq!(all.meaning("Nginx Ingress Controller").map(|found| found.why), Some(Why::Former));
    }

    #[test]
    fn a_file_is_asked_about_former_and_registry_names_and_not_about_those_that_were_told() {
        let all = names(&[
            ("python 3", Why::Name, 1),
            ("python", Why::Former, 1),
            ("snake", Why::Other, 1),
            ("jre", Why::Registry, 2),
        ]);
        assert_eq!(resolve_for_import(&all, "Python 3"), InFile::Known(1));
        assert_eq!(resolve_for_import(&all, "Snake"), InFile::Known(1));
        assert_eq!(resolve_for_import(&all, "Python"), InFile::Proposed(Meaning { why: Why::Former, images: vec![1] }));
        assert_eq!(resolve_for_import(&all, "jre"), InFile::Proposed(Meaning { why: Why::Registry, images: vec![2] }));
        assert_eq!(resolve_for_import(&all, "Ruby"), InFile::New);
        let told = names(&[("python", Why::Registry, 1), ("python", Why::Other, 1), ("python", Why::Former, 2)]);
        assert_eq!(resolve_for_import(&told, "Python"), InFile::Known(1), "told once, it is not asked again");
    }
}
