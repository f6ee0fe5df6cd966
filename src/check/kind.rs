//! What kind of file is checked: as its reader says, or as its name and its content tell.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use crate::i18n::Lang;

/// A kind of file that names images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Dockerfile,
    Compose,
    Kubernetes,
    Helm,
    List,
}

impl Kind {
    /// All of them, in the order in which forms offer them.
    pub const ALL: [Kind; 5] = [Kind::Dockerfile, Kind::Compose, Kind::Kubernetes, Kind::Helm, Kind::List];

    /// As in addresses, JSON and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Dockerfile => "dockerfile",
            Kind::Compose => "compose",
            Kind::Kubernetes => "kubernetes",
            Kind::Helm => "helm",
            Kind::List => "list",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its name.
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        lang.t(match self {
            Kind::Dockerfile => "project-dockerfile",
            Kind::Compose => "project-compose",
            Kind::Kubernetes => "project-kubernetes",
            Kind::Helm => "project-helm",
            Kind::List => "project-list",
        })
    }

    /// Whether it was chosen in a form.
    pub fn is_chosen(self, chosen: &str) -> bool {
        self.code() == chosen
    }

    /// The kind that a file's name tells.
    pub fn of_name(name: &str) -> Option<Kind> {
        let name = name.to_lowercase();
        let is = |ending: &str| name.ends_with(ending);
        let is_yaml = is(".yaml") || is(".yml");
        let begins = |words: [&str; 2]| words.iter().any(|word| name.starts_with(word));
        match () {
            () if is_yaml && begins(["docker-compose", "compose"]) => Some(Kind::Compose),
            () if is_yaml && name.starts_with("values") => Some(Kind::Helm),
            () if is_yaml => None,
            () if begins(["dockerfile", "containerfile"]) || is(".dockerfile") => Some(Kind::Dockerfile),
            () => None,
        }
    }

    /// The kind that a text without a known name is by its lines; none where it can only be YAML.
    pub fn of_lines(text: &str) -> Option<Kind> {
        let mut lines =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
        let first = lines.peek()?.split_whitespace().collect::<Vec<_>>();
        let begins = |word: &str| first.first().is_some_and(|found| found.eq_ignore_ascii_case(word));
        if first.len() > 1 && (begins("from") || begins("arg")) {
            return Some(Kind::Dockerfile);
        }
        let is_one_word = |line: &str| {
            let line = line.split(" #").next().unwrap_or_default().trim();
            !line.is_empty() && !line.ends_with(':') && !line.contains(char::is_whitespace) && !line.starts_with("---")
        };
        let bare = |line: &'_ str| is_one_word(line.trim_start_matches(['-', '*', '•']).trim_start());
        lines.all(bare).then_some(Kind::List)
    }
}
