//! What kind of file is checked: as its reader says, or as its name and its content tell.

use serde::Serialize;
use utoipa::ToSchema;

use crate::codes::codes;
use crate::i18n::Lang;

codes! {
    /// A kind of file that names images, in the order in which forms offer them.
    #[derive(Serialize, ToSchema)]
    #[serde(rename_all = "lowercase")]
    pub enum Kind(code, label) {
        Dockerfile("dockerfile", "project-dockerfile"),
        Compose("compose", "project-compose"),
        Kubernetes("kubernetes", "project-kubernetes"),
        Helm("helm", "project-helm"),
        List("list", "project-list"),
    }
}

impl Kind {
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
