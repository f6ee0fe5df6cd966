//! What is wrong with a form, field by field, in the visitor's language.

use chrono::NaiveDate;

use super::form::Form;
use crate::clock;
use crate::i18n::{Lang, Word};
use crate::text::unseen;

/// What is wrong with one field: its name in the form and a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub words: String,
}

/// Everything that is wrong with a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

/// What is wrong with one field, if anything is: as the macros of the forms take it.
pub type Wrong<'p> = Option<&'p str>;

impl Problems {
    /// Adds what is wrong with a field.
    pub fn add(&mut self, field: impl Into<String>, words: impl Into<String>) {
        self.0.push(Problem { field: field.into(), words: words.into() });
    }

    /// Holds a text that a person typed to its length, in characters, and to characters that can be seen.
    pub fn check(&mut self, field: &str, text: &str, most: usize, has_lines: bool, lang: Lang) {
        let length = text.chars().count();
        if length > most {
            let words = [("length", Word::Number(length)), ("most", Word::Number(most))];
            self.add(field, lang.tell("text-too-long", &words));
        }
        if let Some(character) = unseen(text, has_lines) {
            self.add(field, lang.named("text-unseen", format!("U+{:04X}", u32::from(character))));
        }
    }

    /// The day that a field gives, where it is given; `words` are told at the field where it gives none that can be.
    pub fn day(&mut self, form: &Form, field: &str, words: &str) -> Option<NaiveDate> {
        let given = form.given(field)?;
        let day = clock::day(&given);
        if day.is_none() {
            self.add(field, words);
        }
        day
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field, where something is.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|problem| problem.field == field).map(|problem| problem.words.as_str())
    }

    /// All of it, in the form's order.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}
