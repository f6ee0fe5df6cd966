//! A report as JSON.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Known, Verdict};
use super::kind::Kind;
use super::report::Report;
use crate::catalogue::address::IMAGE;
use crate::catalogue::verdict::Usable;
use crate::i18n::Lang;

/// The answers to a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    #[schema(inline)]
    kind: Kind,
    images: Vec<CheckedImage>,
    built: Vec<String>,
    summary: Summary,
}

/// How many images have which answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Summary {
    images: usize,
    all_procured: bool,
    already_right: usize,
    procured: usize,
    under_consideration: usize,
    unknown: usize,
    declined: usize,
    retired: usize,
    unresolved: usize,
}

/// The answer to an image.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedImage {
    reference: String,
    lines: Vec<usize>,
    #[schema(inline)]
    status: Verdict,
    #[schema(required)]
    r#use: Option<Vec<String>>,
    #[schema(required)]
    tag: Option<String>,
    /// Whether anybody has looked up the tag in the registry; null without a tag. The catalogue knows images, not tags.
    #[schema(required)]
    tag_checked: Option<bool>,
    /// What the catalogue says to "can I use it today?"; null where it does not have the image.
    #[schema(required)]
    can_use: Option<Usable>,
    #[schema(required)]
    departments: Option<usize>,
    #[schema(required)]
    renewal_date_passed: Option<NaiveDate>,
    #[schema(required)]
    image: Option<Meant>,
    alike: Vec<Meant>,
    remarks: Vec<String>,
}

/// An image of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meant {
    slug: String,
    name: String,
    #[schema(format = "uri")]
    page: String,
}

impl Report {
    /// The report as JSON, with links that begin with the site's address, in a language.
    pub fn json(&self, origin: &str, lang: Lang) -> Checked {
        Checked {
            kind: self.kind,
            images: self.answers.iter().map(|answer| CheckedImage::new(answer, origin, lang)).collect(),
            built: self.built.clone(),
            summary: Summary {
                images: self.answers.len(),
                all_procured: self.is_all_procured(),
                already_right: self.number(Verdict::AlreadyRight),
                procured: self.number(Verdict::Procured),
                under_consideration: self.number(Verdict::UnderConsideration),
                unknown: self.number(Verdict::Unknown),
                declined: self.number(Verdict::Declined),
                retired: self.number(Verdict::Retired),
                unresolved: self.number(Verdict::Unresolved),
            },
        }
    }
}

impl CheckedImage {
    fn new(answer: &Answer, origin: &str, lang: Lang) -> CheckedImage {
        let meant = |image: &Known| Meant {
            slug: image.slug.clone(),
            name: image.name.clone(),
            page: format!("{origin}{}", IMAGE.with(lang, &image.slug)),
        };
        let instead = Some(&answer.instead).filter(|all| answer.verdict == Verdict::Procured && !all.is_empty());
        CheckedImage {
            reference: answer.written.clone(),
            lines: answer.lines.clone(),
            status: answer.verdict,
            r#use: instead.cloned(),
            tag: answer.tag.clone(),
            tag_checked: answer.tag.as_ref().map(|_| false),
            can_use: answer.can_use.map(|verdict| verdict.usable),
            departments: answer.departments,
            renewal_date_passed: answer.passed,
            image: answer.image.as_ref().map(meant),
            alike: answer.alike.iter().map(meant).collect(),
            remarks: answer.remarks(lang),
        }
    }
}
