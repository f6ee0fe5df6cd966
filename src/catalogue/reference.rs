//! What to type: pull references for an image, only where they can work.

use chrono::NaiveDate;

use super::Status;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::{Image, RegistryName};
use crate::catalogue::snapshot::line::Line;
use crate::config::Settings;

/// The day that the published page with which a new catalogue begins bears.
pub const PUBLISHED_ON: NaiveDate = NaiveDate::from_ymd_opt(2025, 11, 19).expect("a day of the calendar");
/// How long a tag may be, as in the OCI distribution specification.
const LONGEST_TAG: usize = 128;

/// What to type for one registry name of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub registry_name: String,
    /// Host, repository, organisation and name, without a tag.
    pub repository: String,
    /// The tag in the commands: the visitor's own, or else an example.
    pub tag: Option<Tag>,
}

/// A tag, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// The visitor typed it.
    Typed(String),
    /// It was once written somewhere: the tag and where it was read.
    Sample(String, String),
}

impl Tag {
    /// The tag itself.
    pub fn text(&self) -> &str {
        match self {
            Tag::Typed(tag) | Tag::Sample(tag, _) => tag,
        }
    }
}

impl Reference {
    /// The reference for a registry name, with the tag that the visitor typed or else the known example.
    pub fn new(settings: &Settings, name: &RegistryName, typed: Option<&str>) -> Reference {
        let Settings { registry_host, registry_repository, registry_org, .. } = settings;
        let sample = || Some(Tag::Sample(name.sample_tag.as_deref()?.to_owned(), name.source.to_string()));
        Reference {
            registry_name: name.name.to_string(),
            repository: format!("{registry_host}/{registry_repository}/{registry_org}/{}", name.name),
            tag: typed.map(|tag| Tag::Typed(tag.to_owned())).or_else(sample),
        }
    }

    /// The commands and lines to copy, each with its words' key. None where no tag is known.
    pub fn commands(&self) -> Vec<(&'static str, String)> {
        let Some(tag) = &self.tag else { return Vec::new() };
        let reference = format!("{}:{}", self.repository, tag.text());
        vec![
            ("reference-docker", format!("docker pull {reference}")),
            ("reference-podman", format!("podman pull {reference}")),
            ("reference-from", format!("FROM {reference}")),
            ("reference-kubernetes", format!("image: {reference}")),
            ("reference-bare", reference),
        ]
    }
}

/// The day of which a source of example tags is, where that is known: an example without it is as old as may be.
pub fn day_of_source(source: &str) -> Option<NaiveDate> {
    (source == "published-page").then_some(PUBLISHED_ON)
}

/// Whether SSC holds an image as a container image, not only as a Helm chart.
pub fn is_pulled(snapshot: &Snapshot, image: &Image) -> bool {
    let held = |line: &&Line| line.status == Status::Procured;
    let is_chart = |line: &Line| snapshot.kind(line).is_some_and(|kind| crate::text::key(kind) == "helm");
    snapshot.lines_of(image).filter(held).any(|line| !is_chart(line))
}

/// What to type: nothing for what SSC has not procured, or whose name in the registry nobody has given.
pub fn all(snapshot: &Snapshot, image: &Image, settings: &Settings, tag: Option<&str>) -> Vec<Reference> {
    if !is_pulled(snapshot, image) {
        return Vec::new();
    }
    image.registry_names.iter().map(|name| Reference::new(settings, name, tag)).collect()
}

/// The whole references of an image without a tag: none of what SSC does not hold as a container image.
pub fn whole(snapshot: &Snapshot, image: &Image, settings: &Settings) -> Vec<String> {
    all(snapshot, image, settings, None).into_iter().map(|reference| reference.repository).collect()
}

/// A tag as the visitor typed it, where it has the form of a tag.
pub fn tag(text: &str) -> Option<&str> {
    let text = text.trim();
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let fits = text.len() <= LONGEST_TAG
        && text.starts_with(word)
        && text.chars().all(|letter| word(letter) || letter == '.' || letter == '-');
    fits.then_some(text)
}

/// Whether a text is a registry name: words of small letters and digits, joined by one of `.`, `_`, `-` or `/`.
pub fn is_registry_name(text: &str) -> bool {
    let word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= 255 && text.split(['.', '_', '/', '-']).all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_registry_takes_for_a_tag_is_a_tag() {
        assert_eq!(tag(" 3.13.3 "), Some("3.13.3"));
        assert_eq!(tag("openjdk-21"), Some("openjdk-21"));
        for wrong in ["", "-slim", ".1", "a b", "a:b", "x;rm -rf /", "é", &"a".repeat(129)] {
            assert_eq!(tag(wrong), None, "{wrong}");
        }
    }
}
