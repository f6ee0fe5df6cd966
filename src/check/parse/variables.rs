//! Variables in a file's texts, filled in where their value is written in the file itself.

/// What stands in a text for a value that the file does not give. No file that is read has this character.
pub const UNKNOWN: char = '\0';
/// Defaults within defaults that are followed.
const DEEPEST: usize = 8;

/// A text with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// With [`UNKNOWN`] for each value that is not given.
    pub text: String,
    /// As people read it: a variable that is not given stands as it was written.
    pub shown: String,
}

impl Filled {
    /// A text that has no variables.
    #[must_use]
    pub fn plain(text: &str) -> Filled {
        Filled { text: text.to_owned(), shown: text.to_owned() }
    }

    fn push(&mut self, letter: char) {
        self.text.push(letter);
        self.shown.push(letter);
    }

    fn append(&mut self, other: &Filled) {
        self.text.push_str(&other.text);
        self.shown.push_str(&other.shown);
    }

    fn unknown(&mut self, written: &str) {
        self.text.push(UNKNOWN);
        self.shown.push_str(written);
    }
}

/// Fills in `$NAME`, `${NAME}`, `${NAME:-default}` and their like, as Docker and Compose do.
#[must_use]
pub fn fill(text: &str, value: &impl Fn(&str) -> Option<Filled>) -> Filled {
    fill_to(text, value, 0)
}

fn fill_to(text: &str, value: &impl Fn(&str) -> Option<Filled>, depth: usize) -> Filled {
    let mut filled = Filled::default();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        rest[..at].chars().for_each(|letter| filled.push(letter));
        let from = &rest[at..];
        let after = &from[1..];
        rest = if let Some(next) = after.strip_prefix('$') {
            filled.push('$');
            next
        } else if let Some(inside) = after.strip_prefix('{') {
            let Some(end) = closing(inside) else {
                filled.unknown(from);
                return filled;
            };
            braced(&mut filled, &inside[..end], &from[..end + 3], value, depth);
            &inside[end + 1..]
        } else {
            let length = name_length(after);
            if length == 0 {
                filled.push('$');
            } else {
                match value(&after[..length]) {
                    Some(given) => filled.append(&given),
                    None => filled.unknown(&from[..=length]),
                }
            }
            &after[length..]
        };
    }
    rest.chars().for_each(|letter| filled.push(letter));
    filled
}

/// What stands between braces: a name, and what to do where it is given or not.
fn braced(filled: &mut Filled, inside: &str, written: &str, value: &impl Fn(&str) -> Option<Filled>, depth: usize) {
    let (name, rest) = inside.split_at(name_length(inside));
    let given = if name.is_empty() { None } else { value(name) };
    let (counts_empty, rest) = rest.strip_prefix(':').map_or((false, rest), |rest| (true, rest));
    let is_given = given.as_ref().is_some_and(|given| !(counts_empty && given.text.is_empty()));
    let (act, word) = rest.split_at(usize::from(rest.starts_with(['-', '+', '?'])));
    match (act, given) {
        ("-" | "?" | "", Some(given)) if is_given && (!act.is_empty() || rest.is_empty()) => filled.append(&given),
        ("-", _) if depth < DEEPEST => filled.append(&fill_to(word, value, depth + 1)),
        ("+", _) if is_given && depth < DEEPEST => filled.append(&fill_to(word, value, depth + 1)),
        ("+", _) if !is_given => {}
        _ => filled.unknown(written),
    }
}

/// Where the brace that closes stands; braces within count.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

fn name_length(text: &str) -> usize {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.find(|letter| !is_name(letter)).unwrap_or(text.len())
}

/// Takes what a template puts in its place, `{{ … }}`, for a value that is not given.
#[must_use]
pub fn without_templates(text: &str) -> Filled {
    let mut filled = Filled::default();
    let mut rest = text;
    while let Some((before, template)) = rest.split_once("{{") {
        before.chars().for_each(|letter| filled.push(letter));
        let end = template.find("}}").map_or(template.len(), |end| end + 2);
        filled.unknown(&rest[before.len()..before.len() + 2 + end]);
        rest = &template[end..];
    }
    rest.chars().for_each(|letter| filled.push(letter));
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> (String, String) {
        let given = |name: &str| match name {
            "TAG" => Some(Filled::plain("3.13")),
            "EMPTY" => Some(Filled::plain("")),
            _ => None,
        };
        let Filled { text, shown } = fill(text, &given);
        (text.replace(UNKNOWN, "?"), shown)
    }

    #[test]
    fn defaults_are_taken_as_docker_takes_them() {
        let cases = [
            ("python:$TAG-slim", "python:3.13-slim"),
            ("python:${TAG}", "python:3.13"),
            ("python:${NO:-3.9}", "python:3.9"),
            ("python:${NO-3.9}", "python:3.9"),
            ("python${EMPTY:-:1}", "python:1"),
            ("python${EMPTY-:1}", "python"),
            ("python${TAG:+:$TAG}", "python:3.13"),
            ("python${NO:+:$NO}", "python"),
            ("${A:-${B:-redis}}", "redis"),
            ("${TAG:?say which}", "3.13"),
            ("cost$$5", "cost$5"),
            ("a$", "a$"),
        ];
        for (written, meant) in cases {
            assert_eq!(filled(written).0, meant, "{written}");
        }
    }

    #[test]
    fn what_is_not_given_stays_as_it_was_written() {
        for (written, meant) in [
            ("${HOST}/nginx:$V", "?/nginx:?"),
            ("${NO:?which}", "?"),
            ("${TAG#3}", "?"),
            ("nginx:${", "nginx:?"),
            ("${}", "?"),
        ] {
            assert_eq!(filled(written), (meant.to_owned(), written.to_owned()));
        }
        let deep = format!("{}x{}", "${A:-".repeat(5_000), "}".repeat(5_000));
        assert!(filled(&deep).0.len() < 5);
    }

    #[test]
    fn templates_are_not_guessed() {
        let Filled { text, shown } = without_templates("{{ .Values.host }}/nginx:{{ .Chart.AppVersion");
        assert_eq!(text.replace(UNKNOWN, "?"), "?/nginx:?");
        assert_eq!(shown, "{{ .Values.host }}/nginx:{{ .Chart.AppVersion");
    }
}
