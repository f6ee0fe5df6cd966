//! An answer in words: for the page and the command line the same sentences.

use std::borrow::Cow;

use super::answer::{Answer, Verdict};
use super::report::Report;
use crate::catalogue::verdict::{NextStep, Usable};
use crate::i18n::{Lang, Word};

/// What a reference names that nobody has looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    Tag,
    Digest,
}

impl Answer {
    /// Its lines: `lines 3, 7`.
    pub fn lines_in_words(&self, lang: Lang) -> String {
        let lines: Vec<String> = self.lines.iter().map(ToString::to_string).collect();
        let words = [("n", Word::Number(lines.len())), ("lines", Word::Text(&lines.join(", ")))];
        lang.tell("project-lines", &words)
    }

    /// Whether SSC has procured it and nothing that is known speaks against it.
    pub fn is_usable(&self) -> bool {
        self.can_use.is_some_and(|verdict| verdict.usable == Usable::Yes)
    }

    /// What its reference in SSC's registry names that nobody has looked up: the catalogue knows images, not tags.
    pub fn unseen(&self) -> Option<Unseen> {
        let unseen = if self.tag.is_some() { Some(Unseen::Tag) } else { self.has_digest.then_some(Unseen::Digest) };
        unseen.filter(|_| self.verdict == Verdict::AlreadyRight)
    }

    /// The answer in a few words.
    pub fn label(&self, lang: Lang) -> Cow<'static, str> {
        match self.unseen() {
            Some(Unseen::Tag) => lang.t("project-right-tag"),
            Some(Unseen::Digest) => lang.t("project-right-digest"),
            None => self.verdict.label(lang),
        }
    }

    /// The class of its badge: green only where everything that it says is known.
    pub fn badge(&self) -> &'static str {
        match self.can_use {
            Some(verdict) if verdict.usable == Usable::Yes && self.unseen().is_some() => "badge-neutral",
            Some(verdict) => verdict.usable.badge(),
            None => "badge-neutral",
        }
    }

    /// What is to be known of it, a sentence each; the references to use instead stand apart.
    pub fn remarks(&self, lang: Lang) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        all.extend(self.can_use.map(|verdict| format!("{}. {}", verdict.headline(lang), verdict.sentence(lang))));
        let name = self.image.as_ref().map(|image| image.name.as_str()).unwrap_or_default();
        match self.verdict {
            Verdict::Procured if self.is_chart => all.push(NextStep::Chart.label(lang).into_owned()),
            Verdict::Procured if self.instead.is_empty() => all.push(NextStep::NoRegistryName.label(lang).into_owned()),
            Verdict::Procured if self.has_digest && self.tag.is_none() => {
                all.push(lang.t("project-digest").into_owned());
            }
            Verdict::Procured => all.push(match &self.tag {
                Some(tag) => lang.named("project-tag", tag),
                None => lang.t("project-no-tag").into_owned(),
            }),
            Verdict::AlreadyRight => all.push(match self.unseen() {
                Some(Unseen::Tag) => lang.named("project-tag-unseen", name),
                Some(Unseen::Digest) => lang.named("project-digest-unseen", name),
                None => lang.t("project-right-what").into_owned(),
            }),
            Verdict::UnderConsideration | Verdict::Declined | Verdict::Retired => {}
            Verdict::Unknown => all.push(lang.t("project-unknown-what").into_owned()),
            Verdict::Unresolved => all.push(lang.t("project-unresolved-what").into_owned()),
        }
        let image = self.image.as_ref().filter(|_| self.by_last_part);
        all.extend(image.map(|image| lang.named("project-by-last", &image.name)));
        all
    }

    /// What asking for it is.
    pub fn ask_label(&self, lang: Lang) -> Cow<'static, str> {
        let is_wanted = self.verdict == Verdict::UnderConsideration;
        lang.t(if is_wanted { "project-join" } else { "project-ask" })
    }

    /// What its other images are to it.
    pub fn alike_label(&self, lang: Lang) -> Cow<'static, str> {
        lang.t(if self.image.is_some() { "project-family" } else { "project-perhaps" })
    }
}

impl Report {
    /// What was read, in a sentence.
    pub fn read_as(&self, lang: Lang) -> String {
        let kind = self.kind.label(lang);
        lang.tell("project-read-as", &[("n", Word::Number(self.answers.len())), ("kind", Word::Text(&kind))])
    }

    /// How many of each answer, where there is one.
    pub fn counts(&self) -> Vec<(Verdict, usize)> {
        let counted = Verdict::ALL.into_iter().map(|verdict| (verdict, self.number(verdict)));
        counted.filter(|(_, number)| *number > 0).collect()
    }

    /// That the file builds images itself, where it does.
    pub fn built_in_words(&self, lang: Lang) -> Option<String> {
        let names = self.built.join(", ");
        let words = [("n", Word::Number(self.built.len())), ("names", Word::Text(&names))];
        (!self.built.is_empty()).then(|| lang.tell("project-built", &words))
    }

    /// The whole report as lines of text.
    pub fn text(&self, lang: Lang) -> String {
        let (colon, mut lines) = (lang.of(":", "\u{a0}:"), vec![self.read_as(lang)]);
        for answer in &self.answers {
            lines.push(String::new());
            let place = answer.lines_in_words(lang);
            lines.push(format!("{} ({place}){colon} {}", answer.written, answer.label(lang)));
            lines.extend(
                answer
                    .instead
                    .iter()
                    .filter(|_| answer.verdict == Verdict::Procured)
                    .map(|one| format!("  {} {one}", lang.t("project-instead"))),
            );
            lines.extend(answer.remarks(lang).into_iter().map(|remark| format!("  {remark}")));
            if !answer.alike.is_empty() {
                let names: Vec<&str> = answer.alike.iter().map(|image| image.name.as_str()).collect();
                lines.push(format!("  {} {}", answer.alike_label(lang), names.join(", ")));
            }
        }
        if !self.answers.is_empty() {
            lines.push(String::new());
            lines.extend(
                self.counts().iter().map(|(verdict, number)| format!("{}{colon} {number}", verdict.label(lang))),
            );
        }
        lines.extend(self.built_in_words(lang));
        lines.join("\n") + "\n"
    }
}
