//! What a mail says in one language, and its two forms: plain text and HTML.

use std::borrow::Cow;

use askama::Template;

use crate::i18n::Lang;

/// What a message says, in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    subject: String,
    parts: Vec<Part>,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Say(String),
    /// Somebody's own words, a line each.
    Quote(Vec<String>),
    Link(String, String),
    List(Vec<String>),
}

impl Letter {
    /// An empty letter. What would break its subject into several lines becomes spaces.
    pub fn new(subject: impl Into<String>) -> Letter {
        Letter { subject: one_line(&subject.into()), parts: Vec::new() }
    }

    /// Adds a paragraph.
    pub fn say(self, words: impl Into<String>) -> Letter {
        self.with(Part::Say(one_line(&words.into())))
    }

    /// Adds somebody's own words.
    pub fn quote(self, text: impl Into<String>) -> Letter {
        self.with(Part::Quote(text.into().trim().lines().map(one_line).collect()))
    }

    /// Adds a link to a whole address.
    pub fn link(self, words: impl Into<String>, address: impl Into<String>) -> Letter {
        self.with(Part::Link(one_line(&words.into()), one_line(&address.into())))
    }

    /// Adds a list.
    pub fn list(self, items: Vec<String>) -> Letter {
        self.with(Part::List(items.into_iter().map(|item| one_line(&item)).collect()))
    }

    fn with(mut self, part: Part) -> Letter {
        self.parts.push(part);
        self
    }

    fn plain(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Say(words) => words.clone(),
            Part::Quote(lines) => starting("> ", lines),
            Part::Link(words, address) => format!("{words}\n{address}"),
            Part::List(items) => starting("- ", items),
        });
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

/// A letter as it is sent: in one language, or in both below one another.
#[derive(Template)]
#[template(path = "mail/letter.html")]
pub struct Written {
    letters: Vec<(Lang, Letter)>,
}

impl Written {
    /// Writes a letter in a language; in both, English first, where nobody knows which. It ends with how to get no
    /// more of them, where that is offered, and by whom it was sent.
    pub fn new(lang: Option<Lang>, letter: impl Fn(Lang) -> Letter, unsubscribe: Option<&str>) -> Written {
        let languages = lang.map_or_else(|| Lang::BOTH.to_vec(), |lang| vec![lang]);
        let whole = |lang: Lang| {
            let letter = match unsubscribe {
                Some(address) => letter(lang).link(lang.t("mail-unsubscribe"), address),
                None => letter(lang),
            };
            (lang, letter.say(lang.t("mail-foot")))
        };
        Written { letters: languages.into_iter().map(whole).collect() }
    }

    /// The subject: both where there are two that differ.
    pub fn subject(&self) -> String {
        let mut subjects: Vec<&str> = self.letters.iter().map(|(_, letter)| letter.subject.as_str()).collect();
        subjects.dedup();
        subjects.join(" / ")
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        let letters: Vec<String> = self.letters.iter().map(|(_, letter)| letter.plain()).collect();
        let announced = self.follows().map(|words| format!("({words})\n\n")).unwrap_or_default();
        format!("{announced}{}\n", letters.join("\n\n---\n\n"))
    }

    /// That the second language follows, in that language.
    fn follows(&self) -> Option<Cow<'static, str>> {
        Some(self.letters.get(1)?.0.t("mail-follows"))
    }
}

/// A text without anything that would break it into several lines or hide in it.
pub(super) fn one_line(text: &str) -> String {
    let visible = text.chars().map(|letter| {
        let breaks = letter.is_control() || ['\u{2028}', '\u{2029}'].contains(&letter);
        if breaks { ' ' } else { letter }
    });
    visible.collect::<String>().trim().to_owned()
}

fn starting(mark: &str, lines: &[String]) -> String {
    lines.iter().map(|line| format!("{mark}{line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(lang: Lang) -> Letter {
        Letter::new(lang.of("Your request", "Votre demande\r\nBcc: x@example.com"))
            .say("a < b")
            .quote("first\r\n\r\nBcc: second")
            .list(vec!["one".to_owned(), "two\nthree".to_owned()])
            .link("See it", "https://images.example/en?a=1&b=2")
    }

    #[test]
    fn one_language_is_said_once_and_nothing_breaks_a_header() {
        let written = Written::new(Some(Lang::Fr), letter, None);
        assert_eq!(written.subject(), "Votre demande  Bcc: x@example.com");
        let plain = written.plain();
        assert!(plain.starts_with("a < b\n\n> first\n>\n> Bcc: second\n\n- one\n- two three\n\nSee it\nhttps://"));
        let html = written.render().expect("HTML");
        assert!(html.contains("<html lang=\"fr\">") && html.contains("a &#60; b"), "{html}");
        assert!(html.contains("href=\"https://images.example/en?a=1&#38;b=2\""), "{html}");
    }

    #[test]
    fn where_nobody_knows_the_language_both_are_there_and_marked() {
        let written = Written::new(None, letter, Some("https://images.example/en/follow/t"));
        assert!(written.subject().starts_with("Your request / Votre demande"));
        assert!(written.plain().starts_with("(Le français suit.)\n\n"));
        let html = written.render().expect("HTML");
        assert!(html.contains("<section lang=\"en\">") && html.contains("<section lang=\"fr\">"), "{html}");
        assert_eq!(html.matches("/en/follow/t").count(), 2);
    }
}
