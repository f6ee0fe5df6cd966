//! Families and variants: `neo4j` and `neo4j-iamguarded` are two images of one family.

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// What sets an image apart within its family.
    pub enum Variant(label) {
        /// Helm chart and image.
        IamGuarded("variant-iamguarded"),
        /// With cryptography validated under FIPS 140.
        Fips("variant-fips"),
    }
}

/// The family that an image's key belongs to, and the variants that its name declares.
pub fn family(key: &str) -> (&str, Vec<Variant>) {
    let mut rest = key;
    let mut variants = Vec::new();
    loop {
        let (shorter, variant) = if let Some(shorter) = rest.strip_suffix("-iamguarded") {
            (shorter, Some(Variant::IamGuarded))
        } else if let Some(shorter) = rest.strip_suffix("-fips") {
            (shorter, Some(Variant::Fips))
        } else if let Some((shorter, _)) = rest.strip_suffix(')').and_then(|open| open.rsplit_once(" (")) {
            (shorter, None)
        } else {
            return (rest, variants);
        };
        if shorter.is_empty() {
            return (rest, variants);
        }
        rest = shorter;
        variants.extend(variant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_one_image_are_one_family() {
        assert_eq!(family("neo4j"), ("neo4j", vec![]));
        assert_eq!(family("neo4j-iamguarded"), ("neo4j", vec![Variant::IamGuarded]));
        assert_eq!(family("nginx-iamguarded-fips"), ("nginx", vec![Variant::Fips, Variant::IamGuarded]));
        assert_eq!(family("redis (free)"), ("redis", vec![]));
        assert_eq!(family("openjdk (jdk & jre)").0, "openjdk");
        assert_eq!(family("mongodb-sharded-iamguarded").0, "mongodb-sharded");
    }
}
