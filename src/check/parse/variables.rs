//! Variables in a file's texts, filled in where their value is written in the file itself.

use std::collections::HashMap;

use crate::web::budget::{Budget, Spent};

/// What stands in a text for a value that the file does not give. No file that is read has this character.
pub const UNKNOWN: char = '\0';
/// Defaults within defaults that are followed.
const DEEPEST: usize = 8;

/// A text with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filled {
    /// With [`UNKNOWN`] for each value that is not given.
    pub text: String,
    /// As people read it: a variable that is not given stands as it was written.
    pub shown: String,
}

impl Filled {
    /// A text that has no variables.
    pub fn plain(text: &str) -> Filled {
        Filled { text: text.to_owned(), shown: text.to_owned() }
    }

    fn push(&mut self, text: &str, budget: &mut Budget) -> Result<(), Spent> {
        budget.characters(text.len())?;
        self.text.push_str(text);
        self.shown.push_str(text);
        Ok(())
    }

    fn append(&mut self, other: &Filled, budget: &mut Budget) -> Result<(), Spent> {
        budget.characters(other.text.len().max(other.shown.len()))?;
        self.text.push_str(&other.text);
        self.shown.push_str(&other.shown);
        Ok(())
    }

    fn unknown(&mut self, written: &str, budget: &mut Budget) -> Result<(), Spent> {
        budget.characters(written.len())?;
        self.text.push(UNKNOWN);
        self.shown.push_str(written);
        Ok(())
    }
}

/// Where variables have their values.
pub trait Values {
    /// The value of a variable, where the file gives one.
    fn value(&self, name: &str) -> Option<&Filled>;
}

/// No variable has a value.
pub struct NoValues;

impl Values for NoValues {
    fn value(&self, _: &str) -> Option<&Filled> {
        None
    }
}

impl<S: std::hash::BuildHasher> Values for HashMap<String, Filled, S> {
    fn value(&self, name: &str) -> Option<&Filled> {
        self.get(name)
    }
}

/// Fills in `$NAME`, `${NAME}`, `${NAME:-default}` and their like, as Docker and Compose do.
///
/// # Errors
/// When that makes more than the budget allows.
pub fn fill(text: &str, values: &impl Values, budget: &mut Budget) -> Result<Filled, Spent> {
    let mut filled = Filled::default();
    fill_to(&mut filled, text, values, 0, budget)?;
    Ok(filled)
}

fn fill_to(
    filled: &mut Filled,
    text: &str,
    values: &impl Values,
    depth: usize,
    budget: &mut Budget,
) -> Result<(), Spent> {
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        filled.push(&rest[..at], budget)?;
        let from = &rest[at..];
        let after = &from[1..];
        rest = if let Some(next) = after.strip_prefix('$') {
            filled.push("$", budget)?;
            next
        } else if let Some(inside) = after.strip_prefix('{') {
            let Some(end) = closing(inside) else { return filled.unknown(from, budget) };
            braced(filled, &inside[..end], &from[..end + 3], values, depth, budget)?;
            &inside[end + 1..]
        } else {
            let length = name_length(after);
            match (length, values.value(&after[..length])) {
                (0, _) => filled.push("$", budget)?,
                (_, Some(given)) => filled.append(given, budget)?,
                (_, None) => filled.unknown(&from[..=length], budget)?,
            }
            &after[length..]
        };
    }
    filled.push(rest, budget)
}

/// What stands between braces: a name, and what to do where it is given or not.
fn braced(
    filled: &mut Filled,
    inside: &str,
    written: &str,
    values: &impl Values,
    depth: usize,
    budget: &mut Budget,
) -> Result<(), Spent> {
    let (name, rest) = inside.split_at(name_length(inside));
    let given = if name.is_empty() { None } else { values.value(name) };
    let (counts_empty, rest) = rest.strip_prefix(':').map_or((false, rest), |rest| (true, rest));
    let is_given = given.is_some_and(|given| !(counts_empty && given.text.is_empty()));
    let (act, word) = rest.split_at(usize::from(rest.starts_with(['-', '+', '?'])));
    match (act, given) {
        ("-" | "?" | "", Some(given)) if is_given && (!act.is_empty() || rest.is_empty()) => {
            filled.append(given, budget)
        }
        ("-", _) if depth < DEEPEST => fill_to(filled, word, values, depth + 1, budget),
        ("+", _) if is_given && depth < DEEPEST => fill_to(filled, word, values, depth + 1, budget),
        ("+", _) if !is_given => Ok(()),
        _ => filled.unknown(written, budget),
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
///
/// # Errors
/// When that makes more than the budget allows.
pub fn without_templates(text: &str, budget: &mut Budget) -> Result<Filled, Spent> {
    let mut filled = Filled::default();
    let mut rest = text;
    while let Some((before, template)) = rest.split_once("{{") {
        filled.push(before, budget)?;
        let end = template.find("}}").map_or(template.len(), |end| end + 2);
        filled.unknown(&rest[before.len()..before.len() + 2 + end], budget)?;
        rest = &template[end..];
    }
    filled.push(rest, budget)?;
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::work::Stop;

    fn budget() -> Budget {
        Budget::new(super::super::ALLOWED, &Stop::default())
    }

    fn filled(text: &str) -> (String, String) {
        let given: HashMap<String, Filled> =
            [("TAG", "3.13"), ("EMPTY", "")].map(|(name, value)| (name.to_owned(), Filled::plain(value))).into();
        let Filled { text, shown } = fill(text, &given, &mut budget()).expect("within the budget");
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
        let text = "{{ .Values.host }}/nginx:{{ .Chart.AppVersion";
        let Filled { text, shown } = without_templates(text, &mut budget()).expect("within the budget");
        assert_eq!(text.replace(UNKNOWN, "?"), "?/nginx:?");
        assert_eq!(shown, "{{ .Values.host }}/nginx:{{ .Chart.AppVersion");
    }
}
