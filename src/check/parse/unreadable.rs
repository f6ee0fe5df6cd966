//! Why a file of a project cannot be read.

use crate::i18n::{Lang, Word};
use crate::web::budget::{Allowance, Spent};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 250_000;
/// Images in one file, at most.
pub const MOST_IMAGES: usize = 200;
/// What reading one file may take: four times what an honest file of that size does.
pub const ALLOWED: Allowance = Allowance { bytes: LARGEST, nodes: 2 * LARGEST, depth: 64, characters: 4 * LARGEST };

/// Why a file cannot be read, with the line where that is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("there is nothing in it")]
    Empty,
    #[error("it is larger than is read")]
    TooLarge,
    #[error("it is not text")]
    NotText,
    #[error("line {0} is not of a Dockerfile")]
    Dockerfile(usize),
    #[error("it has no FROM")]
    NoStage,
    #[error("line {0} is not YAML")]
    Yaml(usize),
    #[error("line {0} is a template's")]
    Template(usize),
    #[error("line {0}: {1}")]
    Spent(usize, Spent),
    #[error("line {0} is too long for a reference")]
    TooLong(usize),
    #[error("it names too many images")]
    TooMany,
}

impl Unreadable {
    /// One sentence: what is wrong and what to do.
    pub fn in_words(self, lang: Lang) -> String {
        let at = |key: &str, line: usize| lang.tell(key, &[("line", Word::Number(line))]);
        match self {
            Unreadable::Empty => lang.t("project-wrong-empty").into_owned(),
            Unreadable::TooLarge => lang.t("project-wrong-large").into_owned(),
            Unreadable::NotText => lang.t("project-wrong-text").into_owned(),
            Unreadable::Dockerfile(line) => at("project-wrong-dockerfile", line),
            Unreadable::NoStage => lang.t("project-wrong-stage").into_owned(),
            Unreadable::Yaml(line) => at("project-wrong-yaml", line),
            Unreadable::Template(line) => at("project-wrong-template", line),
            Unreadable::Spent(line, spent) => {
                let sentence = spent.in_words(lang);
                let words = [("line", Word::Number(line)), ("sentence", Word::Text(&sentence))];
                lang.tell("project-wrong-much", &words)
            }
            Unreadable::TooLong(line) => at("project-wrong-long", line),
            Unreadable::TooMany => lang.n("project-wrong-many", MOST_IMAGES),
        }
    }
}
