//! An image reference taken apart: registry, path, tag and digest.

use super::parse::variables::{Filled, UNKNOWN};

/// How long a path, a tag and a digest's value may be, as in the OCI distribution specification.
const LONGEST_PATH: usize = 255;
const LONGEST_TAG: usize = 128;
/// Where images without a registry come from, and the folder of those without one.
const DEFAULT_REGISTRIES: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];
const DEFAULT_FOLDER: &str = "library/";

/// An image reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The registry's host with its port; none for the default one, and where only the building machine knows it.
    pub registry: Option<String>,
    /// Folders and name, without `library/`.
    pub path: String,
    pub tag: Option<String>,
    pub digest: Option<String>,
}

/// What stands where an image is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    Reference(Reference),
    /// Its name comes from a variable that the file does not give.
    Unresolved,
    /// It has not the form of a reference.
    Words,
}

impl Reference {
    /// The last part of its path.
    pub fn last(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether its path has folders.
    pub fn has_folders(&self) -> bool {
        self.path.contains('/')
    }

    fn parse(text: &str) -> Option<Reference> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let (name, tag) = match rest.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
            Some((name, tag)) => (name, Some(tag)),
            None => (rest, None),
        };
        let is_registry = |host: &str| host.contains(['.', ':', UNKNOWN]) || host == "localhost";
        let (registry, path) = match name.split_once('/').filter(|(host, _)| is_registry(host)) {
            Some((host, path)) => (Some(host), path),
            None => (None, name),
        };
        let fits = path.len() <= LONGEST_PATH
            && path.split('/').all(is_component)
            && registry.is_none_or(is_host)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        let is_default = registry.is_none_or(|host| DEFAULT_REGISTRIES.contains(&host));
        let plain = path.strip_prefix(DEFAULT_FOLDER).filter(|rest| is_default && !rest.contains('/')).unwrap_or(path);
        fits.then(|| Reference {
            registry: known(registry).filter(|_| !is_default),
            path: plain.to_owned(),
            tag: known(tag),
            digest: known(digest),
        })
    }
}

/// What is meant by what a file writes.
pub fn meaning(image: &Filled) -> Meaning {
    let text = image.text.trim();
    match Reference::parse(text) {
        Some(reference) if reference.last().contains(UNKNOWN) => Meaning::Unresolved,
        Some(mut reference) => {
            // Folders that only the building machine knows do not count.
            if let Some(at) = reference.path.rfind(UNKNOWN) {
                let from = reference.path[at..].find('/').map_or(0, |slash| at + slash + 1);
                reference.path.drain(..from);
            }
            Meaning::Reference(reference)
        }
        None if text.contains(UNKNOWN) => Meaning::Unresolved,
        None => Meaning::Words,
    }
}

fn known(part: Option<&str>) -> Option<String> {
    part.filter(|part| !part.contains(UNKNOWN)).map(str::to_owned)
}

/// Whether a text is a part of a path: small letters and digits, joined by `.`, `_`, `__` or hyphens.
fn is_component(part: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == UNKNOWN;
    let joins = |gap: &&str| matches!(*gap, "" | "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-');
    part.starts_with(is_word) && part.ends_with(is_word) && part.split(is_word).collect::<Vec<_>>().iter().all(joins)
}

fn is_host(host: &str) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "0"));
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == 0);
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-.[]:".contains(letter) || letter == UNKNOWN;
    !name.is_empty() && name.chars().all(is_letter) && is_port(port)
}

fn is_tag(tag: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == UNKNOWN;
    tag.len() <= LONGEST_TAG
        && tag.starts_with(is_word)
        && tag.chars().all(|letter| is_word(letter) || letter == '.' || letter == '-')
}

fn is_digest(digest: &str) -> bool {
    let is_value = |text: &str| text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digest.contains(UNKNOWN) || digest.split_once(':').is_some_and(|(kind, value)| !kind.is_empty() && is_value(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn parts(text: &str) -> Option<(String, String, String)> {
        match meaning(&Filled { text: text.replace('?', "\0"), shown: text.to_owned() }) {
            Meaning::Reference(Reference { registry, path, tag, digest }) => {
                Some((registry.unwrap_or_default(), path, tag.or(digest).unwrap_or_default()))
            }
            _ => None,
        }
    }

    #[test]
    fn references_are_taken_apart_as_registries_do() {
        for (text, registry, path, tag) in [
            ("nginx", "", "nginx", ""),
            ("nginx:1.27", "", "nginx", "1.27"),
            ("docker.io/library/python:3.13", "", "python", "3.13"),
            ("docker.io/bitnami/nginx", "", "bitnami/nginx", ""),
            ("library/redis", "", "redis", ""),
            ("localhost:5000/app:x", "localhost:5000", "app", "x"),
            (
                "registry.example.gc.ca:5000/team/post-gres__x.y",
                "registry.example.gc.ca:5000",
                "team/post-gres__x.y",
                "",
            ),
            ("ghcr.io/library/x", "ghcr.io", "library/x", ""),
            ("osgeo/gdal", "", "osgeo/gdal", ""),
            ("?/nginx:?", "", "nginx", ""),
            ("ghcr.io/?/app/nginx:1?", "ghcr.io", "app/nginx", ""),
        ] {
            assert_eq!(parts(text), Some((registry.to_owned(), path.to_owned(), tag.to_owned())), "{text}");
        }
        assert_eq!(parts(&format!("nginx@{DIGEST}")).expect("a reference").2, DIGEST);
        assert_eq!(parts(&format!("nginx:1@{DIGEST}")).expect("a reference").2, "1");
    }

    #[test]
    fn what_is_no_reference_is_not_taken_for_one() {
        for text in [
            "",
            "ASP.NET Runtime",
            "Nginx",
            "a//b",
            "/a",
            "a/",
            "a:",
            "a:b:c",
            "a@x",
            "-a",
            "a..b",
            "a b",
            "é",
            "a;rm",
            "http://x/y",
        ] {
            assert_eq!(meaning(&Filled::plain(text)), Meaning::Words, "{text}");
        }
        for text in ["?", "ghcr.io/?:1", "nginx?", "a/ngi?nx:1", "?nginx", "?A"] {
            let filled = Filled { text: text.replace('?', "\0"), shown: String::new() };
            assert_eq!(meaning(&filled), Meaning::Unresolved, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "[a-zA-Z0-9./:@_\u{0}é \\-]{0,60}") {
            if let Meaning::Reference(reference) = meaning(&Filled::plain(&text)) {
                prop_assert!(!reference.path.contains(UNKNOWN) && !reference.path.is_empty());
            }
        }
    }
}
